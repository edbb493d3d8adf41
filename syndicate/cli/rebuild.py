"""`rebuild`: strips and classifies what is stored again, and says what that changes, however much is stored."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field

import click
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn

from syndicate import bootstrap
from syndicate.bootstrap import Services
from syndicate.cli.saying import say, told
from syndicate.cli.terminal import as_json_option, print_json, quiet_settings, summary_table
from syndicate.cli.upkeep import published
from syndicate.errors import SyndicateError, UsageError
from syndicate.ingest.redo import Difference, Rebuilt
from syndicate.model import Failure
from syndicate.store.holders import holder

FEW = 10  # articles, and failures
LINES = 20  # of each article, either way


@dataclass(frozen=True, slots=True)
class Shown:
    """What is shown of the differences: those of so many articles (None: of all), or of `only` one; or all as JSON."""

    articles: int | None = FEW
    only: str = ""
    as_json: bool = False

    @property
    def everything(self) -> bool:
        """Whether all is printed as it comes."""
        return self.as_json or self.articles is None


@click.command()
@click.argument("sources", nargs=-1)
@click.option("--dry-run", is_flag=True, help=f"Print the difference ({FEW} articles of it), change nothing.")
@click.option("--article", default="", help="With --dry-run: print the difference of this article (its id) alone.")
@click.option("--verbose", "-v", is_flag=True, help="Print the difference of every article, and every failure.")
@as_json_option
def rebuild(sources: tuple[str, ...], dry_run: bool, article: str, verbose: bool, as_json: bool) -> None:
    """Strip and classify the stored payloads again under today's rules.

    Says what changed in each source; --dry-run shows it first.
    """
    if article and (not dry_run or sources):
        raise UsageError("--article shows one article's difference: it needs --dry-run, and no source")
    with bootstrap.services(quiet_settings()) as parts:
        if article:
            sources = (_source_of(parts, article),)
        shown = Shown(None if verbose or article else FEW if dry_run else 0, article, as_json)
        rebuilt(parts, sources, dry_run=dry_run, shown=shown)


def rebuilt(
    parts: Services, sources: tuple[str, ...], *, dry_run: bool = False, shown: Shown = Shown()
) -> tuple[Failure, ...]:
    """Rebuild these sources (none means all), publish, and say what changed; returns what could not be rebuilt.

    Raises SyndicateError at the end when there are sources that were not rebuilt to the end.
    """
    known = sorted(state.spec.key for state in parts.store.sources())
    if strangers := [key for key in sources if key not in known]:
        raise UsageError(f"source {strangers[0]!r}: no such source; `syndicate sources` lists them")
    keys = list(dict.fromkeys(sources)) or known
    account = _Account(shown, dry_run=dry_run)
    with nullcontext() if dry_run else published(parts), _progress(len(keys), hidden=shown.everything) as begin:
        for key in keys:
            account.add(parts.redo.rebuild(key, holder(), dry_run=dry_run, got_on=begin(key)))
    account.close()
    if account.unfinished:
        again = f"`syndicate rebuild {' '.join(account.unfinished)}`"
        raise SyndicateError(f"not rebuilt to the end: {', '.join(account.unfinished)}; {again} goes through the rest")
    return tuple(failure for _, failure in account.failures)


def _source_of(parts: Services, article: str) -> str:
    stored = parts.store.article(article)
    if stored is None:
        raise UsageError(f"article {article!r}: no such article; `syndicate rebuild --dry-run` names those it changes")
    return stored.published.article.source


@dataclass(slots=True)
class _Account:
    """What became of a rebuild, source by source; prints at once what is wanted whole, and else a little at the end."""

    shown: Shown
    dry_run: bool
    changed: int = 0
    total: int = 0
    rows: list[tuple[str, int, int, int]] = field(default_factory=list)
    kept: list[tuple[str, Difference]] = field(default_factory=list)
    failures: list[tuple[str, Failure]] = field(default_factory=list)
    unfinished: list[str] = field(default_factory=list)

    def add(self, done: Rebuilt) -> None:
        """Take note of a source."""
        self.total += done.articles
        self.changed += len(done.differences)
        self.failures += [(done.source, failure) for failure in done.failures]
        if done.error:
            self.unfinished.append(done.source)
            say(f"syndicate: {done.source}: {done.error}", err=True)
        if done.forgotten:
            older = f"{done.forgotten} articles are older than the payloads that are kept, and stay as they are"
            say(f"syndicate: {done.source}: {older}", err=True)
        if done.differences or done.failures:
            self.rows.append((done.source, done.articles, len(done.differences), len(done.failures)))
        wanted = [(done.source, d) for d in done.differences if self.shown.only in ("", d.article)]
        if not self.shown.everything:
            self.kept += wanted[: max((self.shown.articles or 0) - len(self.kept), 0)]
            return
        for source, difference in wanted:
            print_json(difference) if self.shown.as_json else _show(source, difference)

    def close(self) -> None:
        """Say what there is to say at the end."""
        self._tell_failures()
        if self.shown.as_json:
            return
        for source, difference in self.kept:
            _show(source, difference, LINES)
        if self.kept and self.changed > len(self.kept):
            how = "; --verbose shows all, --article ID one" if self.dry_run else ""
            say(f"... and {self.changed - len(self.kept)} more articles{how}")
        if len(self.rows) > 1:
            summary_table(("source", "articles", "would change" if self.dry_run else "changed", "failed"), self.rows)
        say(f"{self.changed} of {self.total} articles {'would change' if self.dry_run else 'changed'}")

    def _tell_failures(self) -> None:
        told_of = self.failures if self.shown.everything else self.failures[:FEW]
        for source, failure in told_of:
            say(f"syndicate: {source}: {told(failure.where, failure.reason)}", err=True)
        if len(self.failures) > len(told_of):
            say(f"syndicate: ... and {len(self.failures) - len(told_of)} more; --verbose tells all", err=True)
        if self.failures:
            say(f"syndicate: {len(self.failures)} articles could not be rebuilt, and stay as they are", err=True)


def _show(source: str, difference: Difference, most: int | None = None) -> None:
    say(f"{source}: {difference.title} ({difference.article})", bold=True)
    for sign, colour, lines in (("-", "red", difference.gone), ("+", "green", difference.come)):
        for line in lines[:most]:
            say(f"{sign} {line[:300]}", fg=colour)
        if most is not None and len(lines) > most:
            say(f"{sign} ... {len(lines) - most} more lines", fg=colour)
    if difference.held:
        say(f"  held: {difference.held}")


@contextmanager
def _progress(sources: int, *, hidden: bool) -> Iterator[Callable[[str], Callable[[int, int], None]]]:
    """A bar for each source in turn; gives what to call at its beginning, which gives what to call as it gets on."""
    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn())
    quiet = hidden or not sys.stderr.isatty()
    with Progress(*columns, console=Console(stderr=True), disable=quiet, transient=True) as progress:
        bar, begun = progress.add_task("rebuild"), 0

        def begin(source: str) -> Callable[[int, int], None]:
            nonlocal begun
            begun += 1
            progress.reset(bar, description=f"{source} ({begun} of {sources})")
            return lambda done, total: progress.update(bar, completed=done, total=total)

        yield begin
