"""An HTML body becomes one that stands on its own: absolute addresses, real pictures, its head in the fields."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from itertools import islice

from lxml import etree
from lxml.html import HtmlElement

from syndicate.model import Cut, Dateline, Image, Person
from syndicate.normalize import images
from syndicate.normalize.accordions import unfold
from syndicate.normalize.annotations import drop_annotations
from syndicate.normalize.bullets import make_lists
from syndicate.normalize.byline import byline, with_role
from syndicate.normalize.datelines import dateline
from syndicate.normalize.head import HEAD_BLOCKS, HEADLINES, repeats
from syndicate.normalize.headline import can_be_headline
from syndicate.normalize.kept import Kept, nothing
from syndicate.normalize.paragraphs import join_marks, part_paragraphs
from syndicate.normalize.shape import Block
from syndicate.normalize.tree import (
    BLOCK_TAGS,
    HEADINGS,
    INLINE,
    parse,
    prepare,
    serialize,
    text_before,
    text_lines,
    text_of,
)
from syndicate.normalize.urls import clean, is_web

_ADDRESSES = {
    "a": ("href",), "area": ("href",), "audio": ("src",), "blockquote": ("cite",), "embed": ("src",),
    "iframe": ("src",), "object": ("data",), "q": ("cite",), "source": ("src",), "track": ("src",),
    "video": ("src", "poster"), "del": ("cite",), "ins": ("cite",), "form": ("action",), "link": ("href",),
}  # fmt: skip
_EMOJI = re.compile(r"(?:^| )(?:wp-smiley|emoji)(?: |$)|/(?:twemoji|core/emoji|emoji/images)/")
_FIELD = re.compile(r"(?:^| )field--name-(title|uid|created)(?: |$)")
_SIGN = 14  # characters: a family of four is eleven
_SCRIPTS = {"msub": ("sub",), "msup": ("sup",), "msubsup": ("sub", "sup")}
_VERSE = 70  # characters, which lines of verse don't have: "By" may begin one
_HEAD_TAGS = ("p", "h1", "h2", "h3", "h4", "h5", "h6", "div", "header", "address", "section")
_HOLDERS = frozenset({"tr", "ul", "ol", "dl", "tbody", "table", "blockquote", "center"})
_BYLINE_TAGS = ("center", "td", "th", "li", "dt", "dd", "blockquote")  # a head stands in them only by its byline


@dataclass(frozen=True, slots=True)
class Markup:
    """A body in its final form before stripping, and what was read out of it."""

    title: str
    html: str
    text: str
    images: tuple[Image, ...] = ()
    authors: tuple[Person, ...] = ()
    dateline: Dateline | None = None
    cuts: tuple[Cut, ...] = ()


def read_markup(
    markup: str, base: str, title: str, organization: str = "", kept: Kept = nothing, *, headed: bool = False
) -> Markup:
    """Read one HTML body; `base` is what its addresses are relative to, `title` the known headline.

    Where none is known the first line may be it, if the body is `headed`, as files are and notes in feeds are not.
    What is `kept` stays in the body; a byline names the authors all the same.
    """
    body = parse(prepare(markup))
    base = base if is_web(base) else ""
    images.settle_noscript(body, base)
    unfold(body)
    drop_annotations(body)
    part_paragraphs(body)
    join_marks(body)
    make_lists(body)
    _spell_formulas(body)
    _spell_emoji(body)
    if images.CARD in markup:
        _part_cards(body)
    elements = list(body.iter(etree.Element))  # held to the end: lxml makes each anew whenever nobody holds it
    pictures = _settle_addresses(elements, base)
    found = images.listed(body, pictures)
    head = _read_head(body, title, organization, kept, headed=headed)
    return Markup(
        title=head.title,
        html=serialize(body),
        text=text_lines(body),
        images=tuple(found),
        authors=head.authors,
        dateline=head.dateline,
        cuts=head.cuts,
    )


def _part_cards(body: HtmlElement) -> None:
    """Put what a style sheet draws between the author and the publisher of a page that a card leads to."""
    for author in body.iter("span"):
        following = author.getnext()
        if "author" in author.get("class", "") and following is not None and not author.tail:
            author.tail = " · " if images.CARD in following.get("class", "") else None


def _spell_formulas(body: HtmlElement) -> None:
    """Write what is marked up as a formula (MathML) as text with raised and lowered signs, which importers show."""
    for formula in list(body.iter("math")):
        if formula.getparent() is None:  # it stood in another one, as where that is never closed
            continue
        etree.strip_elements(formula, "annotation", "annotation-xml", with_tail=False)
        for fraction in list(formula.iter("mfrac")):
            if len(fraction):
                fraction[0].tail = "/"
        for element, tags in [(element, _SCRIPTS[element.tag]) for element in formula.iter(*_SCRIPTS)]:
            for child, tag in zip(element[1:], tags, strict=False):  # which may be an exponent with its own
                child.tag = tag
        for element in list(formula.iter(etree.Element)):
            if element.tag not in {"sub", "sup"}:
                element.drop_tag()


def _spell_emoji(body: HtmlElement) -> None:
    """Put the sign in the place of its picture, as which some systems show it: it is no picture of the article's."""
    for picture in [one for one in body.iter("img") if _EMOJI.search(f"{one.get('class', '')} {one.get('src', '')}")]:
        sign = picture.get("alt") or ""
        if len(sign) <= _SIGN:
            picture.tail = sign + (picture.tail or "")
            picture.drop_tree()


def _settle_addresses(elements: list[HtmlElement], base: str) -> list[tuple[HtmlElement, str]]:
    """Make every address absolute and clean; returns the images with theirs."""
    pictures = []
    for element in elements:
        tag = element.tag
        if tag == "img":
            if address := images.make_real(element, base):
                pictures.append((element, address))
            elif not base and not (element.get("src") or "").startswith("data:"):
                element.drop_tree()  # a file's neighbour that no partner can reach
        elif tag in _ADDRESSES:
            _settle(element, _ADDRESSES[tag], base)
    return pictures


def _settle(element: HtmlElement, names: tuple[str, ...], base: str) -> None:
    lazy = element.attrib.pop("data-src", None) or element.attrib.pop("data-lazy-src", None)
    if lazy and "src" in names and not is_web(element.get("src") or ""):
        element.set("src", lazy)
    for name in names:
        value = element.get(name)
        if value is None:
            continue
        address = clean(value, base)
        if not address or (not base and "://" not in address and ":" not in address):
            del element.attrib[name]
        elif address != value:
            element.set(name, address)
    if element.tag == "source":
        srcset = element.attrib.pop("data-srcset", None) or element.get("srcset")
        if srcset:
            address = clean(images.best_candidate(srcset), base)
            if is_web(address):
                element.set("srcset", address)
            else:
                element.attrib.pop("srcset", None)


@dataclass(frozen=True, slots=True)
class _Head:
    title: str
    authors: tuple[Person, ...]
    dateline: Dateline | None
    cuts: tuple[Cut, ...]


def _read_head(body: HtmlElement, title: str, organization: str, kept: Kept, *, headed: bool) -> _Head:
    """Take a repeated headline and the byline off the top; the dateline stays where it is."""
    cuts: list[Cut] = []
    authors = _read_fields(body, title, cuts, kept)
    _enclose_byline(body, organization)
    _part_byline(body, organization)
    place = dateline(body.text or "")
    blocks = list(_first_blocks(body, organization))
    title = title or (_headline(blocks, organization) if headed else "")
    below = -1
    for position, (element, text) in enumerate(blocks):
        taken = partial(_cut, body, element, text, cuts)
        if position < HEADLINES and title and len(blocks) > 1 and repeats(text, title):
            quoted = next(element.iterancestors("blockquote"), None) is not None
            if _is_only_text(element) and not quoted and not kept(text, title):
                cuts.append(taken("headline", "repeats the headline"))
        elif not authors and position < 4 and (named := byline(text, organization=organization)):
            authors = named
            if not kept(text, title):
                cuts.append(taken("byline", "names the authors at the top of the article"))
                below = position + 1
        elif below == position < len(blocks) - 1 and (roles := with_role(authors, text, organization=organization)):
            if not kept(text, title):
                authors = roles
                cuts.append(taken("byline", "says what the authors named above it are"))
        elif place is None:
            place = dateline(text)
    return _Head(title, authors, place, tuple(cuts))


def _headline(blocks: list[tuple[HtmlElement, str]], organization: str) -> str:
    """The first line if it is surely the headline, by how it is set or what stands below it; "" if not."""
    if len(blocks) < HEADLINES:
        return ""
    (element, text), (_, below) = blocks[:2]
    if "\n" in text or not can_be_headline(Block("p", (text,))):
        return ""
    bold = any(text_lines(inner) == text for inner in element.iter("b", "strong"))
    called = bold or element.tag in HEADINGS or "title" in element.get("class", "").split()
    return text if called or byline(below, organization=organization) or dateline(below) else ""


def _read_fields(body: HtmlElement, title: str, cuts: list[Cut], kept: Kept) -> tuple[Person, ...]:
    """Take off the top what Drupal writes there bare: title, user and day; return the user, unless it is a login."""
    authors: tuple[Person, ...] = ()
    fields = [(span, found[1]) for span in body.iterchildren("span") if (found := _FIELD.search(span.get("class", "")))]
    if (body.text or "").strip() or not fields or body[0] is not fields[0][0]:
        return authors
    for span, _ in fields:
        span.tag = "p"
    for span, name in fields:
        text = text_lines(span)
        if name == "uid" and " " in text:
            authors = (Person(text),)
        if text and not kept(text, title) and (name != "title" or repeats(text, title)):
            family = "headline" if name == "title" else "byline"
            cuts.append(_cut(body, span, text, cuts, family, f"the field {name} at the top of the article"))
    return authors


def _enclose_byline(body: HtmlElement, organization: str) -> None:
    """Make a block of a byline that stands bare before the first block."""
    text = (body.text or "").strip()
    if text and len(body) and body[0].tag in {"br", *BLOCK_TAGS} and byline(text, organization=organization):
        line = body.makeelement("p")
        line.text, body.text = text, None
        body.insert(0, line)


def _part_byline(body: HtmlElement, organization: str) -> None:
    """Make a block of a byline that only a line break parts from the text below it."""
    for element in list(islice(body.iter("p", "div"), HEAD_BLOCKS)):
        end = _byline_end(element, organization)
        if end is not None:
            line = element.makeelement("p")
            line.text, element.text = element.text, element[end].tail
            line.extend(element[:end])
            element.remove(element[0])
            element.addprevious(line)
            return


def _byline_end(element: HtmlElement, organization: str) -> int | None:
    """Which child is the line break that ends a byline with which an element of prose begins; None if none does."""
    said, end = element.text or "", None
    for at, child in enumerate(element):
        if child.tag == "br":
            if not byline(said, organization=organization):
                break
            end = at
            said += "\n" + (child.tail or "")
        elif child.tag in INLINE:
            said += text_of(child) + (child.tail or "")
        else:
            break
    below = said.rpartition("\n")[2].strip()
    return end if len(below) > _VERSE else None


def _first_blocks(body: HtmlElement, organization: str) -> Iterator[tuple[HtmlElement, str]]:
    """The first blocks that hold words themselves, as long as no loose text stands before them."""
    if (body.text or "").strip():
        return
    count = 0
    # Hostile bodies begin with endless empty ones.
    for element in islice(body.iter(*_HEAD_TAGS, *_BYLINE_TAGS), 20 * HEAD_BLOCKS):
        only_byline = element.tag in _BYLINE_TAGS
        if (only_byline and count >= HEADLINES) or any(child.tag in BLOCK_TAGS for child in element):
            continue
        text = text_lines(element)
        if text and (not only_byline or byline(text, organization=organization)):
            yield element, text
            count += 1
            if count >= HEAD_BLOCKS:
                return


def _is_only_text(element: HtmlElement) -> bool:
    return next(element.iter("img", "video", "iframe", "audio"), None) is None


def _cut(body: HtmlElement, element: HtmlElement, text: str, earlier: list[Cut], family: str, reason: str) -> Cut:
    """Take an element out of the body, and what held nothing else; `earlier` were taken out before, above it."""
    markup = str(etree.tostring(element, encoding="unicode", method="html", with_tail=False))
    before = text_before(body, element)
    start = len(before) + bool(before) + sum(len(cut.text) + 1 for cut in earlier)
    while (parent := element.getparent()) is not None:
        element.drop_tree()
        if parent.tag not in _HOLDERS or len(parent) or (parent.text or "").strip():
            break
        element = parent
    text = text.replace("\n", " ")
    return Cut(text, family, reason, start=start, end=start + len(text), html=markup)
