"""From blocks to verdicts: which block goes, by which rule or evidence, and which is left for an admin to judge."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from syndicate.strip.blocks import Block
from syndicate.strip.families import Reading, Rule, Slots, matching
from syndicate.strip.links import kinds, widget
from syndicate.strip.memory import Memory, fingerprint
from syndicate.strip.rulings import Rulings

_RULED = 1_200  # characters: nothing that a rule describes is longer
_ITEM = 160  # characters: no item of a list of links or tags is longer
_ENDS = tuple(".!?…。！？।۔؟")
_CLOSERS = "\"'”“’»«)]』」*"
_BOX = 500  # characters
_BOXES = frozenset({"div", "aside", "section", "form", "footer", "nav"})
_OFTEN = 0.15  # share of a source's articles
_WORDED = 0.08  # share of words: a long paragraph with fewer words of boilerplate may be background that is reused
_REACH = {"any": 10_000, "near": 3, "edge": 1}
_CLOSING = frozenset({"syndication", "readmore", "copyright", "share", "newsletter", "follow", "paywall", "feed"})
_SENTENCE = re.compile(r"(?<=[.!?…])[\"”’»)\]]*\s+(?=\S)|(?<=[。！？])(?=\S)")


@dataclass(frozen=True, slots=True)
class Scene:
    """What is known beside the blocks themselves: the article's title and address, its source's ways, an admin's word."""

    title: str
    page: str
    slots: Slots
    memory: Memory
    rulings: Rulings


@dataclass(slots=True)
class Judged:
    """A block, or the characters `start` to `end` of its raw text, on the way to a verdict.

    `family` is "" as long as it stays. `before` and `after` count the paragraphs of prose on either side of it.
    """

    block: Block
    reading: Reading
    rules: tuple[Rule, ...] = ()
    kept: bool = False
    before: int = 0
    after: int = 0
    family: str = ""
    reason: str = ""
    evidence: str = ""
    section: bool = False
    doubt: tuple[str, str, str] = ("", "", "")
    start: int = 0
    end: int | None = None

    @property
    def text(self) -> str:
        """The text that it stands for, white space collapsed."""
        return " ".join(self.block.raw[self.start : self.end].split())

    @property
    def protected(self) -> bool:
        """Whether it has to stay: an admin said so, or it is a correction, a note, a reporter's credit."""
        return self.kept or self.reading.protected

    @property
    def prose(self) -> bool:
        """Whether it looks like a paragraph of the article, not like anything around it."""
        text = self.block.text
        return not self.rules and len(text) > 60 and _is_sentence(text) and self.block.linked < 0.5

    def cut(self, family: str, reason: str, evidence: str = "") -> None:
        """Give it up, for a reason."""
        self.family, self.reason, self.evidence = family, reason, evidence


def judge(blocks: Sequence[Block], scene: Scene) -> list[Judged]:
    """Return each block with its verdict, in order, and after them the sentences cut out of blocks that stay."""
    judged = [_read(block, scene) for block in blocks]
    _count_prose(judged)
    for item in judged:
        _rule_admin(item, scene)
        if item.family or item.kept:
            continue
        _by_widget(item)
        if item.rules and not item.protected:
            _by_rule(item)
        if not item.family and scene.memory.articles and not item.protected:
            _by_memory(item, scene)
    _rows(judged)
    _sections(judged)
    _duplicates(judged)
    _buttons(judged)
    _signatures(judged)
    _boxes(judged)
    _between(judged)
    for item in judged:
        _doubt(item)
    return [*judged, *_sentences(judged, scene)]


def _read(block: Block, scene: Scene) -> Judged:
    links = block.links
    reading = Reading(block.text, linked=block.linked, kinds=kinds(links, scene.page), slots=scene.slots)
    if len(block.text) >= _RULED or block.tags & {"pre", "code"}:
        return Judged(block, reading)
    return Judged(block, reading, matching(reading))


def _is_sentence(text: str) -> bool:
    """Whether a text ends as sentences do."""
    return text.rstrip(_CLOSERS).endswith(_ENDS)


def _count_prose(judged: list[Judged]) -> None:
    total = sum(item.prose for item in judged)
    passed = 0
    for item in judged:
        item.before = passed
        passed += item.prose
        item.after = total - passed


def _rule_admin(item: Judged, scene: Scene) -> None:
    if not (scene.rulings.cut or scene.rulings.keep):
        return
    names = {fingerprint(item.block.text), fingerprint(item.block.text, scene.title)}
    if names & scene.rulings.keep:
        item.kept = True
    elif names & scene.rulings.cut:
        item.cut("ruling", "admin", "an admin ruled that this block is cut")


def _placed(rule: Rule, item: Judged) -> bool:
    if rule.place in _REACH:
        return min(item.before, item.after) <= _REACH[rule.place]
    return (item.before if rule.place == "head" else item.after) <= 1


def _by_widget(item: Judged) -> None:
    family = widget(item.block.classes) if item.block.classes and len(item.block.text) < 300 else ""
    if family:
        item.cut(family, "markup class", " ".join(sorted(item.block.classes))[:200])
    elif item.block.tags & {"button", "select", "textarea", "option"}:
        item.cut("form", "markup form", "a control of a form")


def _by_rule(item: Judged) -> None:
    for rule in item.rules:
        if not item.family and not rule.row and _placed(rule, item):
            item.cut(rule.family, f"rule {rule.name}")
            item.section = (rule.section and len(item.reading.words) <= 8) or item.block.text.endswith((":", "："))


def _doubt(item: Judged) -> None:
    """Put before an admin what a rule describes, but not where it stands."""
    rule = next((rule for rule in item.rules if not rule.row and not rule.section), None)
    if rule is not None and not item.family and not item.protected and not item.doubt[0]:
        item.doubt = (rule.family, f"rule {rule.name}", "it stands in the middle of the article")


def _rows(judged: list[Judged]) -> None:
    """Cut what only counts in company where it stands beside other boilerplate or in a row of its like."""
    fit = [next((rule for rule in item.rules if rule.row and _placed(rule, item)), None) for item in judged]
    for order in (range(len(judged)), range(len(judged) - 1, -1, -1)):
        for index in order:
            rule, item = fit[index], judged[index]
            if rule is None or item.family or item.protected:
                continue
            beside = [place for place in (index - 1, index + 1) if 0 <= place < len(judged)]
            row = sum(fit[place] is not None for place in range(max(index - 2, 0), min(index + 3, len(judged))))
            if any(judged[place].family for place in beside) or row >= 3 or item.block.linked > 0.8:
                item.cut(rule.family, f"rule {rule.name}")


def _sections(judged: list[Judged]) -> None:
    """Let a heading that was cut take the short or linked items below it along.

    Links to other sites are the author's own references: a heading above them stays with them.
    """
    family, heading = "", None
    for item in judged:
        if item.family:
            if item.section:
                family, heading = item.family, item
            elif not family:
                heading = None
            continue
        if family and heading and not item.protected and _is_item(item):
            if item.reading.kinds == {"out"} and family in {"related", "tags"}:
                if heading.section:
                    heading.family = ""
            else:
                item.cut(family, "list below a heading that was cut")
                continue
        family, heading = "", None


def _is_item(item: Judged) -> bool:
    text = item.block.text
    short = len(text) < _ITEM and not _is_sentence(text) and item.after == 0
    return not item.prose and (item.block.linked > 0.6 or short)


def _by_memory(item: Judged, scene: Scene) -> None:
    """Judge a block by its coming back; coming back alone is no evidence."""
    trace = scene.memory.of(item.block.text, scene.title)
    if trace.seen < 2:
        return
    share = scene.memory.share(trace)
    evidence = f"in {trace.seen} articles of this source, in {share:.0%} since it came up"
    placed = (item.before == 0 and trace.head > 1) or (item.after == 0 and trace.tail > 1)
    worded = item.reading.density >= (_WORDED if item.reading.size > 25 else 0.01) or bool(item.rules)
    if share >= _OFTEN and placed and (bool(item.rules) or trace.linked > 1 or (worded and trace.seen > 2)):
        item.cut("repeated", "memory", evidence)
    elif trace.seen >= 4 and share >= 0.3 and (placed or worded):
        item.doubt = ("repeated", "memory", evidence)


def _between(judged: list[Judged]) -> None:
    """Cut what is left between two pieces of boilerplate, or below the last one, and comes back or is short."""
    for index in range(1, len(judged)):
        item, above = judged[index], judged[index - 1]
        below = judged[index + 1] if index + 1 < len(judged) else None
        if item.family or item.protected or not above.family or (below is not None and not below.family):
            continue
        if item.doubt[0] == "repeated":
            item.cut(*item.doubt)
        elif below is not None and above.family == below.family and _is_item(item):
            item.cut(above.family, "between pieces of boilerplate")


def _boxes(judged: list[Judged]) -> None:
    """Cut the rest of a box (an element of its own, without prose) when much of what it says was cut."""
    homes = {id(home) for item in judged if item.prose for home in item.block.container.iterancestors()}
    for box, group in groupby(judged, key=lambda item: item.block.container.getparent()):
        items = list(group)
        size = sum(len(item.block.text) for item in items)
        gone = sum(len(item.block.text) for item in items if item.family)
        if not 0 < gone < size <= _BOX or gone < 0.4 * size or not homes or id(box) in homes or box.tag not in _BOXES:
            continue
        family = next(item.family for item in items if item.family)
        for item in items:
            if not item.family and not item.protected and not item.prose:
                item.cut(family, "box of boilerplate")


def _buttons(judged: list[Judged]) -> None:
    """Cut a short linked label that stands more than once in the article: it is a button, not a sentence."""
    labels = [_label(item) for item in judged]
    counts = Counter(label for label in labels if label)
    for item, label in zip(judged, labels, strict=True):
        if counts[label] > 1 and not item.family and not item.protected:
            item.cut("cta", "repeated button", f"{counts[label]} times in the article")


def _label(item: Judged) -> str:
    """Return the words and the address of a short linked label, "" for anything else."""
    if item.reading.size > 4 or item.block.linked <= 0.9 or "out" in item.reading.kinds:
        return ""
    return f"{item.block.text.casefold()} {item.block.links[0].get('href', '')}"


def _duplicates(judged: list[Judged]) -> None:
    """Cut the second copy of a long paragraph."""
    seen: set[str] = set()
    for item in judged:
        key = item.block.text.casefold()
        if len(key) >= 80 and not item.family and _is_sentence(key) and not item.reading.kinds:
            if key in seen:
                item.cut("duplicate", "repeated paragraph", "the same text stands above")
            seen.add(key)


def _signatures(judged: list[Judged]) -> None:
    """Cut the source's name where it stands alone at the end, or below other boilerplate."""
    owners = [item.reading for item in judged if item.family == "copyright"]
    names = {word for reading in owners for word in reading.words if f" {word.capitalize()}" in f" {reading.text}"}
    for index in range(len(judged) - 1, 0, -1):
        item = judged[index]
        if item.family:
            continue
        named = {word for place, word in enumerate(item.reading.words) if place in item.reading.named}
        others = set(item.reading.words) - named - names
        if len(item.reading.words) > 6 or item.protected or item.prose or not (named or names - others):
            return
        if not others or (judged[index - 1].family and len(others) <= 1 and not _is_sentence(item.block.text)):
            item.cut("sitename", "rule site-name", "the source's name alone at the end")
        else:
            return


def _sentences(judged: list[Judged], scene: Scene) -> Iterator[Judged]:
    """Find notices at the end of the last paragraph and at the beginning of the first one."""
    stay = [item for item in judged if not item.family and len(item.block.text) > 60]
    for item in stay[-2:]:
        if item.after <= 1 and not item.protected:
            yield from _tail_sentences(item, scene)


def _tail_sentences(item: Judged, scene: Scene) -> Iterator[Judged]:
    raw = item.block.raw
    starts = [match.end() for match in _SENTENCE.finditer(raw)][-4:]
    cut_from, found = len(raw), None
    for start in reversed(starts):
        reading = Reading(" ".join(raw[start:cut_from].split()), slots=scene.slots)
        rule = next((rule for rule in matching(reading) if not rule.row and rule.family in _CLOSING), None)
        if rule is None or reading.protected:
            break
        found, cut_from = rule, start
    if found is not None:
        part = Judged(item.block, item.reading, after=item.after, start=cut_from)
        part.cut(found.family, f"rule {found.name}", "a sentence at the end of a paragraph")
        yield part
