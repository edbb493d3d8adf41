"""Commands that do things again: `rebuild`, `quarantine`."""

import click

from syndicate import bootstrap
from syndicate.bootstrap import Services
from syndicate.cli.terminal import as_json_option, print_json, quiet_settings, summary_table
from syndicate.errors import SyndicateError
from syndicate.ingest.batch import holder
from syndicate.model import Failure


@click.command()
@click.argument("sources", nargs=-1)
@click.option("--dry-run", is_flag=True, help="Print the difference, change nothing.")
@as_json_option
def rebuild(sources: tuple[str, ...], dry_run: bool, as_json: bool) -> None:
    """Strip and classify the stored payloads again under today's rules."""
    with bootstrap.services(quiet_settings()) as parts:
        rebuilt(parts, sources, dry_run=dry_run, as_json=as_json)


def rebuilt(
    parts: Services, sources: tuple[str, ...], *, dry_run: bool = False, as_json: bool = False
) -> tuple[Failure, ...]:
    """Rebuild these sources (none means all), publish, and say what changed; returns what could not be rebuilt."""
    changed = total = 0
    failures: list[Failure] = []
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
        failures += done.failures
        for failure in done.failures:
            click.echo(f"syndicate: {done.source}: {failure.where}: {failure.reason}", err=True)
    if not dry_run:
        parts.publish()
    if not as_json:
        click.echo(f"{changed} of {total} articles {'would change' if dry_run else 'changed'}")
    return tuple(failures)


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
