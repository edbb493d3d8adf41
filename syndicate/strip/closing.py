"""Runs of blocks that are known by their order only: a discussion or tags below an article, its contents above."""

import re
from collections.abc import Iterator, Set
from itertools import groupby

from lxml.html import HtmlElement

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
_TAGS, _TAG, _TAG_WORDS = 3, 40, 5  # blocks, characters, words
_NUMBER = re.compile(r"\s*(?:\d{1,2}[.)]?){1,4}\s+")
_MARKED = re.compile(r"#\s?[^\W\d_][^#.;{}()=]{1,90}")
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
                    below.cut(
                        "comments", "form", "discussion", "below a heading for comments that names and dates follow"
                    )
            return


def _is_voice(item: Judged) -> bool:
    """Whether it says who wrote a comment, or on which day at what time."""
    if item.reading.size > _BYLINE or len(item.block.text) > _HEADLINE:
        return False
    text = item.reading.folded
    return bool(_SAYS.fullmatch(text) or (_YEAR.search(text) and _CLOCK.search(text)))


def is_headline(item: Judged) -> bool:
    """Whether a line may be the title of a story: short, and no sentence."""
    fits = item.breadth < _HEADLINE and not item.sentence and not item.announces
    return fits and not item.protected and not item.prose


def tags(judged: list[Judged]) -> None:
    """Cut a row of short labels below the article whose words the article itself says: its tags, a line each.

    Three lines on end that begin with a `#` are tags, whatever they say, if nothing shows that they are code.
    """
    for marked, group in groupby(judged, key=_is_marked):
        lines = list(group) if marked else []
        for item in lines if len(lines) >= _TAGS else ():
            item.cut("tags", "form", "row of tags", "lines with a mark of tags on end")
    body = ""
    for row in _rows(judged):
        body = body or bare(" ".join(item.reading.folded for item in judged if item.prose))
        if sum(bare(item.reading.folded) in body for item in row) >= _ECHOED * len(row):
            for item in row:
                item.cut("tags", "form", "row of tags", "short labels below the article that its text mentions")


def contents(judged: list[Judged], homes: Set[HtmlElement]) -> None:
    """Cut a list of links to places in the article that says what headings below say, and the short line above it.

    `homes` are the elements in which prose stands: that line is the list's in a box without any, or as a heading.
    A list that a sentence introduces is part of what that says.
    """
    headings = {_numbered(item): at for at, item in enumerate(judged) if item.block.tag in HEADINGS and not item.family}
    at = 0
    for leads, group in groupby(judged, key=lambda item: item.is_link and item.reading.kinds == {"place"}):
        run = list(group)
        if leads and len(run) > 1 and all(headings.get(_numbered(item), -1) > at for item in run):
            above = judged[max(at - 1, 0) : at]
            told = any(item.announces and item.reading.size > _TAG_WORDS and not item.family for item in above)
            titles = [item for item in above if _is_title(item, run[0], homes)]
            for item in (*titles, *run) if not told else ():
                if not item.kept:
                    item.cut("nav", "form", "contents", "links to headings of the article")
                    item.sure = True
        at += len(run)


def _numbered(item: Judged) -> str:
    """What a heading says behind its number."""
    return bare(_NUMBER.sub("", item.reading.folded))


def _is_title(item: Judged, below: Judged, homes: Set[HtmlElement]) -> bool:
    """Whether a line above a list of contents is what that is called: "In this story", "Contents [hide]"."""
    around = set(below.block.container.iterancestors())
    box = next((element for element in item.block.container.iterancestors() if element in around), None)
    alone = item.block.tag in HEADINGS or (box is not None and box not in homes)
    return alone and item.reading.size <= _TAG_WORDS and is_headline(item) and not item.family


def _is_marked(item: Judged) -> bool:
    code = item.block.tags & {"pre", "code"} or item.family or item.protected
    return not code and item.after == 0 and _MARKED.fullmatch(item.block.text) is not None


def _rows(judged: list[Judged]) -> Iterator[list[Judged]]:
    """Runs of labels below the last paragraph that no line ending in a colon announces."""
    row: list[Judged] = []
    announced = False
    for item in judged:
        if _is_label(item):
            row.append(item)
            continue
        if len(row) >= _TAGS and not announced:
            yield row
        row, announced = [], item.announces
    if len(row) >= _TAGS and not announced:
        yield row


def _is_label(item: Judged) -> bool:
    fits = item.after == 0 and item.before > 0 and item.reading.size <= _TAG_WORDS and item.breadth <= _TAG
    shown = item.block.linked > 0.8 or (item.plain and _LISTED.isdisjoint(item.block.tags))
    said = any(map(str.isalnum, item.block.text))  # of signs alone, a text says none and all
    return fits and shown and said and is_headline(item) and not item.family
