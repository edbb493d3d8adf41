"""`kill`: stories that must not stand anywhere any more."""

from collections.abc import Collection

import click

from syndicate import bootstrap
from syndicate.bootstrap import Services
from syndicate.cli.saying import say
from syndicate.cli.terminal import as_json_option, limit_option, print_json, quiet_settings, summary_table
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
    article_id = article_id.rstrip("/").rpartition("/")[2]
    with bootstrap.services(quiet_settings()) as parts:
        now = parts.now()
        done = parts.store.revive(article_id, now) if undo else parts.store.kill(article_id, reason, now)
        standing = insist(parts.publish, done.topics, _SECONDS)
        _tell(parts, done, standing, as_json=as_json)
        if standing:
            raise SyndicateError(_still_standing(standing, done.articles[0], undo=undo))


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
    declared = {topic.key for topic in parts.settings.all_topics}
    feeds = sorted((done.topics & declared) - set(standing))
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


def _still_standing(standing: dict[str, str], article_id: str, *, undo: bool) -> str:
    """What to do while some last good feeds are as they were."""
    feeds = ", ".join(f"{topic} ({reason})" for topic, reason in sorted(standing.items()))
    what = "is not yet back in" if undo else "still stands in the last good version of"
    retried = "where `syndicate up` or `schedule` runs, that is tried again every few seconds"
    return f"{article_id}: the story {what} these feeds: {feeds}; {retried}, and `syndicate doctor` looks after them"
