"""An entry's HTML as a tree that is safe to walk, and back."""

import html
import re
from itertools import takewhile

from lxml import etree
from lxml.html import HtmlElement, document_fromstring

from syndicate.errors import UnreadableError
from syndicate.text import escaped_twice, legal, looks_like_markup, repair, squeeze, uncased

MAX_LENGTH = 3_000_000  # characters; no article is longer, and every later step has to read it
MAX_DEPTH = 100  # libxml2 drops what is nested deeper than 256, and nh3 takes quadratic time on deep nesting
_BLOCK_TAGS_WORDS = (
    "address article aside blockquote center dd details dialog div dl dt fieldset figcaption figure footer form h1 h2 "
    "h3 h4 h5 h6 header hgroup hr legend li main menu nav ol p pre section table tbody td tfoot th thead tr ul"
)
BLOCK_TAGS = frozenset(_BLOCK_TAGS_WORDS.split())
HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
# Elements that part no text: a word may begin outside and end inside of them.
_INLINE_WORDS = (
    "a abbr acronym b bdi bdo big cite code data del dfn em font i img ins kbd label mark nobr q rp rt ruby s samp "
    "small source span strike strong sub sup svg time tt u var wbr"
)
INLINE = frozenset(_INLINE_WORDS.split())
_BLOCK = re.compile(rf"<(?:{'|'.join(BLOCK_TAGS)})[\s>/]", re.IGNORECASE)
_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9:-]*)([^<>]*)>")
_LONG, _MOST_ATTRIBUTES = 4_000, 500  # characters of a tag, and its attributes
# A name ends in one place only, so that nothing is tried twice, however long what never ends.
_LONG_TAG = re.compile(rf"<([a-zA-Z][a-zA-Z0-9:-]{{0,40}})(?=[\s/])([^<>]{{{_LONG},}})>")
_QUOTED = re.compile(r""""[^"]*"|'[^']*'""")
# What HTML says is always empty and libxml2 fills with all that follows, until it stands too deep to be read.
_VOID = ("bgsound", "command", "embed", "keygen", "source", "track", "wbr")
_VOID_TAG = re.compile(rf"""<((?:{"|".join(_VOID)})\b(?:[^<>"']++|"[^"<]*+"|'[^'<]*+')*+)(?<!/)>""", re.IGNORECASE)
_STRAY_END = re.compile(r"</(?:body|html)\b[^<>]*>", re.IGNORECASE)
# What browsers read as characters, whatever stands in it, or show as lines; each is looked at up to the next such tag.
_VERBATIM = re.compile(
    r"<(xmp|plaintext|listing|noembed|noframes)\b[^<>]*+>((?:[^<]++|<(?!/?\1\b))*+)</\1\s*+>", re.IGNORECASE
)
_REPLACED = re.compile(r"(</(?:del|s|strike)\s*>)(?=<ins[\s>])", re.IGNORECASE)  # old words and new stand side by side
_PARAGRAPH_BREAK = re.compile(r"(?:<br\s*/?>(?:\s|&nbsp;|&#160;)*){2,}|\n[ \t]*\n\s*", re.IGNORECASE)
# What nobody types who means text: comments, and the end of an element, whatever it is called.
_MARK = re.compile(r"<!--[^<>]{0,2000}-->|<!doctype\s[^<>]{0,500}>|<wbr\s*/?>|</[a-z][\w:.-]{0,60}\s*>", re.IGNORECASE)
_ITEM = re.compile(r"\n(?=[ \t]*(?:[-*•‣]|\d{1,2}[.)])[ \t])")  # a line of a list that somebody typed
# These close themselves or each other, so a missing end tag makes nothing deeper.
_FLAT_WORDS = "area base br col dd dt embed hr img input li link meta option p param source td th tr track wbr"
_FLAT = frozenset(_FLAT_WORDS.split())
_ONE_CLASS = etree.ElementDefaultClassLookup(element=HtmlElement)


def prepare(markup: str) -> str:
    """The markup as it was meant: legal characters, escaped once, paragraphs where only line breaks stood.

    Raises UnreadableError for a body of absurd length.
    """
    if len(markup) > MAX_LENGTH:
        raise UnreadableError(f"the body has {len(markup)} characters; at most {MAX_LENGTH} are read")
    markup = uncased(repair(legal(markup)))
    if escaped_twice(markup):
        markup = uncased(legal(html.unescape(markup)))
    markup = _REPLACED.sub(r"\1 ", _VERBATIM.sub(_shown, markup))
    if not _BLOCK.search(markup):
        pieces = [_ITEM.sub("<br>", piece.strip()) for piece in _PARAGRAPH_BREAK.split(markup)]
        markup = "\n".join(f"<p>{piece}</p>" for piece in pieces if piece)
    return markup


def _shown(verbatim: re.Match[str]) -> str:
    """What browsers of today show of an element that libxml2 reads in its way, and nh3 in a third."""
    match verbatim[1].lower():
        case "noembed" | "noframes":
            return ""
        case "listing":
            return f"<pre>{verbatim[2]}</pre>"
        case _:
            return f"<pre>{html.escape(verbatim[2], quote=False)}</pre>"


def is_bare_text(markup: str) -> bool:
    """Whether a body that was declared as HTML holds no tag at all; `Map<Name, Age>` is words."""
    return not (looks_like_markup(markup) or _MARK.search(markup) or escaped_twice(markup))


def parser(*, huge: bool = False) -> etree.HTMLParser:
    """A parser of bodies, whose elements are all of one class, as lxml takes long to choose between those it has.

    One for each body: lxml's parsers keep the names they have seen, and hostile input makes up new ones.
    """
    made = etree.HTMLParser(remove_comments=True, remove_pis=True, encoding="utf-8", huge_tree=huge)
    made.set_element_class_lookup(_ONE_CLASS)
    return made


def parse(markup: str) -> HtmlElement:
    """The body element of a tree made of the markup; no deeper than is safe to walk."""
    try:
        source = b"<html><body>" + flatten(legible(markup)).encode("utf-8", "replace")
        root = document_fromstring(source, parser=parser())
        body = root.find("body")
    except (etree.ParserError, ValueError) as error:
        raise UnreadableError(f"the body is no HTML: {error}") from error
    body = body if body is not None else root
    for element in list(body.iter(*_VOID)):
        _close(element)
    return body


def _close(void: HtmlElement) -> None:
    """Move what libxml2 put inside an element that HTML 5 says is always empty behind it."""
    parent = void.getparent()
    if parent is None or (not len(void) and not void.text):
        return
    children, tail = list(void), void.tail or ""
    void.tail, void.text = void.text, None
    at = parent.index(void) + 1
    for position, child in enumerate(children):
        parent.insert(at + position, child)
    last = children[-1] if children else void
    last.tail = (last.tail or "") + tail or None


def legible(markup: str) -> str:
    """The markup, written so that libxml2 reads what browsers read.

    Empty elements are closed. The ends of page and body are left out, as libxml2 drops what follows them; a browser
    puts it into the body. Tags with hundreds of attributes are bare.
    """
    return thin(_STRAY_END.sub("", _VOID_TAG.sub(r"<\1 />", markup)))


def thin(markup: str) -> str:
    """The markup with bare tags where they have hundreds of attributes: libxml2 compares each with all others."""
    return _LONG_TAG.sub(_thinned, markup) if len(markup) > _LONG else markup


def _thinned(tag: re.Match[str]) -> str:
    return f"<{tag[1]}>" if len(_QUOTED.sub("", tag[2]).split()) > _MOST_ATTRIBUTES else tag[0]


def flatten(markup: str) -> str:
    """The markup without the tags that stand deeper than MAX_DEPTH; their text stays."""
    if markup.count("<") - markup.count("</") <= MAX_DEPTH or not _is_deep(markup):
        return markup
    pieces: list[str] = []
    depth = end = 0
    for tag in _TAG.finditer(markup):
        if tag[2].lower() in _FLAT or tag[0].endswith("/>"):
            continue
        if not tag[1]:
            depth += 1
        if depth > MAX_DEPTH:
            pieces.append(markup[end : tag.start()])
            end = tag.end()
        if tag[1]:
            depth = max(0, depth - 1)
    return "".join(pieces) + markup[end:] if pieces else markup


def _is_deep(markup: str) -> bool:
    depth = 0
    for closes, name, rest in _TAG.findall(markup):
        if name.lower() in _FLAT or rest.endswith("/"):
            continue
        if not closes:
            depth += 1
            if depth > MAX_DEPTH:
                return True
        elif depth:
            depth -= 1
    return False


def serialize(body: HtmlElement) -> str:
    """The HTML inside the body element."""
    return legal(inner_html(body)).strip()


def inner_html(element: HtmlElement) -> str:
    """The HTML inside an element, in which only what can't stand there is escaped."""
    whole = str(etree.tostring(element, encoding="unicode", method="html", with_tail=False))
    children = whole[whole.index("<", whole.index(">")) : whole.rindex("<")]
    return html.escape(element.text or "", quote=False) + children


def text_of(element: etree._Element) -> str:
    """The words of an element, on one line."""
    return squeeze("".join(str(piece) for piece in element.itertext()))


def text_lines(body: HtmlElement) -> str:
    """The words of a body, a line for each block."""
    pieces: list[str] = []
    _speak(body, pieces)
    return _lines(pieces)


def text_before(body: HtmlElement, element: HtmlElement) -> str:
    """The words of a body before one of the elements in it, a line for each block."""
    pieces: list[str] = []
    inside = [element, *takewhile(lambda around: around is not body, element.iterancestors())]
    for inner in reversed(inside):
        outer = inner.getparent()
        pieces.extend(("\0" if outer.tag in _LINES else "", outer.text or ""))
        for child in outer:
            if child is inner:
                break
            _speak(child, pieces)
            pieces.append(child.tail or "")
    return _lines(pieces)


def _lines(pieces: list[str]) -> str:
    lines = [" ".join(line.split()) for line in "".join(pieces).split("\0")]
    return "\n".join([line for line in lines if line])


def _speak(element: HtmlElement, pieces: list[str]) -> None:
    """Gather the text inside an element, with marks where lines end, which can't stand in the text itself."""
    tag = element.tag
    if tag in _LINES:
        pieces.append("\0")
    if (text := element.text) and tag not in _UNSPOKEN:
        pieces.append(text)
    for child in element:
        _speak(child, pieces)
        if tail := child.tail:
            pieces.append(tail)
    if tag in _LINES:
        pieces.append("\0")


_LINES = BLOCK_TAGS | {"br"}
_UNSPOKEN = frozenset({"script", "style", "template"})
