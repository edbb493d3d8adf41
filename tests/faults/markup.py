"""What independent parsers see in our output: active nodes, and whether it is strictly well-formed.

Nothing of the product is used here: html5lib, which builds the tree that browsers build; the standard library's
tolerant HTML parser, which sees tags where a tree has none; its strict XML parser (expat); and a list of tags and
schemes of our own.
"""

import json
import re
from collections.abc import Iterable
from functools import lru_cache
from html.parser import HTMLParser
from xml.etree import ElementTree as ET

import html5lib

_HARMLESS = frozenset(
    [
        "a",
        "abbr",
        "audio",
        "b",
        "bdi",
        "bdo",
        "blockquote",
        "br",
        "caption",
        "cite",
        "code",
        "col",
        "colgroup",
        "dd",
        "del",
        "details",
        "dfn",
        "div",
        "dl",
        "dt",
        "em",
        "figcaption",
        "figure",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "hr",
        "i",
        "img",
        "ins",
        "kbd",
        "li",
        "mark",
        "ol",
        "p",
        "picture",
        "pre",
        "q",
        "rp",
        "rt",
        "ruby",
        "s",
        "samp",
        "small",
        "source",
        "span",
        "strong",
        "sub",
        "summary",
        "sup",
        "table",
        "tbody",
        "td",
        "tfoot",
        "th",
        "thead",
        "time",
        "tr",
        "track",
        "u",
        "ul",
        "var",
        "video",
        "wbr",
    ]
)
_ADDRESSES = frozenset(
    [
        "href",
        "src",
        "srcset",
        "action",
        "formaction",
        "cite",
        "poster",
        "data",
        "background",
        "longdesc",
        "ping",
        "xlink:href",
    ]
)
_SCHEME = re.compile(r"\s*([a-z][a-z0-9+.-]*):", re.IGNORECASE)
_GAPS = re.compile(r"[\x00-\x20\x7f-\xa0\u200b-\u200f\u2028\u2029\ufeff]")
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def _judged(tag: str, attributes: Iterable[tuple[str, str | None]]) -> list[str]:
    """What is wrong with one element."""
    found = [] if tag in _HARMLESS else [f"<{tag}>"]
    for name, value in attributes:
        if name.startswith("on") or name in {"style", "srcdoc", "formaction", "id", "class", "name"}:
            found.append(f"<{tag} {name}>")
        address = _GAPS.sub("", value or "") if name in _ADDRESSES else ""
        for part in address.split(",") if name == "srcset" else [address]:
            scheme = _SCHEME.match(part)
            if scheme and scheme[1].lower() not in {"http", "https", "mailto", "tel"}:
                found.append(f"<{tag} {name}={part[:40]}>")
    return found


_AFTER = "\n<p>What follows in the page closes what was left open.</p>"


class _Eye(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found += _judged(tag, attrs)

    def handle_comment(self, data: str) -> None:
        self.found.append(f"<!--{data[:40]}")

    def handle_decl(self, decl: str) -> None:
        self.found.append(f"<!{decl[:40]}")

    def handle_pi(self, data: str) -> None:
        self.found.append(f"<?{data[:40]}")

    def unknown_decl(self, data: str) -> None:
        self.found.append(f"<![{data[:40]}")


def active_nodes(html: str) -> list[str]:
    """Everything in a body that could do something, or that hides from a parser; an empty list is safe."""
    in_a_page = html + _AFTER
    return [*_seen_by_tags(in_a_page), *_seen_in_tree(in_a_page)]


@lru_cache(maxsize=256)  # the same body stands in three formats
def _seen_in_tree(html: str) -> tuple[str, ...]:
    """What a browser would have in its tree."""
    tree = html5lib.parseFragment(html, treebuilder="etree", namespaceHTMLElements=False)
    found: list[str] = []
    for node in list(tree.iter())[1:]:
        if not isinstance(node.tag, str):
            found.append("<!--")
            continue
        found += _judged(node.tag, ((name.rpartition("}")[2], value) for name, value in node.attrib.items()))
    return tuple(found)


@lru_cache(maxsize=256)
def _seen_by_tags(html: str) -> tuple[str, ...]:
    eye = _Eye()
    try:
        eye.feed(html)
        eye.close()
    except AssertionError as error:  # the parser's word for a declaration that it can't make sense of
        eye.found.append(str(error))
    return tuple(eye.found)


_ACTIVE = frozenset(
    [
        "script",
        "iframe",
        "object",
        "embed",
        "applet",
        "base",
        "form",
        "input",
        "button",
        "svg",
        "math",
        "style",
        "frame",
    ]
)


def active_in_page(page: str) -> list[str]:
    """The same for a whole page of ours: elements that act, handlers, and addresses that run."""
    tree = html5lib.parse(page, treebuilder="etree", namespaceHTMLElements=False)
    found: list[str] = []
    for node in tree.iter():
        if not isinstance(node.tag, str):
            found.append("<!--")  # our pages have none, and an article's would hide what follows
            continue
        tag = node.tag.rpartition("}")[2]
        found += [f"<{tag}>"] if tag in _ACTIVE or "}" in node.tag else []
        found += [f"<{tag} {name}>" for name in node.attrib if name.startswith("on") or name in {"style", "srcdoc"}]
        found += [
            f"<{tag} {url[:40]}>" for name, url in node.attrib.items() if name in _ADDRESSES and unsafe_address(url)
        ]
    return found


def unsafe_address(url: str) -> bool:
    """Whether an address has a scheme that a browser would run."""
    scheme = _SCHEME.match(_GAPS.sub("", url))
    return bool(scheme) and scheme[1].lower() not in {"http", "https", "mailto", "tel", "urn", "tag"}  # type: ignore[index]


def bodies_of_xml(document: bytes) -> tuple[list[str], list[str]]:
    """All texts of a feed that readers take for HTML, and all its addresses; raises ET.ParseError if ill-formed."""
    root = ET.fromstring(document)
    bodies, addresses = [], []
    for node in root.iter():
        tag = node.tag.rpartition("}")[2]
        # Importers put titles, names and categories into pages without escaping them, so they count, too.
        if node.text and tag not in {"link", "guid", "id", "url", "docs", "comments", "uri"}:
            bodies.append(node.text)
        if tag in {"link", "guid", "id", "url", "docs", "comments", "uri"} and node.text:
            addresses.append(node.text)
        addresses += [value for name, value in node.attrib.items() if name in {"href", "src", "url", "uri"}]
    return bodies, addresses


def bodies_of_json(document: bytes) -> tuple[list[str], list[str]]:
    """The same of a JSON Feed; raises ValueError if ill-formed."""
    bodies: list[str] = []
    addresses: list[str] = []

    def walk(value: object, key: str) -> None:
        if isinstance(value, dict):
            for name, inner in value.items():
                walk(inner, name)
        elif isinstance(value, list):
            for inner in value:
                walk(inner, key)
        elif isinstance(value, str):
            (
                addresses if key in {"url", "id", "image", "icon", "avatar", "feed_url", "home_page_url"} else bodies
            ).append(value)

    walk(json.loads(document.decode("utf-8", "strict"), parse_constant=_no_constant), "")
    return bodies, addresses


def _no_constant(name: str) -> object:
    raise ValueError(f"{name} is not JSON")


def problems(format_: str, document: bytes) -> list[str]:
    """What is wrong with a published feed: ill-formed, forbidden characters, active nodes, addresses that run."""
    try:
        bodies, addresses = bodies_of_json(document) if format_ == "json" else bodies_of_xml(document)
    except (ET.ParseError, ValueError) as error:
        return [f"not well-formed: {error}"]
    found = [f"unsafe address {url[:80]!r}" for url in addresses if unsafe_address(url)]
    for body in bodies:
        found += active_nodes(body)
        if _FORBIDDEN.search(body):
            found.append(f"forbidden character in {body[:80]!r}")
    return found
