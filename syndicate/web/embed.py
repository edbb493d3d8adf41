"""A topic's newest articles for an iframe: `/embed/{topic}`, a page without a script and without a store of its own."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import Blueprint, Response, render_template
from werkzeug.exceptions import NotFound

from syndicate.errors import StoreError
from syndicate.model import TopicSpec
from syndicate.records import FeedRow
from syndicate.web.fresh import lasting
from syndicate.web.services import WebServices

_SHOWN = 10
_CSP = (
    "default-src 'none'; style-src 'self'; img-src http: https: data:; base-uri 'none'; form-action 'none'; "
    "frame-ancestors *"
)


@dataclass(frozen=True, slots=True)
class Teaser:
    """An article as it is shown among others."""

    title: str
    link: str
    summary: str
    image: str
    published: datetime
    language: str


def blueprint(services: WebServices) -> Blueprint:
    """The route /embed/{topic}: what its feed holds, so that neither ever shows what the other does not."""
    embeds = Blueprint("embed", __name__, template_folder="templates")
    settings = services.settings
    pages: dict[str, tuple[str, str]] = {}  # of each topic the ETag of the feed that its last good page was made of

    def page(topic: TopicSpec) -> str:
        try:
            row = services.store.feed(topic.key, "json")
        except StoreError:
            if topic.key not in pages:
                raise
            return pages[topic.key][1]
        etag = row.etag if row else ""
        if topic.key not in pages or pages[topic.key][0] != etag:
            pages[topic.key] = etag, _render(services, topic, row)
        return pages[topic.key][1]

    @embeds.get("/embed/<key>")
    def embed(key: str) -> Response:
        topic = services.topics.find(key)
        if topic is None:
            raise NotFound("There is no such topic.")
        response = Response(page(topic), mimetype="text/html")
        response.headers["Content-Security-Policy"] = _CSP
        response.headers["X-Robots-Tag"] = "noindex"
        return lasting(response, settings.serve.max_age_seconds)

    return embeds


def _render(services: WebServices, topic: TopicSpec, row: FeedRow | None) -> str:
    settings = services.settings
    document: dict[str, Any] = json.loads(row.body) if row else {"items": []}
    teasers = tuple(_teasers(document))[:_SHOWN]
    return render_template("embed.html", topic=topic, teasers=teasers, settings=settings, root=settings.public_url)


def _teasers(document: dict[str, Any]) -> Iterator[Teaser]:
    for item in document["items"]:
        if item.get("_syndicate", {}).get("status") != "withdrawn":
            yield Teaser(
                item["title"],
                item["url"],
                item.get("summary", ""),
                item.get("image", ""),
                datetime.fromisoformat(item["date_published"]),
                item.get("language", document.get("language", "")),
            )
