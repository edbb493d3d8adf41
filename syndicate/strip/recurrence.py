"""What comes back in the articles of a source, and whether that speaks against it.

Coming back is no evidence alone: a newsroom reuses its paragraphs of background, an author refers to the same page
twice, and a prayer ends each day as the day before. It counts at the edges of an article, together with what a block
says or is; and what stands in four of five articles of a source, beyond all that is this article's own, or beside
something that goes, is standing matter, whatever it says, unless it sounds like a story, or introduces one in words
that boilerplate does not use. So are sentences that stand at the edges of paragraphs whose others are new.
"""

from collections.abc import Iterable, Sequence

from syndicate.normalize.tree import HEADINGS
from syndicate.strip import forms
from syndicate.strip.memory import Memory, Trace
from syndicate.strip.verdicts import SILENT, Judged, Scene, trace_of
from syndicate.strip.wording import Wording

_STANDING, _ALWAYS = 5, 0.8  # articles, and share of those while a block was in use
_DOUBTED, _DOUBT = 4, 0.3  # the same, from which an admin is asked
_OFTEN = 0.15  # share of a source's articles
_WORDED = 0.08  # share of words: a long paragraph with fewer words of boilerplate may be background that is reused
_SIGNED = 3  # lines: the end of a letter
_SAID = 4  # words of a sentence
_LABEL = 6  # words: a shorter line may head what follows
# Log odds: what sounds less like boilerplate is taken for the story's. Standing sentences and lines; else what a rule
# describes, sentences, and the rest; and what gives an address.
_STORY, _STORY_LINE = -1.8, -3.5
_STORY_RULED, _STORY_SENTENCE, _STORY_REST = -4.0, -1.0, -2.0
_STORY_ADDRESSED = -2.5


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
    evidence = _told(trace, scene)
    speaks = share >= _OFTEN and placed and _speaks(item, scene)
    if item.standing or (speaks and not _is_background(item) and not _introduces(item)):
        item.cut("repeated", "memory", evidence=evidence)
    elif trace.seen >= _DOUBTED and share >= _DOUBT and (placed or _is_worded(item)):
        item.ask("repeated", "memory", evidence=evidence)


def beside(judged: Sequence[Judged], scene: Scene) -> None:
    """Cut what stands in nearly every article right above or below something that went, unless it may be a subhead.

    Counted over seven sets, 12 such blocks were boilerplate, and none the article's.
    """
    said = [item for item in judged if item.reading.size]  # a line of dashes parts nothing here
    if scene.memory.articles < _STANDING or all(item.family or _always_returns(item, scene.memory) for item in said):
        return  # or another version of an article
    for above, item, below in zip([None, *said], said, [*said[1:], None], strict=False):
        gone = (above is not None and above.family) or (below is not None and below.family)
        if gone and not item.family and _is_beside(item, scene):
            item.cut("repeated", "memory", evidence=_told(trace_of(item, scene), scene))


def _is_beside(item: Judged, scene: Scene) -> bool:
    if item.protected or item.raw or item.fact or item.piece or forms.is_signed(item):
        return False
    told = item.reading.size >= (_SAID if item.sentence and item.block.tag not in HEADINGS else _LABEL)
    return told and _always_returns(item, scene.memory) and not _may_be_told(item.reading, item.loudness)


def standing_sentence(text: str, scene: Scene, *, alone: bool, above: bool = False) -> str:
    """Return the evidence that a sentence at an article's edge is standing matter, "" for one of the article's own.

    One that stands `alone` has to say something, and one `above` the article what boilerplate says.
    """
    trace = scene.memory.of(text, scene.title)
    if trace.varies or trace.seen < _STANDING or scene.memory.share(trace) < _ALWAYS:
        return ""
    reading = Wording(text, slots=scene.slots)
    if reading.size < _SAID:
        return "" if alone else _told(trace, scene)
    introduces = above and not reading.cues and forms.ADDRESS.search(reading.folded) is None
    stays = reading.protected or introduces or _may_be_told(reading, scene.voice.of(reading))
    return "" if stays else _told(trace, scene)


def _may_be_told(reading: Wording, loudness: float) -> bool:
    """Whether it sounds like a story, or like the blessing that ends each day; less so where it gives an address."""
    addressed = forms.ADDRESS.search(reading.folded) is not None
    return loudness < (_STORY_ADDRESSED if addressed else _STORY)


def _told(trace: Trace, scene: Scene) -> str:
    return f"in {trace.seen} articles of this source, in {scene.memory.share(trace):.0%} while it was in use"


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
