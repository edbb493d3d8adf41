"""What on a page reads like prose, but belongs to something else than its article."""

from collections import Counter
from collections.abc import Callable
from functools import partial

from lxml import etree

from syndicate.ingest.readers.page.chrome import called, is_body, strong
from syndicate.ingest.readers.page.container import ENOUGH
from syndicate.ingest.readers.page.survey import Survey
from syndicate.normalize.tree import HEADINGS

# The share of a page's prose that a family may hold and still be furniture; dialogs are long, while boxes called
# after a paywall often hold the article itself.
_SHARES = {"notice": 0.6, "appeal": 0.25}
_SIDEBARS = frozenset({"sidebar", "side-bar", "right-sidebar", "left-sidebar", "sidebar-right", "sidebar-left"})
_DIALOGS = frozenset({"dialog", "alertdialog"})
_ASIDE_TAGS = frozenset({"footer", "aside", "form"})
# Families whose boxes may well hold more text than the article.
_WORDY = frozenset({"comments", "related"})


def judge(seen: Survey, root: etree._Element, heading: etree._Element | None) -> None:
    """Take the prose away from blocks in the page's furniture and in teasers of other articles.

    When hardly any prose remained after that, it is done again with less and less trust in names: some pages wrap
    all they have in a box of such a name.
    """
    before = [block.prose for block in seen.blocks]
    around = set(heading.iterancestors()) if heading is not None else set()
    for trust in (2, 1, 0):
        if heading is not None:
            _one_article(seen, heading)
        _mute_cards(seen, root)
        core = total = seen.prose(root)
        if trust:
            _mute_where(seen, partial(_wordy, seen, around=around, total=total, trust=trust))
            core = max(seen.prose(root), 0.5 * total if trust > 1 and not around else 0.0)
            _mute_where(seen, partial(_furniture, seen, around=around, total=core))
        if seen.prose(root) >= max(0.5 * ENOUGH if around else ENOUGH, 0.25 * core):
            return
        for block, prose in zip(seen.blocks, before, strict=True):
            block.prose = prose
        seen.total()


def _wordy(seen: Survey, element: etree._Element, around: set[etree._Element], total: float, trust: int) -> bool:
    names = called(element)
    if not names or element in around or strong(names) not in _WORDY:
        return False
    limit = 0.75 if strong(names) == "comments" else 0.4
    return (trust > 1 and not is_body(names)) or seen.prose(element) < limit * total


def _furniture(seen: Survey, element: etree._Element, around: set[etree._Element], total: float) -> bool:
    if element in around:
        return False
    share = seen.prose(element) / total if total else 0.0
    if (
        element.tag in _ASIDE_TAGS
        or element.get("role") in _DIALOGS
        or _SIDEBARS & {element.get("id"), *element.get("class", "").split()}
    ):
        return share < (0.6 if around else 0.4)
    names = called(element)
    family = strong(names) if names else ""
    return bool(family) and share < (_SHARES.get(family, 0.4) if around else 0.4) and not is_body(names)


def _mute_where(seen: Survey, wanted: Callable[[etree._Element], bool]) -> None:
    for element, (start, end) in seen.span.items():
        if start < end and seen.prose(element) and wanted(element):
            _mute(seen, element)
    seen.total()


def _mute(seen: Survey, element: etree._Element) -> None:
    for block in seen.inside(element):
        block.prose = 0.0


def _one_article(seen: Survey, heading: etree._Element) -> None:
    """Where the headline stands in an `article` element, the page's other ones are other articles."""
    own = next(heading.iterancestors("article"), None)
    if own is None or own not in seen.span:
        return
    others = [other for other in own.getroottree().iter("article") if other in seen.span and other is not own]
    single = max((seen.prose(other) for other in others if other.find(".//article") is None), default=0.0)
    if seen.prose(own) < max(ENOUGH, 0.5 * single):
        return  # the headline's `article` is only the head of this page
    around = {own, *own.iterancestors("article")}
    for other in others:
        if other not in around and not _is_part(seen, own, other):
            _mute(seen, other)
    seen.total()


def _is_part(seen: Survey, own: etree._Element, other: etree._Element) -> bool:
    """Whether an `article` inside the article is a part of it, such as a post of a live page or a quoted one."""
    if own not in other.iterancestors("article"):
        return False
    return not any(link.get("rel") == "bookmark" for link in other.iter("a")) and not is_card(seen, other)


def _mute_cards(seen: Survey, root: etree._Element) -> None:
    total = seen.prose(root)
    for element in list(seen.span):
        if len(element) > 2 and 0 < seen.prose(element) < 0.6 * total and _row_of_cards(seen, element):
            for child in element:
                if child in seen.span and is_card(seen, child):
                    _mute(seen, child)
    seen.total()


def _row_of_cards(seen: Survey, element: etree._Element) -> bool:
    """Whether most of an element's children are teasers of one make."""
    makes = Counter((child.tag, called(child)) for child in element if child in seen.span)
    if not makes:
        return False
    make, count = makes.most_common(1)[0]
    if count < 3:
        return False
    alike = [child for child in element if child in seen.span and (child.tag, called(child)) == make]
    return sum(1 for child in alike if is_card(seen, child)) * 4 >= count * 3


def is_card(seen: Survey, element: etree._Element) -> bool:
    """Whether an element teases another article of the site: a headline that is a link, perhaps some words more."""
    if element.tag in {"p", "blockquote", "table"}:
        return False
    blocks = seen.inside(element)
    if not 0 < len(blocks) < 12 or seen.size(element) > 900:
        return False
    return any(
        block.inward >= 15
        and block.inward * 10 >= len(block.text) * 9
        and (block.where.tag in HEADINGS or "title" in (names := called(block.where)) or "headline" in names)
        for block in blocks
    ) or (len(blocks) < 6 and element.find(".//img") is not None and blocks[0].inward * 10 >= len(blocks[0].text) * 9)
