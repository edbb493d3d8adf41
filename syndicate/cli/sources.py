"""`sources`: where articles come from. List, show, add, change, import, pause, resume, remove."""

import re
import sys
from collections.abc import Mapping
from dataclasses import asdict
from typing import get_args

import click

from syndicate import bootstrap
from syndicate.cli.saying import say
from syndicate.cli.terminal import Decorated, as_json_option, contents, print_json, quiet_settings, summary_table
from syndicate.errors import SyndicateError, UsageError
from syndicate.ingest.declare import declared
from syndicate.model import SourceKind
from syndicate.normalize.urls import link_key
from syndicate.opml import Outline, key_for, read_opml
from syndicate.settings import Settings

_PASSWORD = re.compile("(?<=//)[^/?#]*@")


def _details(command: Decorated) -> Decorated:
    """What may be said of a source beside its key, kind and location; what is not said is None."""
    options = (
        click.option("--title", help="The publisher's name."),
        click.option("--language", help="A language tag, where the source does not say."),
        click.option("--rights", help="Whose its articles are, where they don't say."),
        click.option(
            "--full-text/--as-it-is", default=None, help="Fetch the article's page where the feed has a teaser, or not."
        ),
        click.option("--every", type=int, help="Poll every so many seconds instead of by the source's own rhythm."),
        click.option("--cron", help="Poll at these times (five fields, UTC)."),
        click.option("--article-pattern", help="Of a page: what the addresses of its articles look like (a pattern)."),
        click.option("--push/--no-push", default=None, help="Subscribe to its hub if it names one, or not."),
    )
    for option in reversed(options):
        command = option(command)
    return command


def _said(options: Mapping[str, object]) -> dict[str, object]:
    return {name: value for name, value in options.items() if value is not None}


@click.group(invoke_without_command=True)
@as_json_option
@click.pass_context
def sources(context: click.Context, as_json: bool) -> None:
    """List the sources with their state; or show, add, change, import, pause, resume and remove some."""
    if context.invoked_subcommand:
        return
    store = bootstrap.store_as_it_is(quiet_settings())
    states = [s for s in store.sources() if s.status != "retired"]
    if as_json:
        for state in states:
            print_json(state)
        return
    columns = ("key", "kind", "status", "location", "last success", "next poll", "failures", "last error")
    rows = [
        (s.spec.key, s.spec.kind, s.status, s.location, s.last_success, s.due, s.failures or "", s.last_error)
        for s in states
    ]
    summary_table(columns, rows)


@sources.command("show")
@click.argument("key")
@as_json_option
def show_source(key: str, as_json: bool) -> None:
    """Show a source: how it is declared, and what is remembered of polling it."""
    store = bootstrap.store_as_it_is(quiet_settings())
    state = store.source(key)
    if state is None or state.status == "retired":
        raise UsageError(f"source {key!r} does not exist; `syndicate sources` lists them")
    ours = store.subscription_of(key)
    if as_json:
        print_json({**asdict(state), "push": ours and {"until": ours.expires, "told": ours.told, "error": ours.error}})
        return
    remembered = {
        "declared by": "the configuration" if state.origin == "config" else "an admin",
        "status": state.status,
        "polled at": state.location if state.location != state.spec.location else "",
        "last checked": state.last_checked,
        "last success": state.last_success,
        "last new": state.last_new,
        "next poll": state.due,
        "failures": state.failures,
        "last error": state.last_error,
        "hub": state.hub.url,
        "pushes": ours.condition(bootstrap.utc_now()) if ours else "",
        "last push": ours.told if ours else None,
    }
    for name, value in {**asdict(state.spec), **remembered}.items():
        if value not in {None, "", 0} or name == "key":
            say(f"{name.replace('_', ' '):<16} {value}")


@sources.command("add")
@click.argument("key")
@click.argument("kind", type=click.Choice(get_args(SourceKind)))
@click.argument("location")
@_details
def add_source(key: str, kind: str, location: str, **options: object) -> None:
    """Add a source beside those of the configuration."""
    spec = declared({"key": key, "kind": kind, "location": location, **_said(options)})
    store = bootstrap.store_as_it_is(quiet_settings())
    store.add_source(spec, bootstrap.utc_now())
    say(f"added {spec.key}; it is polled within seconds where `syndicate up` runs")


@sources.command("change")
@click.argument("key")
@click.option("--location", help="Where it is: an address, or a folder's path.")
@_details
def change_source(key: str, **options: object) -> None:
    """Change a source that was added; what is not named stays.

    An empty text takes back what was said, `--every 0` lets the source's own rhythm decide again. It is read anew at
    once. Sources of the configuration are changed there.
    """
    if not (said := _said(options)):
        raise UsageError("nothing to change: name an option (--help lists them)")
    settings = quiet_settings()
    store = bootstrap.store_as_it_is(settings)
    state = store.changeable_source(key, [spec.key for spec in settings.sources])
    spec = declared({**asdict(state.spec), **said, "every": said.get("every", state.spec.every) or None})
    say(f"changed {key}" if store.change_source(spec, bootstrap.utc_now()) else f"{key} is so already")


@sources.command("import")
@click.argument("file")
@click.option("--full-text", is_flag=True, help="Fetch the article's page where a feed has a teaser.")
@click.option("--dry-run", is_flag=True, help="Say what would be added, and add nothing.")
def import_sources(file: str, full_text: bool, dry_run: bool) -> None:
    """Add the feeds that an OPML list names, and that are no sources yet.

    Each gets a key made of its title. Ends with 1 if one can't be a source; the others are added all the same.
    """
    settings = quiet_settings()
    store = bootstrap.store_as_it_is(settings)
    listed = _listed(file, settings)
    states = store.sources()
    polled = {link_key(place) for s in states if s.status != "retired" for place in (s.location, s.spec.location)}
    keys, failed = {state.spec.key for state in states}, 0
    for outline in listed:
        if link_key(outline.url) in polled:
            say(f"known already: {outline.url}")
            continue
        try:
            spec = declared({
                "key": key_for(outline, keys), "kind": "feed", "location": outline.url,
                "title": outline.title, "full_text": full_text,
            })  # fmt: skip
        except UsageError as error:
            failed += 1
            say(f"syndicate: {_PASSWORD.sub('', outline.url)}: not added: {error}", err=True)
            continue
        if not dry_run:
            store.add_source(spec, bootstrap.utc_now())
        keys.add(spec.key)
        polled.add(link_key(outline.url))
        say(f"{'would add' if dry_run else 'added'} {spec.key}: {spec.location}")
    if failed:
        sys.exit(1)


def _listed(file: str, settings: Settings) -> tuple[Outline, ...]:
    try:
        return read_opml(contents(file, settings.fetch.decoded_bytes))
    except UsageError as error:
        raise SyndicateError(f"{file}: {error}") from error


@sources.command("remove")
@click.argument("key")
def remove_source(key: str) -> None:
    """Remove a source that was added, or that the configuration declares no more; its articles stay."""
    settings = quiet_settings()
    bootstrap.store_as_it_is(settings).remove_source(key, [spec.key for spec in settings.sources])
    say(f"removed {key}")


@sources.command("pause")
@click.argument("key")
def pause_source(key: str) -> None:
    """Stop polling a source until it is resumed."""
    bootstrap.store_as_it_is(quiet_settings()).set_source_status(key, "paused")
    say(f"paused {key}")


@sources.command("resume")
@click.argument("key")
def resume_source(key: str) -> None:
    """Poll a source again that was paused or has ended."""
    bootstrap.store_as_it_is(quiet_settings()).set_source_status(key, "active")
    say(f"resumed {key}")
