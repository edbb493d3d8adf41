"""Commands that do things again, and rule on blocks: `rebuild`, `quarantine`, `cuts`."""

import click

from syndicate import bootstrap
from syndicate.bootstrap import Services
from syndicate.cli.terminal import as_json_option, print_json, quiet_settings, summary_table
from syndicate.errors import SyndicateError, UsageError
from syndicate.ingest.batch import holder
from syndicate.records import Ruling
from syndicate.strip import fingerprint

EVERYWHERE = "*"


@click.command()
@click.argument("sources", nargs=-1)
@click.option("--dry-run", is_flag=True, help="Print the difference, change nothing.")
@as_json_option
def rebuild(sources: tuple[str, ...], dry_run: bool, as_json: bool) -> None:
    """Strip and classify the stored payloads again under today's rules."""
    with bootstrap.services(quiet_settings()) as parts:
        _rebuild(parts, sources, dry_run=dry_run, as_json=as_json)


def _rebuild(parts: Services, sources: tuple[str, ...], *, dry_run: bool, as_json: bool = False) -> None:
    changed = total = 0
    for key in sources or sorted(state.spec.key for state in parts.store.sources()):
        done = parts.redo.rebuild(key, holder(), dry_run=dry_run)
        total += done.articles
        changed += len(done.differences)
        for item in done.differences:
            if as_json:
                print_json(item)
                continue
            click.secho(f"{done.source}: {item.title}", bold=True)
            for line in item.gone:
                click.secho(f"- {line[:300]}", fg="red")
            for line in item.come:
                click.secho(f"+ {line[:300]}", fg="green")
            if item.held:
                click.echo(f"  held: {item.held}")
        for failure in done.failures:
            click.echo(f"syndicate: {done.source}: {failure.where}: {failure.reason}", err=True)
    if not dry_run:
        parts.publish()
    if not as_json:
        click.echo(f"{changed} of {total} articles {'would change' if dry_run else 'changed'}")


@click.group(invoke_without_command=True)
@click.option("--all", "everything", is_flag=True, help="Settled items, too.")
@click.option("--limit", default=100, show_default=True)
@as_json_option
@click.pass_context
def quarantine(context: click.Context, everything: bool, limit: int, as_json: bool) -> None:
    """List what could not be taken in, and why; or replay or discard it."""
    if context.invoked_subcommand:
        return
    items = bootstrap.open_store(quiet_settings()).quarantine(None if everything else "waiting", limit)
    if as_json:
        for item in items:
            print_json(item)
        return
    rows = [(i.id, i.rejected.source, i.rejected.stage, i.rejected.where[:60], i.rejected.reason, i.at) for i in items]
    summary_table(("id", "source", "stage", "where", "reason", "at"), rows)


@quarantine.command()
@click.argument("ids", nargs=-1, type=int)
def replay(ids: tuple[int, ...]) -> None:
    """Try items again (all that wait, when none is named) and publish what goes through."""
    with bootstrap.services(quiet_settings()) as parts:
        failed = 0
        for item_id in ids or [item.id for item in parts.store.quarantine("waiting", 10_000)]:
            failures = parts.redo.replay(item_id, holder())
            failed += bool(failures)
            for failure in failures:
                click.echo(f"syndicate: {item_id}: {failure.where}: {failure.reason}", err=True)
            if not failures:
                click.echo(f"{item_id}: went through")
        parts.publish()
    if failed:
        raise SyndicateError(f"{failed} items still fail; they stay in quarantine")


@quarantine.command()
@click.argument("ids", nargs=-1, type=int, required=True)
def discard(ids: tuple[int, ...]) -> None:
    """Give items up for good."""
    store = bootstrap.open_store(quiet_settings())
    for item_id in ids:
        store.settle(item_id, "discarded")
        click.echo(f"{item_id}: discarded")


@click.group(invoke_without_command=True)
@click.option("--source", help="Only of this source.")
@click.option("--article", help="Only of this article (its id).")
@click.option("--limit", default=100, show_default=True)
@as_json_option
@click.pass_context
def cuts(context: click.Context, source: str | None, article: str | None, limit: int, as_json: bool) -> None:
    """List what was cut from articles, and why; or rule on blocks."""
    if context.invoked_subcommand:
        return
    found = bootstrap.open_store(quiet_settings()).cuts(source=source, article=article, limit=limit)
    if as_json:
        for article_id, cut in found:
            print_json({"article": article_id, "cut": cut})
        return
    rows = [(i, c.family, " ".join(c.text.split())[:80], c.reason, c.evidence[:60]) for i, c in found]
    summary_table(("article", "family", "text", "reason", "evidence"), rows)


@cuts.command()
@as_json_option
def proposals(as_json: bool) -> None:
    """List blocks that may be boilerplate and wait for a word of yours."""
    found = bootstrap.open_store(quiet_settings()).proposals()
    if as_json:
        for proposal in found:
            print_json(proposal)
        return
    rows = [(p.block, p.source, p.seen, p.family, " ".join(p.text.split())[:80], p.evidence[:60]) for p in found]
    summary_table(("block", "source", "seen", "family", "text", "evidence"), rows)


@cuts.command()
@click.argument("block")
@click.argument("verdict", type=click.Choice(["cut", "keep"]))
@click.option("--everywhere", is_flag=True, help="In all sources, not only where it was seen.")
def rule(block: str, verdict: str, everywhere: bool) -> None:
    """Rule on a proposed BLOCK: cut it or keep it, from now on and in what is stored."""
    with bootstrap.services(quiet_settings()) as parts:
        proposal = next((p for p in parts.store.proposals(10_000) if p.block == block), None)
        if proposal is None:
            raise UsageError(f"block {block!r}: no such proposal; `syndicate cuts proposals` lists them")
        scope = EVERYWHERE if everywhere else proposal.source
        _decide(parts, scope, block, proposal.text, verdict)


@cuts.command()
@click.argument("article_id")
@click.argument("words")
@click.option("--everywhere", is_flag=True, help="In all sources, not only in this article's.")
def restore(article_id: str, words: str, everywhere: bool) -> None:
    """Put back what was cut from an article, for good: the cut that contains WORDS."""
    with bootstrap.services(quiet_settings()) as parts:
        stored = parts.store.article(article_id)
        if stored is None:
            raise UsageError(f"article {article_id!r}: no such article; `syndicate cuts` lists them")
        article = stored.published.article
        matching = [c for c in article.cuts if words.casefold() in c.text.casefold()]
        if len(matching) != 1:
            raise UsageError(f"{words!r} stands in {len(matching)} of this article's cuts; expected one")
        scope = EVERYWHERE if everywhere else article.source
        _decide(parts, scope, fingerprint(matching[0].text, article.title), matching[0].text, "keep")


def _decide(parts: Services, scope: str, block: str, text: str, verdict: str) -> None:
    """Write the ruling down, and apply it to what is stored."""
    parts.store.rule(Ruling(scope, block, "cut" if verdict == "cut" else "keep", text, parts.now()))
    _rebuild(parts, () if scope == EVERYWHERE else (scope,), dry_run=False)
