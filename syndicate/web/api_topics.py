"""The admin API's part for topics: those of the configuration are shown, others are added, changed, removed, tried."""

from collections.abc import Callable
from typing import Annotated, Any, Literal

from flask import Response
from flask_openapi3.blueprint import APIBlueprint
from flask_openapi3.models.tag import Tag
from pydantic import BaseModel, ConfigDict, Field

from syndicate.current_topics import current_topics, is_declared
from syndicate.errors import UsageError
from syndicate.formats import feed_path
from syndicate.model import FEED_FORMATS, TopicSpec
from syndicate.topic_changes import (
    MOST,
    WORDS,
    Extent,
    Trial,
    changeable_topic,
    changed_topic,
    extent_of,
    new_topic,
    removable_topic,
    settled,
    tried,
)
from syndicate.web.answers import document, refusal
from syndicate.web.api_models import KeyPath, refused
from syndicate.web.services import WebServices

_SECONDS = 5.0  # to wait for who is building a feed, or classifying
Words = Annotated[list[str], Field(max_length=2 * WORDS)]


class TopicModel(BaseModel):
    """One topic, where it is declared, and the addresses of its feeds.

    `standing` names it (with a reason) while its last good feeds don't show a change; `trial` is what a dry run found,
    `extent` what there is of it.
    """

    topic: TopicSpec
    origin: Literal["config", "admin"]
    feeds: dict[str, str]
    standing: dict[str, str] = Field(default_factory=dict)
    extent: Extent | None = None
    trial: Trial | None = None


class Topics(BaseModel):
    """All topics."""

    topics: list[TopicModel]


class TopicChange(BaseModel):
    """What is said of a topic anew."""

    model_config = ConfigDict(extra="forbid")

    title: str = Field("", description="Its name, for people")
    description: str = Field("", description="What it is about, in a sentence")
    language: str = Field("", description="A language tag, where it is not the house's")
    sources: Words = Field([], description="Keys of sources all of whose articles belong to it")
    categories: Words = Field([], description="Categories whose articles belong to it")
    any_of: Words = Field([], description="Words and phrases of which one has to stand in an article")
    all_of: Words = Field([], description="Words and phrases all of which have to stand there")
    none_of: Words = Field([], description="Words and phrases none of which may stand there")
    where: Literal["title", "body", "both"] = Field("both", description="Where the words are looked for")


class NewTopic(TopicChange):
    """A topic to be added."""

    key: str = Field(description="What it is called in addresses: small letters, digits, hyphens")
    title: str = Field(description="Its name, for people")


class DryRun(BaseModel):
    """Whether only to say what would be."""

    dry_run: bool = Field(False, description="Change nothing, and say what of the published articles it would hold")


class Removal(DryRun):
    """How a topic is removed."""

    force: bool = Field(False, description="Although partners' contracts name it")


def topic_routes(api: APIBlueprint, services: WebServices, tag: Tag) -> None:
    """Routes under /topics; a topic of the configuration is changed there."""
    _reading_routes(api, services, tag)
    _writing_routes(api, services, tag)
    _removing_route(api, services, tag)


def _reading_routes(api: APIBlueprint, services: WebServices, tag: Tag) -> None:
    settings, store = services.settings, services.store

    @api.get("/topics", summary="All topics", tags=[tag], responses={200: Topics})
    def topics() -> Response:
        return document({"topics": [_shown(services, topic) for topic in current_topics(settings, store)]})

    @api.get(
        "/topics/<key>",
        summary="One topic, and what there is of it",
        tags=[tag],
        responses={200: TopicModel, **refused(404)},
    )
    def topic(path: KeyPath) -> Response:
        found = next((one for one in current_topics(settings, store) if one.key == path.key), None)
        if found is None:
            return refusal(404, "No topic has this key.")
        return document({**_shown(services, found), "extent": extent_of(store, path.key)})


def _writing_routes(api: APIBlueprint, services: WebServices, tag: Tag) -> None:
    settings, store = services.settings, services.store

    @api.post(
        "/topics",
        summary=f"Add a topic beside those of the configuration ({MOST} at most), or try one",
        tags=[tag],
        responses={200: TopicModel, 201: TopicModel, **refused(409)},
    )
    def add_topic(query: DryRun, body: NewTopic) -> Response:
        if any(one.key == body.key for one in current_topics(settings, store)):
            return refusal(409, "There is a topic of this key.")
        return _answer(
            services,
            query,
            lambda: new_topic(settings, store, body.model_dump(exclude_unset=True)),
            lambda topic: store.add_topic(topic, MOST),
            201,
        )

    @api.patch(
        "/topics/<key>",
        summary="Change a topic that was added, or try that; what is not named stays",
        tags=[tag],
        responses={200: TopicModel, **refused(404, 409)},
    )
    def change_topic(path: KeyPath, query: DryRun, body: TopicChange) -> Response:
        if problem := _unchangeable(services, path.key):
            return problem
        said = body.model_dump(exclude_unset=True)
        return _answer(services, query, lambda: changed_topic(settings, store, path.key, said), store.change_topic)


def _removing_route(api: APIBlueprint, services: WebServices, tag: Tag) -> None:
    settings, store = services.settings, services.store

    @api.delete(
        "/topics/<key>",
        summary="Remove a topic that was added, with its feeds, or say what would go; its articles stay",
        tags=[tag],
        responses={200: TopicModel, **refused(404, 409)},
    )
    def remove_topic(path: KeyPath, query: Removal) -> Response:
        if problem := _unchangeable(services, path.key):
            return problem
        try:
            shown = _shown(services, changeable_topic(settings, store, path.key))
            extent = removable_topic(settings, store, path.key, force=query.force or query.dry_run)
            if query.dry_run:
                return document({**shown, "extent": extent, "trial": tried(store, path.key, None)})
            store.remove_topic(path.key)
        except UsageError as error:
            return refusal(409, str(error))
        return document({**shown, "extent": extent})


def _answer(
    services: WebServices,
    query: DryRun,
    decide: Callable[[], TopicSpec],
    act: Callable[[TopicSpec], object],
    status: int = 200,
) -> Response:
    """Try what was decided, or do and publish it."""
    try:
        topic = decide()
        if query.dry_run:
            return document({**_shown(services, topic), "trial": tried(services.store, topic.key, topic)})
        act(topic)
    except UsageError as error:
        return refusal(422, str(error))
    standing = settled(services.store, services.publish, topic.key, _SECONDS)
    where = (("Location", f"{services.settings.public_url}/api/v1/topics/{topic.key}"),) if status == 201 else ()
    return document({**_shown(services, topic), "standing": standing}, status, *where)


def _unchangeable(services: WebServices, key: str) -> Response | None:
    """Why a topic can't be changed, or None: 404 where there is none, 409 for one of the configuration."""
    try:
        changeable_topic(services.settings, services.store, key)
    except UsageError as error:
        return refusal(409 if is_declared(services.settings, key) else 404, str(error))
    return None


def _shown(services: WebServices, topic: TopicSpec) -> dict[str, Any]:
    feeds = {format_: services.settings.public_url + feed_path(topic.key, format_) for format_ in FEED_FORMATS}
    origin = "config" if is_declared(services.settings, topic.key) else "admin"
    return {"topic": topic, "origin": origin, "feeds": feeds}
