"""Asking for articles, moving them between topics, and the outbox that says which feeds to build again."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from syndicate.errors import UsageError
from syndicate.store.tables import meta
from tests.contract.building import HOUR, NOW, article, before_first, change, cut, declare, ingest, payload


def _keys(articles):
    return [published.article.key for published in articles]


@pytest.fixture
def filled(store):
    """Four live articles and a held one, of two sources."""
    declare(store, "lake", "river")
    old, young = NOW - 2 * HOUR, NOW - HOUR / 2
    ingest(
        store,
        change(article(key="old", published=old)),
        change(article(key="young", published=young), topics=frozenset({"water", "fire"})),
        change(article(key="future", published=datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC)), received=NOW - HOUR),
        change(article(key="undated", published=None), received=NOW - HOUR, topics=frozenset()),
        change(article(key="held", held="look at it", cuts=(cut("h"),)), received=NOW + HOUR),
    )
    return store


def test_newest_ranks_by_the_sources_date_but_never_past_arrival(filled):
    """A date in the future ranks as received; held articles are not there; ties go by id."""
    tied = sorted(("future", "undated"), key=lambda key: article(key=key).id)
    assert _keys(filled.newest("all", 9)) == ["young", *tied, "old"]
    assert _keys(filled.newest("water", 9)) == ["young", "future", "old"]
    assert _keys(filled.newest("fire", 9)) == ["young"]
    assert filled.newest("nothing", 9) == ()


def test_topics_are_counted(filled):
    """Live articles only, and `all` counts every one of them once."""
    assert filled.topic_counts() == {"all": 4, "water": 3, "fire": 1}


def test_newest_goes_back_in_time(filled):
    """`limit` and `before` walk through a topic without repeating an article."""
    (first,) = filled.newest("water", 1)
    assert _keys(filled.newest("water", 9, before=first.ranked)) == ["future", "old"]
    assert _keys(filled.newest("all", 9, before=NOW - HOUR)) == ["old"]
    assert filled.newest("all", 9, before=NOW - 2 * HOUR) == ()


def test_the_year_one_can_be_stored(store):
    """An absurd date keeps its place in the order and its own value."""
    declare(store)
    ancient = article(published=datetime(1, 1, 1, tzinfo=UTC))
    ingest(store, change(ancient))
    assert store.newest("all", 9)[0].article == ancient


def test_articles_are_listed_by_source_and_status(filled):
    """The latest received first; each filter alone and together."""
    ingest(filled, change(article("river")), source="river")
    listed = [stored.published.article.key for stored in filled.articles(source="lake")]
    assert listed[0] == "held"
    assert len(listed) == 5
    assert len(filled.articles()) == 6
    assert len(filled.articles(limit=2)) == 2
    assert [s.published.article.key for s in filled.articles(source="lake", status="held")] == ["held"]
    assert filled.articles(source="river", status="held") == ()


def test_set_topics_tells_what_changed(filled):
    """Only topics that gained or lost a live article are touched, and they wait in the outbox."""
    filled.done_topics([id_ for id_, _ in filled.pending_topics(99)])
    topics = {
        article(key="old").id: frozenset({"water"}),
        article(key="young").id: frozenset({"fire", "air"}),
        article(key="held").id: frozenset({"secret"}),
        "missing": frozenset({"nowhere"}),
    }
    assert filled.set_topics(topics) == {"water", "air"}
    assert {topic for _, topic in filled.pending_topics(99)} == {"water", "air"}
    assert filled.article(article(key="young").id).topics == {"fire", "air"}
    assert filled.article(article(key="held").id).topics == {"secret"}
    assert _keys(filled.newest("air", 9)) == ["young"]
    assert filled.set_topics(topics) == frozenset()


def test_set_topics_goes_by_the_topics_of_the_moment(kind, filled, store_url, open_store):
    """Whoever put the article into other topics a moment before does not keep it there."""
    if kind == "sqlite":
        pytest.skip("one writer at a time: nobody can do so meanwhile")
    young, other = article(key="young").id, open_store(store_url)
    topics = filled.article(young).topics
    before_first(filled, "SELECT pg_advisory", lambda: other.set_topics({young: frozenset({"fire"})}))
    assert filled.set_topics({young: topics}) == {"water"}
    assert filled.article(young).topics == topics


def test_reading_sees_one_state(store, store_url, open_store):
    """What is written during a reading transaction is not seen by its later questions."""
    other = open_store(store_url)
    with store.reading("twice") as connection:
        assert connection.execute(select(meta)).all() == []
        other.set_meta("rules", "1")
        assert connection.execute(select(meta)).all() == []
    assert store.meta("rules") == "1"


def test_a_released_article_is_published_and_a_held_one_is_not(filled):
    """An admin's word moves an article in or out of its feeds, which are to be built again."""
    filled.done_topics([id_ for id_, _ in filled.pending_topics(99)])
    held = article(key="held").id
    filled.set_status(held, "live")
    assert "held" in _keys(filled.newest("water", 9))
    assert {topic for _, topic in filled.pending_topics(99)} == {"all", "water"}
    filled.set_status(held, "held")
    assert "held" not in _keys(filled.newest("water", 9))
    with pytest.raises(UsageError):
        filled.set_status("missing", "live")
    with pytest.raises(UsageError):
        filled.set_status(held, "famous")
    with pytest.raises(UsageError, match="is held, not live or discarded"):
        filled.set_status(held, "live", of=("live", "discarded"))
    assert (filled.count("held"), filled.count("live"), filled.count("discarded")) == (1, 4, 0)


def test_cuts_are_listed_with_their_article(filled):
    """Latest article first, in the body's order; for one source, one article, or all."""
    cuts = (cut("one"), cut("two", start=5))
    cutting = article("river", key="cut", cuts=cuts)
    ingest(filled, change(cutting, received=NOW + 2 * HOUR), source="river")
    held = (article(key="held").id, cut("h"))
    assert filled.cuts() == ((cutting.id, cuts[0]), (cutting.id, cuts[1]), held)
    assert filled.cuts(source="lake") == (held,)
    assert filled.cuts(article=cutting.id, limit=1) == ((cutting.id, cuts[0]),)


def test_the_outbox_holds_each_topic_once(store):
    """Ten edits of one topic are one build."""
    declare(store)
    for number in range(10):
        ingest(store, change(article(title=f"Edit {number}"), kind="edited"))
    assert sorted(topic for _, topic in store.pending_topics(99)) == ["all", "water"]
    assert len(store.pending_topics(1)) == 1


def test_a_topic_touched_while_it_is_built_stays_in_the_outbox(store):
    """A builder is done only with the row it took: what changed after it read the articles is built again."""
    declare(store)
    store.touch_topics({"water"})
    ((taken, _),) = store.pending_topics(9)
    store.touch_topics({"water"})
    store.done_topics([taken])
    ((left, topic),) = store.pending_topics(9)
    assert (topic, left > taken) == ("water", True)
    store.done_topics([left])
    store.done_topics([])
    assert store.pending_topics(9) == ()
    store.touch_topics({"water"})
    assert store.pending_topics(9)[0][0] > left


def test_each_article_survives_changes_between_batches(filled):
    """What is deleted, added or edited while we walk neither repeats nor ends the walk."""
    seen = []
    for stored in filled.each_article(2):
        seen.append(stored.published.article.id)
        filled.set_status(stored.published.article.id, "held")
    assert len(seen) == len(set(seen)) == 5
    assert [len(list(filled.each_article(2, source))) for source in ("lake", "river")] == [5, 0]


def test_times_come_back_in_utc_whatever_zone_they_had(store):
    """An offset is the same moment in UTC."""
    declare(store)
    from datetime import timezone

    there = NOW.astimezone(timezone(timedelta(hours=5, minutes=45)))
    new = change(received=there)
    ingest(store, replace(new, published=replace(new.published, revised=there)))
    stored = store.article(article().id)
    assert stored.published.received == NOW
    assert stored.published.received.utcoffset() == timedelta(0)


def test_articles_whose_payload_is_kept(store):
    """Articles are told apart by whether the payload that their own source gave is still there."""
    declare(store, "lake", "sea")
    for source in ("lake", "sea"):
        given = store.keep_payload(payload(source.encode()), source, NOW)
        other = payload(b"sea" if source == "lake" else b"gone").digest
        made = [change(article(source, key), payload=digest) for key, digest in (("one", given), ("two", other))]
        ingest(store, *made, source=source)
    assert [stored.published.article.key for stored in store.each_article(source="lake", kept=True)] == ["one"]
    assert (store.forgotten("lake"), store.forgotten("sea"), store.forgotten("none")) == (1, 1, 0)


def test_a_list_goes_on_behind_what_was_seen(filled):
    """Page by page every article comes once, those that were received at the same moment, too."""
    everything = [stored.published.article.id for stored in filled.articles()]
    seen = []
    while page := filled.articles(limit=2, after=seen[-1] if seen else ""):
        seen += [stored.published.article.id for stored in page]
    assert seen == everything
    assert len(seen) == 5
    assert filled.articles(after="nothing") == ()


@pytest.mark.parametrize(
    ("name", "keys"),
    [
        ("THE YOUNG", ["young"]),
        ("the", ["future", "held", "old", "undated", "young"]),
        ("%", []),
        ("https://lake.example/old", ["old"]),
        (f"https://wire.example/a/{article(key='held').id}", ["held"]),
        (f"{article(key='held').id}", ["held"]),
    ],
)
def test_an_article_is_found_by_what_people_call_it(filled, name, keys):
    """By words of its title in any case, by its address, its guid and its id; signs of a pattern mean themselves."""
    assert sorted(stored.published.article.key for stored in filled.articles(named=name)) == keys
    assert filled.articles("river", named=name) == ()


def test_titles_are_found_in_any_case_of_any_language(store):
    """As far as a name in small letters, in capitals or with capitals in front goes."""
    declare(store)
    ingest(store, change(article(title="Ölpest vor Øresund")))
    for name in ("ölpest", "ÖLPEST VOR", "øresund", "Ölpest vor Ø"):
        assert len(store.articles(named=name)) == 1, name
