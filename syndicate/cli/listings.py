"""Commands that list and change: sources, topics, runs; and those that say what is wrong: `check`, `doctor`."""

import re
import sys
from collections.abc import Iterator, Mapping
from typing import get_args

import click

from syndicate import bootstrap
from syndicate import settings as configuration
from syndicate.cli.saying import say, told
from syndicate.cli.terminal import as_json_option, contents, limit_option, print_json, quiet_settings, summary_table
from syndicate.errors import ConfigurationError, SyndicateError, UsageError
from syndicate.formats import feed_path
from syndicate.model import SourceKind, SourceSpec
from syndicate.normalize.urls import link_key
from syndicate.opml import Outline, key_for, read_opml, topics_opml
from syndicate.settings import Settings, declared_source
from syndicate.trial import advice, refused, trial, undeclared

_PASSWORD = re.compile("(?<=//)[^/?#]*@")


@click.group(invoke_without_command=True)
@as_json_option
@click.pass_context
def sources(context: click.Context, as_json: bool) -> None:
    """List the sources with their state; or add, import, pause, resume and remove some."""
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


@sources.command("add")
@click.argument("key")
@click.argument("kind", type=click.Choice(get_args(SourceKind)))
@click.argument("location")
@click.option("--title", default="", help="The publisher's name.")
@click.option("--language", default="", help="A language tag, where the source does not say.")
@click.option("--full-text", is_flag=True, help="Fetch the article's page where the feed has a teaser.")
@click.option("--every", type=int, help="Poll every so many seconds instead of by the source's own rhythm.")
@click.option("--cron", default="", help="Poll at these times (five fields, UTC).")
def add_source(key: str, kind: str, location: str, **options: object) -> None:
    """Add a source beside those of the configuration."""
    spec = _source({"key": key, "kind": kind, "location": location, **options})
    store = bootstrap.store_as_it_is(quiet_settings())
    store.add_source(spec, bootstrap.utc_now())
    say(f"added {spec.key}; it is polled within seconds where `syndicate up` runs")


def _source(values: Mapping[str, object]) -> SourceSpec:
    """Make a source that can be polled; raises UsageError that says what is wrong with it."""
    spec = declared_source(values)
    if problems := [f"{field}: {said}" for field, said in refused(spec)]:
        raise UsageError("; ".join(problems))
    return spec


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
            spec = _source({
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


@click.group(invoke_without_command=True)
@as_json_option
@click.pass_context
def topics(context: click.Context, as_json: bool) -> None:
    """List the topics with their rules and feeds; or export the list of the feeds."""
    if context.invoked_subcommand:
        return
    settings = quiet_settings()
    store = bootstrap.store_as_it_is(settings)
    versions = store.feed_versions()
    counts = store.topic_counts()
    rows = []
    for topic in settings.all_topics:
        address = settings.public_url + feed_path(topic.key, "rss")
        version = versions.get((topic.key, "rss"), (0, ""))[0]
        if as_json:
            print_json({"topic": topic, "articles": counts.get(topic.key, 0), "version": version, "feed": address})
        rows.append((topic.key, topic.title, counts.get(topic.key, 0), version or "", address))
    if not as_json:
        summary_table(("key", "title", "articles", "version", "feed"), rows)


@topics.command("export")
@click.option("--opml", "form", flag_value="opml", required=True, help="As OPML 2.0, for feed readers and importers.")
def export_topics(form: str) -> None:
    """Print the list of the topics' feeds."""
    del form  # there is one so far
    settings = quiet_settings()
    click.echo(topics_opml(settings.title, settings.public_url, settings.all_topics))


@click.command()
@click.argument("run_id", required=False)
@limit_option(20)
@as_json_option
def runs(run_id: str | None, limit: int, as_json: bool) -> None:
    """List the latest runs, or show one with its report."""
    store = bootstrap.store_as_it_is(quiet_settings())
    found = store.runs(limit)
    if run_id:
        run = store.run(run_id) or next((r for r in store.runs(1000) if r.id.startswith(run_id)), None)
        if run is None:
            raise UsageError(f"run {run_id!r}: no such run; `syndicate runs` lists them")
        found = (run,)
    if as_json:
        for run in found:
            print_json(run)
        return
    rows = [
        (
            r.id[:12],
            r.trigger,
            r.state,
            r.started,
            r.finished,
            len(r.sources),
            sum(line.get("new", 0) for line in r.report),
            sum(len(line.get("failures", ())) or bool(line.get("error")) for line in r.report),
        )
        for r in found
    ]
    summary_table(("run", "trigger", "state", "started", "finished", "sources", "new", "failures"), rows)
    for line in found[0].report if run_id else ():
        for failure in line.get("failures", ()):
            say(f"{line['source']}: {told(failure['where'], failure['reason'])}")
        if line.get("error"):
            say(f"{line.get('source', 'run')}: {line['error']}")


@click.command()
def check() -> None:
    """Validate the configuration, and say line by line what is wrong."""
    settings = quiet_settings(trial)
    problems = (*configuration.idle_includes(), *advice(settings), *_unknown_sources(settings))
    if problems:
        raise ConfigurationError(problems)
    say(f"configuration is fine: {len(settings.sources)} sources, {len(settings.all_topics)} topics")


def _unknown_sources(settings: Settings) -> Iterator[str]:
    """The sources that topics and rules name and nobody knows, a line each; the store is only asked if it matters."""
    named = undeclared(settings)
    added = bootstrap.sources_in_store(settings) if named else ()
    for where, key in named:
        if key not in added:
            yield f"{where}: sources: {key!r} is neither declared nor was it added (`syndicate sources add`)"


@click.command()
@as_json_option
def doctor(as_json: bool) -> None:
    """Look at store, Redis, clock, disk, sources and feeds, and say what is wrong and what to do.

    Ends with 1 if anything is. Changes nothing; reads the whole store, which takes a while where it is large.
    """
    well = True
    for finding in bootstrap.examination(quiet_settings()):
        well &= finding.ok
        if as_json:
            print_json({"part": finding.part, "ok": finding.ok, "found": finding.found, "advice": finding.advice})
            continue
        advice = f" ({finding.advice})" if finding.advice else ""
        click.secho(f"{'ok' if finding.ok else 'wrong':6}", fg="green" if finding.ok else "red", nl=False)
        say(f"{finding.part}: {finding.found}{advice}")
    if not well:
        sys.exit(1)
