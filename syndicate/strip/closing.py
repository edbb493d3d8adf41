"""Runs of blocks that stand below an article and are known by their order only: a discussion, headlines, tags."""

import re
from collections.abc import Iterator
from itertools import takewhile

from syndicate.normalize.tree import HEADINGS
from syndicate.strip.verdicts import Judged
from syndicate.strip.words import bare

_ABOVE = 2  # paragraphs of prose: a discussion stands below an article
_REACH = 4  # blocks below its heading in which the first voice of a discussion shows
_BYLINE = 10  # words
_SAYS = re.compile(
    r"\W*\S.{0,40}\b(?:says?|sagt|sagte|schrieb|dice|dijo|dit|a dit|diz|disse|ha detto|skriver|zegt|schreef|mowi|pisze"
    r"|пишет|говорит|каже|пише)\W*:\W*"
)
_YEAR, _CLOCK = re.compile(r"\b(?:19|20)\d\d\b"), re.compile(r"\b\d{1,2}(?:[:.]|h\s?)\d\d\b|\b\d{1,2}\s?[ap]\.?m\b")
_HEADLINE = 160  # characters
_LABEL = 8  # words
_TAGS, _TAG, _TAG_WORDS = 3, 40, 5  # blocks, characters, words
_LISTED = HEADINGS | {"li", "td", "th", "dd", "dt"}  # lists of the article's own
_ECHOED = 0.6  # share of a row of tags that the article itself says


def discussion(judged: list[Judged]) -> None:
    """Cut what readers wrote below an article: everything below a heading for comments that a first voice follows."""
    for at, item in enumerate(judged):
        if item.family != "comments" or item.before < _ABOVE:
            continue
        if any(_is_voice(below) for below in judged[at + 1 : at + 1 + _REACH]):
            for below in judged[at + 1 :]:
                if not below.family and not below.kept:
                    below.cut("comments", "discussion", "below a heading for comments that names and dates follow")
            return


def _is_voice(item: Judged) -> bool:
    """Whether it says who wrote a comment, or on which day at what time."""
    if item.reading.size > _BYLINE or len(item.block.text) > _HEADLINE:
        return False
    text = item.reading.folded
    return bool(_SAYS.fullmatch(text) or (_YEAR.search(text) and _CLOCK.search(text)))


def headlines(judged: list[Judged]) -> None:
    """Let a heading for other stories take a run of headlines along in a text that shows no links.

    Where the article goes on below several of them, the last line of the run stays: it may be the title of what
    follows. A label with a colon ("Also read:") takes the one line below it anywhere.
    """
    for at, heading in enumerate(judged):
        label = heading.block.text.endswith((":", "：")) and heading.reading.size <= _LABEL
        if heading.family != "related" or not (label or (heading.label and heading.plain)):
            continue
        run = list(takewhile(lambda item: not item.family and _is_headline(item), judged[at + 1 :]))
        if heading.plain and heading.label:
            goes_on = len(run) > 1 and any(not below.family for below in judged[at + 1 + len(run) :][:1])
            run = run[: len(run) - goes_on]
        else:
            run = run[:1]
        for line in run:
            line.cut(heading.family, "list below a heading that was cut")


def _is_headline(item: Judged) -> bool:
    fits = item.breadth < _HEADLINE and not item.sentence and not item.block.text.endswith((":", "："))
    return fits and not item.protected and not item.prose


def tags(judged: list[Judged]) -> None:
    """Cut a row of short labels below the article whose words the article itself says: its tags, a line each."""
    body = ""
    for row in _rows(judged):
        body = body or bare(" ".join(item.reading.folded for item in judged if item.prose))
        if sum(bare(item.reading.folded) in body for item in row) >= _ECHOED * len(row):
            for item in row:
                item.cut("tags", "row of tags", "short labels below the article that its text mentions")


def _rows(judged: list[Judged]) -> Iterator[list[Judged]]:
    """Runs of labels below the last paragraph that no line ending in a colon announces."""
    row: list[Judged] = []
    for above, item in zip([None, *judged], [*judged, None], strict=True):
        if (
            item is not None
            and _is_label(item)
            and (row or above is None or not above.block.text.endswith((":", "：")))
        ):
            row.append(item)
            continue
        if len(row) >= _TAGS:
            yield row
        row = []


def _is_label(item: Judged) -> bool:
    fits = item.after == 0 and item.before > 0 and item.reading.size <= _TAG_WORDS and item.breadth <= _TAG
    shown = item.block.linked > 0.8 or (item.plain and _LISTED.isdisjoint(item.block.tags))
    return fits and shown and _is_headline(item) and not item.family
