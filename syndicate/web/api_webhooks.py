"""The admin API's part for webhooks: where a partner is sent what changed, under /api/v1/partners/{key}/webhook."""

from flask import Response
from flask_openapi3.blueprint import APIBlueprint
from flask_openapi3.models.tag import Tag
from pydantic import BaseModel, ConfigDict, Field

from syndicate.errors import UsageError
from syndicate.push import webhooks
from syndicate.push.rules import LONGEST_CALLBACK
from syndicate.web.answers import document, refusal
from syndicate.web.api_models import KeyPath, refused
from syndicate.web.services import WebServices

_PLACE = "/partners/<key>/webhook"
_TAG = Tag(name="webhooks", description="Where partners are sent what changed in their feeds")


class NewWebhook(BaseModel):
    """Where a partner is to be sent what changes."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)

    url: str = Field(max_length=LONGEST_CALLBACK)


class WebhookModel(BaseModel):
    """How it is with a webhook; `secret` is there when it was made just now: nobody can be told it again."""

    webhook: webhooks.Report | None
    secret: str = ""


class AnsweredModel(BaseModel):
    """What a webhook answered to a ping; status 0 where no answer came."""

    answer: webhooks.Answered


def webhook_routes(api: APIBlueprint, services: WebServices) -> None:
    """Add these routes."""
    _address_routes(api, services)
    _secret_and_ping_routes(api, services)


def _address_routes(api: APIBlueprint, services: WebServices) -> None:
    store = services.store

    @api.put(
        _PLACE,
        summary="Set its address; the first time the secret is told, this once",
        tags=[_TAG],
        responses={200: WebhookModel, **refused(404)},
    )
    def put_webhook(path: KeyPath, body: NewWebhook) -> Response:
        if store.credential(path.key) is None:
            return refusal(404, "No partner has this key.")
        try:
            secret = webhooks.put(store, services.settings.allow_private, path.key, body.url, services.now())
        except UsageError as error:
            return refusal(422, str(error))
        return _told(services, path.key, secret)

    @api.delete(_PLACE, summary="Send nothing any more", tags=[_TAG], responses={200: WebhookModel, **refused(404)})
    def drop_webhook(path: KeyPath) -> Response:
        try:
            webhooks.drop(store, path.key)
        except UsageError as error:
            return refusal(404, str(error))
        return _told(services, path.key)


def _secret_and_ping_routes(api: APIBlueprint, services: WebServices) -> None:
    store = services.store

    @api.post(
        f"{_PLACE}/secret",
        summary="Sign with another secret, told this once",
        tags=[_TAG],
        responses={200: WebhookModel, **refused(404)},
    )
    def renew_secret(path: KeyPath) -> Response:
        try:
            return _told(services, path.key, webhooks.renew_secret(store, path.key, services.now()))
        except UsageError as error:
            return refusal(404, str(error))

    @api.post(
        f"{_PLACE}/ping",
        summary="Send a ping, and tell what was answered",
        tags=[_TAG],
        responses={200: AnsweredModel, **refused(404)},
    )
    def ping_webhook(path: KeyPath) -> Response:
        try:
            return document({"answer": webhooks.try_out(store, services.sender, path.key, services.now())})
        except UsageError as error:
            return refusal(404, str(error))


def _told(services: WebServices, key: str, secret: str = "") -> Response:
    report = {"webhook": webhooks.report(services.store, key)}
    return document({**report, "secret": secret} if secret else report)
