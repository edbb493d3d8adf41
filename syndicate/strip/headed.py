"""What a heading that was cut takes along: the list below it, a sponsor's section, another story's title."""

import re
from collections.abc import Iterator
from itertools import islice, pairwise, takewhile

from syndicate.normalize.tree import HEADINGS
from syndicate.strip.closing import is_headline
from syndicate.strip.verdicts import By, Judged

_BUTTONS = frozenset({"share", "follow", "podcast_promo"})
_BUTTON, _UNTOLD = 6, 2  # words: of a button, and of one that is no link and says nothing that boilerplate says
_SPONSORED = frozenset({"ad", "sponsor"})
_SECTION, _ROWS = 2, 30  # blocks of a sponsors' section: paragraphs, or lines
_LINE, _HEADLINE = 170, 160  # characters
_LABEL, _BARE = 8, 4  # words: of a label with a colon, and of one without
_SUBHEAD, _LINKED = 6, 0.5  # words, and share of links
_LOUD = 2.0  # log odds: what sounds so heads nothing of the article's
_BY_RETURN: frozenset[By] = frozenset({"memory", "scorer"})  # they give a line up for its coming back
_POINTERS = frozenset({"related", "readmore"})
_SPONSORS, _PITCH = 12, 5  # sponsors of an article, and paragraphs about one
_SPONSOR = re.compile(
    r"(?:[Ss]ponsored by|[Bb]rought to you by|[Pp]resented by|[Tt]hank(?:s| you)(?: again)?,? to)"
    r" (?:our friends at |the )?([A-Z0-9][\w.'’&-]*\w(?: [A-Z0-9][\w.'’&-]*\w){0,3})"
)


def sections(judged: list[Judged]) -> None:
    """Let a heading that was cut take the short or linked items below it along.

    Links to other sites are the author's own references: a heading above them stays with them. Where a text shows its
    links, only links make a list of stories; below a heading of sponsors, any list is theirs. What stands below a call
    to share or follow are buttons: a title is none, nor are more words than two that say nothing of the kind.
    """
    shows_links = any(item.block.linked for item in judged)
    heading: Judged | None = None
    for item in judged:
        if item.family:
            heading = item if item.section else heading
        elif heading is None or not _stands_below(heading, item, shows_links):
            heading = None
        elif item.reading.kinds == {"out"} and heading.family in {"related", "tags"}:
            heading.family, heading = "", None
        else:
            item.cut(heading.family, "heading", "list below a heading that was cut")
            if item.is_link:
                heading.sure = item.sure = True  # what such a heading says, and what stands below it, agree
    _sponsors(judged)
    _pitches(judged)
    _named(judged)


def _stands_below(heading: Judged, item: Judged, shows_links: bool) -> bool:
    """Whether a block may belong to the list below a heading; a label that is no boilerplate begins another one."""
    listed = _listed(item)
    is_title = heading.family in _BUTTONS and item.reading.size > (_BUTTON if listed else _UNTOLD)
    fits = item.listable and (listed or not shows_links) and not item.protected
    return fits and not is_title and not (item.announces and not item.reading.cues)


def subheads(judged: list[Judged]) -> None:
    """Take back a label that took nothing along and has text below it: it is a subhead.

    So is a heading such as "Learn more" above the author's own links to other sites.
    """
    for label, below in pairwise(judged):
        referring = label.family == "readmore" and label.block.tag in HEADINGS and below.reading.kinds == {"out"}
        if (label.label or (referring and not label.block.links)) and label.family and not below.family:
            label.family = ""


def standing_heads(judged: list[Judged]) -> None:
    """Take back a short line that comes back in its source and stands directly above what stays: it is a subhead."""
    for item, below in reversed(list(pairwise(judged))):
        returns = item.trace is not None and item.trace.seen > 1 and item.by in _BY_RETURN and item.loudness < _LOUD
        if item.family and returns and not (item.standing or below.family) and _is_short(item):
            item.take_back("it heads what stays below it")


def _is_short(item: Judged) -> bool:
    """Whether it may be a subhead: a few words, no link and no sentence."""
    return 0 < item.reading.size <= _SUBHEAD and item.block.linked <= _LINKED and not item.sentence


def _sponsors(judged: list[Judged]) -> None:
    """Cut the list, or the short section, directly below a heading of sponsors, whatever it says."""
    for at, heading in enumerate(judged):
        if heading.family not in _SPONSORED or not heading.section or "li" in heading.block.tags:
            continue
        below = judged[at + 1 : at + 2 + _ROWS]
        homes = [item.block.container.getparent() if "li" in item.block.tags else None for item in below[:1]]
        if homes and homes[0] is not None:
            home = homes[0]
            taken = list(takewhile(lambda item: item.block.container.getparent() is home, _behind(judged, at)))  # noqa: B023
        elif _heads(heading):
            taken = list(takewhile(lambda item: not _heads(item), below))
            lines = all(item.breadth < _LINE for item in taken)
            taken = taken if len(taken) <= (_ROWS if lines else _SECTION) and len(taken) < len(below) else []
        else:
            taken = []
        for item in taken:
            if not item.protected:
                item.cut(heading.family, "heading", "list below a heading that was cut")
                heading.sure = item.sure = True


def _behind(judged: list[Judged], at: int) -> Iterator[Judged]:
    """Give what stands below a block, without a copy: a body may have thousands of headings."""
    return (judged[place] for place in range(at + 1, len(judged)))


def _heads(item: Judged) -> bool:
    """Whether it is a heading, by its markup or, as in show notes, by capitals and a colon."""
    return item.block.tag in HEADINGS or (item.announces and item.block.text.isupper())


def _pitches(judged: list[Judged]) -> None:
    """Cut the one paragraph below a title that is marked as a sponsor's."""
    for title, below in pairwise(judged):
        pitched = title.pitch and title.family and not below.family and below.block.tag not in HEADINGS
        if pitched and not below.protected:
            below.cut(title.family, "heading", "paragraph below a sponsor's title")
            below.sure = True


def _named(judged: list[Judged]) -> None:
    """Cut what goes on below a sponsor's line about the sponsor that it names, and of whom the article says nothing."""
    sponsored = ((at, _SPONSOR.search(item.block.text)) for at, item in enumerate(judged) if item.family in _SPONSORED)
    for at, told in islice(((at, told) for at, told in sponsored if told), _SPONSORS):
        name, below = told[1], judged[at + 1 : at + 1 + _PITCH]
        if any(name in above.block.text for above in judged[:at] if above.prose):
            continue
        for line in takewhile(lambda line: name in line.block.text and not line.protected, below):  # noqa: B023
            if not line.family:  # a notice of rights stays one
                line.cut(judged[at].family, "heading", "speaks of the sponsor", name)
                judged[at].sure = line.sure = True


def _listed(item: Judged) -> bool:
    return item.is_link or item.reading.density >= 0.3


def headlines(judged: list[Judged]) -> None:
    """Let a heading for other stories take a run of headlines along in a text that shows no links.

    Where the article goes on below several of them, the last line of the run stays: it may be the title of what
    follows. A label with a colon ("Also read:"), or of a word or two amid the text, takes the one line below it.
    """
    for at, heading in enumerate(judged):
        if heading.family == "related" and heading.plain and heading.label:
            run = list(takewhile(lambda item: not item.family and is_headline(item), _behind(judged, at)))
            goes_on = len(run) > 1 and any(not below.family for below in judged[at + 1 + len(run) :][:1])
            run = run[: len(run) - goes_on]
        elif heading.family in _POINTERS and _is_pointer(heading):
            run = [item for item in judged[at + 1 : at + 2] if not item.family and _is_title(item)]
        else:
            run = []
        for line in run:
            line.cut(heading.family, "heading", "list below a heading that was cut")


def _is_pointer(item: Judged) -> bool:
    """Whether it does nothing but introduce one line below it."""
    bare = item.plain and item.reading.size <= _BARE and item.after > 0 and item.by == "rule"
    return (item.announces and item.reading.size <= _LABEL) or bare


def _is_title(item: Judged) -> bool:
    """Whether it may be the title of another story, which may ask a question."""
    asks = item.block.text.endswith(("?", "？")) and item.breadth < _HEADLINE and not item.protected
    return (is_headline(item) or asks) and item.block.tag not in HEADINGS
