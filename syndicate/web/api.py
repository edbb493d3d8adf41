"""The admin API: JSON under /api/v1, for whoever bears the admin token."""

from collections.abc import Callable

from flask import Response, request
from flask_openapi3.blueprint import APIBlueprint
from flask_openapi3.models.tag import Tag

from syndicate.errors import UsageError
from syndicate.publish import insist
from syndicate.records import ArticleStatus, Corrected, Listed, Withdrawal
from syndicate.web.admin import turned_away
from syndicate.web.answers import document, queued, refusal
from syndicate.web.api_decisions import decision_routes
from syndicate.web.api_models import (
    ArticleModel,
    Articles,
    CorrectionModel,
    IdPath,
    KeyPath,
    Limit,
    Note,
    Reason,
    RunModel,
    Runs,
    Which,
    WithdrawalModel,
    refused,
)
from syndicate.web.api_partners import partner_routes
from syndicate.web.api_sources import source_routes
from syndicate.web.api_topics import topic_routes
from syndicate.web.api_webhooks import webhook_routes
from syndicate.web.services import WebServices

_SECONDS = 5.0  # to wait for who is building a feed
_INGEST = Tag(name="ingest", description="Runs of ingestion")
_CONTENT = Tag(name="content", description="Sources, topics, articles")


def blueprint(services: WebServices) -> APIBlueprint:
    """All routes of the admin API."""
    api = APIBlueprint(
        "api",
        __name__,
        url_prefix="/api/v1",
        abp_security=[{"admin": []}],
        abp_responses=refused(401, 403, 422, 429, 503),
    )
    api.before_request(lambda: turned_away(services.settings.admin_token))
    _ingest_routes(api, services)
    source_routes(api, services, _CONTENT)
    topic_routes(api, services, _CONTENT)
    _article_routes(api, services)
    _withdrawal_routes(api, services)
    decision_routes(api, services)
    partner_routes(api, services)
    webhook_routes(api, services)
    return api


def _ingest_routes(api: APIBlueprint, services: WebServices) -> None:
    store = services.store

    @api.post("/ingest", summary="Ingest all sources", tags=[_INGEST], responses={202: RunModel})
    def ingest() -> Response:
        if request.args or request.get_data() not in {b"", b"{}"}:  # who names a source does not mean all of them
            return refusal(422, "All sources are ingested: nothing can be named. For one: /api/v1/sources/{key}/ingest")
        return queued(services, "api")

    @api.post(
        "/sources/<key>/ingest",
        summary="Ingest one source",
        tags=[_INGEST],
        responses={202: RunModel, **refused(404)},
    )
    def ingest_source(path: KeyPath) -> Response:
        return queued(services, "api", path.key)

    @api.get("/runs", summary="The latest runs", tags=[_INGEST], responses={200: Runs})
    def runs(query: Limit) -> Response:
        return document({"runs": store.runs(query.limit)})

    @api.get("/runs/<id>", summary="One run and its report", tags=[_INGEST], responses={200: RunModel, **refused(404)})
    def run(path: IdPath) -> Response:
        found = store.run(path.id)
        return document({"run": found}) if found else refusal(404, "No run has this id.")


def _article_routes(api: APIBlueprint, services: WebServices) -> None:
    store = services.store

    def decide(article_id: str, status: ArticleStatus, of: tuple[ArticleStatus, ...]) -> Response:
        if store.article(article_id) is None:
            return refusal(404, "No article has this id.")
        try:
            store.set_status(article_id, status, of=of)
        except UsageError as error:
            return refusal(409, str(error))
        return document({"article": store.article(article_id)})

    @api.get("/articles", summary="Articles; those with status=held wait", tags=[_CONTENT], responses={200: Articles})
    def articles(query: Which) -> Response:
        found = store.articles(query.source, query.status, query.limit)
        return document({"articles": [Listed.of(stored) for stored in found]})

    @api.get(
        "/articles/<id>",
        summary="One article, with its cuts and doubts",
        tags=[_CONTENT],
        responses={200: ArticleModel, **refused(404)},
    )
    def article(path: IdPath) -> Response:
        found = store.article(path.id)
        return document({"article": found}) if found else refusal(404, "No article has this id.")

    @api.post(
        "/articles/<id>/release",
        summary="Publish a held article as it was cleaned; it is in the feeds when they are built next",
        tags=[_CONTENT],
        responses={200: ArticleModel, **refused(404, 409)},
    )
    def release(path: IdPath) -> Response:
        return decide(path.id, "live", ("held", "discarded"))

    @api.post(
        "/articles/<id>/discard",
        summary="Give a held article up",
        tags=[_CONTENT],
        responses={200: ArticleModel, **refused(404, 409)},
    )
    def discard(path: IdPath) -> Response:
        return decide(path.id, "discarded", ("held",))


def _withdrawal_routes(api: APIBlueprint, services: WebServices) -> None:
    store = services.store

    def done(article_id: str, act: Callable[[], Withdrawal | Corrected]) -> Response:
        """Act and publish at once; 202 while a feed is as it was, since it is tried again every few seconds."""
        if store.article(article_id) is None:
            return refusal(404, "No article has this id.")
        try:
            did = act()
        except UsageError as error:
            return refusal(409, str(error))
        standing = insist(services.publish, did.topics, _SECONDS)
        withdrawal = {"withdrawal": did} if isinstance(did, Withdrawal) else {}
        article = store.article(did.articles[0] if isinstance(did, Withdrawal) else did.article)
        return document({"article": article, **withdrawal, "standing": standing}, 202 if standing else 200)

    answers = {200: WithdrawalModel, 202: WithdrawalModel, **refused(404, 409)}

    @api.post(
        "/articles/<id>/kill",
        summary="Withdraw an article and all its copies everywhere, at once, and tell partners why",
        tags=[_CONTENT],
        responses=answers,
    )
    def kill(path: IdPath, body: Reason) -> Response:
        return done(path.id, lambda: store.kill(path.id, body.reason, services.now()))

    @api.delete(
        "/articles/<id>/kill",
        summary="Take back that an article was killed: it is published as its source tells it by now",
        tags=[_CONTENT],
        responses=answers,
    )
    def revive(path: IdPath) -> Response:
        return done(path.id, lambda: store.revive(path.id, services.now()))

    notes = {200: CorrectionModel, 202: CorrectionModel, **refused(404, 409)}

    @api.post(
        "/articles/<id>/correct",
        summary="Put a note below an article everywhere; it stays whatever its source says",
        tags=[_CONTENT],
        responses=notes,
    )
    def correct(path: IdPath, body: Note) -> Response:
        return done(path.id, lambda: store.correct(path.id, body.note, services.now()))

    @api.delete("/articles/<id>/correct", summary="Take an article's last note back", tags=[_CONTENT], responses=notes)
    def uncorrect(path: IdPath) -> Response:
        return done(path.id, lambda: store.uncorrect(path.id, services.now()))
