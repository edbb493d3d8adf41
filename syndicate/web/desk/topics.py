"""Topics: what feeds there are; others are added, tried, changed and removed beside those of the configuration."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, Response, request
from werkzeug.exceptions import NotFound

from syndicate.current_topics import current_topics, is_declared
from syndicate.formats import feed_path
from syndicate.model import FEED_FORMATS, TopicSpec
from syndicate.topic_changes import (
    DESCRIPTION_LENGTH,
    LISTS,
    MOST,
    TITLE_LENGTH,
    Trial,
    changed_topic,
    extent_of,
    new_topic,
    removable_topic,
    settled,
    tried,
)
from syndicate.web.desk.page import Desk, decided, number, page, sliced
from syndicate.web.desk.session import Said

_SECONDS = 5.0  # to wait for who is building a feed, or classifying
_WORDS = ("title", "description", "language", "where")


def routes(blueprint: Blueprint, desk: Desk) -> None:
    """The routes /admin/topics and below."""
    room = _Topics(desk)
    blueprint.get("/topics")(room.topics)
    blueprint.post("/topics")(room.add_topic)
    blueprint.get("/topics/<key>")(room.topic)
    for act in (room.change_topic, room.remove_topic):
        blueprint.post(f"/topics/<key>/{act.__name__.removesuffix('_topic')}")(act)


class _Topics:
    """What the routes do; each act is a command's."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._store = desk.services.store
        self._settings = desk.services.settings

    def topics(self, trial: Trial | None = None) -> Response:
        """All topics, and the form for another, with what trying that has found."""
        rows, following = sliced(current_topics(self._settings, self._store), number("after"))
        counts = self._store.topic_counts()
        listed = [(one, counts.get(one.key, 0), self._store.latest(one.key), self._feeds(one)) for one in rows]
        added = {topic.key for topic in rows if not is_declared(self._settings, topic.key)}
        asked = {"topics": listed, "following": following, "added": added, "given": _given() if request.form else {}}
        return self._page("topics.html", trial, **asked)

    def topic(self, key: str, trial: Trial | None = None) -> Response:
        """One that was added, what there is of it, and the form to change it."""
        found = None if is_declared(self._settings, key) else self._store.added_topic(key)
        if found is None:
            raise NotFound("There is no such topic, or the configuration declares it.")
        given = _given() if "title" in request.form else _as_given(found)
        extent = extent_of(self._store, key)
        return self._page("topic.html", trial, topic=found, given=given, extent=extent, feeds=self._feeds(found))

    def add_topic(self) -> Response:
        """Add one, or try it."""

        def decide() -> TopicSpec:
            values = {name: value for name, value in _values().items() if value}
            return new_topic(self._settings, self._store, {"key": request.form.get("key", "").strip(), **values})

        def act(topic: TopicSpec) -> str:
            self._store.add_topic(topic, MOST)
            return f"{topic.title} is a topic now"

        return self._decided(decide, act, self.topics)

    def change_topic(self, key: str) -> Response:
        """Change one, or try that."""

        def act(topic: TopicSpec) -> str:
            self._store.change_topic(topic)
            return f"{topic.title} is changed"

        return self._decided(
            lambda: changed_topic(self._settings, self._store, key, _values()),
            act,
            lambda trial=None: self.topic(key, trial),
        )

    def remove_topic(self, key: str) -> Response:
        """Remove one, with its feeds."""

        def act() -> Said:
            removable_topic(self._settings, self._store, key, force="force" in request.form)
            self._store.remove_topic(key)
            return Said(f"{key} is removed, with its feeds. Its articles stay in the others.")

        return decided(self._desk, act, lambda: self.topic(key))

    def _decided(
        self, decide: Callable[[], TopicSpec], act: Callable[[TopicSpec], str], shown: Callable[..., Response]
    ) -> Response:
        def done() -> Said | Response:
            topic = decide()
            if "try" in request.form:
                return shown(tried(self._store, topic.key, topic))
            said = act(topic)
            left = settled(self._store, self._desk.services.publish, topic.key, _SECONDS)
            why = "".join(left.values())
            late = f" Its feeds don't show that yet, and are tried again every few seconds: {why}." if left else ""
            count = self._store.topic_counts().get(topic.key, 0)
            return Said(f"{said}: it holds {count} {'article' if count == 1 else 'articles'}.{late}")

        return decided(self._desk, done, shown)

    def _page(self, template: str, trial: Trial | None, **values: Any) -> Response:
        sources = sorted(state.spec.key for state in self._store.sources() if state.status != "retired")
        lengths = {"title_length": TITLE_LENGTH, "description_length": DESCRIPTION_LENGTH}
        return page(self._desk, template, trial=trial, sources=sources, **lengths, **values)

    def _feeds(self, topic: TopicSpec) -> list[tuple[str, str]]:
        root = self._settings.public_url
        feeds = [(format_, root + feed_path(topic.key, format_)) for format_ in FEED_FORMATS]
        return [*feeds, ("frame", f"{root}/embed/{topic.key}")]


def _values() -> dict[str, Any]:
    """What a form says of a topic: of its rule a line each."""
    words: dict[str, Any] = {name: request.form.get(name, "").strip() for name in _WORDS}
    words["where"] = words["where"] or "both"
    lists = {name: tuple(request.form.get(name, "").splitlines()) for name in LISTS if name != "sources"}
    return {**words, **lists, "sources": tuple(request.form.getlist("sources"))}


def _given() -> dict[str, Any]:
    """What was typed, to be shown again."""
    return {"key": request.form.get("key", ""), **_values()}


def _as_given(topic: TopicSpec) -> dict[str, Any]:
    return {name: getattr(topic, name) for name in ("key", *_WORDS, *LISTS)}
