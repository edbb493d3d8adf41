"""Who signed an article and when, as the markup around its headline shows it.

Only what belongs to the article counts: what stands between its headline and its end, or in an `article` that holds
both, and in no box that is furniture, a quotation, a picture or a teaser.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from lxml import etree

from syndicate.ingest.readers.dates import told_dates
from syndicate.ingest.readers.page.chrome import called, is_caption, soft, strong
from syndicate.ingest.readers.page.judge import is_card
from syndicate.ingest.readers.page.linked_data import moment
from syndicate.ingest.readers.page.survey import Block, Survey
from syndicate.ingest.readers.people import distinct, people
from syndicate.model import Person
from syndicate.normalize.byline import byline
from syndicate.normalize.tree import HEADINGS, text_of
from syndicate.normalize.urls import absolute, canonical_link, is_web

_ARTICLES = ("article", "posting", "report", "review", "recipe")
_APART = frozenset({"blockquote", "figure", "figcaption", "nav", "form", "dialog"})
_OTHERS = frozenset({"comments", "related", "nav", "ad"})
_BY_WORD = re.compile(r"^\s*(?:by|von|par|por|di|door|av)[\s:]+", re.IGNORECASE)
_MOST = 5
_CALLED_BYLINE = re.compile(r"(?:^|-)(?:by-?lines?|authors?|author-name|vcard|fn)(?=-|$)")
_LINE, _DATE_LINE = 200, 40  # characters: of a byline; of a line beside the times that it tells
_PUBLISHED = frozenset({"datepublished", "published", "dt-published", "entry-date"})
_UPDATED = frozenset({"datemodified", "updated", "dt-updated", "modified"})
_CALLED_UPDATE = re.compile(r"(?:^|-)(?:updated|modified|lastmod)(?=-|$)")
_CALLED_DATE = re.compile(
    r"(?:^|-)(?:dates?|date-?time|published|posted|pub-?date|time-?stamp|date-?line|(?:post-?)?meta|by-?line)(?=-|$)"
)
_WORD, _FEW = re.compile(r"[^\W\d_]{2,}"), 4  # words: of a line that holds little but a date, its month among them
_WEEKDAY = re.compile(r"(?<=\s)[^\W\d_]+,\s*$")
_AGAIN = re.compile(
    r"(?:updated?|modified|edited|aktualisiert|geändert|actualizad[oa]|mise? à jour|aggiornat[oa]|atualizad[oa]|"
    r"bijgewerkt|zaktualizowano|обновлено|оновлено|更新)\W*(?:on|am|el|le|il|em|at|в)?\W*$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Signs:
    """What the markup says of its article; empty where it says nothing."""

    authors: tuple[Person, ...] = ()
    published: datetime | None = None
    updated: datetime | None = None


def read_signs(seen: Survey, heading: etree._Element | None, container: etree._Element, base: str) -> Signs:
    """Read who signed the article in `container` below `heading`, and when; `base` is what addresses are relative to.

    What stands above the first paragraph is asked before all else. A `time` without a mark counts nowhere else:
    elsewhere it is an event's.
    """
    places = list(_places(seen, heading, container))
    above = [element for element, on_top in places if on_top]
    below = [element for element, on_top in places if not on_top]
    dates = [date for element in (*above, *below) if (date := _dated(element))]
    dates += [
        ("updated" if _is_update(one) else "published", one.get("datetime", "")) for one in above if one.tag == "time"
    ]
    told = [(kind, found) for kind, text in dates if (found := moment(text))]
    told += [date for element in above for date in _written(element, _line(seen, element))]
    first = dict(reversed(told))
    return Signs(
        authors=_marked(above, base) or _shown(seen, above, base) or _marked(below, base),
        published=first.get("published"),
        updated=first.get("updated"),
    )


def names_in(text: str) -> tuple[Person, ...]:
    """Return the people of a byline, with or without a word for it."""
    text = text.partition("|")[0]
    return byline(text) or people([without_by(text)])


def without_by(text: str) -> str:
    """Return a name without the word that leads to it."""
    return _BY_WORD.sub("", text)


def _places(
    seen: Survey, heading: etree._Element | None, container: etree._Element
) -> Iterator[tuple[etree._Element, bool]]:
    """The elements that may tell of the article, in their order; and whether they stand above its first paragraph."""
    anchor = container if heading is None else heading
    path = {container, anchor, *container.iterancestors(), *anchor.iterancestors()}
    own, whole = _around(anchor, container)
    after = seen.span[anchor][1] if heading is not None else 0
    start, end = seen.span[container]
    first = next((block.where for block in seen.blocks[max(start, after) : end] if _is_text(block)), None)
    begun, on_top = heading is None or own or whole.tag == "main", True
    walk = etree.iterwalk(whole, events=("start", "end"))
    for event, element in walk:
        if event == "end":
            if element is container and not own:
                return
            continue
        begun, on_top = begun or element is heading, on_top and element is not first
        if element not in path and _is_apart(seen, element):
            walk.skip_subtree()
        elif begun:
            yield element, on_top


def _is_text(block: Block) -> bool:
    """Whether a block is a paragraph rather than a line that signs or dates the article."""
    times = ["".join(map(str, time.itertext())) for time in block.where.iter("time")]
    is_date = bool(times) and len(block.text) - len("".join(times)) < _DATE_LINE
    return block.prose > 10 and not is_date and not byline(block.text) and not _written(block.where, block.text)


def _around(anchor: etree._Element, container: etree._Element) -> tuple[bool, etree._Element]:
    """The part of the page around headline and container, and whether that is the article and nothing else."""
    holders = [container, *container.iterancestors()]
    both = [one for one in (anchor, *anchor.iterancestors()) if one in holders]
    for one in both:
        if _is_article(one):
            return True, one
    return False, next((one for one in both if one.tag == "main"), both[0])


def _is_article(element: etree._Element) -> bool:
    """Whether its author calls an element an article of its own, in HTML, schema.org or hAtom."""
    if element.tag in {"html", "body"}:
        return False
    kind = element.get("itemtype", "").lower()
    return (
        element.tag == "article"
        or kind.endswith(_ARTICLES)
        or not {"hentry", "h-entry"}.isdisjoint(element.get("class", "").split())
    )


def _is_apart(seen: Survey, element: etree._Element) -> bool:
    """Whether what stands in an element is no word of the article's own about itself."""
    names = called(element)
    family = strong(names) if names else ""
    if element.tag in _APART or family in _OTHERS or _is_article(element) or (names and is_caption(names)):
        return True
    if names and (family == "bio" or soft(names) == "byline"):
        return False
    if element.tag == "aside" or family:
        return True
    return element in seen.span and is_card(seen, element) and any(True for _ in element.iter(*HEADINGS))


def _dated(element: etree._Element) -> tuple[str, str] | None:
    """What schema.org's, hAtom's and HTML's own marks say of an element's date: its kind, and the date."""
    marks = {*element.get("itemprop", "").lower().split(), *element.get("class", "").lower().split()}
    text = element.get("content") or element.get("datetime") or element.get("title")
    text = text or ("".join(map(str, element.itertext())) if element.get("itemprop") else "")
    if not _PUBLISHED.isdisjoint(marks) or element.get("pubdate") is not None:
        return "published", text
    return None if _UPDATED.isdisjoint(marks) else ("updated", text)


def _written(element: etree._Element, line: str) -> list[tuple[str, datetime]]:
    """The dates in an element's line for readers, if it is called so, is a byline, or says little else."""
    told, names = told_dates(line), called(element)
    if not told or "event" in names or any(one.tag in HEADINGS for one in (*element.iter(), *element.iterancestors())):
        return []
    is_short = len(element) == 0 and len(_WORD.findall(line)) <= _FEW
    if not (is_short or element.tag == "time" or _CALLED_DATE.search(names) or byline(line)):
        return []
    again = _CALLED_UPDATE.search(names) or (element.tag == "time" and _is_update(element))
    return [
        ("updated" if again or _AGAIN.search(_WEEKDAY.sub("", before)) else "published", date) for before, date in told
    ]


def _is_update(time: etree._Element) -> bool:
    """Whether a `time` is called, or told by the words before it, the time of an update."""
    parent, before = time.getparent(), time.getprevious()
    words = (before.tail if before is not None else None if parent is None else parent.text) or ""
    boxes = [time, *time.iterancestors()][:3]
    return _AGAIN.search(words) is not None or any(_CALLED_UPDATE.search(called(box)) for box in boxes)


def _marked(elements: list[etree._Element], base: str) -> tuple[Person, ...]:
    """The people whom schema.org's, hAtom's and HTML's own marks name."""
    marked = [
        one
        for one in elements
        if "author" in one.get("itemprop", "").split()
        or (one.tag != "link" and "author" in one.get("rel", "").split())
        or ("fn" in one.get("class", "").split() and any(map(_is_vcard, one.iterancestors())))
    ]
    return distinct(
        replace(person, url=person.url or _profile(one, base))
        for one in marked[:_MOST]
        for text in _told(one)
        if 2 < len(text) < 80
        for person in names_in(text)
    )


def _shown(seen: Survey, elements: list[etree._Element], base: str) -> tuple[Person, ...]:
    """The people of the first line that is a byline, or is called one and names them without a word for it."""
    for element in elements:
        text = _line(seen, element)
        if not text or element.tag in HEADINGS:
            continue
        found = byline(text)
        if not found and _CALLED_BYLINE.search(called(element)):
            named = byline(f"by {text}")
            found = named if all(" " in person.name for person in named) else ()
        if found:
            links = {text_of(link): _profile(link, base) for link in element.iter("a")}
            return distinct(replace(person, url=person.url or links.get(person.name, "")) for person in found)
    return ()


def _line(seen: Survey, element: etree._Element) -> str:
    """What a short element says, a line for each of its blocks; "" for a longer one."""
    blocks = [block.text for block in seen.inside(element)] if element in seen.span else []
    text = "\n".join(blocks) or text_of(element)
    return text if len(text) < _LINE else ""


def _is_vcard(element: etree._Element) -> bool:
    """Whether an element is an author's card in hAtom."""
    names = called(element)
    return "vcard" in names and "author" in names


def _told(element: etree._Element) -> list[str]:
    """The names inside a marked element, else all that it says."""
    parts = [one for one in element.iterdescendants(etree.Element) if "name" in one.get("itemprop", "").split()]
    return [one.get("content") or text_of(one) for one in parts or [element]]


def _profile(element: etree._Element, base: str) -> str:
    link = canonical_link(absolute(element.get("href") or "", base)) if element.get("href") else ""
    return link if is_web(link) else ""
