"""What is new, what really changed, what is a copy."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from syndicate.ingest.fingerprint import fingerprint, sketch
from syndicate.ingest.plan import Prepared, plan
from syndicate.model import Article, TopicSpec
from syndicate.records import Change, Known

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
BASE = "https://wire.example"
TOPICS = (TopicSpec("all", "All"), TopicSpec("water", "Water", any_of=("ferry",)))


def text_of(name: str, words: int = 80) -> str:
    """A text that shares no four words in a row with one of another name."""
    return " ".join(f"{name}{n * n}" for n in range(words))


def article(name: str = "one", **fields: Any) -> Article:
    """An article with words, link and key of its own."""
    text = fields.pop("text", text_of(name))
    given = {"key": f"guid:{name}", "link": f"https://lake.example/{name}", "title": f"The {name}", "published": NOW}
    return Article(source=fields.pop("source", "lake"), html=f"<p>{text}</p>", text=text, **given | fields)


def prepared(*articles: Article) -> list[Prepared]:
    """The articles as the sandbox gives them."""
    return [Prepared(a, fingerprint(a), "0" * 64, fingerprint(a), sketch(a.text)) for a in articles]


def decide(*articles: Article, known: Iterable[Known] = (), twins: Iterable[Known] = (), now: datetime = NOW):
    """The plan for these articles."""
    return plan(prepared(*articles), {k.key: k for k in known}, tuple(twins), TOPICS, BASE, now)


def stored(change: Change, **fields: Any) -> Known:
    """What the store knows of an article once a change is written."""
    a, p = change.article, change.published
    values = {
        "id": a.id,
        "key": a.key,
        "link": a.link,
        "title": a.title,
        "raw": change.raw,
        "fingerprint": change.fingerprint,
        "guid": p.guid,
        "received": p.received,
        "revised": p.revised,
        "sketch": change.sketch,
        "status": "live",
    }
    return Known(**values | fields)


def known(*articles: Article, now: datetime = NOW) -> list[Known]:
    """What the store knows of articles that came some time ago."""
    return [stored(change) for change in decide(*articles, now=now)]


def test_what_was_never_seen_is_new() -> None:
    """A new article gets a guid of ours, its time of arrival, and the topics whose rules it matches."""
    [change] = decide(article(title="The ferry sails"))
    assert change.kind == "new"
    assert change.published.guid == f"{BASE}/a/{change.article.id}"
    assert change.published.received == NOW
    assert change.topics >= {"water"}


def test_what_is_as_it_was_gives_no_change() -> None:
    """The same article again, under other dates and a tracked link, changes nothing."""
    [before] = known(article())
    again = article(published=NOW - HOUR, updated=NOW)
    assert decide(again, known=[before], now=NOW + HOUR) == []


def test_an_edit_keeps_guid_and_arrival() -> None:
    """An edited article stays itself: guid and arrival for ever, revised by the source's word if it is newer."""
    [before] = known(article())
    told = decide(article(text=text_of("one") + " more", updated=NOW + HOUR), known=[before], now=NOW + 2 * HOUR)
    silent = decide(article(text=text_of("one") + " more"), known=[before], now=NOW + 2 * HOUR)
    for [change], revised in ((told, NOW + HOUR), (silent, NOW + 2 * HOUR)):
        assert change.kind == "edited"
        assert (change.published.guid, change.published.received) == (before.guid, before.received)
        assert change.published.revised == revised


@pytest.mark.parametrize("year", [1, 2099, 9999])
def test_absurd_dates_do_not_rank(year: int) -> None:
    """A date in the future, or before there were feeds, is kept, and moves neither rank nor revision past now."""
    absurd = datetime(year, 1, 1, tzinfo=UTC)
    [change] = decide(article(published=absurd, updated=absurd))
    assert change.published.article.published == absurd
    assert change.published.ranked <= NOW
    assert change.published.revised == NOW


def test_time_never_runs_backwards() -> None:
    """An edit seen by a clock that was set back is still revised no earlier than the article was before."""
    [before] = known(article(), now=NOW)
    [change] = decide(article(title="Other words"), known=[before], now=NOW - 5 * HOUR)
    assert change.published.revised >= before.revised


def test_renumbered_guids_find_their_articles() -> None:
    """When a source renumbers its guids, each article is found by its link, and edits reach the right one."""
    old = known(*(article(name) for name in ("a", "b", "c")))
    renumbered = [article(name, key=f"guid:{n + 900}") for n, name in enumerate(("a", "b", "c"))]
    assert decide(*renumbered, known=old) == []
    edited = replace(renumbered[1], title="Corrected", html=renumbered[1].html + "<p>More.</p>")
    [change] = decide(renumbered[0], edited, known=old, now=NOW + HOUR)
    assert change.article.key == "guid:b"


def test_guids_that_count_positions_lose_nothing() -> None:
    """Where guids are positions, a new article at the top takes nobody's place and nobody's words."""
    old = known(article("a", key="guid:item-1"), article("b", key="guid:item-2"))
    shifted = [article("new", key="guid:item-1"), article("a", key="guid:item-2"), article("b", key="guid:item-3")]
    [change] = decide(*shifted, known=old, now=NOW + HOUR)
    assert (change.kind, change.article.title) == ("new", "The new")
    assert change.article.key not in {k.key for k in old}
    assert decide(*shifted, known=[*old, stored(change)], now=NOW + 2 * HOUR) == []


def test_one_guid_for_ever_new_articles_keeps_all() -> None:
    """A source that gives every article in its turn the same guid loses none of them."""
    first = known(article("a", key="guid:latest"))
    [second] = decide(article("b", key="guid:latest"), known=first, now=NOW + HOUR)
    assert second.kind == "new"
    assert second.article.id != first[0].id
    assert decide(article("b", key="guid:latest"), known=[*first, stored(second)], now=NOW + 2 * HOUR) == []


@pytest.mark.parametrize(
    "moved",
    [
        {"link": "https://lake.example/2026/11/one"},
        {"title": "A new headline"},
        {"text": text_of("other")},
        {"title": "A new headline", "text": text_of("other")},
        {"title": "A new headline", "link": "https://lake.example/new-headline"},
        {"text": text_of("other"), "link": "https://lake.example/moved"},
    ],
)
def test_a_guid_with_something_in_common_is_an_edit(moved: dict[str, str]) -> None:
    """Under its own guid an article may get a new address, headline or text, and stays the article it was."""
    [before] = known(article())
    [change] = decide(article(**moved), known=[before], now=NOW + HOUR)
    assert (change.kind, change.published.guid) == ("edited", before.guid)


def test_one_link_for_all_keeps_all() -> None:
    """Articles that all point to the front page stay apart by guid."""
    front = [article(name, link="https://lake.example/") for name in ("a", "b", "c")]
    assert [c.kind for c in decide(*front)] == ["new"] * 3
    assert decide(*front, known=known(*front)) == []
    fourth = article("d", link="https://lake.example/")
    assert [c.kind for c in decide(fourth, known=known(*front[:1]))] == ["new"]


@pytest.mark.parametrize("link", ["http://www.lake.example/one/?utm_source=rss", "https://sea.example/copy"])
def test_the_first_source_wins(link: str) -> None:
    """The same article from another source, by link or by near-identical text, is recorded as a copy."""
    [first] = known(article())
    text = text_of("one") + " sea" if "sea" in link else text_of("another")
    [change] = decide(article(source="sea", link=link, text=text), twins=[first], now=NOW + HOUR)
    assert change.duplicate_of == first.id


def test_what_came_first_stays() -> None:
    """An edit of the article that came first does not turn it into the copy of its copy."""
    [ours] = known(article())
    [theirs] = known(article(source="sea", key="guid:copy"), now=NOW + HOUR)
    [change] = decide(article(title="Corrected"), known=[ours], twins=[theirs], now=NOW + 2 * HOUR)
    assert change.duplicate_of == ""


def test_short_or_different_texts_are_no_copies() -> None:
    """Two short notes with the same words, or long texts on the same matter, are two articles."""
    short = "The office is closed today."
    notes = known(article("n1", text=short))
    other = known(article("far"))
    [note] = decide(article("n2", source="sea", link="https://sea.example/n2", text=short), twins=notes)
    [long] = decide(article("near", source="sea", link="https://sea.example/near"), twins=other)
    assert note.duplicate_of == long.duplicate_of == ""


def test_one_article_twice_in_a_payload_is_one() -> None:
    """The same key twice in one reading gives one change: the last word counts."""
    changes = decide(article(), article(title="Corrected"))
    assert [change.article.title for change in changes] == ["Corrected"]


def test_undated_articles_keep_their_order() -> None:
    """Articles without a date rank in the order in which their source lists them."""
    changes = decide(*(article(name, published=None) for name in "abcd"))
    ranks = [change.published.ranked for change in changes]
    assert ranks == sorted(ranks, reverse=True)
    assert len(set(ranks)) == 4
