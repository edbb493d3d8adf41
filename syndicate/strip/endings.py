"""Blocks that end in a call: the call goes alone, and what stands before it stays."""

import re
from collections.abc import Iterator

from syndicate.strip import recurrence
from syndicate.strip.families import Rule, matching
from syndicate.strip.links import kind_of
from syndicate.strip.neighbours import FILE
from syndicate.strip.readings import DOUBTFUL, NOTICE
from syndicate.strip.sentences import ENDING, starts
from syndicate.strip.verdicts import HEARD, By, Judged, Scene
from syndicate.strip.wording import Wording
from syndicate.strip.words import fold

_SPLIT, _HELD = 60, 40  # characters: of a block whose end may go alone, and of what then stays
_CLOSING = frozenset(
    {"syndication", "readmore", "copyright", "share", "newsletter", "follow", "paywall", "feed", "comments", "donate"}
)
_ABOVE, _BELOW = 3, 4  # sentences at either end of a block
_BELOW_NOTES = ("copyright", "donate")
_TOLD = -1.0  # log odds: what sounds less like boilerplate is taken for the article
_WORDED = 0.08  # share of words of boilerplate
# What parts sentences, and a bracket before a notice.
_NOTICE_TOO = re.compile(rf"{ENDING.pattern}|(?<=[)\]])\s+(?={NOTICE.pattern}|\([cC]\)\s)")
# What an article is about, and is none itself; nothing says that another site has it.
_DOCUMENT = re.compile(
    r".*\b(?:report|study|survey|letter|ruling|judge?ment|statement|bericht|studie|urteil|rapport|etude|lettre|informe"
    r"|estudio|carta|relazione|lettera|relatorio|raport)(?:\ (?:here|hier|ici|aqui|qui|tutaj|online))?\W*"
)
_REACH = 230  # characters: no pointer is longer
_POINTER = re.compile(
    r"\s[(\[](?:RELATED|READ(?: MORE| ALSO| NEXT)?|SEE ALSO|ALSO READ|ALSO SEE|WATCH|MORE"
    r"|Related|Read more|See also|Also read)"
    r"\s?:\s[^()\[\]]{8,200}[)\]]$"
)


def spare(judged: list[Judged], scene: Scene) -> list[Judged]:
    """Take back what was cut for the call that it ends in, though it begins as the article; return these blocks."""
    spared = [item for item in judged if _only_ends_in_a_call(item, scene)]
    for item in spared:
        item.take_back("only its end is a call")
    return spared


def _only_ends_in_a_call(item: Judged, scene: Scene) -> bool:
    raw = item.block.raw
    if not item.family or item.sure or item.by not in HEARD or len(raw) < _SPLIT:
        return False
    last = starts(raw, scene.title)[-1:]
    head = Wording(" ".join(raw[: last[0]].split()), slots=scene.slots) if last else None
    if head is None or len(head.text) < _HELD or scene.voice.of(head) > _TOLD or head.density > _WORDED:
        return False
    tail = Wording(" ".join(raw[last[0] :].split()), slots=scene.slots)
    return any(rule.family in _CLOSING and not rule.row for rule in matching(tail))


def sentences(judged: list[Judged], spared: list[Judged], scene: Scene) -> Iterator[Judged]:
    """Find notices at the end of the last paragraph, and of those that were spared for their beginning.

    And what stands above the first paragraph's own sentences in nearly every article of the source.
    """
    stay = [item for item in judged if not item.family and len(item.block.text) > _SPLIT]
    ends = [item for item in stay[-2:] if item.after <= 1 and not (item.kept or item.player)]
    ending = {id(item): item for item in (*spared, *ends)}
    found = [part for item in ending.values() for part in _tail(item, scene, calls=True)]
    for item in stay:
        if id(item) not in ending and not (item.kept or item.player):
            found += _tail(item, scene, calls=False)
    yield from found
    for item in stay[:1]:
        if not (item.before or item.kept or item.player):
            below = next((part.start for part in found if part.block is item.block), len(item.block.raw))
            yield from _head(item, below, scene)


def _tail(item: Judged, scene: Scene, *, calls: bool) -> Iterator[Judged]:
    """Find what goes from a block's end: pointers to other stories in brackets, and calls above them, if asked for."""
    raw = item.block.raw
    cut_from = _before_pointers(raw)
    verdict: tuple[str, By, str, str]
    verdict = ("related", "form", "bracketed pointer", "a pointer in brackets at the end of a paragraph")
    for start in reversed(starts(raw[:cut_from], scene.title, _NOTICE_TOO)[-_BELOW:]) if calls else ():
        text = " ".join(raw[start:cut_from].split())
        rule = _call(text, item, scene)
        if rule is not None and not (rule.family == "readmore" and _leads_to_source(item, start, scene)):
            verdict = (rule.family, "rule", f"rule {rule.name}", "a sentence at the end of a paragraph")
        elif evidence := recurrence.standing_sentence(text, scene, alone=cut_from == len(raw)):
            verdict = ("repeated", "memory", "", evidence)
        else:
            break
        cut_from = start
    if cut_from < len(raw):
        part = Judged(item.block, item.reading, after=item.after, start=cut_from)
        part.cut(*verdict)
        if not scene.rulings.keeps(part.text, scene.title):  # all that would go, as it was put back
            yield part


def _head(item: Judged, below: int, scene: Scene) -> Iterator[Judged]:
    """Find the standing matter above a paragraph's own sentences, of which at least one stands above `below`."""
    raw, cut_to, found = item.block.raw, 0, ""
    for end in starts(raw[:below].rstrip(), scene.title)[:_ABOVE]:
        evidence = recurrence.standing_sentence(" ".join(raw[cut_to:end].split()), scene, alone=not cut_to, above=True)
        if not evidence:
            break
        cut_to, found = end, evidence
    part = Judged(item.block, item.reading, end=cut_to)
    if cut_to and not scene.rulings.keeps(part.text, scene.title):
        part.cut("repeated", "memory", evidence=found)
        yield part


def _leads_to_source(item: Judged, start: int, scene: Scene) -> bool:
    """Whether what stands behind `start` links to what the article is about: a file, or another site's document."""
    passed, links = 0, []
    for piece in item.block.pieces:
        passed += len(piece.text)
        if piece.link is not None and passed > start:
            links.append(piece.link)
    files = any(FILE.search((link.get("href") or "").lower()) for link in links)
    outside = any(kind_of(link, scene.slots.page) == "out" for link in links)
    return files or (outside and _DOCUMENT.fullmatch(fold(item.block.raw[start:])) is not None)


def _before_pointers(raw: str) -> int:
    """Return where the bracketed pointers begin that a text ends in, or its length where it ends in none."""
    end, found = len(raw.rstrip()), len(raw)
    if not raw.endswith((")", "]"), 0, end):
        return found  # as most paragraphs
    while pointer := _POINTER.search(raw, max(end - _REACH, 0), end):
        found = end = pointer.start()
    return found


def _call(text: str, item: Judged, scene: Scene) -> Rule | None:
    """Return the rule by which a sentence at the end of a block may go, None where it has to stay."""
    reading = Wording(text, slots=scene.slots)
    rule = next((rule for rule in matching(reading) if not rule.row and rule.family in _CLOSING), None)
    if rule is None or reading.protected or scene.rulings.keeps(text, scene.title):
        return None
    doubted = item.doubt.by == "rule"  # the voice spared the block: its end has to sound otherwise
    told = not rule.sure and scene.voice.of(reading) < (0.0 if doubted else DOUBTFUL)
    noted = item.protected and rule.family not in _BELOW_NOTES  # a note may speak of what else it likes
    return None if told or noted else rule
