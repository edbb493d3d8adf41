"""Commands for what needs a person's word, or is done again: `held`, `quarantine`.

What they are given is looked up before anything is done: with one name misspelt, nothing is done by halves.
"""

from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager

import click

from syndicate import bootstrap
from syndicate.bootstrap import Services
from syndicate.cli.saying import say, told
from syndicate.cli.terminal import Number, as_json_option, limit_option, print_json, quiet_settings, summary_table
from syndicate.errors import SyndicateError, UsageError
from syndicate.records import Listed, StoredArticle
from syndicate.store import Store
from syndicate.store.holders import holder


@contextmanager
def published(parts: Services) -> Iterator[None]:
    """Publish what was done, also when it ends in the middle."""
    try:
        yield
    finally:
        parts.publish()


@click.group(invoke_without_command=True)
@click.option("--all", "everything", is_flag=True, help="Settled items, too.")
@limit_option(100)
@as_json_option
@click.pass_context
def quarantine(context: click.Context, everything: bool, limit: int, as_json: bool) -> None:
    """List what could not be taken in, and why; or replay or discard it."""
    if context.invoked_subcommand:
        return
    items = bootstrap.store_as_it_is(quiet_settings()).quarantine(None if everything else "waiting", limit)
    if as_json:
        for item in items:
            print_json(item)
        return
    rows = [(i.id, i.rejected.source, i.rejected.stage, i.rejected.where[:60], i.rejected.reason, i.at) for i in items]
    summary_table(("id", "source", "stage", "where", "reason", "at"), rows)


@quarantine.command()
@click.argument("ids", nargs=-1, type=Number)
def replay(ids: tuple[int, ...]) -> None:
    """Try items again (all that wait, when none is named) and publish what goes through."""
    with bootstrap.services(quiet_settings()) as parts:
        failed = 0
        named = _items(parts.store, ids)
        with published(parts):
            for item_id in named or [item.id for item in parts.store.quarantine("waiting", 10_000)]:
                failures = parts.redo.replay(item_id, holder())
                failed += bool(failures)
                for failure in failures:
                    say(f"syndicate: {item_id}: {told(failure.where, failure.reason)}", err=True)
                if not failures:
                    say(f"{item_id}: went through")
    if failed:
        raise SyndicateError(f"{failed} items still fail; they stay in quarantine")


@quarantine.command()
@click.argument("ids", nargs=-1, type=Number, required=True)
def discard(ids: tuple[int, ...]) -> None:
    """Give items up for good."""
    store = bootstrap.store_as_it_is(quiet_settings())
    for item_id in _items(store, ids):
        store.settle(item_id, "discarded")
        say(f"{item_id}: discarded")


def _items(store: Store, ids: Sequence[int]) -> list[int]:
    """These items of the quarantine, each once; raises UsageError for one that is not there."""
    for item_id in ids:
        if store.quarantined(item_id) is None:
            raise UsageError(f"quarantine item {item_id}: no such item; `syndicate quarantine` lists them")
    return list(dict.fromkeys(ids))


@click.group(invoke_without_command=True)
@click.option("--all", "everything", is_flag=True, help="Discarded articles, too.")
@limit_option(100)
@as_json_option
@click.pass_context
def held(context: click.Context, everything: bool, limit: int, as_json: bool) -> None:
    """List the articles that wait for a person, since too much would be cut; or release or discard one."""
    if context.invoked_subcommand:
        return
    store = bootstrap.store_as_it_is(quiet_settings())
    found = list(store.articles(status="held", limit=limit))
    if everything:
        found += store.articles(status="discarded", limit=limit)
    items = [Listed.of(stored) for stored in found]
    if as_json:
        for item in items:
            print_json(item)
        return
    rows = [(i.id, i.source, i.title[:60], i.status, i.why, f"{i.share:.0%}", i.received) for i in items]
    summary_table(("id", "source", "title", "status", "why", "cut", "received"), rows)


@held.command()
@click.argument("article_id")
def show(article_id: str) -> None:
    """Show an article as it would be published, and what was cut from it."""
    stored = _stored(bootstrap.store_as_it_is(quiet_settings()), article_id)
    article = stored.published.article
    say(article.title, bold=True)
    say(f"  {stored.status}: {article.held or 'not held'}\n\n{article.text}\n")
    for cut in article.cuts:
        say(f"- [{cut.family}] {' '.join(cut.text.split())}", fg="red")


@held.command()
@click.argument("article_ids", nargs=-1, required=True)
def release(article_ids: tuple[str, ...]) -> None:
    """Publish held articles as they were cleaned; they stay published until their source changes them."""
    with bootstrap.services(quiet_settings()) as parts:
        decidable = _decidable(parts.store, article_ids, ("held", "discarded"))
        with published(parts):
            for article_id in decidable:
                parts.store.set_status(article_id, "live", of=("held", "discarded"))
                say(f"{article_id}: released")


@held.command("discard")
@click.argument("article_ids", nargs=-1, required=True)
def discard_held(article_ids: tuple[str, ...]) -> None:
    """Give held articles up; they wait no more, and are not published unless their source changes them."""
    store = bootstrap.store_as_it_is(quiet_settings())
    for article_id in _decidable(store, article_ids, ("held",)):
        store.set_status(article_id, "discarded", of=("held",))
        say(f"{article_id}: discarded")


def _decidable(store: Store, ids: Sequence[str], of: Collection[str]) -> list[str]:
    """These articles, each once; raises UsageError for one that is not there, or not in one of these statuses."""
    for article_id in ids:
        status = _stored(store, article_id).status
        if status not in of:
            raise UsageError(f"article {article_id!r} is {status}, not {' or '.join(of)}")
    return list(dict.fromkeys(ids))


def _stored(store: Store, article_id: str) -> StoredArticle:
    stored = store.article(article_id)
    if stored is None:
        raise UsageError(f"article {article_id!r} does not exist; `syndicate held` lists those that wait")
    return stored
