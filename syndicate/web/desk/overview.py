"""The first page: whether all is well, what waits for a person, and what was done last."""

from collections.abc import Iterator, Mapping
from typing import Any

from flask import Blueprint, Response

from syndicate.store.probe import Probe
from syndicate.web.desk.page import Desk, decided, page
from syndicate.web.desk.session import Said
from syndicate.web.health import summary

_RUNS = 5  # the latest
TRIGGER = "admin"  # of the runs that are started here
_PARTS = {
    "store": {
        "failing": "The database does not answer: feeds are served, but nothing can be changed.",
        "disk nearly full": "The disk is nearly full: make room, before nothing can be taken in any more.",
        "can't be written": "The database can be read, but not written: nothing can be taken in.",
    },
    "redis": {
        "away": "Redis is away: feeds are served, but no run is carried out until it is back.",
        "takes nothing": "Redis takes nothing: feeds are served, but no run is carried out until it does.",
    },
    "network": {"down": "Our own network is down: no source can be asked. All are asked again as soon as it is back."},
}
_ROLES = {
    "scheduler": "No scheduler is running: no source is polled by itself.",
    "worker": "No worker is running: runs wait until one does.",
}


def routes(blueprint: Blueprint, desk: Desk) -> None:
    """The route /admin/."""
    services = desk.services
    store, probe = services.store, Probe(services.store)

    def shown() -> Response:
        facts = summary(services, probe, services.now())
        return page(
            desk,
            "overview.html",
            troubles=tuple(troubles(facts)),
            sources=facts.get("sources"),
            held=store.count("held"),
            proposals=store.open_proposals(),
            quarantined=sum(store.waiting_in_quarantine().values()),
            runs=store.runs(_RUNS),
        )

    @blueprint.get("/")
    def overview() -> Response:
        return shown()

    @blueprint.post("/ingest")
    def ingest() -> Response:
        def act() -> Said:
            run = services.enqueue((), TRIGGER)
            return Said("All sources that are not paused are asked for articles now.", f"runs/{run.id}")

        return decided(desk, act, shown)


def troubles(facts: Mapping[str, Any]) -> Iterator[str]:
    """What is wrong, in a sentence each, by the summary of health."""
    for part, sentences in _PARTS.items():
        state = facts.get(part, "ok")
        if state != "ok":
            yield sentences.get(state, f"{part}: {state}")
    for role, sentence in _ROLES.items():
        if facts.get(role, {}).get("state", "running") != "running":
            yield sentence
    for what, named in (("failing", "can't be read"), ("ended", "told us that they have ended (410 Gone)")):
        if found := facts.get("sources", {}).get(what):
            yield f"{len(found)} {'source' if len(found) == 1 else 'sources'} {named}; they are listed below."
