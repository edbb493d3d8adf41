"""`ingest`, and the dry runs of its stages: `read` and `clean`."""

import re
import sys
from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path
from typing import Any, get_args

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from syndicate import bootstrap
from syndicate.cli.output import as_json_option, print_json, quiet_settings, summary_table
from syndicate.errors import SyndicateError, UsageError
from syndicate.ingest.batch import new_run
from syndicate.ingest.dry_run import Line, LineKind, article_of, clean_lines, listed
from syndicate.ingest.readers.charset import decode
from syndicate.ingest.run import SourceReport
from syndicate.ingest.sandbox import Sandbox
from syndicate.model import Article, Cut, Payload, SourceKind
from syndicate.settings import Settings
from syndicate.strip import Rulings, strip

_PAGE = re.compile(r"<!doctype html|<html|<head\b|<body\b", re.IGNORECASE)
_MARKUP = re.compile(r"<(?:p|div|br|ul|ol|h[1-6]|blockquote|figure|table|a\s)[\s>/]", re.IGNORECASE)


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


@click.command()
@click.argument("file", required=False)
@click.option("--jsonl", is_flag=True, help="Read and write one JSON object a line (see docs/stripping.md).")
@click.option("--json", "as_json", is_flag=True, help="Print the cleaned article as JSON.")
@click.option("--kind", type=click.Choice(get_args(LineKind)), help="What the file holds.")
@click.option("--url", default="", help="The address that the article came from.")
def clean(file: str | None, jsonl: bool, as_json: bool, kind: LineKind | None, url: str) -> None:
    """Dry run of cleaning: show what is kept of an article, what is cut, and why.

    Reads FILE, or standard input.
    """
    settings = quiet_settings()
    if jsonl:
        _clean_lines(file, settings)
        return
    body = decode(_bytes(file), "").text
    guess: LineKind = "page" if _PAGE.search(body[:4096]) else "html" if _MARKUP.search(body) else "text"
    line = Line(file or "-", "clean", kind or guess, "", url, body)
    rulings = Rulings.of((), settings.boilerplate)
    article = strip(article_of(line), rulings=rulings, hold_share=settings.strip.hold_share)
    if as_json:
        print_json(cleaned(article))
    else:
        _show_article(article)


def cleaned(article: Article, name: str | None = None) -> dict[str, Any]:
    """A cleaned article as `clean --jsonl` writes it."""
    dateline = article.dateline
    return {
        "id": name if name is not None else article.key,
        "text": article.text,
        "html": article.html,
        "title": article.title,
        "authors": [asdict(person) for person in article.authors],
        "dateline": asdict(dateline) if dateline else None,
        "language": article.language,
        "rights": article.rights,
        "cuts": [_cut(cut) for cut in article.cuts],
        "doubts": [_cut(cut) for cut in article.doubts],
        "held": article.held,
    }


def _cut(cut: Cut) -> dict[str, str]:
    return {"text": cut.text, "family": cut.family, "reason": cut.reason, "evidence": cut.evidence}


def _clean_lines(file: str | None, settings: Settings) -> None:
    failed = False
    lines = _bytes(file).decode("utf-8", "replace").split("\n")  # JSON may hold other line ends as they are
    for item in clean_lines(lines, settings.strip.hold_share, settings.boilerplate):
        if isinstance(item, Article):
            print_json(cleaned(item))
        else:
            failed = True
            click.echo(f"syndicate: {item.where}: {item.reason}", err=True)
    if failed:
        sys.exit(1)


def _payload(target: str, url: str, settings: Settings) -> Payload:
    if target.startswith(("http://", "https://")):
        payload = bootstrap.fetcher(settings).get(target).payload
        if payload is None:
            raise SyndicateError(f"{target}: answered without a document")
        return payload
    return Payload(_bytes(target), url or Path(target).absolute().as_uri())


def _bytes(file: str | None) -> bytes:
    if file in (None, "-"):
        return sys.stdin.buffer.read()
    try:
        return Path(str(file)).read_bytes()
    except OSError as error:
        raise SyndicateError(f"{file}: can't be read: {error.strerror or error}") from error


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


def _show_article(article: Article) -> None:
    click.secho(article.title or "(no title)", bold=True)
    people = "; ".join(", ".join(filter(None, (p.name, p.role, p.organization))) for p in article.authors)
    place = f"{'/'.join(article.dateline.places)} ({article.dateline.agency})" if article.dateline else ""
    facts = {"by": people, "dateline": place, "language": article.language, "rights": article.rights}
    for name, value in (facts | {"held": article.held}).items():
        if value:
            click.echo(f"  {name}: {value}")
    click.echo(f"\n{article.text}\n")
    for cut in article.cuts:
        why = f"{cut.reason}: {cut.evidence}" if cut.evidence else cut.reason
        click.secho(f"- [{cut.family}] {' '.join(cut.text.split())[:160]}", fg="red")
        click.echo(f"    {why}")
    for doubt in article.doubts:
        click.secho(f"? [{doubt.family}] {' '.join(doubt.text.split())[:160]}", fg="yellow")


COMMANDS = (ingest, read, clean)
