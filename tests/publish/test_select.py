"""Which articles a feed holds."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from html import escape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syndicate.model import Article, Published, TopicSpec
from syndicate.publish.build import build
from syndicate.publish.select import select, weight
from syndicate.settings import Settings
from tests.publish.swollen import SWOLLEN
from tests.render.articles import WIRE

NOW = datetime(2026, 6, 1, tzinfo=UTC)
PLENTY = 10**9


def one(minute: int, source: str = "a", size: int = 10) -> Published:
    """An article of this source, `minute` minutes old."""
    moment = NOW - timedelta(minutes=minute)
    article = Article(source, f"k{minute}", "", "T", "x" * size, "x", published=moment)
    return Published(article, f"https://w.example/a/{article.id}", moment, moment)


def keys(selection):
    """Source and key of what was chosen."""
    return [(p.article.source, p.article.key) for p in selection.articles]


def test_newest_come_first_and_no_more_than_asked_for():
    """A feed holds its newest articles, newest first."""
    wire = [one(n) for n in range(10)]
    assert keys(select(wire, 3, 1.0, PLENTY)) == [("a", "k0"), ("a", "k1"), ("a", "k2")]


def test_no_candidate_is_read_needlessly():
    """Once the feed is full, the rest of the candidates stays unread."""
    wire = iter([one(n) for n in range(10)])
    select(wire, 3, 1.0, PLENTY)
    assert len(list(wire)) == 7


def test_a_flood_from_one_source_leaves_room_for_others():
    """One source gets its share; others' older articles come into the feed."""
    flood = [one(n, "flood") for n in range(1000)]
    others = [one(2000 + n, "b") for n in range(5)]
    chosen = keys(select([*flood, *others], 10, 0.5, PLENTY))
    assert [source for source, _ in chosen] == ["flood"] * 5 + ["b"] * 5


def test_even_the_smallest_share_is_one_article():
    """A source is never shut out by rounding."""
    assert len(select([one(0), one(1)], 3, 0.01, PLENTY).articles) == 1


def test_a_share_is_what_people_reckon():
    """29 percent of a hundred are 29 articles, whatever binary fractions make of it."""
    assert len(select([one(n) for n in range(40)], 100, 0.29, 10 * PLENTY).articles) == 29


def test_budget_ends_the_feed():
    """The feed stops before the article that would make it too large; no older one takes its place."""
    wire = [one(0, size=100), one(1, size=100), one(2, size=1000), one(3, size=100)]
    budget = 3 * weight(wire[0])
    assert keys(select(wire, 10, 1.0, budget)) == [("a", "k0"), ("a", "k1")]


@pytest.mark.parametrize("size", [50_000, 8_000])
def test_an_article_that_would_take_most_of_a_feed_is_named(size):
    """It is passed over and reported, and its neighbours are published."""
    wire = [one(0, size=100), one(1, size=size), one(2, size=100)]
    selection = select(wire, 10, 1.0, 20_000)
    assert keys(selection) == [("a", "k0"), ("a", "k2")]
    assert selection.oversized == (wire[1].article.id,)


@pytest.mark.parametrize("fields", SWOLLEN, ids=lambda fields: next(iter(fields)))
def test_every_field_is_weighed(fields):
    """Whichever field a source swells, the article is reckoned to be about as large as it comes out."""
    plain = one(0)
    swollen = replace(plain, article=replace(plain.article, **fields))
    largest = max(map(len, build(TopicSpec("t", "T"), (swollen,), {}, Settings()).bodies.values()))
    assert largest > 200_000
    assert weight(swollen) > 0.8 * largest


def test_an_ordinary_article_weighs_what_it_always_did():
    """A few names, categories and pictures are reckoned at a flat rate, so that feeds don't change for them."""
    for each in WIRE:
        body = len(escape(each.article.html, quote=False).encode())
        flat = len(each.article.title.encode()) + 600 * len(each.article.images) + 4_000
        assert body + flat <= weight(each) <= body + flat + 200


def test_the_same_guid_is_taken_once():
    """Two candidates of one guid give one item."""
    assert len(select([one(0), one(0)], 10, 1.0, PLENTY).articles) == 1


@given(
    st.lists(st.tuples(st.integers(0, 50), st.sampled_from("abc"), st.integers(0, 9000)), max_size=60),
    st.integers(1, 20),
    st.floats(0.01, 1),
    st.integers(10_000, 60_000),
)
def test_limits_always_hold(wire, items, share, budget):
    """Number, share of a source, bytes and order are as promised, whatever comes."""
    candidates = sorted((one(*each) for each in wire), key=lambda p: p.ranked, reverse=True)
    chosen = select(candidates, items, share, budget).articles
    assert len(chosen) <= items
    for source in "abc":
        assert sum(p.article.source == source for p in chosen) <= max(1, items * share + 1e-6)
    assert sum(map(weight, chosen)) <= budget
    assert list(chosen) == sorted(chosen, key=lambda p: (-p.ranked.timestamp(), p.article.id))
