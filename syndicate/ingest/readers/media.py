"""Pictures and attached files of a feed's entry."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from syndicate.ingest.readers.side import SideEntry
from syndicate.model import Enclosure, Image
from syndicate.normalize.pictures import PICTURE_FILE, number, pixels
from syndicate.normalize.urls import absolute, is_web
from syndicate.text import legal

_AVATAR = re.compile(r"gravatar\.com/avatar|/avatars?/", re.IGNORECASE)


def images(entry: Mapping[str, Any], side: SideEntry, base: str) -> list[Image]:
    """Every picture that the entry names outside its body, the main one first."""
    found = [
        Image(url=str(link.get("href")), type=_type(link))
        for link in list_of(entry, "links")
        if link.get("rel") in {"enclosure", "image"} and _is_picture(link)
    ]
    found.extend(
        Image(url=content["href"], type=_type(content)) for content in _elsewhere(entry) if _is_picture(content)
    )
    found.extend(side.images)
    if not side.images:
        found.extend(_flat_media(entry))
    picture = dict.get(entry, "image") if isinstance(entry, dict) else None
    if isinstance(picture, dict) and isinstance(picture.get("href"), str):
        found.append(Image(url=picture["href"]))
    made = (replace(one, url=absolute(one.url, base)) for one in found)
    return [one for one in made if is_web(one.url) and not _AVATAR.search(one.url)]


def _flat_media(entry: Mapping[str, Any]) -> Iterable[Image]:
    """The parser's own flat lists, for documents that lxml could not count."""
    for name in ("media_content", "media_thumbnail"):
        for media in list_of(entry, name):
            is_picture = media.get("medium", "image") == "image" and (not _type(media) or _is_picture(media))
            if media.get("url") and is_picture:
                yield Image(
                    url=str(media["url"]),
                    type=_type(media),
                    width=pixels(media.get("width")),
                    height=pixels(media.get("height")),
                )


def enclosures(entry: Mapping[str, Any], base: str) -> tuple[Enclosure, ...]:
    """Attached files that are no pictures: enclosures, and media:content of audio and video."""
    found: dict[str, Enclosure] = {}
    attached = [link for link in list_of(entry, "links") if link.get("rel") == "enclosure"]
    attached += _elsewhere(entry)
    attached += [
        media
        for media in list_of(entry, "media_content")
        if media.get("medium") in {"audio", "video"} or _type(media).startswith(("audio/", "video/"))
    ]
    for link in attached:
        url = absolute(str(link.get("href") or link.get("url") or ""), base)
        if is_web(url) and not _is_picture(link):
            length = link.get("length") or link.get("filesize")
            found.setdefault(url, Enclosure(url=url, type=_type(link), length=number(length)))
    return tuple(found.values())


def _elsewhere(entry: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The file that is an Atom entry's content, as a link to it (RFC 4287, 4.1.3.2); a page is no file."""
    filed = [one for one in list_of(entry, "content") if one.get("src") and not _type(one).startswith("text/")]
    return [{"href": str(one["src"]), "type": one.get("type")} for one in filed]


def _is_picture(link: Mapping[str, Any]) -> bool:
    declared = _type(link)
    if declared and declared not in {"application/octet-stream", "text/html"}:
        return declared.startswith("image/")
    return bool(PICTURE_FILE.search(str(link.get("href") or link.get("url") or "")))


def _type(link: Mapping[str, Any]) -> str:
    return legal(str(link.get("type") or "")).strip().lower()[:100]


def list_of(entry: Mapping[str, Any], key: str) -> list[Any]:
    """A list of dictionaries; whatever is none is left out."""
    value = dict.get(entry, key) if isinstance(entry, dict) else None
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []
