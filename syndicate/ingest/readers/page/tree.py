"""A page as a tree that is safe to walk: no scripts, no comments, never deeper than a set limit."""

import re

from lxml import etree

from syndicate.errors import UnreadableError
from syndicate.normalize.accordions import unfold
from syndicate.normalize.annotations import drop_annotations
from syndicate.normalize.tree import legible
from syndicate.text import legal

MAX_CHARACTERS = 8_000_000
MAX_DEPTH = 200

_SILENT = (
    *("script", "style", "template", "svg", "object", "applet", "base", "dialog", "canvas", "map", "datalist"),
    *("amp-ad", "amp-embed", "amp-sidebar", "amp-social-share", "amp-consent", "amp-analytics"),
)
_HEAD = frozenset({"head", "title", "meta", "link", "script", "style", "base", "noscript"})
_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9:-]*)(?:\s[^<>]*)?>")
_WRAPPERS = frozenset(
    [
        "div",
        "span",
        "font",
        "b",
        "i",
        "em",
        "strong",
        "section",
        "center",
        "blockquote",
        "article",
        "ul",
        "ol",
        "li",
        "dl",
        "dd",
        "small",
        "big",
        "u",
    ]
)
_HIDDEN_STYLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)


def parse(markup: str, url: str) -> etree._Element:
    """Parse a page; comments and processing instructions are left out.

    Raises UnreadableError when the page is empty, too large or no markup at all.
    """
    if len(markup) > MAX_CHARACTERS:
        raise UnreadableError(f"the page {url} is larger than {MAX_CHARACTERS} characters")
    root = _parse(markup, url)
    if _depth_exceeded(root):
        root = _parse(_shallow(markup), url)
    return root


def _parse(markup: str, url: str) -> etree._Element:
    parser = etree.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, no_network=True)
    try:
        root = etree.fromstring(legible(markup).encode("utf-8", "ignore"), parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError, AssertionError) as broken:
        raise UnreadableError(f"the page {url} is no HTML: {broken}") from broken
    if root is None:
        raise UnreadableError(f"the page {url} is empty")
    if root.find("body") is None:
        _embody(root)
    body_of(root, url)
    return root


def _embody(root: etree._Element) -> None:
    """Give a page without `<body>` its body: the parser leaves what follows the head's elements inside the head."""
    strays = [child for head in (root.find("head"), root) if head is not None for child in head]
    strays = [child for child in strays if child.tag not in _HEAD]
    if strays:
        etree.SubElement(root, "body").extend(strays)


def body_of(root: etree._Element, url: str) -> etree._Element:
    """Return the page's body; raises UnreadableError where it has none."""
    body = root.find("body")
    if body is None:
        raise UnreadableError(f"the page {url} has no body")
    return body


def silence(root: etree._Element) -> None:
    """Take out of the tree what is for no reader: scripts, styles, drawings, editors' comments, what its style hides.

    Buttons that are an accordion's questions become text.
    """
    etree.strip_elements(root, *_SILENT, with_tail=False)
    drop_annotations(root)
    for picture in list(root.iter("amp-img", "amp-anim")):
        picture.tag = "img"
    unfold(root)
    for element in [one for one in root.iter(etree.Element) if one.get("style") or one.get("hidden") is not None]:
        if element.get("hidden") is None and not _HIDDEN_STYLE.search(element.get("style", "")):
            continue
        if element.tag not in {"html", "body"} and len(element.findall(".//p")) < 3:  # else a page shown by its script
            drop(element)


def drop(element: etree._Element) -> None:
    """Take an element out of its tree; the text behind it stays."""
    parent = element.getparent()
    if parent is None:
        return
    if tail := legal(element.tail or ""):
        before = element.getprevious()
        if before is None:
            parent.text = legal(parent.text or "") + tail
        else:
            before.tail = legal(before.tail or "") + tail
    parent.remove(element)


def _depth_exceeded(root: etree._Element) -> bool:
    """Whether the parser has met its own limit of 256 levels, behind which it silently drops everything."""
    return bool(root.xpath(f"boolean(/{'/*' * (MAX_DEPTH + 50)})"))


def _shallow(markup: str) -> str:
    """The markup with wrappers below the depth limit turned into line breaks, in one pass."""
    parts: list[str] = []
    opened: list[tuple[str, bool]] = []
    position = 0
    for tag in _TAG.finditer(markup):
        name = tag[2].lower()
        if name not in _WRAPPERS:
            continue
        if not tag[1]:
            dropped = len(opened) >= MAX_DEPTH // 2
            opened.append((name, dropped))
        elif opened and opened[-1][0] == name:
            dropped = opened.pop()[1]
        else:
            continue
        if dropped:
            parts.extend((markup[position : tag.start()], "<br>"))
            position = tag.end()
    parts.append(markup[position:])
    return "".join(parts)
