"""Commands that list: runs; and those that say what is wrong: `check`, `doctor`."""

import sys
from collections.abc import Iterator

import click

from syndicate import bootstrap
from syndicate import settings as configuration
from syndicate.cli.saying import say, told
from syndicate.cli.terminal import as_json_option, limit_option, print_json, quiet_settings, summary_table
from syndicate.errors import ConfigurationError, UsageError
from syndicate.settings import Settings
from syndicate.trial import advice, trial, undeclared


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
