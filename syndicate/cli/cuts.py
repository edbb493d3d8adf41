"""`cuts`: what was cut from articles and why, and an admin's rulings on blocks."""

import click

from syndicate import bootstrap
from syndicate.bootstrap import Services
from syndicate.cli.rebuild import rebuilt
from syndicate.cli.saying import say
from syndicate.cli.terminal import as_json_option, limit_option, print_json, quiet_settings, summary_table
from syndicate.errors import SyndicateError, UsageError
from syndicate.model import Article, Cut, Failure
from syndicate.records import Ruling
from syndicate.store.rulings import EVERYWHERE, by_block
from syndicate.strip.memory import fingerprint


@click.group(invoke_without_command=True)
@click.option("--source", help="Only of this source.")
@click.option("--article", help="Only of this article (its id).")
@limit_option(100)
@as_json_option
@click.pass_context
def cuts(context: click.Context, source: str | None, article: str | None, limit: int, as_json: bool) -> None:
    """List what was cut from articles, and why; or rule on blocks."""
    if context.invoked_subcommand:
        return
    store = bootstrap.store_as_it_is(quiet_settings())
    if source is not None and source not in {state.spec.key for state in store.sources()}:
        raise UsageError(f"source {source!r}: no such source; `syndicate sources` lists them")
    if article is not None and store.article(article) is None:
        raise UsageError(f"article {article!r}: no such article; `syndicate cuts` lists them")
    found = store.cuts(source=source, article=article, limit=limit)
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
    found = bootstrap.store_as_it_is(quiet_settings()).proposals()
    if as_json:
        for proposal in found:
            print_json(proposal)
        return
    rows = [(p.block, p.source, p.seen, p.family, " ".join(p.text.split())[:80], p.evidence[:60]) for p in found]
    summary_table(("block", "source", "seen", "family", "text", "evidence"), rows)


@cuts.command()
@click.argument("block")
@click.argument("verdict", type=click.Choice(["cut", "keep"]))
@click.option("--scope", help="The source, where it is proposed in several.")
@click.option("--everywhere", is_flag=True, help="In all sources, not only where it was seen.")
def rule(block: str, verdict: str, scope: str | None, everywhere: bool) -> None:
    """Rule on a proposed BLOCK: cut it or keep it, from now on and in what is stored."""
    with bootstrap.services(quiet_settings()) as parts:
        found = [p for p in parts.store.proposals(block=block) if scope in {None, p.source}]
        if not found:
            if any(ruling.block == block for ruling in parts.store.rulings(scope)):
                raise UsageError(f"block {block!r}: ruled on already; `syndicate cuts unrule {block}` takes it back")
            raise UsageError(f"block {block!r}: no such proposal; `syndicate cuts proposals` lists them")
        if len(found) > 1 and not everywhere:
            waits = ", ".join(p.source for p in found)
            raise UsageError(f"block {block!r}: proposed in {waits}; name one with --scope, or rule --everywhere")
        _decide(parts, EVERYWHERE if everywhere else found[0].source, block, found[0].text, verdict)


@cuts.command()
@click.argument("article_id")
@click.argument("words")
@click.option("--everywhere", is_flag=True, help="In the articles of all sources, not only of this article's.")
def restore(article_id: str, words: str, everywhere: bool) -> None:
    """Rule that a text that was cut stays in all articles of its source: the one with WORDS in this article.

    The ruling is for the text: every article of the source that lost it gets it back, and none loses it again. What
    runs, counts readers or shows another site (scripts, trackers, frames) is never put back. `syndicate cuts rulings`
    lists rulings, `syndicate cuts unrule` takes one back.
    """
    with bootstrap.services(quiet_settings()) as parts:
        stored = parts.store.article(article_id)
        if stored is None:
            raise UsageError(f"article {article_id!r}: no such article; `syndicate cuts` lists them")
        article = stored.published.article
        cut = _cut_with(words, article)
        scope = EVERYWHERE if everywhere else article.source
        failures = _decide(parts, scope, fingerprint(cut.text, article.title), cut.text, "keep")
        after = parts.store.article(article_id)
        if after and any(other.text == cut.text for other in after.published.article.cuts):
            reasons = [failure.reason for failure in failures if failure.where in {article.title, article.link}]
            kept = parts.store.payload(after.payload, article.source)
            why = reasons[0] if reasons else "nothing of it came back" if kept else "its payload is not kept any more"
            raise SyndicateError(f"{words!r} is still cut from this article: {why}; the ruling holds for what comes")


@cuts.command()
@as_json_option
def rulings(as_json: bool) -> None:
    """List the rulings on blocks: what stays or goes, in which source ("*": in all)."""
    found = bootstrap.store_as_it_is(quiet_settings()).rulings()
    if as_json:
        for ruling in found:
            print_json(ruling)
        return
    rows = [(r.block, r.scope, r.verdict, " ".join(r.text.split())[:80], r.at) for r in found]
    summary_table(("block", "scope", "verdict", "text", "at"), rows)


@cuts.command()
@click.argument("block")
@click.option("--scope", help="The source, or * for the ruling on all sources, where there are several.")
def unrule(block: str, scope: str | None) -> None:
    """Take the ruling on a BLOCK back, from now on and in what is stored; a proposal is one again."""
    with bootstrap.services(quiet_settings()) as parts:
        found = [r.scope for r in parts.store.rulings() if r.block == block and scope in {None, r.scope}]
        if not found:
            raise UsageError(f"block {block!r}: no such ruling; `syndicate cuts rulings` lists them")
        if len(found) > 1:
            raise UsageError(f"block {block!r}: ruled on in {', '.join(found)}; name one with --scope")
        parts.store.unrule(found[0], block)
        _apply(parts, found[0])


def _cut_with(words: str, article: Article) -> Cut:
    """The one text with these words that was cut; raises UsageError, or SyndicateError for what is never put back."""
    sought = words.casefold()
    matching = [c for c in article.cuts if c.text and sought in " ".join(c.text.split()).casefold()]
    if not matching and any(sought in f"{c.evidence} {c.html}".casefold() for c in article.cuts if not c.text):
        raise SyndicateError(f"{words!r} is in no text: what runs, counts readers or shows another site stays cut")
    texts = by_block(matching, article.title)
    if len(texts) != 1:
        raise UsageError(f"{words!r} stands in {len(texts)} of this article's cuts; expected one")
    return matching[0]


def _decide(parts: Services, scope: str, block: str, text: str, verdict: str) -> tuple[Failure, ...]:
    """Write the ruling down, and apply it to what is stored; returns what could not be rebuilt."""
    parts.store.rule(Ruling(scope, block, "cut" if verdict == "cut" else "keep", text, parts.now()))
    where = "all sources" if scope == EVERYWHERE else f"all articles of {scope}"
    stays = "goes from" if verdict == "cut" else "stays in"
    say(f"ruled: this text {stays} {where} (`syndicate cuts unrule {block}` takes it back)")
    return _apply(parts, scope)


def _apply(parts: Services, scope: str) -> tuple[Failure, ...]:
    return rebuilt(parts, () if scope == EVERYWHERE else (scope,))
