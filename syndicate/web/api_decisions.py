"""The admin API's routes for what needs a person's word: cuts, proposals, rulings, and what waits in quarantine."""

from flask import Response
from flask_openapi3.blueprint import APIBlueprint
from flask_openapi3.models.tag import Tag

from syndicate.ingest.orders import REBUILD, REPLAY
from syndicate.records import Quarantined, Run
from syndicate.store import Store
from syndicate.store.rulings import EVERYWHERE, by_block
from syndicate.web.answers import document, followed, queued, refusal
from syndicate.web.api_models import (
    BlockPath,
    Cuts,
    IdPath,
    ItemPath,
    KeyPath,
    Limit,
    Proposals,
    Quarantine,
    QuarantinedModel,
    Restored,
    RulingPath,
    Rulings,
    RunModel,
    Verdict,
    refused,
)
from syndicate.web.ruling import rule, unrule
from syndicate.web.services import WebServices

_TAG = Tag(name="decisions", description="Cuts, proposals and rulings on them; quarantine")


def decision_routes(api: APIBlueprint, services: WebServices) -> None:
    """Add these routes. What is stored is cleaned or tried again by a worker, as a run that is answered with."""
    _cut_routes(api, services)
    _ruling_routes(api, services)
    _quarantine_routes(api, services)


def _cut_routes(api: APIBlueprint, services: WebServices) -> None:
    store = services.store

    @api.get(
        "/articles/<id>/cuts",
        summary="What was cut from an article and why, by the block that a ruling names",
        tags=[_TAG],
        responses={200: Cuts, **refused(404)},
    )
    def cuts(path: IdPath) -> Response:
        stored = store.article(path.id)
        if stored is None:
            return refusal(404, "No article has this id.")
        article = stored.published.article
        return document({"cuts": by_block(article.cuts, article.title)})

    @api.post(
        "/articles/<id>/restore",
        summary="Rule that a text that was cut stays in all articles of its source",
        tags=[_TAG],
        responses={202: RunModel, **refused(404, 409)},
    )
    def restore(path: IdPath, body: Restored) -> Response:
        stored = store.article(path.id)
        if stored is None:
            return refusal(404, "No article has this id.")
        article = stored.published.article
        cut = by_block(article.cuts, article.title).get(body.block)
        if cut is None:
            return refusal(409, "This block is not cut from the article (any more).")
        scope = EVERYWHERE if body.everywhere else article.source
        return _applied(services, rule(services, scope, body.block, cut.text, "keep"))

    @api.post(
        "/sources/<key>/rebuild",
        summary="Clean a source's stored articles again by today's rules",
        tags=[_TAG],
        responses={202: RunModel, **refused(404)},
    )
    def rebuild(path: KeyPath) -> Response:
        return queued(services, REBUILD, path.key)


def _ruling_routes(api: APIBlueprint, services: WebServices) -> None:
    store = services.store

    @api.get("/proposals", summary="What may be boilerplate and waits", tags=[_TAG], responses={200: Proposals})
    def proposals(query: Limit) -> Response:
        return document({"proposals": store.proposals(query.limit)})

    @api.post(
        "/proposals/<block>",
        summary="Rule on a proposal: cut it or keep it, from now on and in what is stored",
        tags=[_TAG],
        responses={202: RunModel, **refused(404)},
    )
    def decide(path: BlockPath, body: Verdict) -> Response:
        texts = {proposal.source: proposal.text for proposal in store.proposals(block=path.block)}
        if body.source not in texts:
            return refusal(404, "This block does not wait for a word in this source.")
        scope = EVERYWHERE if body.everywhere else body.source
        return _applied(services, rule(services, scope, path.block, texts[body.source], body.verdict))

    @api.get("/rulings", summary="The rulings that hold", tags=[_TAG], responses={200: Rulings})
    def rulings() -> Response:
        return document({"rulings": store.rulings()})

    @api.delete(
        "/rulings/<scope>/<block>",
        summary='Take a ruling back; the scope is its source, or "*"',
        tags=[_TAG],
        responses={202: RunModel, **refused(404)},
    )
    def take_back(path: RulingPath) -> Response:
        if (path.scope, path.block) not in {(ruling.scope, ruling.block) for ruling in store.rulings()}:
            return refusal(404, "There is no such ruling.")
        return _applied(services, unrule(services, path.scope, path.block))


def _quarantine_routes(api: APIBlueprint, services: WebServices) -> None:
    store = services.store

    @api.get("/quarantine", summary="What could not be taken in", tags=[_TAG], responses={200: Quarantine})
    def quarantine(query: Limit) -> Response:
        return document({"items": store.quarantine(limit=query.limit)})

    @api.post(
        "/quarantine/<id>/replay",
        summary="Try an item again, with all else that waits of its source",
        tags=[_TAG],
        responses={202: RunModel, **refused(404, 409)},
    )
    def replay_item(path: ItemPath) -> Response:
        item = _waiting(store, path.id)
        return queued(services, REPLAY, item.rejected.source) if isinstance(item, Quarantined) else item

    @api.post(
        "/quarantine/<id>/discard",
        summary="Give an item up for good",
        tags=[_TAG],
        responses={200: QuarantinedModel, **refused(404, 409)},
    )
    def discard_item(path: ItemPath) -> Response:
        item = _waiting(store, path.id)
        if not isinstance(item, Quarantined):
            return item
        store.settle(item.id, "discarded")
        return document({"item": store.quarantined(path.id)})


def _waiting(store: Store, item_id: int) -> Quarantined | Response:
    """An item that waits, or what is answered where there is none."""
    item = store.quarantined(item_id)
    if item is None:
        return refusal(404, "No item of the quarantine has this id.")
    return item if item.state == "waiting" else refusal(409, f"This item waits no more: it is {item.state}.")


def _applied(services: WebServices, run: Run | None) -> Response:
    """A ruling holds for what comes, also while no run for what is stored can be queued: then `run` is null."""
    return followed(services, run) if run else document({"run": None}, 202)
