"""What is known of blocks before any is judged: what each says, how it sounds, and where the article's prose stands."""

import re
from collections.abc import Sequence

from syndicate.strip import footnotes, forms, neighbours, recurrence, tables
from syndicate.strip.blocks import Block
from syndicate.strip.families import Rule, matching
from syndicate.strip.memory import fingerprint
from syndicate.strip.verdicts import Judged, Scene, trace_of
from syndicate.strip.wording import Wording

_RULED = 1_200  # characters: nothing that a rule describes is longer
_HEAD, _TAIL = 8, 40  # blocks at either end that are listened to
_SHORT, _LINE, _LONG = 80, 240, 300  # characters
_ALL_LINK = 0.9  # share of links
_AMONG_CODE = {("template", False), ("template", True), ("syndication", True)}
# Lines of programs, style sheets and Markdown that a source forgot to mark as such.
_CODE = re.compile(r"^(?:```|!\[|#{1,6} |//|[{}()\[\];,.<>/\\|=+*~-]+$)|[{}]$|=>|\w\(\)|\w::\w|</")
_SYNTAX = frozenset("=()[]{}<>$")
_CODE_SIGNS = frozenset("`!#/{}()[];,.<>\\|=+*~-")

_Known = tuple[Wording, tuple[Rule, ...]]  # a text, and the rules that describe it


def hear(blocks: Sequence[Block], scene: Scene) -> list[Judged]:
    """Return the blocks, read and listened to, with what has to be known of them before any is judged."""
    known: dict[str, _Known] = {}
    judged = [_read(block, scene, known) for block in blocks]
    plain = not any(block.linked for block in blocks)
    for item in judged:
        item.plain = plain
    tables.mark(judged)
    neighbours.points(judged)
    _listen(judged, scene)
    footnotes.mark(judged)
    recurrence.mark(judged, scene.memory)
    _count_prose(judged)
    _keep_boxes(judged, scene)
    return judged


def _read(block: Block, scene: Scene, known: dict[str, _Known]) -> Judged:
    """Read a block, unless another one without links said the same: a table may do so in thousands of its cells."""
    bracketed = block.text[0] == "[" and block.text[-1] == "]"  # markup of a page builder, however long
    code = bool(block.tags & {"pre", "code"}) and block.linked < _ALL_LINK  # a source may forget where its code ends
    if (len(block.text) >= _RULED and not bracketed) or code:
        return Judged(block, _reading(block, scene), raw=True)
    found = known.get(block.text) if not block.links else None
    if found is None:
        reading = _reading(block, scene)
        found = reading, matching(reading)
        if not block.links:
            known[block.text] = found
    reading, rules = found
    if _is_code(block.text) or len(block.text) >= _RULED:
        # A title may hold code, so what names the title is known by its rule all the same.
        rules = tuple(rule for rule in rules if (rule.family, rule.sure) in _AMONG_CODE)
        return Judged(block, reading, rules, raw=not rules)
    return Judged(block, reading, rules)


def _reading(block: Block, scene: Scene) -> Wording:
    return Wording(block.text, linked=block.linked, links=block.links if block.linked else (), slots=scene.slots)


def _is_code(text: str) -> bool:
    """Whether a text looks like a line of a program; most are spared the search."""
    if text[-1] == ";" and not _SYNTAX.isdisjoint(text):
        return True
    likely = text[0] in _CODE_SIGNS or text[-1] in "{}" or "=>" in text or "()" in text or "::" in text or "</" in text
    return likely and _CODE.search(text) is not None


def _listen(judged: list[Judged], scene: Scene) -> None:
    """Let the voice speak on what rules describe and on what stands at either end; the rest is taken for prose."""
    tail = len(judged) - _TAIL
    heard: dict[Wording, float] = {}  # what is said twice is one reading
    for at, item in enumerate(judged):
        if scene.memory.articles > 1:
            trace_of(item, scene)
        inside = _HEAD <= at < tail
        if not item.raw and (item.rules or _is_worth_hearing(item, inside=inside) or forms.comes_back(item)):
            if item.reading not in heard:
                heard[item.reading] = scene.voice.of(item.reading)
            item.loudness = heard[item.reading]


def _is_worth_hearing(item: Judged, *, inside: bool) -> bool:
    """Whether anything can come of listening: a long paragraph without a word of boilerplate is prose anyway."""
    length = len(item.block.text)
    return length < _SHORT or (length < _LINE if inside else length < _LONG) or bool(item.reading.cues and not inside)


def _count_prose(judged: list[Judged]) -> None:
    """Count the paragraphs of prose above and below each block."""
    total = sum(item.prose for item in judged)
    passed = 0
    for item in judged:
        item.before = passed
        passed += item.prose
        item.after = total - passed


def _keep_boxes(judged: list[Judged], scene: Scene) -> None:
    """Keep what a page held in one box that an admin put back, where it stands together again."""
    if not scene.rulings.boxes:
        return
    names = [fingerprint(item.block.text) for item in judged]
    for box in scene.rulings.boxes:
        for at in range(len(names) - len(box) + 1):
            if tuple(names[at : at + len(box)]) == box:
                for item in judged[at : at + len(box)]:
                    item.kept = True
