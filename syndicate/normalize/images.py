"""Pictures inside a body: lazy ones made real, and the list of those that belong to the article."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import islice, takewhile

from lxml.html import HtmlElement

from syndicate.model import Image
from syndicate.normalize.credits import parted, with_credit
from syndicate.normalize.pictures import is_dot, picture_key, pixels
from syndicate.normalize.tree import text_lines
from syndicate.normalize.urls import clean, is_web
from syndicate.text import squeeze

# Where lazy-loading scripts keep the real address, the most trustworthy first.
_LAZY_SOURCES = (
    "data-src", "data-lazy-src", "data-original", "data-orig-src", "data-lazy", "data-url", "data-image",
    "data-actualsrc", "data-hi-res-src", "data-full-url", "data-orig-file", "data-large-file", "data-runner-src",
    "data-cfsrc", "data-echo", "data-pin-media", "data-delayed-url",
)  # fmt: skip
_LAZY_SETS = ("data-srcset", "data-lazy-srcset", "data-original-set")
_NO_ADDRESS = re.compile(r"data:|about:|#|$|[{\[]", re.IGNORECASE)
# A file whose name is made of nothing but such words and sizes: a nuclear-plant.jpg is no "clear", and shows something.
_PLACEHOLDER = re.compile(
    r"^(?:data:|about:|#|$)|(?:placeholder[\w-]{0,20}|(?:^|/)(?=[^/?#]*(?:blank|spacer|transparent|1x1|pixel|load|lazy|"
    r"gr[ea]y|dummy|clear|default[-_]img))(?:(?:blank|spacer|transparent|trans|pixel|loading|loader|load|lazy|gr[ea]y|"
    r"dummy|clear|default|image|img|thumbnail|thumb|photo|post|ajax|white|bg|box|\d|x)[-_.]?)+)"
    r"(?<![-_.])\.(?:gif|png|svg|jpe?g|webp)(?:[?#]|$)",
    re.IGNORECASE,
)
_CANDIDATE = re.compile(r"\s*([^\s,][^\s]*[^\s,]|[^\s,])(?:\s+(\d{1,5}(?:\.\d{1,3})?)([wx]))?\s*(?:,|$)")
_NO_PICTURE = re.compile(
    r"feedburner\.com/~r|feeds\.feedburner\.com/~|doubleclick\.net|pixel\.wp\.com|stats\.wordpress\.com|"
    r"google-analytics\.com|scorecardresearch\.com|feedsportal\.com|/images/core/emoji/|/smilies/|"
    r"facebook\.com/tr\b|pixel\.quantserve|b\.wpcom|ct\.pinterest|ping\.[a-z]+\.[a-z]+/|/wp-includes/images/",
    re.IGNORECASE,
)
CARD = "kg-bookmark-"  # what the classes of Ghost's cards, and of all that stands in them, begin with
_BEST_WIDTH = 2_000
_CAPTION_CLASS = re.compile(r"caption", re.IGNORECASE)
_FIGURE_CLASS = re.compile(r"wp-caption|tr-caption-container")  # of WordPress before HTML 5, and of Blogger
_PICTURE_CLASS = re.compile(r"(?:^|[\s_-])(?:image|photo|picture)(?:$|[\s_-])", re.IGNORECASE)
_LINES, _LONGEST = frozenset({"dd", "p", "div", "span"}), 300  # elements and characters of a line below a picture
_CREDIT_CLASS = re.compile(r"credit|copyright|attribution|photographer", re.IGNORECASE)


def make_real(image: HtmlElement, base: str) -> str:
    """Give a lazy image its real address; returns that address, "" where there is none."""
    source = (image.get("src") or "").strip()
    if _PLACEHOLDER.search(source):
        source = _lazy_source(image) or source
    for name in (*_LAZY_SOURCES, *_LAZY_SETS, "loading", "decoding", "fetchpriority", "data-sizes"):
        image.attrib.pop(name, None)
    srcset = image.get("srcset")
    if srcset is not None:
        real = [(clean(url, base), size) for url, size in candidates(srcset) if not _PLACEHOLDER.search(url)]
        kept = [(url, size) for url, size in real if is_web(url)]  # no neighbour of a file that nobody can reach
        if kept:
            image.set("srcset", ", ".join(f"{url} {size:g}{'x' if size < 10 else 'w'}" for url, size in kept if size))
        if not kept or not image.get("srcset"):
            image.attrib.pop("srcset", None)
            image.attrib.pop("sizes", None)
    address = clean(source, base)
    if address:
        image.set("src", address)
    return address if is_web(address) else ""


def _lazy_source(image: HtmlElement) -> str:
    """The address that a script would fill in; one that is named like a placeholder only where there is no other."""
    named = [value for value in _lazy_addresses(image) if not _NO_ADDRESS.match(value)]
    return next((value for value in named if not _PLACEHOLDER.search(value)), named[0] if named else "")


def _lazy_addresses(image: HtmlElement) -> Iterator[str]:
    for name in _LAZY_SOURCES:
        yield (image.get(name) or "").strip()
    for name in (*_LAZY_SETS, "srcset"):
        yield best_candidate(image.get(name) or "")
    parent = image.getparent()
    if parent is not None and parent.tag == "picture":
        for source in parent.iterchildren("source"):
            yield best_candidate(source.get("data-srcset") or source.get("srcset") or "")


def candidates(srcset: str) -> list[tuple[str, float]]:
    """The addresses in a srcset, each with its width or density (0 where it has none)."""
    return [(match[1], float(match[2] or 0)) for match in _CANDIDATE.finditer(srcset[:20_000])]


def best_candidate(srcset: str) -> str:
    """The largest picture that is no wider than needed; "" where there is none."""
    found = [(url, size) for url, size in candidates(srcset) if not _PLACEHOLDER.search(url)]
    fitting = [pair for pair in found if pair[1] <= _BEST_WIDTH] or found
    return max(fitting, key=lambda pair: pair[1])[0] if fitting else ""


def settle_noscript(body: HtmlElement, base: str) -> None:
    """A picture's fallback for readers without scripts takes the place of the one that scripts would have filled."""
    for fallback in list(body.iter("noscript")):
        inner = next(fallback.iter("img"), None)
        if inner is None:
            continue
        if _is_twin(inner, fallback.getnext(), base):
            fallback.drop_tree()
            continue
        lazy = fallback.getprevious()
        lazy_image = None if lazy is None else (lazy if lazy.tag == "img" else next(lazy.iter("img"), None))
        if lazy_image is not None and squeeze(fallback.tail or "") == "" and not (lazy.tail or "").strip():
            if make_real(lazy_image, base):
                fallback.drop_tree()  # the lazy one turned out to be good: the fallback is its copy
                continue
            lazy_image.drop_tree()
        fallback.drop_tag()


def _is_twin(inner: HtmlElement, following: HtmlElement | None, base: str) -> bool:
    """Whether scripts would fill in the same picture right behind its fallback."""
    if following is None or following.tag != "img" or (inner.getparent().tail or "").strip():
        return False
    address = make_real(following, base)
    return bool(address) and picture_key(address) == picture_key(make_real(inner, base))


def listed(body: HtmlElement, addresses: Iterable[tuple[HtmlElement, str]]) -> list[Image]:
    """The article's pictures among those in its body, with caption, credit and size; no trackers, no emoji."""
    found = []
    for image, address in addresses:
        width, height = pixels(image.get("width")), pixels(image.get("height"))
        if is_dot(image) or _is_hidden(image) or _NO_PICTURE.search(address) or _is_of_card(image):
            continue
        figures = _figures(image, body)
        caption, credit = _figure_texts(figures[0]) if figures else (_line_below(image), "")
        alt = squeeze(image.get("alt") or "")
        picture = with_credit(Image(address, caption, credit, alt, width, height))
        found.append(picture if picture.credit else replace(picture, credit=_shared_credit(figures[1:])))
    return found


def _is_hidden(image: HtmlElement) -> bool:
    return "display:none" in (image.get("style") or "").replace(" ", "").lower()


def _is_of_card(image: HtmlElement) -> bool:
    """Whether a picture belongs to the page that a card of Ghost leads to: its icon, or its own picture."""
    return any(CARD in (element.get("class") or "") for element in (image, image.getparent()))


def _figures(image: HtmlElement, body: HtmlElement) -> list[HtmlElement]:
    """The figures around a picture, the innermost first."""
    around = takewhile(lambda element: element is not body, islice(image.iterancestors(), 6))
    return [one for one in around if one.tag == "figure" or _FIGURE_CLASS.search(one.get("class") or "")]


def _line_below(image: HtmlElement) -> str:
    """What is said right behind a picture that is alone but for it: in a line called a caption, or a box called so."""
    branch = image
    for box in islice(image.iterancestors(), 5):
        line = branch.getnext()
        if line is not None:
            named = _CAPTION_CLASS.search(line.get("class") or "") is not None
            last = line.getnext() is None and _PICTURE_CLASS.search(box.get("class") or "") is not None
            bare = ((branch.tail or "") + (line.tail or "")).strip()
            said = squeeze(text_lines(line)) if (named or last) and line.tag in _LINES and not bare else ""
            return said if len(said) <= _LONGEST else ""
        if branch.getprevious() is not None or ((box.text or "") + (branch.tail or "")).strip():
            break
        branch = box
    return ""


def _shared_credit(galleries: list[HtmlElement]) -> str:
    """Whom all pictures of a gallery are owed to, by the line below them."""
    lines = (squeeze(text_lines(line)) for gallery in galleries for line in gallery.iterchildren("figcaption"))
    return next(filter(None, (parted(line)[1] for line in lines)), "")


def _figure_texts(figure: HtmlElement) -> tuple[str, str]:
    caption = credit = ""
    for element in figure.iter("figcaption", "cite", "small", "span", "p", "div", "td"):
        marks = element.get("class") or ""
        if not credit and (element.tag == "cite" or _CREDIT_CLASS.search(marks)):
            credit = squeeze(text_lines(element))
        elif not caption and (element.tag == "figcaption" or _CAPTION_CLASS.search(marks)):
            caption = squeeze(text_lines(element))
    if credit and caption != credit and caption.endswith(credit):
        caption = caption[: -len(credit)].rstrip(" |–—-")
    return caption[:2000], credit[:300]
