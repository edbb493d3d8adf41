"""`topics`: what feeds there are, and which articles go into which. List, show, add, change, try, remove, export."""

from collections.abc import Callable, Mapping
from dataclasses import asdict
from typing import Any

import click

from syndicate import bootstrap
from syndicate.cli.saying import say
from syndicate.cli.terminal import Decorated, as_json_option, print_json, quiet_settings, summary_table
from syndicate.current_topics import current_topics, is_declared
from syndicate.errors import SyndicateError, UsageError
from syndicate.formats import feed_path
from syndicate.model import TopicSpec
from syndicate.opml import topics_opml
from syndicate.settings import Settings
from syndicate.store import Store
from syndicate.topic_changes import (
    MOST,
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

_SECONDS = 20.0  # to wait for who is building a feed, or classifying


def _words(name: str, field: str, help_: str) -> Callable[[Decorated], Decorated]:
    return click.option(name, field, multiple=True, metavar="TEXT", help=f"{help_} (again for more).")


def _rule(command: Decorated) -> Decorated:
    """What may be said of a topic beside its key and title; what is not said is None or ()."""
    options = (
        click.option("--description", help="What it is about, in a sentence."),
        click.option("--language", help="A language tag, where it is not the house's."),
        _words("--source", "sources", "A source all of whose articles belong to it"),
        _words("--category", "categories", "A category whose articles belong to it"),
        _words("--any-of", "any_of", "A word or phrase, one of which has to stand in an article"),
        _words("--all-of", "all_of", "A word or phrase, all of which have to stand there"),
        _words("--none-of", "none_of", "A word or phrase, none of which may stand there"),
        click.option("--where", type=click.Choice(["title", "body", "both"]), help="Where these are looked for."),
        click.option("--dry-run", is_flag=True, help="Say what it would hold of what is stored, and change nothing."),
        as_json_option,
    )
    for option in reversed(options):
        command = option(command)
    return command


def _said(options: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in options.items() if value not in {None, ()}}


@click.group(invoke_without_command=True)
@as_json_option
@click.pass_context
def topics(context: click.Context, as_json: bool) -> None:
    """List the topics with their feeds; or show, add, change and remove some, or export the list of the feeds."""
    if context.invoked_subcommand:
        return
    settings = quiet_settings()
    store = bootstrap.store_as_it_is(settings)
    versions = store.feed_versions()
    counts = store.topic_counts()
    rows = []
    for topic in current_topics(settings, store):
        address = _address(settings, topic.key)
        version = versions.get((topic.key, "rss"), (0, ""))[0]
        if as_json:
            shown = {"topic": topic, "origin": _origin(settings, topic.key), "articles": counts.get(topic.key, 0)}
            print_json({**shown, "version": version, "feed": address})
        rows.append((topic.key, topic.title, counts.get(topic.key, 0), version or "", address))
    if not as_json:
        summary_table(("key", "title", "articles", "version", "feed"), rows)


@topics.command("show")
@click.argument("key")
@as_json_option
def show_topic(key: str, as_json: bool) -> None:
    """Show a topic: its rule, where it is declared, and what there is of it."""
    settings = quiet_settings()
    store = bootstrap.store_as_it_is(settings)
    topic = next((one for one in current_topics(settings, store) if one.key == key), None)
    if topic is None:
        raise UsageError(f"topic {key!r} does not exist; `syndicate topics` lists them")
    extent, origin = extent_of(store, key), _origin(settings, key)
    if as_json:
        print_json({"topic": topic, "origin": origin, "extent": extent, "feed": _address(settings, key)})
        return
    told = {
        **asdict(topic),
        "declared by": "the configuration" if origin == "config" else "an admin",
        "feed": f"{_address(settings, key)} (.atom, .json)",
        **asdict(extent),
    }
    for name, value in told.items():
        if value not in {"", 0, ()}:
            say(f"{name.replace('_', ' '):<16} {', '.join(value) if isinstance(value, tuple) else value}")


@topics.command("add")
@click.argument("key")
@click.option("--title", required=True, help="Its name, for people.")
@_rule
def add_topic(key: str, dry_run: bool, as_json: bool, **options: Any) -> None:
    """Add a topic beside those of the configuration. Its feeds hold what is stored and what comes."""

    def decide(settings: Settings, store: Store) -> TopicSpec:
        return new_topic(settings, store, {"key": key, **_said(options)})

    _write(f"added {key}", decide, lambda store, topic: store.add_topic(topic, MOST), dry_run=dry_run, as_json=as_json)


@topics.command("change")
@click.argument("key")
@click.option("--title", help="Its name, for people.")
@_rule
def change_topic(key: str, dry_run: bool, as_json: bool, **options: Any) -> None:
    """Change a topic that was added; what is not named stays. What is stored moves into and out of it at once.

    Of words, sources and categories those that are named take the place of all that were; an empty text takes them
    back. Topics of the configuration are changed there.
    """

    def decide(settings: Settings, store: Store) -> TopicSpec:
        return changed_topic(settings, store, key, _said(options))

    _write(f"changed {key}", decide, Store.change_topic, dry_run=dry_run, as_json=as_json)


@topics.command("remove")
@click.argument("key")
@click.option("--force", is_flag=True, help="Although partners' contracts name it.")
@click.option("--dry-run", is_flag=True, help="Say what would go, and change nothing.")
@as_json_option
def remove_topic(key: str, force: bool, dry_run: bool, as_json: bool) -> None:
    """Remove a topic that was added, with its feeds and its archive; its articles stay."""
    settings = quiet_settings()
    store = bootstrap.store_as_it_is(settings)
    topic = changeable_topic(settings, store, key)
    extent = removable_topic(settings, store, key, force=force or dry_run)
    if dry_run:
        _tell_trial(topic, tried(store, key, None), as_json=as_json)
    else:
        store.remove_topic(key)
    if as_json and not dry_run:
        print_json({"topic": topic, "extent": extent})
    elif not as_json:
        say(f"{'would remove' if dry_run else 'removed'} {key}: {_gone(extent)}")


@topics.command("export")
@click.option("--opml", "form", flag_value="opml", required=True, help="As OPML 2.0, for feed readers and importers.")
def export_topics(form: str) -> None:
    """Print the list of the topics' feeds."""
    del form  # there is one so far
    settings = quiet_settings()
    click.echo(topics_opml(settings.title, settings.public_url, bootstrap.topics_as_they_are(settings)))


def _write(
    done: str,
    decide: Callable[[Settings, Store], TopicSpec],
    act: Callable[[Store, TopicSpec], object],
    *,
    dry_run: bool,
    as_json: bool,
) -> None:
    """Try what is decided, or do it: say so, classify what is stored by it, and publish it."""
    settings = quiet_settings()
    if dry_run:
        store = bootstrap.store_as_it_is(settings)
        topic = decide(settings, store)
        _tell_trial(topic, tried(store, topic.key, topic), as_json=as_json)
        return
    with bootstrap.services(settings) as parts:
        topic = decide(settings, parts.store)
        act(parts.store, topic)
        standing = settled(parts.store, parts.publish, topic.key, _SECONDS)
        articles, address = parts.store.topic_counts().get(topic.key, 0), _address(settings, topic.key)
    if as_json:
        print_json({"topic": topic, "origin": "admin", "articles": articles, "feed": address})
    else:
        say(f"{done}: {_articles(articles)} in {address} (.atom, .json)")
    if standing:
        retried = "where `syndicate up` or `schedule` runs, that is tried again every few seconds"
        raise SyndicateError(f"{topic.key}: its feeds don't show that yet ({standing[topic.key]}); {retried}")


def _tell_trial(topic: TopicSpec, trial: Trial, *, as_json: bool) -> None:
    if as_json:
        print_json({"topic": topic, "trial": trial})
        return
    change = f"{trial.gained} that it does not hold now, without {trial.lost} that it does"
    say(f"{topic.key} would hold {trial.matches} of {_articles(trial.articles)}: with {change}")
    for sign, colour, examples, number in (
        ("+", "green", trial.gains, trial.gained),
        ("-", "red", trial.losses, trial.lost),
    ):
        for example in examples:
            say(f"{sign} {example.title or 'untitled'} ({example.id})", fg=colour)
        if number > len(examples):
            say(f"{sign} ... and {number - len(examples)} more", fg=colour)


def _gone(extent: Extent) -> str:
    parts = [f"its feeds; articles in it, which stay in others: {extent.articles}"]
    parts += [f"{extent.pages} pages of its archive"] if extent.pages else []
    parts += [f"what is served of it to partners: {', '.join(extent.partners)}"] if extent.partners else []
    parts += [f"{extent.subscribers} subscriptions, which are told"] if extent.subscribers else []
    return "; ".join(parts)


def _articles(number: int) -> str:
    return f"{number} {'article' if number == 1 else 'articles'}"


def _address(settings: Settings, key: str) -> str:
    return settings.public_url + feed_path(key, "rss")


def _origin(settings: Settings, key: str) -> str:
    return "config" if is_declared(settings, key) else "admin"
