"""From blocks to verdicts: which block goes, by which rule or evidence, and which is left for an admin to judge."""

from collections.abc import Sequence
from dataclasses import dataclass

from syndicate.strip.blocks import Block
from syndicate.strip.families import Reading, Rule, Slots, matching
from syndicate.strip.memory import Memory, fingerprint
from syndicate.strip.rulings import Rulings

_RULED = 600  # characters: nothing that a rule describes is longer
_ITEM = 160  # characters: no item of a list of links or tags is longer
_ENDS = (".", "!", "?", "…", "。", "”", '."', ".”")
_REACH = {"any": 10_000, "near": 2, "edge": 1}


@dataclass(slots=True)
class Judged:
    """A block on its way to a verdict: `family` is "" as long as it stays.

    `before` and `after` count the paragraphs of prose on either side of it.
    """

    block: Block
    reading: Reading
    rules: tuple[Rule, ...] = ()
    protected: bool = False
    before: int = 0
    after: int = 0
    family: str = ""
    reason: str = ""
    evidence: str = ""
    doubtful: bool = False
    section: bool = False

    @property
    def prose(self) -> bool:
        """Whether it looks like a paragraph of the article, not like anything around it."""
        text = self.block.text
        return not self.rules and len(text) > 60 and text.endswith(_ENDS) and self.block.linked < 0.5

    def cut(self, family: str, reason: str, evidence: str = "") -> None:
        """Give it up, for a reason."""
        self.family, self.reason, self.evidence = family, reason, evidence


def judge(blocks: Sequence[Block], title: str, slots: Slots, memory: Memory, rulings: Rulings) -> list[Judged]:
    """Return each block with its verdict, in order."""
    judged = [_read(block, slots) for block in blocks]
    _count_prose(judged)
    for item in judged:
        names = {fingerprint(item.block.text), fingerprint(item.block.text, title)} if rulings else set()
        if names & rulings.keep:
            item.protected = True
        elif names & rulings.cut:
            item.cut("ruling", "admin", "an admin ruled that this block is cut")
        elif not item.protected:
            _by_rule(item)
            if not item.family:
                _by_memory(item, memory, title)
    _rows(judged)
    _sections(judged)
    _duplicates(judged)
    _signatures(judged)
    return judged


def _read(block: Block, slots: Slots) -> Judged:
    reading = Reading(block.text, linked=block.linked, slots=slots)
    if len(block.text) >= _RULED:
        return Judged(block, reading)
    return Judged(block, reading, matching(reading), "keep" in reading.concepts)


def _count_prose(judged: list[Judged]) -> None:
    total = sum(item.prose for item in judged)
    passed = 0
    for item in judged:
        item.before = passed
        passed += item.prose
        item.after = total - passed


def _placed(rule: Rule, item: Judged) -> bool:
    if rule.place in _REACH:
        return min(item.before, item.after) <= _REACH[rule.place]
    return (item.before if rule.place == "head" else item.after) <= 1


def _by_rule(item: Judged) -> None:
    for rule in item.rules:
        if not rule.row and _placed(rule, item):
            item.cut(rule.family, f"rule {rule.name}")
            item.section = rule.section or item.block.text.endswith((":", "："))
            return


def _rows(judged: list[Judged]) -> None:
    """Cut what only counts in company where it stands beside other boilerplate or in a row of its like."""
    fit = [next((rule for rule in item.rules if rule.row and _placed(rule, item)), None) for item in judged]
    for order in (range(len(judged)), range(len(judged) - 1, -1, -1)):
        for index in order:
            rule, item = fit[index], judged[index]
            if rule is None or item.family or item.protected:
                continue
            beside = [place for place in (index - 1, index + 1) if 0 <= place < len(judged)]
            if any(judged[place].family or fit[place] for place in beside) or item.block.linked > 0.8:
                item.cut(rule.family, f"rule {rule.name}")


def _sections(judged: list[Judged]) -> None:
    """Let a heading that was cut take the short or linked items below it along."""
    family, level = "", ""
    for item in judged:
        if item.family:
            family = item.family if item.section or family else ""
            continue
        text = item.block.text
        listed = item.block.linked > 0.6 or (len(text) < _ITEM and not text.endswith(_ENDS) and item.after == 0)
        if family and listed and not item.protected and not item.prose:
            item.cut(family, "list below a heading that was cut")
        else:
            family = ""


def _by_memory(item: Judged, memory: Memory, title: str) -> None:
    trace = memory.of(item.block.text, title)
    if trace.seen < 2:
        return
    share = memory.share(trace)
    placed = (item.before == 0 and trace.head > 1) or (item.after == 0 and trace.tail > 1)
    known = trace.linked > 1 or bool(item.rules)
    if (share >= 0.15 and placed and known) or (trace.seen >= 4 and share >= 0.3 and placed):
        item.cut("repeated", "memory", f"in {trace.seen} articles of this source, {share:.0%} since it came up")


def _duplicates(judged: list[Judged]) -> None:
    """Cut the second copy of a long paragraph."""
    seen: set[str] = set()
    for item in judged:
        key = " ".join(item.block.text.casefold().split())
        if len(key) >= 120 and not item.family:
            if key in seen:
                item.cut("duplicate", "repeated paragraph", "the same text stands above")
            seen.add(key)


def _signatures(judged: list[Judged]) -> None:
    """Cut the source's name where it stands alone below other boilerplate."""
    known = {word for item in judged if item.family in {"copyright", "syndication"} for word in item.reading.words}
    for index in range(len(judged) - 1, 0, -1):
        item = judged[index]
        if item.family:
            continue
        names = known | item.reading.slots.site
        if len(item.reading.words) > 5 or item.block.text.endswith(_ENDS) or names.isdisjoint(item.reading.words):
            return
        if judged[index - 1].family and len(set(item.reading.words) - names) <= 2:
            item.cut("sitename", "rule site-name", "the source's name alone at the end")
