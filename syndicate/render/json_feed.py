"""JSON Feed 1.1 (jsonfeed.org/version/1.1). Pure.

What the format has no word for stands in `_syndicate`: rights, where the article first appeared, places,
what is known of authors and pictures, what was put right, that an article was withdrawn, and which feed an archive
belongs to.
"""

import json
from collections.abc import Iterator
from typing import Any

from syndicate.model import Image, Person
from syndicate.render.text import rfc3339
from syndicate.render.values import Feed, Item
from syndicate.render.withdrawal import notice

VERSION = "https://jsonfeed.org/version/1.1"


def json_feed(feed: Feed) -> bytes:
    """The feed as JSON Feed 1.1, UTF-8."""
    document = {
        "version": VERSION,
        "title": feed.title,
        "home_page_url": feed.home,
        "feed_url": feed.links["json"],
        "next_url": feed.older.get("json", ""),
        "description": feed.description,
        "authors": [{"name": feed.publisher or feed.title}],
        "language": feed.language,
        "hubs": [{"type": "WebSub", "url": feed.hub}] if feed.hub else [],
        "_syndicate": _known(
            {
                "updated": rfc3339(feed.updated),
                "rights": feed.rights,
                "archive": _known({"current": feed.current.get("json", ""), "next": feed.newer.get("json", "")}),
            }
        ),
    }
    full = {**_known(document), "items": [*map(_item, feed.items), *_withdrawn(feed)]}
    return json.dumps(full, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


def _item(item: Item) -> dict[str, Any]:
    return _known(
        {
            "id": item.id,
            "url": item.link,
            "title": item.title,
            **({"content_html": item.html} if item.html else {"content_text": item.title}),
            "summary": item.summary,
            "image": item.images[0].url if item.images else "",
            "date_published": rfc3339(item.published),
            "date_modified": rfc3339(item.updated),
            "authors": [_author(person) for person in item.authors],
            "tags": list(item.categories),
            "language": item.language,
            "attachments": [
                _known({"url": file.url, "mime_type": file.type, "size_in_bytes": file.length})
                for file in item.enclosures
            ],
            "_syndicate": _provenance(item),
        }
    )


def _withdrawn(feed: Feed) -> Iterator[dict[str, Any]]:
    """The articles that were withdrawn: items of the same ids, so that what they said is overwritten."""
    for stone in feed.withdrawn:
        at = rfc3339(stone.at)
        yield {
            "id": stone.guid,
            "url": stone.link,
            "content_text": notice(feed.language),
            "date_modified": at,
            "_syndicate": {"status": "withdrawn", "at": at, "reason": stone.reason},
        }


def _author(person: Person) -> dict[str, Any]:
    more = _known({"role": person.role, "organization": person.organization})
    return _known({"name": person.name, "url": person.url, "_syndicate": more})


def _provenance(item: Item) -> dict[str, Any]:
    dateline = item.dateline
    return _known(
        {
            "rights": item.rights,
            "original": _known({"name": item.original.name, "url": item.original.url}),
            "dateline": _known({"places": list(dateline.places), "agency": dateline.agency}) if dateline else {},
            "bio": item.bio,
            "corrections": [{"at": rfc3339(one.at), "note": one.note} for one in item.corrections],
            "images": [_picture(image) for image in item.images],
        }
    )


def _picture(image: Image) -> dict[str, Any]:
    return _known(
        {
            "url": image.url,
            "type": image.type,
            "width": image.width,
            "height": image.height,
            "caption": image.caption,
            "credit": image.credit,
            "alt": image.alt,
        }
    )


def _known(members: dict[str, Any]) -> dict[str, Any]:
    """The members that say something: JSON Feed leaves the others out."""
    return {name: value for name, value in members.items() if value}
