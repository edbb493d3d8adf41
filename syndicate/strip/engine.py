"""From blocks to verdicts: which block goes, by which rule or evidence, and which is left for an admin to judge."""

from dataclasses import dataclass

from syndicate.strip.blocks import Block
from syndicate.strip.families import Reading, Rule, Slots, matching
from syndicate.strip.memory import Memory, fingerprint
from syndicate.strip.rulings import Rulings

_RULED = 500  # characters: nothing that a rule describes is longer


@dataclass(slots=True)
class Judged:
    """A block on its way to a verdict: `family` is "" as long as it stays."""

    block: Block
    reading: Reading
    rules: tuple[Rule, ...] = ()
    family: str = ""
    reason: str = ""
    evidence: str = ""
    doubtful: bool = False


def judge(blocks: list[Block], title: str, slots: Slots, memory: Memory, rulings: Rulings) -> list[Judged]:
    """Return each block with its verdict, in order."""
    judged = [_read(block, slots) for block in blocks]
    heads, tails = _zones(judged)
    for item, before, after in zip(judged, heads, tails, strict=True):
        names = {fingerprint(item.block.text), fingerprint(item.block.text, title)}
        if names & rulings.keep:
            continue
        if names & rulings.cut:
            item.family, item.reason, item.evidence = "ruling", "admin", "an admin ruled that this block is cut"
        elif len(item.block.text) >= _RULED or "keep" not in item.reading.concepts:
            _by_rule(item, before, after)
            if not item.family:
                _by_memory(item, before, after, memory, title)
    _duplicates(judged)
    _signatures(judged)
    return judged


def _read(block: Block, slots: Slots) -> Judged:
    reading = Reading(block.text, linked=block.linked, slots=slots)
    return Judged(block, reading, matching(reading) if len(block.text) < _RULED else ())


def _zones(judged: list[Judged]) -> tuple[list[int], list[int]]:
    """Return for each block how many paragraphs of prose stand before it, and how many behind."""
    prose = [not item.rules and len(item.block.text) > 60 and item.block.linked < 0.5 for item in judged]
    before, count = [], 0
    for is_prose in prose:
        before.append(count)
        count += is_prose
    return before, [count - passed - is_prose for passed, is_prose in zip(before, prose, strict=True)]


def _by_rule(item: Judged, before: int, after: int) -> None:
    for rule in item.rules:
        near_head, near_tail = before <= 1, after <= 1
        if {"any": True, "edge": near_head or near_tail, "head": near_head, "tail": near_tail}[rule.place]:
            item.family, item.reason, item.evidence = rule.family, f"rule {rule.name}", ""
            return


def _by_memory(item: Judged, before: int, after: int, memory: Memory, title: str) -> None:
    trace = memory.of(item.block.text, title)
    if trace.seen < 2:
        return
    share = memory.share(trace)
    placed = (before == 0 and trace.head > 1) or (after == 0 and trace.tail > 1)
    known = trace.linked > 1 or bool(item.rules)
    if (share >= 0.15 and placed and known) or (trace.seen >= 4 and share >= 0.3 and placed):
        item.family, item.reason = "repeated", "memory"
        item.evidence = f"in {trace.seen} articles of this source, {share:.0%} since it came up"


def _duplicates(judged: list[Judged]) -> None:
    """Cut the second copy of a long paragraph."""
    seen: set[str] = set()
    for item in judged:
        key = " ".join(item.block.text.casefold().split())
        if len(key) >= 120 and not item.family:
            if key in seen:
                item.family, item.reason, item.evidence = (
                    "duplicate",
                    "repeated paragraph",
                    "the same text stands above",
                )
            seen.add(key)


def _signatures(judged: list[Judged]) -> None:
    """Cut the site's name where it stands alone below other boilerplate, or between it."""
    known = {word for item in judged if item.family in {"copyright", "syndication"} for word in item.reading.words}
    for index in range(len(judged) - 1, -1, -1):
        item = judged[index]
        if item.family:
            continue
        own = [word for word in item.reading.words if word not in item.reading.slots.site]
        named = len(item.reading.words) <= 5 and item.block.text[-1] not in '.!?"”'
        if not named or not (known | item.reading.slots.site) & set(item.reading.words) or len(own) > 2:
            return
        if index and judged[index - 1].family:
            item.family, item.reason, item.evidence = "sitename", "rule site-name", "the source's name alone at the end"
