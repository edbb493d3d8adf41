"""Lists of feeds as OPML 2.0 (opml.org/spec2): read as other programs export them, written for readers. Pure."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from unicodedata import normalize
from xml.etree.ElementTree import Element, SubElement, tostring

from lxml import etree

from syndicate.errors import UsageError
from syndicate.formats import feed_path
from syndicate.model import TopicSpec
from syndicate.normalize.urls import host_of
from syndicate.text import legal, squeeze

_FEED_SCHEME = re.compile(r"feed:(?://)?(?=\S)", re.IGNORECASE)
_NO_SIGN_OF_A_KEY = re.compile(r"[^a-z0-9]+")
_LONGEST_KEY = 64


@dataclass(frozen=True, slots=True)
class Outline:
    """One feed of a list; `page` is the site that it belongs to, all but the address may be ""."""

    url: str
    title: str = ""
    page: str = ""
    description: str = ""


def read_opml(body: bytes) -> tuple[Outline, ...]:
    """Give the feeds that a list names, folders opened, each address once; raises UsageError that says what is wrong.

    Names of attributes count in any case, and `feed:` addresses are those that they stand for.
    """
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(body, parser)
    except etree.XMLSyntaxError as error:
        raise UsageError(f"can't be read as OPML: {error.msg}") from error
    if str(root.tag).lower() != "opml":
        raise UsageError(f"expected OPML, found <{etree.QName(root).localname}>")
    found: dict[str, Outline] = {}
    for node in root.iter("{*}*"):
        given = {str(name).lower(): squeeze(legal(str(value))) for name, value in node.attrib.items()}
        if url := _web(given.get("xmlurl", "")):
            found.setdefault(url, Outline(url, given.get("title") or given.get("text", ""), given.get("htmlurl", "")))
    if not found:
        raise UsageError("names no feeds: expected outlines with an xmlUrl")
    return tuple(found.values())


def write_opml(title: str, outlines: Iterable[Outline]) -> bytes:
    """Make a list of these RSS feeds; characters that no XML may hold are left out."""
    root = Element("opml", version="2.0")
    SubElement(SubElement(root, "head"), "title").text = squeeze(legal(title))
    body = SubElement(root, "body")
    for one in outlines:
        given = {"type": "rss", "text": one.title, "title": one.title, "xmlUrl": one.url, "htmlUrl": one.page}
        told = given | ({"description": one.description} if one.description else {})
        SubElement(body, "outline", {name: squeeze(legal(value)) for name, value in told.items()})
    return b'<?xml version="1.0" encoding="utf-8"?>\n' + str(tostring(root, encoding="unicode")).encode()


def topics_opml(title: str, base: str, topics: Iterable[TopicSpec]) -> bytes:
    """Make a list of the topics' feeds, for a reader or an importer that takes lists; `base` is our public address."""
    return write_opml(
        title,
        (Outline(base + feed_path(topic.key, "rss"), topic.title, f"{base}/", topic.description) for topic in topics),
    )


def key_for(outline: Outline, taken: Iterable[str]) -> str:
    """Make a key for a source of its title, or of its host where that has no Latin letters, unlike those in use."""
    key = _key(outline.title) or _key(host_of(outline.url).removeprefix("www.")) or "feed"
    used, number, free = set(taken), 1, key
    while free in used:
        number += 1
        free = f"{key[: _LONGEST_KEY - len(str(number)) - 1].rstrip('-')}-{number}"
    return free


def _web(url: str) -> str:
    address = _FEED_SCHEME.sub("", url)
    return address if "://" in address or not address or address == url else f"http://{address}"


def _key(words: str) -> str:
    latin = normalize("NFKD", words).encode("ascii", "ignore").decode().lower()
    return _NO_SIGN_OF_A_KEY.sub("-", latin)[:_LONGEST_KEY].strip("-")
