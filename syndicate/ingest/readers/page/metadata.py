"""What a page's head says about its article: JSON-LD first, then meta elements, then the markup itself."""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from urllib.parse import urlsplit

from lxml import etree

from syndicate.ingest.readers.page.linked_data import LinkedData, moment, read_linked_data
from syndicate.ingest.readers.page.signs import names_in, without_by
from syndicate.ingest.readers.page.title import bare, headings, title_of
from syndicate.ingest.readers.people import distinct
from syndicate.model import Image, Person
from syndicate.normalize.byline import byline
from syndicate.normalize.pictures import pixels
from syndicate.normalize.urls import absolute, canonical_link, host_of, is_web, site_of
from syndicate.text import legal, plain, squeeze

_PUBLISHED = (
    "article:published_time", "article:published", "og:published_time", "datepublished", "parsely-pub-date",
    "sailthru.date", "dcterms.created", "dcterms.issued", "dcterms.date", "dc.date.issued", "dc.date",
    "dc.date.created", "pubdate", "publishdate", "publish-date", "publish_date", "publication_date", "date",
    "cxenseparse:recs:publishtime",
)  # fmt: skip
_UPDATED = (
    "article:modified_time", "article:modified", "og:updated_time", "datemodified", "dcterms.modified", "last-modified",
    "revised", "lastmod",
)  # fmt: skip
_AUTHOR = ("author", "article:author", "article:author_name", "parsely-author", "sailthru.author", "dc.creator",
           "dcterms.creator", "byl", "cxenseparse:author")  # fmt: skip
_RIGHTS = ("copyright", "rights", "dcterms.rights", "dc.rights", "dcterms.rightsholder")
_SECTIONS = ("article:section", "parsely-section")
_TAGS = ("article:tag", "parsely-tags", "news_keywords", "keywords", "sailthru.tags")
_WORD = re.compile(r"\w+")
_LANGUAGE = re.compile(r"([a-zA-Z]{2,3})(?:[-_]([a-zA-Z]{4}))?(?:[-_]([a-zA-Z]{2}|\d{3}))?")
_DEVICE = re.compile(r"^(?:m|mobile|mobil|amp|touch|wap)\.(?=[^.]+\.)")
# What an item in the body says of whatever it stands in: `signs` reads it there.
_PLACED = frozenset({"author", "datepublished", "datemodified"})
_MOST_TAGS = 30
_First = Callable[[tuple[str, ...]], str]


@dataclass(frozen=True, slots=True)
class Metadata:
    """What a page says of its article; empty where it says nothing.

    `houses` are the organizations that sign where nobody else does.
    `body` is the article's text in its JSON-LD, `base` what the page's relative addresses are relative to.
    """

    title: str = ""
    link: str = ""
    summary: str = ""
    authors: tuple[Person, ...] = ()
    houses: tuple[Person, ...] = ()
    published: datetime | None = None
    updated: datetime | None = None
    categories: tuple[str, ...] = ()
    language: str = ""
    rights: str = ""
    images: tuple[Image, ...] = ()
    body: str = ""
    base: str = ""


def read_metadata(root: etree._Element, url: str) -> Metadata:
    """Read a page's head. Never raises: what is broken is left out."""
    meta = _meta(root)
    base = read_base(root, url)
    first = _reader(meta)
    link = _link(root, meta, base, url)
    titles = (first(("og:title",)), root.findtext(".//title") or "", *(text for _, text in headings(root, url, "h1")))
    data = read_linked_data(root, (url, link), titles)
    site = plain(first(("og:site_name", "application-name"))) or data.publisher
    return Metadata(
        title=title_of(
            root,
            url,
            (plain(first(("og:title",))), plain(data.headline), plain(first(("twitter:title", "dc.title")))),
            (site, _host(url), site_of(_host(url)).partition(".")[0]),
            (first(_SECTIONS), *data.sections),
        ),
        link=link,
        summary=plain(first(("og:description", "description", "twitter:description"))) or plain(data.summary),
        authors=_authors(meta, data, site),
        houses=data.houses or data.authors,
        published=data.published or _date(meta, _PUBLISHED),
        updated=data.updated or _date(meta, _UPDATED),
        categories=_categories(meta, data),
        language=_language(root, first, data),
        rights=plain(first(_RIGHTS)) or data.rights,
        images=_images(meta, data, base),
        body=data.body,
        base=base,
    )


def _meta(root: etree._Element) -> dict[str, list[str]]:
    """The contents of the meta elements, by their name in lower case."""
    found: dict[str, list[str]] = {}
    for element in root.iter("meta"):
        content = legal(squeeze(element.get("content") or ""))
        if not content:
            continue
        inside = next(element.iterancestors("body"), None) is not None
        for attribute in ("property", "name", "itemprop", "http-equiv"):
            name = (element.get(attribute) or "").strip().lower()
            if name and not (inside and attribute == "itemprop" and name in _PLACED):
                found.setdefault(name, []).append(content[:5000])
    return found


def _reader(meta: dict[str, list[str]]) -> _First:
    def first(names: tuple[str, ...]) -> str:
        return next((meta[name][0] for name in names if name in meta), "")

    return first


def read_base(root: etree._Element, url: str) -> str:
    """What the page's relative addresses are relative to."""
    for element in root.iter("base"):
        if is_web(address := absolute(element.get("href") or "", url)):
            return address
    return url


def _host(url: str) -> str:
    return host_of(url).removeprefix("www.")


def _link(root: etree._Element, meta: dict[str, list[str]], base: str, url: str) -> str:
    """The page's own address: the canonical one if it is on the same host and not its front page.

    A host's versions for telephones are the same host; another host below the same name may be somebody else's.
    """
    named = [element.get("href") or "" for element in root.iter("link") if "canonical" in _rel(element)]
    for found in (*named[:1], *meta.get("og:url", [])[:1]):
        link = canonical_link(absolute(found, base))
        own = is_web(link) and (
            not url.startswith("http") or _DEVICE.sub("", _host(link)) == _DEVICE.sub("", _host(url))
        )
        if own and (urlsplit(link).path.strip("/") or not urlsplit(url).path.strip("/")):
            return link
    return canonical_link(url) if is_web(url) else ""


def _rel(element: etree._Element) -> list[str]:
    return (element.get("rel") or "").lower().split()


def _authors(meta: dict[str, list[str]], data: LinkedData, site: str) -> tuple[Person, ...]:
    """The people; the site itself is none of them."""
    house = bare(site)
    told = distinct(one for author in data.authors for one in byline(author.name) or (_plain_name(author),))
    if found := tuple(one for one in told if bare(one.name) != house):
        return found
    names = [
        name for key in _AUTHOR for name in meta.get(key, ()) if not name.startswith(("http:", "https:", "/", "@"))
    ]
    read = distinct(one for name in names[:10] for one in names_in(name))
    return tuple(one for one in read if bare(one.name) != house)


def _plain_name(author: Person) -> Person:
    return replace(author, name=without_by(author.name.partition("|")[0]).strip() or author.name)


def _date(meta: dict[str, list[str]], names: tuple[str, ...]) -> datetime | None:
    for name in names:
        for text in meta.get(name, ()):
            if found := moment(text):
                return found
    return None


def _categories(meta: dict[str, list[str]], data: LinkedData) -> tuple[str, ...]:
    found: dict[str, str] = {}
    listed = [name for key in _SECTIONS for name in meta.get(key, ())] + list(data.sections)
    tags = next((meta[key] for key in _TAGS if key in meta), list(data.keywords))
    for text in (*listed, *(part for tag in tags for part in tag.split(","))):
        name = plain(text)[:100]
        if _WORD.search(name) and not name.isdigit() and name[0] != "@":
            found.setdefault(name.casefold(), name)
    return tuple(found.values())[:_MOST_TAGS]


def _language(root: etree._Element, first: _First, data: LinkedData) -> str:
    declared = (
        root.get("lang"), root.get("{http://www.w3.org/XML/1998/namespace}lang"), data.language,
        first(("content-language", "language", "dc.language", "og:locale")),
    )  # fmt: skip
    for text in declared:
        if text and (match := _LANGUAGE.match(text.strip())):
            script, region = match[2], match[3]
            return "-".join(filter(None, (match[1].lower(), script and script.title(), region and region.upper())))
    return ""


def _images(meta: dict[str, list[str]], data: LinkedData, base: str) -> tuple[Image, ...]:
    found: dict[str, Image] = {}
    first = _reader(meta)
    if url := first(("og:image:secure_url", "og:image", "og:image:url", "twitter:image", "twitter:image:src")):
        link = absolute(url, base)
        found[link] = Image(
            url=link,
            alt=plain(first(("og:image:alt", "twitter:image:alt"))),
            width=pixels(first(("og:image:width",))),
            height=pixels(first(("og:image:height",))),
            type=first(("og:image:type",))[:100],
        )
    for image in data.images:
        link = absolute(image.url, base)
        known = found.get(link, Image(link))
        width, height = (known.width, known.height) if known.width else (image.width, image.height)
        found[link] = replace(known, caption=image.caption, credit=image.credit, width=width, height=height)
    return tuple(image for image in found.values() if is_web(image.url))[:5]
