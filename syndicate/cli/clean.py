"""`clean`, the dry run of cleaning: it loads no store, no network and no web, and so it is small."""

import re
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any, get_args

import click

from syndicate.cli.saying import say
from syndicate.cli.terminal import contents, print_json, quiet_settings
from syndicate.errors import SyndicateError
from syndicate.ingest.dry_run import Line, LineKind, article_in, article_of, clean_lines, is_article, text_in
from syndicate.model import Article, Cut, Failure, Payload
from syndicate.settings import Settings
from syndicate.strip.article import strip
from syndicate.strip.rulings import Rulings

_PAGE = re.compile(r"<!doctype html|<html|<head\b|<body\b", re.IGNORECASE)
_NO_ARTICLE = Article("", "", "", "", "", "")
_MARKUP = re.compile(r"<(?:p|div|br|ul|ol|h[1-6]|blockquote|figure|table|a\s)[\s>/]", re.IGNORECASE)


@click.command()
@click.argument("file", required=False)
@click.option("--jsonl", is_flag=True, help="Read and write one JSON object a line (see docs/stripping.md).")
@click.option("--json", "as_json", is_flag=True, help="Print the cleaned article as JSON.")
@click.option("--kind", type=click.Choice(get_args(LineKind)), help="What the file holds.")
@click.option("--url", default="", help="The address that the article came from.")
def clean(file: str | None, jsonl: bool, as_json: bool, kind: LineKind | None, url: str) -> None:
    """Dry run of cleaning: show what is kept of one article, what is cut, and why.

    Reads FILE, as `ingest` reads it in a folder (text, Markdown or HTML by its name, with its fields), or standard
    input. With --kind or --url, and by another name, it is taken as a bare text, HTML or page.
    """
    settings = quiet_settings()
    if jsonl:
        _clean_lines(file, settings)
        return
    rulings = Rulings.of((), settings.boilerplate)
    whole = _read(file or "-", contents(file, settings.fetch.decoded_bytes), kind, url, rulings)
    article = strip(whole, rulings=rulings, hold_share=settings.strip.hold_share)
    if as_json:
        print_json(cleaned(article, article.key))
    else:
        _show_article(article)


def _read(name: str, body: bytes, kind: LineKind | None, url: str, rulings: Rulings) -> Article:
    """The article in a file, or in what has no name that says how it is to be read."""
    if is_article(name) and not kind and not url:
        return replace(article_in(Payload(body, Path(name).absolute().as_uri()), rulings), key=name)
    text = text_in(Payload(body, url), name)
    guess: LineKind = "page" if _PAGE.search(text[:4096]) else "html" if _MARKUP.search(text) else "text"
    return article_of(Line(name, "clean", kind or guess, "", url, text), rulings)


def cleaned(article: Article, name: Any) -> dict[str, Any]:
    """A cleaned article as `clean --jsonl` writes it, with the id that the line gave."""
    dateline = article.dateline
    return {
        "id": name,
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
    lines = contents(file).decode("utf-8-sig", "replace").split("\n")  # JSON may hold other line ends as they are
    count, failures = 0, []
    for item in clean_lines(lines, settings.strip.hold_share, settings.boilerplate):
        count += 1
        if isinstance(item.outcome, Failure):
            failures.append(f"{item.outcome.where}: {item.outcome.reason}")
            print_json(cleaned(_NO_ARTICLE, item.id) | {"error": failures[-1]})
        else:
            print_json(cleaned(item.outcome, item.id))
    if failures:
        raise SyndicateError(f"{len(failures)} of {count} lines failed, the first of them {failures[0]}")


def _show_article(article: Article) -> None:
    say(article.title or "(no title)", bold=True)
    people = "; ".join(", ".join(filter(None, (p.name, p.role, p.organization))) for p in article.authors)
    place = "/".join(article.dateline.places) if article.dateline else ""
    if article.dateline and article.dateline.agency:
        place += f" ({article.dateline.agency})"
    when = article.published.isoformat() if article.published else ""
    facts = {"by": people, "published": when, "categories": ", ".join(article.categories), "dateline": place}
    facts |= {"language": article.language, "rights": article.rights, "held": article.held}
    for name, value in facts.items():
        if value:
            say(f"  {name}: {value}")
    say(f"\n{article.text}\n")
    for cut in article.cuts:
        why = f"{cut.reason}: {cut.evidence}" if cut.evidence else cut.reason
        say(f"- [{cut.family}] {' '.join(cut.text.split())[:160]}", fg="red")
        say(f"    {why}")
    for doubt in article.doubts:
        say(f"? [{doubt.family}] {' '.join(doubt.text.split())[:160]}", fg="yellow")
