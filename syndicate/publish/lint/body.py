"""What importers look at in an article's HTML: its paragraphs, links and pictures, in their order. Pure."""

from dataclasses import dataclass

from lxml.html import HtmlElement

from syndicate.normalize.tree import BLOCK_TAGS, parse, prepare, text_of
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
    blocks = [one for one in tree.iter() if one is tree or one.tag in _PARAGRAPHS]
    innermost = [one for one in blocks if not any(inner.tag in BLOCK_TAGS for inner in one.iterdescendants())]
    paragraphs = tuple(found for found in map(_paragraph, innermost) if found.text)
    return Body(paragraphs, tuple(str(one.get("src", "")) for one in tree.iter("img")))


def _paragraph(block: HtmlElement) -> Paragraph:
    links = [link for link in block.iter("a") if link.get("href")]
    linked = sum(len(squeeze(text_of(link))) for link in links)
    return Paragraph(squeeze(text_of(block)), tuple(str(link.get("href")) for link in links), linked)
