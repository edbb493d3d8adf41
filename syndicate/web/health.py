"""Health: one summary for people, two short answers for probes."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from flask import Blueprint, Response

from syndicate.errors import StoreError
from syndicate.model import FEED_FORMATS
from syndicate.records import SourceState
from syndicate.web.answers import document, refusal
from syndicate.web.services import WebServices

_SCHEDULER_SILENT = timedelta(minutes=2)
_ROLE = "scheduler"
_TOPICS = 200  # a summary of more would be read by nobody, and cost a query for each


def blueprint(services: WebServices) -> Blueprint:
    """The routes /health, /health/live and /health/ready."""
    pages = Blueprint("health", __name__)

    @pages.get("/health/live")
    def live() -> Response:
        return document({"status": "alive"})

    @pages.get("/health/ready")
    def ready() -> Response:
        parts = {"store": _store_works(services), "redis": services.cache.ping()}
        report = {name: "ok" if works else "failing" for name, works in parts.items()}
        if any(parts.values()):  # either one can give the last good feeds
            return document({"status": "ready", "parts": report})
        return refusal(
            503, "Neither store nor Redis can be reached: there are no feeds to serve.", ("Retry-After", "5")
        )

    @pages.get("/health")
    def health() -> Response:
        return document(_summary(services, services.now()))

    return pages


def _store_works(services: WebServices) -> bool:
    try:
        services.store.ping()
    except StoreError:
        return False
    return True


def _summary(services: WebServices, now: datetime) -> dict[str, Any]:
    redis = "ok" if services.cache.ping() else "away"
    try:
        facts = _facts(services, now)
    except StoreError:
        return {"status": "degraded", "store": "failing", "redis": redis, "at": now}
    fine = redis == "ok" and not facts["sources"]["failing"] and facts["scheduler"]["state"] == "running"
    return {"status": "ok" if fine else "degraded", "store": "ok", "redis": redis, **facts, "at": now}


def _facts(services: WebServices, now: datetime) -> dict[str, Any]:
    store = services.store
    beats = store.beats()
    versions = store.feed_versions()
    return {
        "scheduler": _scheduler(beats.get(_ROLE), now),
        "roles": beats,
        "sources": _sources(store.sources(), now),
        "topics": [
            {
                "topic": topic.key,
                "feeds": sum((topic.key, format_) in versions for format_ in FEED_FORMATS),
                "newest": next((item.ranked for item in store.newest(topic.key, 1)), None),
            }
            for topic in services.settings.all_topics[:_TOPICS]
        ],
    }


def _scheduler(beat: datetime | None, now: datetime) -> dict[str, Any]:
    if beat is None:
        return {"state": "never seen", "last": None}
    return {"state": "running" if now - beat < _SCHEDULER_SILENT else "silent", "last": beat}


def _sources(states: Iterable[SourceState], now: datetime) -> dict[str, Any]:
    """Which sources fail, and which give nothing new for much longer than is usual for them."""
    active = [state for state in states if state.status == "active"]
    return {
        "active": len(active),
        "failing": [{"source": s.spec.key, "failures": s.failures} for s in active if s.failures],
        "silent": [s.spec.key for s in active if _is_silent(s, now)],
    }


def _is_silent(state: SourceState, now: datetime) -> bool:
    """Whether nothing new came for five times the longest pause that was usual; unknown rhythms are never silent."""
    pauses = [later - earlier for earlier, later in zip(state.rhythm, state.rhythm[1:], strict=False)]
    return len(pauses) >= 3 and now - state.rhythm[-1] > 5 * max(pauses)
