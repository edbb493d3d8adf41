"""The posts API of WordPress (`wp-json/wp/v2/posts`, with `_embed`)."""

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlencode, urlsplit, urlunsplit

from syndicate.errors import UnreadableError
from syndicate.ingest.readers.bodies import choose_body, is_teaser
from syndicate.ingest.readers.dates import parse_date
from syndicate.ingest.readers.json_feed import Loose, load, objects, text
from syndicate.ingest.readers.people import distinct, persons
from syndicate.model import Entry, Failure, Image, Payload, Person, Reading, SourceSpec
from syndicate.normalize.pictures import number, pixels, unique
from syndicate.normalize.urls import is_web
from syndicate.text import plain, plain_markup

PAGE_SIZE = 50
_CORRECTED = 10
_YOAST = "yoast_head_json"
_API = re.compile(r"/wp-json(?:/.*)?$")
_TYPE = re.compile(r"/wp-json/wp/v2/[\w-]+/?$")
_ROOT = re.compile(r"^/(?:wp/v2/?)?$")  # of an API that is named by a parameter
_OURS = frozenset({"_embed", "per_page", "page", "offset", "order", "orderby", "context", "_fields"})


def posts_url(location: str, page: int = 1) -> str:
    """The address of one page (from 1) of a site's posts, newest first; `location` is the site or its API.

    What an API's address asks for stays: the type of its posts, fewer of them at a time, and filters such as
    `categories=5`. A site without pretty permalinks is given as `https://.../?rest_route=/`.
    """
    return _address(location, f"per_page={_page_size(location)}&page={page}")


def corrected_url(location: str) -> str:
    """The address of the posts that a site has changed last, however old they are."""
    return _address(location, f"per_page={min(_CORRECTED, _page_size(location))}&orderby=modified")


def _address(location: str, wanted: str) -> str:
    parts = urlsplit(location)
    is_api = _API.search(parts.path) is not None or "rest_route" in parse_qs(parts.query)
    asked = [(key, value) for key, value in parse_qsl(parts.query) if key not in _OURS] if is_api else []
    routed = [(key, _ROOT.sub("/wp/v2/posts", value) if key == "rest_route" else value) for key, value in asked]
    query = "&".join(filter(None, (urlencode(routed, safe="/,[]"), "_embed=1", wanted)))
    if any(key == "rest_route" for key, _ in asked):
        return urlunsplit((parts.scheme, parts.netloc, parts.path, query, ""))
    named = _TYPE.search(parts.path)
    path = _API.sub("", parts.path).rstrip("/") + (named[0].rstrip("/") if named else "/wp-json/wp/v2/posts")
    return urlunsplit((parts.scheme, parts.netloc, path, query, ""))


def _page_size(location: str) -> int:
    """How many posts to ask for at a time: what an address asks for, and no more than we would."""
    asked = number(parse_qs(urlsplit(location).query).get("per_page", [""])[0])
    return min(asked or PAGE_SIZE, PAGE_SIZE)


def part_number(location: str, url: str) -> int:
    """Which page of a site's posts an address is; 0 if it is none."""
    page = _page(url)
    return page if posts_url(location, page) == url else 0


def read(payload: Payload, spec: SourceSpec) -> Reading:
    """Read one page of posts; `follow` names the next page when this one is full, or not the last by its own account.

    What only a password opens, and what is not published, is left out.

    Raises UnreadableError when it is no list of posts; WordPress's own error message is passed on.
    """
    posts, failures = load(payload)
    if isinstance(posts, dict) and "content" in posts and "id" in posts:
        posts = [posts]
    if isinstance(posts, dict) and posts.get("message"):
        raise UnreadableError(f"{payload.url}: WordPress says: {plain(text(posts, 'message'))[:200]}")
    if not isinstance(posts, list):
        raise UnreadableError(f"{payload.url}: JSON, but not a list of WordPress posts")
    entries = []
    for position, post in enumerate(posts, 1):
        if not isinstance(post, dict):
            failures.append(Failure(f"entry {position}", "the post is no JSON object"))
        elif text(post, "status") in {"", "publish"} and not _is_protected(post):
            entries.append(_entry(post))
    return Reading(
        format="wordpress",
        entries=tuple(entries),
        failures=tuple(failures),
        follow=_next(payload, spec, len(posts)),
        link=spec.location,
    )


def _next(payload: Payload, spec: SourceSpec, count: int) -> tuple[str, ...]:
    page, location = _page(payload.url), spec.location or payload.url
    # A site may give fewer than it is asked for.
    more = count >= _page_size(location) or (count > 0 and payload.parts > page)
    return (posts_url(location, page + 1),) if page and more else ()


def _page(url: str) -> int:
    """The page that an address asks for; 0 where that is no number."""
    page = number(parse_qs(urlsplit(url).query).get("page", ["1"])[0])
    return page if page < 1_000_000 else 0


def _is_protected(post: Loose) -> bool:
    """Whether its author gave it to those only who know a password."""
    content = post.get("content")
    return isinstance(content, dict) and content.get("protected") is True


def _entry(post: Loose) -> Entry:
    link = text(post, "link")
    content, excerpt = _rendered(post, "content"), _rendered(post, "excerpt")
    body = choose_body([(content, "text/html", True)] if content else [(excerpt, "text/html", False)])
    return Entry(
        key=_rendered(post, "guid") or link or text(post, "id"),
        link=link if is_web(link) else "",
        title=plain_markup(_rendered(post, "title")),
        body=body.text,
        base_url=link,
        summary=excerpt,
        excerpt_only=is_teaser(body),
        authors=_authors(post),
        published=_date(post, "date"),
        updated=_date(post, "modified"),
        categories=_terms(post),
        images=_images(post),
    )


def _rendered(post: Loose, key: str) -> str:
    value = post.get(key)
    return text(value, "rendered") if isinstance(value, dict) else text(post, key)


def _date(post: Loose, key: str) -> Any:
    """`*_gmt` is UTC without saying so; the other is in the site's zone and only the second best."""
    return parse_date(text(post, f"{key}_gmt")) or parse_date(text(post, key))


def _part_of(post: Loose, key: str) -> Loose:
    value = post.get(key)
    return value if isinstance(value, dict) else {}


def _authors(post: Loose) -> tuple[Person, ...]:
    """As embedded; where a site shows nobody its users, as its plug-in for search engines has it."""
    listed = objects(_part_of(post, "_embedded"), "author")
    named = distinct(who for one in listed for who in persons(text(one, "name"), url=text(one, "url")))
    return named or distinct(persons(text(_part_of(post, _YOAST), "author")))


def _terms(post: Loose) -> tuple[str, ...]:
    groups = _part_of(post, "_embedded").get("wp:term")
    names: dict[str, str] = {}
    for group in groups if isinstance(groups, list) else []:
        for term in group if isinstance(group, list) else []:
            if isinstance(term, dict) and text(term, "taxonomy") in {"category", "post_tag", ""}:
                name = plain(text(term, "name"))
                if name and name.lower() != "uncategorized":
                    names.setdefault(name.casefold(), name)
    return tuple(names.values())


def _images(post: Loose) -> tuple[Image, ...]:
    """The featured picture as embedded; where a site shows nobody its media, as its plug-ins have it."""
    embedded = unique(filter(_is_had, map(_featured, objects(_part_of(post, "_embedded"), "wp:featuredmedia"))))
    return embedded or tuple(filter(_is_had, _told_elsewhere(post)))[:1]


def _is_had(picture: Image) -> bool:
    return is_web(picture.url)


def _featured(media: Loose) -> Image:
    sizes = _part_of(media, "media_details")
    return Image(
        url=text(media, "source_url"),
        caption=plain(_rendered(media, "caption")),
        alt=plain(text(media, "alt_text")),
        width=pixels(sizes.get("width")),
        height=pixels(sizes.get("height")),
        type=text(media, "mime_type"),
    )


def _told_elsewhere(post: Loose) -> Iterator[Image]:
    yield Image(text(post, "jetpack_featured_media_url"))
    if number(post.get("featured_media")):  # of a post that has none the site's own picture is told
        for shared in objects(_part_of(post, _YOAST), "og_image"):
            width, height = pixels(shared.get("width")), pixels(shared.get("height"))
            yield Image(text(shared, "url"), width=width, height=height, type=text(shared, "type"))
