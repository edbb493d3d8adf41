"""What could not be taken in: looked at, tried again by a worker, or given up."""

from flask import Blueprint, Response, request
from werkzeug.exceptions import NotFound

from syndicate.errors import UsageError
from syndicate.ingest.orders import REPLAY
from syndicate.web.desk.page import NUMBERS, ROWS, Desk, decided, number, page
from syndicate.web.desk.session import Said


def routes(blueprint: Blueprint, desk: Desk) -> None:
    """The routes /admin/quarantine and below."""
    store = desk.services.store

    def show() -> Response:
        everything = "all" in request.args
        rows = store.quarantine(None if everything else "waiting", ROWS + 1, after=number("after") or None)
        following = rows[ROWS - 1].id if len(rows) > ROWS else 0
        waiting = store.waiting_in_quarantine()
        return page(
            desk, "quarantine.html", items=rows[:ROWS], following=following, everything=everything, waiting=waiting
        )

    @blueprint.get("/quarantine")
    def quarantine() -> Response:
        return show()

    @blueprint.post("/quarantine/replay")
    def replay() -> Response:
        def act() -> Said:
            key = request.form.get("source", "")
            if key not in store.waiting_in_quarantine():
                raise UsageError("Nothing waits for this source any more.")
            run = desk.services.enqueue((key,), REPLAY)
            return Said(f"What waits for {key} is tried again.", f"runs/{run.id}")

        return decided(desk, act, show)

    @blueprint.post(f"/quarantine/<int(max={NUMBERS}):item_id>/discard")
    def discard_item(item_id: int) -> Response:
        item = store.quarantined(item_id)
        if item is None:
            raise NotFound("There is no such item.")

        def act() -> Said:
            if item.state != "waiting":
                raise UsageError(f"Item {item_id} waits no more: it is {item.state}.")
            store.settle(item_id, "discarded")
            return Said(f"Item {item_id} is given up.")

        return decided(desk, act, show)
