"""`kill` and `correct`: stories that must not stand anywhere any more, or not without a note."""

from collections.abc import Collection

import click

from syndicate import bootstrap
from syndicate.bootstrap import Services
from syndicate.cli.saying import say
from syndicate.cli.terminal import as_json_option, limit_option, print_json, quiet_settings, summary_table
from syndicate.current_topics import current_topics
from syndicate.errors import SyndicateError, UsageError
from syndicate.publish import insist
from syndicate.records import Withdrawal

_SECONDS = 20.0  # to wait for who is building a feed


@click.command()
@click.argument("article_id", metavar="[ID]", default="")
@click.option("--reason", default="", help="Why, in a few words. It is published: every partner reads it.")
@click.option("--undo", is_flag=True, help="Take it back: publish the story again, as its source tells it by now.")
@limit_option(100)
@as_json_option
def kill(article_id: str, reason: str, undo: bool, limit: int, as_json: bool) -> None:
    """Withdraw an article everywhere, with all its copies; without ID, list what is withdrawn.

    It leaves all feeds at once, these tell that it was withdrawn and why, and it can't come back: not by its source
    under whatever name, not by another's copy. Partners take down what they have imported if their importers listen.
    ID is an article's id, or its guid, as feeds have it.
    """
    asked = bool(reason.strip()) + undo
    if not article_id and not asked:
        _list(limit, as_json=as_json)
        return
    if not article_id or asked != 1:
        raise UsageError("expected ID and --reason TEXT (which is published), or ID and --undo to take that back")
    article_id = _named(article_id)
    with bootstrap.services(quiet_settings()) as parts:
        now = parts.now()
        done = parts.store.revive(article_id, now) if undo else parts.store.kill(article_id, reason, now)
        standing = insist(parts.publish, done.topics, _SECONDS)
        _tell(parts, done, standing, as_json=as_json)
        if standing:
            what = "is not yet back in" if undo else "still stands in the last good version of"
            raise SyndicateError(_not_yet(standing, f"{done.articles[0]}: the story {what}"))


@click.command()
@click.argument("article_id", metavar="ID")
@click.option("--note", default="", help="What is put right; readers see it below the article, with the date.")
@click.option("--undo", is_flag=True, help="Take the last note back.")
@as_json_option
def correct(article_id: str, note: str, undo: bool, as_json: bool) -> None:
    """Put a note below an article everywhere; it stays there whatever the article's source says.

    Partners see the article as updated, once. ID is an article's id, or its guid, as feeds have it.
    """
    if undo == bool(note.strip()):
        raise UsageError("expected --note TEXT to correct an article, or --undo to take the last note back")
    with bootstrap.services(quiet_settings()) as parts:
        name, now = _named(article_id), parts.now()
        done = parts.store.uncorrect(name, now) if undo else parts.store.correct(name, note, now)
        standing = insist(parts.publish, done.topics, _SECONDS)
        feeds = _declared(parts, done.topics - set(standing))
        stored = parts.store.article(done.article)
        notes = stored.published.corrections if stored else ()
        if as_json:
            print_json({"id": done.article, "corrections": notes, "feeds": feeds})
        else:
            what = "the last note is taken back" if undo else "corrected"
            say(f"{done.article}: {what}; notes below it: {len(notes)}, in {_names(feeds)}")
        if standing:
            raise SyndicateError(_not_yet(standing, f"{done.article}: that does not stand yet in"))


def _named(article_id: str) -> str:
    """The id in a guid."""
    return article_id.rstrip("/").rpartition("/")[2]


def _declared(parts: Services, topics: Collection[str]) -> list[str]:
    return sorted({topic.key for topic in current_topics(parts.settings, parts.store)} & set(topics))


def _list(limit: int, *, as_json: bool) -> None:
    stories = bootstrap.store_as_it_is(quiet_settings()).killed(limit)
    if as_json:
        for story in stories:
            print_json(story)
        return
    rows = [(s.id, s.source, s.title[:60], s.reason, s.at) for s in stories]
    summary_table(("id", "source", "title", "reason", "killed"), rows)


def _tell(parts: Services, done: Withdrawal, standing: Collection[str], *, as_json: bool) -> None:
    """Say what was done, and which feeds show it by now."""
    original = done.articles[0]
    stored = parts.store.article(original)
    status = stored.status if stored else "killed"
    feeds = _declared(parts, done.topics - set(standing))
    if as_json:
        print_json({"id": original, "status": status, "articles": done.articles, "feeds": feeds, "told": done.told})
        return
    copies = f" with {len(done.articles) - 1} copies" if len(done.articles) > 1 else ""
    if status != "killed":
        say(f"{original}: revived{copies}; it is {status}" + (f" in {_names(feeds)}" if status == "live" else ""))
    elif done.told:
        say(f"{original}: killed{copies}; it is out of {_names(feeds)}, which tell that it was withdrawn, and why")
    else:
        say(f"{original}: killed{copies}; partners have never seen it, and are told nothing")


def _names(feeds: Collection[str]) -> str:
    return f"the feeds of {', '.join(feeds)}" if feeds else "no feed yet"


def _not_yet(standing: dict[str, str], what: str) -> str:
    """What to do while some last good feeds are as they were."""
    feeds = ", ".join(f"{topic} ({reason})" for topic, reason in sorted(standing.items()))
    retried = "where `syndicate up` or `schedule` runs, that is tried again every few seconds"
    return f"{what} these feeds: {feeds}; {retried}, and `syndicate doctor` looks after them"
