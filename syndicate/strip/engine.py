"""From blocks to verdicts: which block goes, by which rule or evidence, and which is left for an admin to judge."""

import re
from collections.abc import Iterator, Sequence

from syndicate.strip import neighbours
from syndicate.strip.blocks import Block
from syndicate.strip.families import Reading, matching
from syndicate.strip.features import features
from syndicate.strip.links import widget
from syndicate.strip.memory import Trace, fingerprint
from syndicate.strip.neighbours import placed
from syndicate.strip.scorer import scorer
from syndicate.strip.verdicts import Judged, Scene

_RULED = 1_200  # characters: nothing that a rule describes is longer
_OFTEN = 0.15  # share of a source's articles
_WORDED = 0.08  # share of words: a long paragraph with fewer words of boilerplate may be background that is reused
_TELLING = 0.3  # share of words: below it, a block speaks of something else as well
_CLOSING = frozenset({"syndication", "readmore", "copyright", "share", "newsletter", "follow", "paywall", "feed"})
_SENTENCE = re.compile(r"(?<=[.!?…])[\"”’»)\]]*\s+(?=\S)|(?<=[。！？])(?=\S)")


def judge(blocks: Sequence[Block], scene: Scene) -> list[Judged]:
    """Return each block with its verdict, in order, and after them the sentences cut out of blocks that stay."""
    judged = settle(blocks, scene)
    _by_score(judged, scene)
    neighbours.between(judged)
    for item in judged:
        _doubt(item)
    return [*judged, *_sentences(judged, scene)]


def settle(blocks: Sequence[Block], scene: Scene) -> list[Judged]:
    """Return the blocks as admin, rules, memory and neighbours judge them; what is still open is the scorer's."""
    judged = [_read(block, scene) for block in blocks]
    _count_prose(judged)
    for item in judged:
        _rule_admin(item, scene)
        if item.family or item.kept:
            continue
        _by_widget(item)
        if item.rules and not item.protected:
            _by_rule(item)
        if not item.family and scene.memory.articles > 1 and not item.protected:
            _by_memory(item, scene)
    neighbours.named_boxes(judged)
    neighbours.rows(judged)
    neighbours.sections(judged)
    neighbours.duplicates(judged)
    neighbours.buttons(judged)
    neighbours.signatures(judged)
    neighbours.boxes(judged)
    neighbours.between(judged)
    return judged


def _read(block: Block, scene: Scene) -> Judged:
    reading = Reading(block.text, linked=block.linked, links=block.links if block.linked else (), slots=scene.slots)
    if len(block.text) >= _RULED or block.tags & {"pre", "code"}:
        return Judged(block, reading)
    return Judged(block, reading, matching(reading))


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


def _by_widget(item: Judged) -> None:
    family = widget(item.block.classes) if item.block.classes and len(item.block.text) < 300 else ""
    if family:
        item.cut(family, "markup class", " ".join(sorted(item.block.classes))[:200])
    elif item.block.tags & {"button", "select", "textarea", "option"}:
        item.cut("form", "markup form", "a control of a form")


def _by_rule(item: Judged) -> None:
    for rule in item.rules:
        if not item.family and not rule.row and placed(rule, item):
            item.cut(rule.family, f"rule {rule.name}")
            item.section = (rule.section and len(item.reading.words) <= 8) or item.block.text.endswith((":", "："))


def is_candidate(item: Judged) -> bool:
    """Whether the scorer may speak on a block: it mentions what boilerplate speaks of, or is mostly links."""
    if len(item.block.text) >= _RULED or item.block.tags & {"pre", "code"}:
        return False
    speaks = item.reading.density >= _WORDED or item.block.linked > 0.6
    return speaks and not item.protected


def trace_of(item: Judged, scene: Scene) -> Trace:
    """Return what the source's memory knows of a block."""
    return scene.memory.of(item.block.text, scene.title) if scene.memory.articles else Trace()


def _by_score(judged: list[Judged], scene: Scene) -> None:
    """Let the linear scorer judge what is left; it cuts only at the edges, and only what speaks of little else."""
    for at, item in enumerate(judged):
        if item.family or not is_candidate(item):
            continue
        found = features(judged, at, scene.memory, trace_of(item, scene))
        verdict = scorer().verdict(found)
        telling = item.reading.density >= _TELLING and item.reading.size >= 3 and item.reading.kinds != {"out"}
        if verdict == "cut" and telling and min(item.before, item.after) == 0:
            item.cut("scored", "scorer", scorer().reasons(found))
        elif verdict != "keep" and not item.doubt[0]:
            item.doubt = ("scored", "scorer", scorer().reasons(found))


def _doubt(item: Judged) -> None:
    """Put before an admin what a rule describes, but not where it stands."""
    rule = next((rule for rule in item.rules if not rule.row and not rule.section), None)
    if rule is not None and not item.family and not item.protected and not item.doubt[0]:
        item.doubt = (rule.family, f"rule {rule.name}", "it stands in the middle of the article")


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
