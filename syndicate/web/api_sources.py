"""The admin API's routes about sources: what stands there, and an admin's words on it."""

from collections.abc import Callable
from dataclasses import asdict

from flask import Response
from flask_openapi3.blueprint import APIBlueprint
from flask_openapi3.models.tag import Tag

from syndicate.errors import UsageError
from syndicate.ingest.declare import declared
from syndicate.store import Store
from syndicate.web.answers import document, refusal
from syndicate.web.api_models import KeyPath, NewSource, SourceChange, SourceModel, Sources, refused
from syndicate.web.services import WebServices

_FOLDER = "location: a folder is moved on the machine that reads it, by `syndicate sources change`"


def source_routes(api: APIBlueprint, services: WebServices, tag: Tag) -> None:
    """Routes under /sources; a source of the configuration can only be paused and resumed here."""
    _declaring_routes(api, services, tag)
    _polling_routes(api, services.store, tag)


def _declaring_routes(api: APIBlueprint, services: WebServices, tag: Tag) -> None:
    store = services.store
    in_configuration = frozenset(spec.key for spec in services.settings.sources)

    @api.post(
        "/sources",
        summary="Add a source beside those of the configuration; it is polled within seconds",
        tags=[tag],
        responses={201: SourceModel, **refused(409)},
    )
    def add(body: NewSource) -> Response:
        try:
            spec = declared(body.model_dump(exclude_unset=True))
        except UsageError as error:
            return refusal(422, str(error))
        added = _answer(store, spec.key, lambda: store.add_source(spec, services.now()), 201)
        if added.status_code == 201:
            added.headers["Location"] = f"{services.settings.public_url}/api/v1/sources/{spec.key}"
        return added

    @api.patch(
        "/sources/<key>",
        summary="Change a source that was added; what is not named stays",
        tags=[tag],
        responses={200: SourceModel, **refused(404, 409)},
    )
    def change(path: KeyPath, body: SourceChange) -> Response:
        try:
            before = store.changeable_source(path.key, in_configuration).spec
        except UsageError as error:
            return _impossible(store, path.key, error)
        said = body.model_dump(exclude_unset=True)
        if before.kind == "folder" and said.get("location", before.location) != before.location:
            return refusal(422, _FOLDER)
        try:
            spec = declared({**asdict(before), **said})
        except UsageError as error:
            return refusal(422, str(error))
        return _answer(store, path.key, lambda: store.change_source(spec, services.now()))

    @api.delete(
        "/sources/<key>",
        summary="Remove a source that was added; its articles stay",
        tags=[tag],
        responses={204: None, **refused(404, 409)},
    )
    def remove(path: KeyPath) -> Response:
        try:
            store.remove_source(path.key, in_configuration)
        except UsageError as error:
            return _impossible(store, path.key, error)
        return Response(status=204)


def _polling_routes(api: APIBlueprint, store: Store, tag: Tag) -> None:
    one = {200: SourceModel, **refused(404)}

    @api.get("/sources", summary="All sources", tags=[tag], responses={200: Sources})
    def sources() -> Response:
        return document({"sources": store.sources()})

    @api.get("/sources/<key>", summary="One source", tags=[tag], responses=one)
    def source(path: KeyPath) -> Response:
        return _answer(store, path.key, lambda: None)

    @api.post("/sources/<key>/pause", summary="Stop polling a source until it is resumed", tags=[tag], responses=one)
    def pause(path: KeyPath) -> Response:
        return _answer(store, path.key, lambda: store.set_source_status(path.key, "paused"))

    @api.post("/sources/<key>/resume", summary="Poll a paused or ended source again", tags=[tag], responses=one)
    def resume(path: KeyPath) -> Response:
        return _answer(store, path.key, lambda: store.set_source_status(path.key, "active"))


def _answer(store: Store, key: str, act: Callable[[], object], status: int = 200) -> Response:
    """Act, and answer with the source as it is then."""
    try:
        act()
    except UsageError as error:
        return _impossible(store, key, error)
    state = store.source(key)
    if state is None or state.status == "retired":
        return refusal(404, "No source has this key.")
    return document({"source": state}, status)


def _impossible(store: Store, key: str, error: UsageError) -> Response:
    """What can't be done: 409 with a source that is there, 404 where there is none."""
    state = store.source(key)
    return refusal(404 if state is None or state.status == "retired" else 409, str(error))
