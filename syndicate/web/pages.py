"""Pages for people at partner sites: the catalogue, the list of feeds as OPML, and a word to robots."""

from collections.abc import Iterable
from dataclasses import dataclass
from threading import Lock
from time import monotonic

from flask import Blueprint, Response, render_template

from syndicate.errors import StoreError
from syndicate.formats import MEDIA_TYPES, archive_path, feed_path
from syndicate.model import FEED_FORMATS, Published, TopicSpec
from syndicate.opml import topics_opml
from syndicate.render.text import web_address
from syndicate.settings import Settings
from syndicate.web.fresh import lasting
from syndicate.web.services import WebServices

_FRESH_SECONDS = 10.0
_PREVIEWED_TOPICS = 40
_HEADLINES = 3
_CSP = (
    "default-src 'none'; style-src 'self'; img-src 'self' data:; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'"
)
_LABELS = {"rss": "RSS", "atom": "Atom", "json": "JSON Feed"}


@dataclass(frozen=True, slots=True)
class Link:
    """One feed as the catalogue shows it."""

    url: str
    label: str
    type: str


@dataclass(frozen=True, slots=True)
class Card:
    """One topic as the catalogue shows it."""

    topic: TopicSpec
    links: tuple[Link, ...]
    newest: tuple[Published, ...]
    archive: str


def blueprint(services: WebServices) -> Blueprint:
    """The routes /, /opml.xml and /robots.txt."""
    pages = Blueprint("pages", __name__, template_folder="templates")
    settings = services.settings
    catalogue, seconds = _Catalogue(services), settings.serve.max_age_seconds

    @pages.get("/")
    def index() -> Response:
        response = Response(catalogue.html(), mimetype="text/html")
        response.headers["Content-Security-Policy"] = _CSP
        return lasting(response, seconds)

    @pages.get("/opml.xml")
    def opml() -> Response:
        told = topics_opml(settings.title, settings.public_url, services.topics.all())
        return lasting(Response(told, content_type="text/x-opml; charset=utf-8"), seconds)

    @pages.get("/robots.txt")
    def robots() -> Response:
        told = "User-agent: *\nDisallow: /api/\nDisallow: /admin/\nAllow: /\n"
        return lasting(Response(told, mimetype="text/plain"), seconds)

    return pages


class _Catalogue:
    """The page, made again when it is older than ten seconds; the last good one while the store fails."""

    def __init__(self, services: WebServices) -> None:
        self._services = services
        self._lock = Lock()
        self._html = ""
        self._stale_at = 0.0

    def html(self) -> str:
        """The page; raises StoreError if there never was one."""
        with self._lock:
            if monotonic() >= self._stale_at:
                try:
                    self._html = self._render()
                except StoreError:
                    if not self._html:
                        raise
                self._stale_at = monotonic() + _FRESH_SECONDS
            return self._html

    def _render(self) -> str:
        settings, store = self._services.settings, self._services.store
        topics = self._services.topics.all()
        previews = [store.newest(topic.key, _HEADLINES) for topic in topics[:_PREVIEWED_TOPICS]]
        previews += [()] * (len(topics) - len(previews))
        cards = [
            Card(
                topic, tuple(_links(settings, topic)), newest, _archive(settings, topic, store.archive_pages(topic.key))
            )
            for topic, newest in zip(topics, previews, strict=True)
        ]
        return render_template("catalogue.html", settings=settings, cards=cards, web_address=web_address)


def _links(settings: Settings, topic: TopicSpec) -> Iterable[Link]:
    for format_ in FEED_FORMATS:
        yield Link(settings.public_url + feed_path(topic.key, format_), _LABELS[format_], MEDIA_TYPES[format_])


def _archive(settings: Settings, topic: TopicSpec, pages: int) -> str:
    """Where what has left the topic's feed begins, the latest first; "" where nothing has."""
    return settings.public_url + archive_path(topic.key, pages, "atom") if pages else ""
