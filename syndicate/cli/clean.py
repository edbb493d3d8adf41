"""`clean`, the dry run of cleaning: it loads no store, no network and no web, and so it is small."""

import re
import sys
from dataclasses import asdict
from typing import Any, get_args

import click

from syndicate.cli.terminal import contents, print_json, quiet_settings
from syndicate.ingest.dry_run import Line, LineKind, article_of, clean_lines
from syndicate.ingest.readers.charset import decode
from syndicate.model import Article, Cut
from syndicate.settings import Settings
from syndicate.strip import Rulings, strip

_PAGE = re.compile(r"<!doctype html|<html|<head\b|<body\b", re.IGNORECASE)
_MARKUP = re.compile(r"<(?:p|div|br|ul|ol|h[1-6]|blockquote|figure|table|a\s)[\s>/]", re.IGNORECASE)


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
    body = decode(contents(file), "").text
    guess: LineKind = "page" if _PAGE.search(body[:4096]) else "html" if _MARKUP.search(body) else "text"
    line = Line(file or "-", "clean", kind or guess, "", url, body)
    rulings = Rulings.of((), settings.boilerplate)
    article = strip(article_of(line, rulings), rulings=rulings, hold_share=settings.strip.hold_share)
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
    lines = contents(file).decode("utf-8", "replace").split("\n")  # JSON may hold other line ends as they are
    for item in clean_lines(lines, settings.strip.hold_share, settings.boilerplate):
        if isinstance(item, Article):
            print_json(cleaned(item))
        else:
            failed = True
            click.echo(f"syndicate: {item.where}: {item.reason}", err=True)
    if failed:
        sys.exit(1)


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
