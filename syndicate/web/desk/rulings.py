"""What may be boilerplate and waits for a word, and the words that were given; applying them is a worker's part."""

from typing import Literal

from flask import Blueprint, Response, request

from syndicate.errors import UsageError
from syndicate.records import Run
from syndicate.store.rulings import EVERYWHERE
from syndicate.web.desk.page import Desk, decided, number, page, sliced
from syndicate.web.desk.session import Said
from syndicate.web.ruling import rule, unrule

_WAITS = (
    "What is stored can't be cleaned again just now, since too many runs wait; the source's page has a button for it."
)


def routes(blueprint: Blueprint, desk: Desk) -> None:
    """The routes /admin/proposals and /admin/rulings."""
    room = _Rulings(desk)
    blueprint.get("/proposals")(room.proposals)
    blueprint.post("/proposals")(room.decide)
    blueprint.get("/rulings")(room.rulings)
    blueprint.post("/rulings")(room.unrule)


class _Rulings:
    """What the routes do."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._store = desk.services.store

    def proposals(self) -> Response:
        """What waits for a word, most often seen first."""
        rows, following = sliced(self._store.proposals(), number("after"))
        return page(self._desk, "proposals.html", proposals=rows, following=following, all=self._store.open_proposals())

    def decide(self) -> Response:
        """Cut or keep what was proposed in a source, there or everywhere."""

        def act() -> Said:
            source, block = request.form.get("source", ""), request.form.get("block", "")
            verdict: Literal["cut", "keep"] = "cut" if request.form.get("verdict") == "cut" else "keep"
            texts = {proposal.source: proposal.text for proposal in self._store.proposals(block=block)}
            if source not in texts:
                raise UsageError("This text waits for no word any more: somebody ruled on it, or it was cut since.")
            scope = EVERYWHERE if "everywhere" in request.form else source
            return ruled(self._desk, scope, block, texts[source], verdict)

        return decided(self._desk, act, self.proposals)

    def rulings(self) -> Response:
        """The words that were given, the latest first."""
        newest = sorted(self._store.rulings(), key=lambda ruling: ruling.at, reverse=True)
        rows, following = sliced(newest, number("after"))
        return page(self._desk, "rulings.html", rulings=rows, following=following)

    def unrule(self) -> Response:
        """Take a word back."""

        def act() -> Said:
            scope, block = request.form.get("scope", ""), request.form.get("block", "")
            if (scope, block) not in {(ruling.scope, ruling.block) for ruling in self._store.rulings()}:
                raise UsageError("There is no such ruling any more.")
            return applied(
                unrule(self._desk.services, scope, block), "Taken back: the text is judged as any other again."
            )

        return decided(self._desk, act, self.rulings)


def ruled(desk: Desk, scope: str, block: str, text: str, verdict: Literal["cut", "keep"]) -> Said:
    """Write a ruling down, have it applied to what is stored, and say so."""
    where = "the articles of all sources" if scope == EVERYWHERE else f"all articles of {scope}"
    done = f"From now on this text {'goes from' if verdict == 'cut' else 'stays in'} {where}."
    return applied(rule(desk.services, scope, block, text, verdict), done)


def applied(run: Run | None, done: str) -> Said:
    """What is said of something that was done, and is being applied to what is stored by this run."""
    return Said(f"{done} What is stored is being cleaned again.", f"runs/{run.id}") if run else Said(f"{done} {_WAITS}")
