"""The element of a page that holds the article.

Two ways lead to it, and they check each other. From the headline outwards: the smallest part of the page around the
headline that holds its prose, widened as long as a wider one adds more prose than scraps and links. And by weight
alone: the part whose prose outweighs its scraps the most, for pages whose headline cannot be told.
"""

import re

from lxml import etree

from syndicate.ingest.readers.page.chrome import called, is_body
from syndicate.ingest.readers.page.survey import Survey

ENOUGH = 140.0  # characters of prose: two sentences
_SOME, _SETTLED = 25.0, 600.0  # characters of prose: a sentence, and an article that needs nothing more
_WORD = re.compile(r"\w+")
_NEVER = frozenset({"p", "li", "blockquote", "h1", "h2", "h3", "h4", "td", "tr", "figure", "figcaption", "a"})


def find_heading(seen: Survey, root: etree._Element, title: str) -> etree._Element | None:
    """Return the heading on the page that says the article's title, or None."""
    wanted = set(_WORD.findall(title.lower()))
    best, best_likeness = None, 0.5
    for heading in root.iter("h1", "h2", "h3"):
        if heading not in seen.span:
            continue
        own = set(_WORD.findall(" ".join(block.text for block in seen.inside(heading)).lower()))
        likeness = len(own & wanted) / len(own | wanted) if own and wanted else 0.0
        likeness += 0.1 if heading.tag == "h1" else 0.0
        if likeness > best_likeness:
            best, best_likeness = heading, likeness
    return best


def choose(seen: Survey, root: etree._Element, heading: etree._Element | None) -> etree._Element:
    """Return the element that holds the article's prose and as little else as possible."""
    best = _around(seen, root, heading) if heading is not None else None
    if best is None:
        best = _heaviest(seen, root)
    marked = _marked(seen, best)
    return _descend(seen, best if marked is None else marked)


def _around(seen: Survey, root: etree._Element, heading: etree._Element) -> etree._Element | None:
    """The part of the page around the headline that holds the article."""
    chosen, prose, junk = None, 0.0, 0.0
    enough = min(ENOUGH, 0.6 * seen.prose(root))
    limit = _limit(seen, root, heading)
    for element in heading.iterancestors():
        if element not in seen.span:
            continue
        more, scraps = seen.prose(element) - prose, seen.junk(element) - junk
        if chosen is None:
            wider = more >= max(enough, 1.0)
        else:
            settled = prose > _SETTLED
            wider = more > (scraps if settled else 0.5 * scraps) and (
                more > (1.0 if settled else 0.3) * prose or _twin(seen, chosen, element)
            )
        if wider:
            chosen, prose, junk = element, prose + more, junk + scraps
        if element is limit:
            return limit if chosen is None else chosen
    return chosen


def _limit(seen: Survey, root: etree._Element, heading: etree._Element) -> etree._Element | None:
    """The page's only `main`, where it holds headline and prose, and what stands outside of it is no article."""
    mains = [one for one in root.iter("main", "div") if one.tag == "main" or one.get("role") == "main"]
    if len(mains) != 1 or mains[0] not in heading.iterancestors() or mains[0] not in seen.span:
        return None
    prose = seen.prose(mains[0])
    return mains[0] if prose >= _SOME and seen.prose(root) - prose < _SETTLED else None


def _twin(seen: Survey, part: etree._Element, whole: etree._Element) -> bool:
    """Whether the article goes on in a box of the same name beside that part."""
    parent = part.getparent()
    if parent is not whole:
        return False
    names = called(part)
    return any(
        other is not part
        and other.tag == part.tag
        and called(other) == names
        and other in seen.span
        and seen.prose(other)
        for other in whole
    )


def _heaviest(seen: Survey, root: etree._Element) -> etree._Element:
    best, best_score = root, 0.0
    for element, (start, end) in seen.span.items():
        if start == end or element.tag in _NEVER:
            continue
        score = seen.prose(element) - seen.junk(element)
        if score > best_score:
            best, best_score = element, score
    return best


def _marked(seen: Survey, best: etree._Element) -> etree._Element | None:
    """The element inside that its author calls the article's body, if it holds most of what was found."""
    marked = [
        element
        for element in best.iterdescendants()
        if element in seen.span
        and element.tag not in _NEVER
        and (element.get("itemprop") == "articleBody" or is_body(called(element)))
        and seen.prose(element)
    ]
    if not marked or seen.prose(marked[0]) < 0.5 * seen.prose(best):
        return None
    end = seen.span[marked[0]][1]
    apart = [other for other in marked if seen.span[other][0] >= end and called(other) == called(marked[0])]
    return None if apart else marked[0]


def _descend(seen: Survey, best: etree._Element) -> etree._Element:
    """Go further in while one child holds nearly all prose and what stands beside it is of another kind."""
    while True:
        child = max(
            (child for child in best if child in seen.span and child.tag not in _NEVER),
            key=seen.prose,
            default=None,
        )
        if child is None or seen.prose(child) < 0.8 * seen.prose(best) or _continues(seen, best, child):
            return best
        best = child


def _continues(seen: Survey, parent: etree._Element, child: etree._Element) -> bool:
    """Whether the article goes on beside that child: prose straight in the parent, or in a box of the same name."""
    names = called(child)
    beside = [other for other in parent if other is not child and other in seen.span and seen.prose(other)]
    inside = seen.prose(child) + sum(map(seen.prose, beside))
    if seen.prose(parent) - inside > 1:
        return True
    return any(other.tag in _NEVER or (other.tag == child.tag and called(other) == names) for other in beside)
