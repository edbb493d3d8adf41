"""Health: one summary for people, a short answer for probes. Whether a process lives is answered with the feeds."""

from collections import Counter
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from flask import Blueprint, Response

from syndicate.cache import Cache
from syndicate.doctor import ROLE_SILENT
from syndicate.errors import StoreError
from syndicate.ingest.orders import AGAIN
from syndicate.model import FEED_FORMATS
from syndicate.records import Run, SourceState
from syndicate.records_served import WEBHOOK_STATES
from syndicate.store import Store
from syndicate.store.probe import Probe
from syndicate.web.answers import document, refusal
from syndicate.web.services import WebServices

_ROLES = ("scheduler", "worker")  # without either nothing new is published
STORE_SECONDS = 1.0  # how long it may take to answer: probes have short time-outs of their own
_RUNS = 10  # the latest runs, among them one that ended
_TOPICS = 200  # a summary of more would be read by nobody, and cost a query for each


def blueprint(services: WebServices) -> Blueprint:
    """The routes /health and /health/ready."""
    pages = Blueprint("health", __name__)
    probe = Probe(services.store)

    @pages.get("/health/ready")
    def ready() -> Response:
        parts = {"store": _store_state(services.store, probe), "redis": _redis_state(services.cache, "failing")}
        if set(parts.values()) != {"failing"}:  # either one can give the last good feeds
            fine = set(parts.values()) == {"ok"}
            return document({"status": "ready" if fine else "degraded", "parts": parts})
        return refusal(
            503, "Neither store nor Redis can be reached: there are no feeds to serve.", ("Retry-After", "5")
        )

    @pages.get("/health")
    def health() -> Response:
        return document(summary(services, probe, services.now()))

    return pages


def _store_state(store: Store, probe: Probe) -> str:
    try:
        probe.ping(STORE_SECONDS)
        return store.obstacle() or "ok"
    except StoreError:
        return "failing"


def _redis_state(cache: Cache, away: str) -> str:
    """Feeds are still read from one that takes nothing, but no run can be queued there."""
    if cache.takes():
        return "ok"
    return "takes nothing" if cache.ping() else away


def summary(services: WebServices, probe: Probe, now: datetime) -> dict[str, Any]:
    """How the service is, part by part; what the store knows is left out where it can't be asked."""
    redis, store = _redis_state(services.cache, "away"), _store_state(services.store, probe)
    unknown = {"status": "degraded", "store": "failing", "redis": redis, "at": now}
    if store == "failing":
        return unknown
    try:
        facts = _facts(services, now)
    except StoreError:
        return unknown
    works = redis == store == facts["network"] == "ok"
    running = all(facts[role]["state"] == "running" for role in _ROLES)
    fine = works and running and not (facts["sources"]["failing"] or facts["sources"]["ended"])
    return {"status": "ok" if fine else "degraded", "store": store, "redis": redis, **facts, "at": now}


def _facts(services: WebServices, now: datetime) -> dict[str, Any]:
    store = services.store
    beats = store.beats()
    roles = {role: _role(beats.get(role), now) for role in _ROLES}
    polled = all(role["state"] != "silent" for role in roles.values())
    versions = store.feed_versions()
    return {
        **roles,
        "roles": beats,
        "network": _network(store.runs(_RUNS), now),
        "sources": _sources(store.sources(), now, polled=polled),
        "held": store.count("held"),
        "webhooks": webhook_counts(store),
        **({"hub": store.subscription_counts(now)} if services.settings.hub_url else {}),
        "topics": [
            {
                "topic": topic.key,
                "feeds": sum((topic.key, format_) in versions for format_ in FEED_FORMATS),
                "newest": store.latest(topic.key),
            }
            for topic in services.topics.all()[:_TOPICS]
        ],
    }


def webhook_counts(store: Store) -> dict[str, int]:
    """How many webhooks are active, fail, or have ended."""
    counts = Counter(one.state for one in store.webhooks())
    return {state: counts[state] for state in WEBHOOK_STATES}


def _role(beat: datetime | None, now: datetime) -> dict[str, Any]:
    if beat is None:
        return {"state": "never seen", "last": None}
    return {"state": "running" if now - beat < ROLE_SILENT else "silent", "last": beat}


def _network(runs: Iterable[Run], now: datetime) -> str:
    """Tell an outage of our own network from broken sources: what the latest run that ended found it to be."""
    polls = (run for run in runs if run.report and run.trigger not in AGAIN)
    recent = (run for run in polls if run.finished and now - run.finished < ROLE_SILENT)
    latest = next(recent, None)
    outcomes = {item.get("outcome") for item in latest.report} if latest else set()
    return "down" if "offline" in outcomes else "ok"


def _sources(states: Iterable[SourceState], now: datetime, *, polled: bool) -> dict[str, Any]:
    """Which sources fail, which have ended, and which that are polled give nothing new for far longer than usual."""
    known = tuple(states)
    active = [state for state in known if state.status == "active"]
    return {
        "active": len(active),
        "failing": [{"source": s.spec.key, "failures": s.failures} for s in active if s.failures],
        "ended": [s.spec.key for s in known if s.status == "gone"],
        "silent": [s.spec.key for s in active if polled and s.is_silent(now)],
    }
