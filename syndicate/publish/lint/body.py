"""What importers look at in an article's HTML: its paragraphs, links and pictures, in their order. Pure."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from lxml.html import HtmlElement

from syndicate.normalize.tree import BLOCK_TAGS, parse, prepare, serialize, text_of
from syndicate.normalize.urls import host_of, link_key
from syndicate.strip.sanitize import sanitize
from syndicate.text import squeeze

_PARAGRAPHS = frozenset({"p", "h1", "h2", "h3", "h4", "h5", "h6", "li", "blockquote", "figcaption", "div", "td"})


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A block of text with the addresses that it links to; `linked` is how many of its characters are links."""

    text: str
    links: tuple[str, ...]
    linked: int


@dataclass(frozen=True, slots=True)
class Body:
    """An article's body: its paragraphs, and the addresses of its pictures."""

    paragraphs: tuple[Paragraph, ...]
    pictures: tuple[str, ...]


def body_of(html: str) -> Body:
    """Take a body apart; raises UnreadableError for one of absurd length."""
    tree = parse(prepare(html))
    paragraphs = tuple(map(_paragraph, _told(tree)))
    return Body(paragraphs, tuple(str(one.get("src", "")) for one in tree.iter("img")))


def linked_later(html: str, host: str, early: int) -> str:
    """A sanitized body without links to a host in its first paragraphs, whose words stay; as it was if there are none.

    It is sanitized again, as whatever was written anew.
    """
    tree = parse(html)
    links = [link for block in list(_told(tree))[:early] for link in block.iter("a")]
    leading = [link for link in links if host_of(str(link.get("href", ""))) == host]
    return _without(tree, leading) if leading else html


def ending_in_words(html: str, address: str) -> str:
    """A sanitized body of which the last paragraph is no mere link to an address: there it is words; else as it was."""
    tree = parse(html)
    mere = [block for block in list(_told(tree))[-1:] if is_mere_link(_paragraph(block), address)]
    return _without(tree, mere[0].iter("a")) if mere else html


def is_mere_link(paragraph: Paragraph, address: str) -> bool:
    """Whether a paragraph does nothing but lead to an address."""
    leads = link_key(address) in map(link_key, paragraph.links)
    return leads and paragraph.linked >= 0.9 * len(paragraph.text)


def _without(tree: HtmlElement, links: Iterable[HtmlElement]) -> str:
    for link in list(links):
        link.drop_tag()
    return sanitize(serialize(tree))


def _told(tree: HtmlElement) -> Iterator[HtmlElement]:
    """The innermost blocks that hold text, in their order."""
    for one in list(tree.iter()):
        if one is tree or one.tag in _PARAGRAPHS:
            inner = any(below.tag in BLOCK_TAGS for below in one.iterdescendants())
            if not inner and squeeze(text_of(one)):
                yield one


def _paragraph(block: HtmlElement) -> Paragraph:
    links = [link for link in block.iter("a") if link.get("href")]
    linked = sum(len(squeeze(text_of(link))) for link in links)
    return Paragraph(squeeze(text_of(block)), tuple(str(link.get("href")) for link in links), linked)
