"""`ingest`, and `read`, the dry run of its first stage."""

import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any, get_args

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from syndicate import bootstrap
from syndicate.cli.terminal import as_json_option, contents, print_json, quiet_settings, summary_table
from syndicate.errors import SyndicateError, UsageError
from syndicate.ingest.batch import new_run
from syndicate.ingest.dry_run import listed
from syndicate.ingest.run import SourceReport
from syndicate.ingest.sandbox import Sandbox
from syndicate.model import Payload, SourceKind
from syndicate.settings import Settings


@click.command()
@click.argument("sources", nargs=-1)
@click.option("--json", "as_json", is_flag=True, help="Print the run's report as JSON.")
def ingest(sources: tuple[str, ...], as_json: bool) -> None:
    """Take in articles now, from all sources or from those named, and publish what changed."""
    settings = quiet_settings()
    with bootstrap.services(settings) as parts:
        run = new_run(parts.store, sources, "cli", parts.now())
        if not run.sources:
            raise UsageError("no sources: declare some in the configuration, or `syndicate sources add`")
        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
        with Progress(*columns, console=Console(stderr=True), disable=as_json or not sys.stderr.isatty()) as progress:
            bar = progress.add_task("ingest", total=len(run.sources))

            def ended(report: SourceReport) -> None:
                progress.update(bar, advance=1, description=report.source)

            finished = parts.runs.execute(run, ended)
    if as_json:
        print_json({"run": finished.id, "state": finished.state, "sources": finished.report})
    else:
        _report(finished.report)
    if finished.state == "failed":
        sys.exit(1)


@click.command()
@click.argument("target")
@click.option("--kind", type=click.Choice(get_args(SourceKind)), help="How to read it, where that can't be told.")
@click.option("--url", default="", help="The address that a file came from.")
@as_json_option
def read(target: str, kind: SourceKind | None, url: str, as_json: bool) -> None:
    """Dry run of reading: show what would be taken in from a file or an address. Nothing is stored."""
    settings = quiet_settings()
    payload = _payload(target, url, settings)
    limits = settings.ingest
    with Sandbox(1, limits.child_cpu_seconds, limits.child_memory_mb) as sandbox:
        found, failures = sandbox.run(listed, payload, kind)
    for entry in found:
        print_json(entry) if as_json else _show_entry(entry)
    for failure in failures:
        click.echo(f"syndicate: {failure.where}: {failure.reason}", err=True)
    if failures and not found:
        sys.exit(1)


def _payload(target: str, url: str, settings: Settings) -> Payload:
    if target.startswith(("http://", "https://")):
        payload = bootstrap.fetcher(settings).get(target).payload
        if payload is None:
            raise SyndicateError(f"{target}: answered without a document")
        return payload
    return Payload(contents(target), url or Path(target).absolute().as_uri())


def _report(lines: Iterable[dict[str, Any]]) -> None:
    lines = list(lines)
    columns = ("source", "outcome", "new", "edited", "unchanged", "held", "seconds")
    summary_table(columns, [[line.get(c, "") for c in columns] for line in lines])
    for line in lines:
        for failure in line.get("failures", ()):
            click.echo(f"{line['source']}: {failure['where']}: {failure['reason']}", err=True)
        if line.get("error") and not line.get("failures"):
            click.echo(f"{line['source']}: {line['error']}", err=True)


def _show_entry(entry: dict[str, Any]) -> None:
    click.secho(entry["title"] or "(no title)", bold=True)
    for name in ("link", "authors", "published", "updated", "categories", "language", "rights"):
        value = entry[name]
        if isinstance(value, list):
            value = ", ".join(v["name"] if isinstance(v, dict) else str(v) for v in value)
        if value:
            click.echo(f"  {name}: {value}")
    click.echo(f"  {len(entry['text'])} characters of text, {len(entry['images'])} images\n")
