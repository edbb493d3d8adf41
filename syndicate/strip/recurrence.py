"""What comes back in the articles of a source, and whether that speaks against it.

Coming back is no evidence alone: a newsroom reuses its paragraphs of background, an author refers to the same page
twice, and a prayer ends each day as the day before. It counts at the edges of an article, together with what a block
says or is; and what stands in four of five articles of a source, beyond all that is this article's own, is standing
matter, whatever it says, unless it sounds like a story, or introduces one in words that boilerplate does not use.
"""

from collections.abc import Iterable

from syndicate.strip import forms
from syndicate.strip.memory import Memory
from syndicate.strip.verdicts import SILENT, Judged, Scene, trace_of

_STANDING, _ALWAYS = 5, 0.8  # articles, and share of those while a block was in use
_DOUBTED, _DOUBT = 4, 0.3  # the same, from which an admin is asked
_OFTEN = 0.15  # share of a source's articles
_WORDED = 0.08  # share of words: a long paragraph with fewer words of boilerplate may be background that is reused
_SIGNED = 3  # lines: the end of a letter
_LABEL = 6  # words: a shorter line may head what follows
# Log odds: what sounds less like boilerplate is taken for the story's. Standing sentences and lines; else what a rule
# describes, sentences, and the rest.
_STORY, _STORY_LINE = -1.8, -3.5
_STORY_RULED, _STORY_SENTENCE, _STORY_REST = -4.0, -1.0, -2.0


def mark(judged: list[Judged], memory: Memory) -> None:
    """Mark the standing matter at the head and at the tail of an article."""
    if memory.articles < _STANDING:
        return
    below = _run(reversed(judged), memory)
    if below and len(below) <= _SIGNED and below[-1].greets:
        below = []  # "Yours, from the rock," and a name
    above = _run(judged, memory)
    while above and _is_label(above[-1]):
        above.pop()  # it heads the article's own
    for item in (*[item for item in above if not _introduces(item)], *below):
        item.standing = True


def judge(item: Judged, scene: Scene) -> None:
    """Cut a block for its coming back, or put it before an admin."""
    trace = trace_of(item, scene)
    if trace.seen < 2 or item.raw or forms.is_signed(item):
        return
    share = scene.memory.share(trace)
    placed = (item.before == 0 and trace.head > 1) or (item.after == 0 and trace.tail > 1)
    evidence = f"in {trace.seen} articles of this source, in {share:.0%} while it was in use"
    speaks = share >= _OFTEN and placed and _speaks(item, scene)
    if item.standing or (speaks and not _is_background(item) and not _introduces(item)):
        item.cut("repeated", "memory", evidence=evidence)
    elif trace.seen >= _DOUBTED and share >= _DOUBT and (placed or _is_worded(item)):
        item.ask("repeated", "memory", evidence=evidence)


def _run(judged: Iterable[Judged], memory: Memory) -> list[Judged]:
    """Return the standing blocks from an edge up to the first one that is the article's own.

    What a rule describes may lie between. If what ends the run comes back as often, but sounds like a story, all of it
    may be a prayer of every day, or the instructions below each release.
    """
    found: list[Judged] = []
    for item in judged:
        if not _always_returns(item, memory):
            if not item.rules:
                return found
        elif item.protected or (not item.is_link and _sounds_like_a_story(item)):
            return []
        else:
            found.append(item)
    return []  # all of it stands elsewhere, too: another version of an article


def _always_returns(item: Judged, memory: Memory) -> bool:
    return item.trace is not None and item.trace.seen >= _STANDING and memory.share(item.trace) >= _ALWAYS


def _sounds_like_a_story(item: Judged) -> bool:
    return item.loudness < (_STORY if item.sentence else _STORY_LINE)


def _is_label(item: Judged) -> bool:
    return item.reading.size < _LABEL and not item.is_link and not item.sentence


def _introduces(item: Judged) -> bool:
    """Whether it stands above an article and says nothing that boilerplate says: a motto, a column's introduction."""
    silent = not (item.before or item.rules or item.reading.cues or item.is_link)
    return (silent and forms.ADDRESS.search(item.reading.folded) is None) or forms.is_motto(item)


def _speaks(item: Judged, scene: Scene) -> bool:
    """Whether something beside its coming back speaks against a block: a link to another site may be a reference."""
    if item.rules or (item.sentence and _always_returns(item, scene.memory)):
        return True
    trace = trace_of(item, scene)
    refers = item.is_link and item.reading.kinds == {"out"}
    if refers and scene.memory.share(trace) < _ALWAYS:
        return False
    anchored = item.reading.kinds == {"place"}  # a heading with an address, or the article's table of contents
    return (trace.linked > 1 and not anchored) or (trace.seen > 2 and _is_worded(item))


def _is_worded(item: Judged) -> bool:
    """Whether its words are those of boilerplate."""
    return item.reading.density >= (_WORDED if item.reading.size > 25 else 0.01) or bool(item.rules)


def _is_background(item: Judged) -> bool:
    """Whether it may be a sentence of the story that a newsroom uses again."""
    told = _STORY_RULED if item.rules else _STORY_SENTENCE if item.whole else _STORY_REST
    return SILENT < item.loudness < told
