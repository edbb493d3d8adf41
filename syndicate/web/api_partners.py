"""The admin API's part for partners: their contracts and tokens, under /api/v1/partners."""

from typing import Any

from flask import Response
from flask_openapi3.blueprint import APIBlueprint
from flask_openapi3.models.tag import Tag

from syndicate import partners
from syndicate.current_topics import current_topics
from syndicate.errors import UsageError
from syndicate.publish import insist
from syndicate.push.webhooks import report
from syndicate.records_served import Partner
from syndicate.web.answers import document, refusal
from syndicate.web.api_models import KeyPath, NewPartner, PartnerChange, PartnerModel, Partners, refused
from syndicate.web.services import WebServices

_SECONDS = 5.0  # to wait for who is building a feed
_TAG = Tag(name="partners", description="Sites that import feeds of their own")


def partner_routes(api: APIBlueprint, services: WebServices) -> None:
    """Add these routes."""
    _reading_routes(api, services)
    _changing_routes(api, services)
    _token_routes(api, services)


def _reading_routes(api: APIBlueprint, services: WebServices) -> None:
    store = services.store

    @api.get("/partners", summary="All partners", tags=[_TAG], responses={200: Partners})
    def list_partners() -> Response:
        return document({"partners": store.partners()})

    @api.get(
        "/partners/<key>",
        summary="One partner, the addresses of its feeds, and how it is with its webhook",
        tags=[_TAG],
        responses={200: PartnerModel, **refused(404)},
    )
    def show_partner(path: KeyPath) -> Response:
        found = store.credential(path.key)
        if found is None:
            return _missing()
        return document({**_shown(services, found[0]), "webhook": report(store, path.key)})


def _changing_routes(api: APIBlueprint, services: WebServices) -> None:
    store, settings = services.store, services.settings

    @api.post(
        "/partners",
        summary="Add a partner; its token is told this once",
        tags=[_TAG],
        responses={201: PartnerModel, **refused(409)},
    )
    def add_partner(body: NewPartner) -> Response:
        values = body.model_dump()
        key = values.pop("key")
        if store.credential(key) is not None:
            return refusal(409, "There is a partner of this key.")
        try:
            partner, token = partners.add(store, settings, key, values, services.now())
        except UsageError as error:
            return refusal(422, str(error))
        where = ("Location", f"{settings.public_url}/api/v1/partners/{key}")
        return document({**_published(services, partner), "token": token}, 201, where)

    @api.patch(
        "/partners/<key>",
        summary="Change a partner's contract, pause or resume it",
        tags=[_TAG],
        responses={200: PartnerModel, **refused(404)},
    )
    def change_partner(path: KeyPath, body: PartnerChange) -> Response:
        if store.credential(path.key) is None:
            return _missing()
        values = {name: value for name, value in body.model_dump().items() if value is not None}
        try:
            partner = partners.change(store, settings, path.key, values)
        except UsageError as error:
            return refusal(422, str(error))
        return document(_published(services, partner))


def _token_routes(api: APIBlueprint, services: WebServices) -> None:
    store = services.store

    @api.post(
        "/partners/<key>/token",
        summary="Give a partner another token, told this once; the one before is dead at once",
        tags=[_TAG],
        responses={200: PartnerModel, **refused(404)},
    )
    def renew_token(path: KeyPath) -> Response:
        try:
            partner, token = partners.renew_token(store, path.key)
        except UsageError:
            return _missing()
        return document({**_shown(services, partner), "token": token})

    @api.delete(
        "/partners/<key>",
        summary="Remove a partner: its token opens nothing any more",
        tags=[_TAG],
        responses={200: PartnerModel, **refused(404)},
    )
    def remove_partner(path: KeyPath) -> Response:
        found = store.credential(path.key)
        try:
            store.remove_partner(path.key)
        except UsageError:
            return _missing()
        return document({"partner": found and found[0]})


def _shown(services: WebServices, partner: Partner) -> dict[str, Any]:
    topics = current_topics(services.settings, services.store)
    return {"partner": partner, "feeds": partners.addresses(partner, topics, services.settings.public_url)}


def _published(services: WebServices, partner: Partner) -> dict[str, Any]:
    """The partner, once its feeds are built as far as that goes now; the others are tried again every few seconds."""
    shown = _shown(services, partner)
    return {**shown, "standing": insist(services.publish, shown["feeds"], _SECONDS)}


def _missing() -> Response:
    return refusal(404, "No partner has this key.")
