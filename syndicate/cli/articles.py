"""`ingest`, and `read`, the dry run of its first stage."""

import os
import signal
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from types import FrameType
from typing import Any, get_args

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from syndicate import bootstrap
from syndicate.cli.saying import say, told
from syndicate.cli.terminal import as_json_option, contents, print_json, quiet_settings, summary_table
from syndicate.errors import SyndicateError, UsageError
from syndicate.ingest.dry_run import listed
from syndicate.ingest.orders import BY_HAND, new_run
from syndicate.ingest.run import SourceReport
from syndicate.ingest.sandbox import Sandbox
from syndicate.model import Payload, SourceKind
from syndicate.records import SourceState
from syndicate.settings import Settings

_IN_VAIN = frozenset({"failed", "offline", "busy", "gone"})


@click.command()
@click.argument("sources", nargs=-1)
@click.option("--json", "as_json", is_flag=True, help="Print the run's report as JSON.")
def ingest(sources: tuple[str, ...], as_json: bool) -> None:
    """Take in articles now, from all sources or from those named, and publish what changed.

    Ends with 1 if not one of them could be polled; the report names those that could not.
    """
    settings = quiet_settings()
    with _interrupted_by_signals(), bootstrap.services(settings) as parts:
        run = new_run(parts.store, sources, BY_HAND, parts.now())
        if not run.sources:
            raise UsageError(_nothing_to_poll(parts.store.sources()))
        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
        with Progress(*columns, console=Console(stderr=True), disable=as_json or not sys.stderr.isatty()) as progress:
            bar = progress.add_task("ingest", total=len(run.sources))

            def ended(report: SourceReport) -> None:
                progress.update(bar, advance=1, description=report.source)

            finished = parts.runs.execute_here(run, ended)
    if as_json:
        print_json({"run": finished.id, "state": finished.state, "sources": finished.report})
    else:
        _report(finished.report)
    if all(line["outcome"] in _IN_VAIN for line in finished.report):
        sys.exit(1)


@contextmanager
def _interrupted_by_signals() -> Iterator[None]:
    """End on SIGTERM, and with the terminal, as on Ctrl-C: at once, with all given back that others would wait for."""

    def interrupt(number: int, frame: FrameType | None) -> None:
        del frame
        raise KeyboardInterrupt(number)

    before = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGHUP)}
    for number, usual in before.items():
        if usual is not signal.SIG_IGN:  # `nohup` wants it to go on
            signal.signal(number, interrupt)
    try:
        yield
    except KeyboardInterrupt as error:
        ended_by = error.args[0] if error.args else signal.SIGINT
        with suppress(OSError):  # the terminal may be gone
            say("syndicate: interrupted; what was not taken in yet comes with the next ingest", err=True)
            sys.stderr.flush()
        os._exit(128 + ended_by)  # threads that wait for a source would keep us
    finally:
        for number, usual in before.items():
            signal.signal(number, usual)


def _nothing_to_poll(states: Sequence[SourceState]) -> str:
    """Why there is no source to poll, and what to do."""
    idle = [f"{state.spec.key} is {state.status}" for state in states if state.status != "retired"]
    if idle:
        return f"no active source: {', '.join(idle[:5])}; `syndicate sources resume` lets one go on"
    return "no sources: declare some in the configuration, or `syndicate sources add`"


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
        say(f"syndicate: {told(failure.where, failure.reason)}", err=True)
    if failures and not found:
        sys.exit(1)


def _payload(target: str, url: str, settings: Settings) -> Payload:
    if target.startswith(("http://", "https://")):
        payload = bootstrap.fetcher(settings).get(target).payload
        if payload is None:
            raise SyndicateError(f"{target}: answered without a document")
        return payload
    return Payload(contents(target, settings.fetch.decoded_bytes), url or Path(target).absolute().as_uri())


def _report(lines: Iterable[dict[str, Any]]) -> None:
    lines = list(lines)
    columns = ("source", "outcome", "new", "edited", "unchanged", "held", "seconds")
    summary_table(columns, [[line.get(c, "") for c in columns] for line in lines])
    for line in lines:
        if line.get("revived"):
            say(f"{line['source']}: it had ended (410 Gone) and answers again, so it is polled again", err=True)
        for failure in line.get("failures", ()):
            say(f"{line['source']}: {told(failure['where'], failure['reason'])}", err=True)
        if line.get("error") and not line.get("failures"):
            say(f"{line['source']}: {line['error']}", err=True)


def _show_entry(entry: dict[str, Any]) -> None:
    say(entry["title"] or "(no title)", bold=True)
    for name in ("link", "authors", "published", "updated", "categories", "language", "rights"):
        value = entry[name]
        if isinstance(value, list):
            value = ", ".join(v["name"] if isinstance(v, dict) else str(v) for v in value)
        if value:
            say(f"  {name}: {value}")
    say(f"  {len(entry['text'])} characters of text, {len(entry['images'])} images\n")
