"""What a feed says, whatever its format. Pure.

Texts in here are printable (see `render.text`), addresses absolute http(s), times in UTC to the second.
"""

import html
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Literal

from syndicate.model import Correction, Dateline, Enclosure, FeedFormat, Image, Original, Person, Published, Tombstone
from syndicate.normalize.summary import without_link_lines
from syndicate.render.attribution import attribution
from syndicate.render.correction import paragraphs
from syndicate.render.media_types import media_type
from syndicate.render.text import feed_language, introduction, line, printable, second, web_address
from syndicate.render.withdrawal import Form, notice
from syndicate.text import plain, shorten

# When a feed without articles was updated: a date that never moves, and that validators find plausible.
EPOCH = datetime(2000, 1, 1, tzinfo=UTC)

NOWHERE = Original()  # the original of an article that nothing is known of

_IMG = re.compile(r"<img\b", re.IGNORECASE)
_TITLE_LENGTH = 80  # of a title taken from the text, where the article has none
_TITLE_SOURCE = 400


@dataclass(frozen=True, slots=True)
class Item:
    """One article as every format shows it.

    `link` is never empty: an article without an address of its own is linked by its guid. `html` is the whole
    body with a first image, what was put right, and the closing attribution; `summary` and `title` are plain text.
    `original` says where the article first appeared and who published it there. `withdrawn` is the form in which the
    item tells its importer that the article is to be taken down, "" while it stands; JSON Feed knows none of them.
    """

    id: str
    link: str
    title: str
    html: str
    summary: str
    published: datetime
    updated: datetime
    authors: tuple[Person, ...] = ()
    categories: tuple[str, ...] = ()
    language: str = ""
    rights: str = ""
    original: Original = NOWHERE
    dateline: Dateline | None = None
    bio: str = ""
    images: tuple[Image, ...] = ()
    enclosures: tuple[Enclosure, ...] = ()
    corrections: tuple[Correction, ...] = ()
    withdrawn: Form | Literal[""] = ""

    @classmethod
    def withdrawing(cls, stone: Tombstone, form: Form, language: str) -> "Item":
        """Give an article again that a feed tells of as withdrawn, for importers that listen to nothing else.

        It says so in the feed's language, and is as old as the withdrawal: they overlook what has an earlier date.
        """
        said = notice(language)
        words = f"{said} {stone.reason}".strip()
        return cls(stone.guid, stone.link, said, "", words, stone.at, stone.at, withdrawn=form)

    @classmethod
    def of(cls, published: Published, publisher: str = "") -> "Item":
        """Show a stored article; `publisher` is the title of its source, "" where it has none."""
        article = published.article
        guid = printable(published.guid).strip()
        link = web_address(article.link)
        language = feed_language(article.language)
        first = article.original or NOWHERE
        original = Original(line(first.name) or line(publisher), web_address(first.url) or link)
        images = tuple(_image(image) for image in article.images if web_address(image.url))
        ranked = second(published.ranked)
        opening = shorten(line(article.text[:_TITLE_SOURCE]), _TITLE_LENGTH)
        credited = original.url or line(first.name)
        put_right = tuple(Correction(second(one.at), line(one.note)) for one in published.corrections)
        return cls(
            id=guid,
            link=link or guid,
            title=line(article.title) or opening or original.name or guid,
            html=_body(
                printable(article.html),
                images,
                paragraphs(put_right, language),
                attribution(original.name, original.url, language) if credited else "",
            ),
            summary=introduction(article.summary, without_link_lines(article.text, article.html)),
            published=ranked,
            updated=max(second(published.revised), ranked),
            authors=tuple(person for person in map(_person, article.authors) if person.name),
            categories=tuple(dict.fromkeys(c for c in map(line, article.categories) if c)),
            language=language,
            rights=line(article.rights),
            original=original,
            dateline=_dateline(article.dateline),
            bio=line(plain(article.bio)),
            images=images,
            enclosures=tuple(_enclosure(e) for e in article.enclosures if web_address(e.url)),
            corrections=put_right,
        )


@dataclass(frozen=True, slots=True)
class Feed:
    """One feed as every format shows it.

    `key` names the topic, `home` is the page that the feed belongs to, `links` holds the feed's own address in
    each format. `updated` comes from what it shows and tells (`Feed.newest`), never from a clock. `contact` is an
    e-mail address or a URL. `withdrawn` are articles that partners are to take down. `hub` pushes the feed (WebSub);
    "" where none does. `older` is where what has left it begins, by format, and in an archive (RFC 5005) the page
    before it; only archives have `newer`, the page after it, and `current`, the feed that they belong to.
    """

    key: str
    title: str
    home: str
    links: Mapping[FeedFormat, str]
    updated: datetime
    description: str = ""
    language: str = ""
    items: tuple[Item, ...] = ()
    publisher: str = ""
    rights: str = ""
    contact: str = ""
    generator: str = "Syndicate"
    withdrawn: tuple[Tombstone, ...] = ()
    hub: str = ""
    older: Mapping[FeedFormat, str] = field(default_factory=dict)
    newer: Mapping[FeedFormat, str] = field(default_factory=dict)
    current: Mapping[FeedFormat, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Make the texts safe: titles and terms come from configuration, which is untrusted, too."""
        for name in ("title", "description", "publisher", "rights", "contact", "generator"):
            object.__setattr__(self, name, line(getattr(self, name)))
        object.__setattr__(self, "language", feed_language(self.language))
        object.__setattr__(self, "title", self.title or self.key)
        object.__setattr__(self, "withdrawn", tuple(map(_told, self.withdrawn)))

    def pages(self, format_: FeedFormat) -> dict[str, str]:
        """The documents around this one, by their relations to it (RFC 5005), as far as there are any."""
        places = {"prev-archive": self.older, "next-archive": self.newer, "current": self.current}
        return {relation: links[format_] for relation, links in places.items() if links}

    @staticmethod
    def newest(items: tuple[Item, ...], withdrawn: tuple[Tombstone, ...] = ()) -> datetime:
        """When a feed of these was last updated: its newest item's time or withdrawal, the epoch when it is empty."""
        moments = (*(item.updated for item in items), *(second(stone.at) for stone in withdrawn))
        return max(moments, default=EPOCH)


def _told(stone: Tombstone) -> Tombstone:
    guid = printable(stone.guid).strip()
    return Tombstone(guid, web_address(stone.link) or guid, second(stone.at), line(stone.reason))


def _person(person: Person) -> Person:
    return Person(line(person.name), line(person.role), line(person.organization), web_address(person.url))


def _dateline(dateline: Dateline | None) -> Dateline | None:
    if dateline is None:
        return None
    return Dateline(tuple(place for place in map(line, dateline.places) if place), line(dateline.agency))


def _image(image: Image) -> Image:
    url = web_address(image.url)
    return replace(
        image,
        url=url,
        caption=line(image.caption),
        credit=line(image.credit),
        alt=line(image.alt),
        width=image.width if image.width and image.width > 0 else None,
        height=image.height if image.height and image.height > 0 else None,
        type=media_type(image.type, url),
    )


def _enclosure(enclosure: Enclosure) -> Enclosure:
    url = web_address(enclosure.url)
    return Enclosure(url, media_type(enclosure.type, url) or "application/octet-stream", max(0, enclosure.length))


def _body(body: str, images: tuple[Image, ...], *closing: str) -> str:
    """The article's HTML, its first image in front where it shows none itself, corrections and credit at its end."""
    opening = _figure(images[0]) if images and not _IMG.search(body) else ""
    return "\n".join(part for part in (opening, body, *closing) if part)


def _figure(image: Image) -> str:
    size = "".join(f' {name}="{value}"' for name, value in (("width", image.width), ("height", image.height)) if value)
    picture = f'<img src="{html.escape(image.url)}" alt="{html.escape(image.alt or image.caption)}"{size}>'
    words = " ".join(part for part in (image.caption, f"({image.credit})" if image.credit else "") if part)
    caption = f"<figcaption>{html.escape(words, quote=False)}</figcaption>" if words else ""
    return f"<figure>{picture}{caption}</figure>"
