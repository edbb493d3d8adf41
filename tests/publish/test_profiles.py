"""Profiles: what each importer is served, and how it hears of what was withdrawn.

Golden files stand beside those of the formats. When a change to them is meant: python -m tests.publish.test_profiles
"""

from dataclasses import replace
from datetime import timedelta
from io import BytesIO
from pathlib import Path

import feedparser
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from syndicate.errors import PublishError
from syndicate.formats import partner_path
from syndicate.model import FEED_FORMATS, FeedFormat, Image
from syndicate.publish.check import check
from syndicate.publish.lint import PROFILES as IMPORTERS
from syndicate.publish.lint import lint
from syndicate.publish.lint.seen import see
from syndicate.publish.profiles import NOBODY, PLAIN, PROFILES, addressed, edition, under
from syndicate.render import render
from tests.render.articles import BASE, BEES, FOLDER, HARBOUR, WITHDRAWN, at, feed_of
from tests.render.test_any_text import graveyards, wires
from tests.render.test_golden import GOLDEN, shown

GONE = {name: profile for name, profile in PROFILES.items() if profile.gone}
TOLD = feed_of((BEES,), withdrawn=WITHDRAWN, language="de")


def test_every_importer_that_lint_knows_has_a_profile():
    """Whoever's feed can be looked at can be given one, under the same name; `plain` is for any."""
    assert set(IMPORTERS) - {"any"} <= set(PROFILES)
    assert {name: one.name for name, one in PROFILES.items() if name in IMPORTERS} == {
        name: said for name, said in IMPORTERS.items() if name != "any"
    }


def test_every_profile_stands_in_the_documentation():
    """docs/partners.md has them all, by name."""
    docs = (Path(__file__).parents[2] / "docs/partners.md").read_text(encoding="utf-8")
    assert [name for name in PROFILES if f"`{name}`" not in docs] == []


@pytest.mark.parametrize("name", GONE)
def test_golden_bytes(name: str):
    """A withdrawal comes out in exactly the bytes that were agreed on with each importer."""
    assert shown(edition(TOLD, (name, 0), BASE)["rss"]) == (GOLDEN / f"withdrawn-{name}.rss").read_bytes()


@pytest.mark.parametrize("format_", ["rss", "atom"])
@pytest.mark.parametrize("name", GONE)
def test_what_is_withdrawn_stands_there_again(name: str, format_: FeedFormat):
    """It has its id, its link, the time of its withdrawal, the reason, no word of what it said, and its place by time;
    and lint does not take it for an article.
    """
    read = feedparser.parse(BytesIO(edition(TOLD, (name, 0), BASE)[format_])).entries
    assert [entry.id for entry in read] == [WITHDRAWN[0].guid, TOLD.items[0].id, WITHDRAWN[1].guid]
    assert read[0].link == WITHDRAWN[0].link
    assert read[0].published_parsed[:6] == read[0].updated_parsed[:6] == (2026, 3, 3, 7, 15, 0)
    assert (read[0].title, "Urheberrecht" in read[2].summary) == ("Dieser Artikel wurde zurückgezogen.", True)
    assert [item.id for item in see(edition(TOLD, (name, 0), BASE)[format_]).items] == [TOLD.items[0].id]


@pytest.mark.parametrize("name", sorted(set(PROFILES) - set(GONE)))
def test_the_others_hear_of_it_as_the_public_does(name: str):
    """Where an importer has no form of its own, at:deleted-entry stands in its feed; in JSON Feed all hear it alike."""
    bodies = edition(TOLD, (name, 0), BASE)
    assert bodies["rss"].count(b"<at:deleted-entry ") == 2
    assert bodies["json"].count(b'"status":"withdrawn"') == 2
    assert edition(TOLD, ("smartnews", 0), BASE)["json"].count(b'"status":"withdrawn"') == 2


@pytest.mark.parametrize("name", PROFILES)
def test_any_feed_under_any_profile_is_well_formed_and_stable(name: str):
    """Whatever the feed holds, it can be read back as meant, and comes out in the same bytes again."""
    for feed in (feed_of(), feed_of((), withdrawn=WITHDRAWN), TOLD, feed_of((), language="", rights="", contact="")):
        first = edition(feed, (name, 2), BASE)
        assert edition(feed, (name, 2), BASE) == first
        for form, body in first.items():
            links = {form: f"{BASE}{partner_path(NOBODY, feed.key, form)}"}
            meant = replace(under(PROFILES[name], feed, form, 2), links=links)
            check(meant, form, body)
            assert len([item for item in meant.items if not item.withdrawn]) == min(2, len(feed.items))


@settings(max_examples=15)
@given(wires, graveyards, st.sampled_from(sorted(PROFILES)), st.sampled_from([0, 1]))
def test_whatever_text_a_feed_holds_goes_through_any_profile(wire, stones, name, most):
    """Nothing is so odd that it breaks a feed: each edition can be read back as meant, or it would raise."""
    feed = feed_of(wire, withdrawn=stones)
    assert edition(feed, (name, most), BASE) == edition(feed, (name, most), BASE)


@pytest.mark.parametrize("format_", FEED_FORMATS)
def test_the_plain_profile_is_the_public_feed(format_: FeedFormat):
    """But for its address, which is the partner's own and stands there as often as the public one, and for the hub."""
    public = feed_of(withdrawn=WITHDRAWN)
    mine = addressed(edition(public, (PLAIN, 0), BASE)[format_], format_, "islands", "anna")
    address = f"{BASE}/p/anna/islands.{format_}".encode()
    assert mine.replace(address, public.links[format_].encode()) == render(replace(public, hub=""), format_)
    assert f"/p/{NOBODY}/".encode() not in mine


def test_an_article_that_names_nobodys_feed_is_not_touched():
    """The partner's address is put into the head alone, whatever an article quotes."""
    text = f"{BASE}/p/{NOBODY}/islands.atom"
    feed = feed_of((replace(BEES, article=replace(BEES.article, title=text)),))
    for form in FEED_FORMATS:
        mine = addressed(edition(feed, (PLAIN, 0), BASE)[form], form, "islands", "anna")
        assert text in feedparser.parse(BytesIO(mine)).entries[0].title if form != "json" else text.encode() in mine


def test_what_an_importer_refuses_is_mended_or_left_out():
    """MSN: titles end at a word, other languages and what is older than a year stay out. Flipboard: 30, wide pictures.
    A partner may want fewer, never more.
    """
    feed = feed_of((HARBOUR, BEES, FOLDER))
    long = replace(feed.items[0], title="A very long headline " * 10)
    old = replace(feed.items[2], published=feed.updated - timedelta(days=365))
    small = replace(feed.items[0], images=(Image("https://a.example/a.png", width=399), Image("https://a.example/b")))
    msn = under(PROFILES["msn"], replace(feed, items=(long, feed.items[1], old)), "rss")
    [item] = msn.items
    assert (len(item.title) <= 150, item.title.endswith("…")) == (True, True)
    many = replace(feed, items=tuple(replace(small, id=f"{BASE}/a/{n}") for n in range(40)))
    flipboard = under(PROFILES["flipboard"], many, "rss")
    assert (len(flipboard.items), flipboard.items[0].images) == (30, small.images[1:])
    assert [len(under(PROFILES["flipboard"], many, "rss", n).items) for n in (5, 50)] == [5, 30]
    assert len(under(PROFILES[PLAIN], many, "rss").items) == 40


def test_msn_finds_no_way_back_above_the_fourth_paragraph():
    """There words stay and links to the article's own site go, the credit's, too; others stay, and all further down."""
    link = '<a href="https://herald.example.com/x?a=1&amp;b=2">harbour</a>'
    paragraphs = [f'<p>The {link} &lt;b&gt; {n} <a href="https://other.example/">sea</a>.</p>' for n in range(5)]
    for count in (1, 5):
        long = replace(HARBOUR, article=replace(HARBOUR.article, html="".join(paragraphs[:count]), original=None))
        feed = feed_of((long,))
        [item] = under(PROFILES["msn"], feed, "rss").items
        assert item.html.count("herald.example.com/x") == max(0, count - 2)
        assert item.html.count("The harbour &lt;b&gt; ") + item.html.count("harbour</a> &lt;b&gt;") == count
        assert item.html.count("https://other.example/") == count
        assert "First published by" in item.html
        assert not [
            one for one in lint(edition(feed, ("msn", 0), BASE)["rss"], "msn", at(2026, 3, 5)) if "link" in one.rule
        ]
    assert under(PROFILES["msn"], feed_of((HARBOUR,)), "rss").items[0].html == feed_of((HARBOUR,)).items[0].html


def test_apple_finds_no_trailer():
    """A credit that is but a link, as in languages that we have no words in, is words there; others stay."""
    hungarian = replace(HARBOUR.article, language="hu", original=None)
    feed = feed_of((replace(HARBOUR, article=hungarian), HARBOUR))
    longer = replace(feed.items[0], html=feed.items[0].html.replace("Herald<", "Herald Tribune<"))
    feed = replace(feed, items=(longer, feed.items[1]))
    first, second = under(PROFILES["apple"], feed, "rss").items
    assert first.html.endswith("<p>→ Harbour Herald Tribune</p>")
    assert second.html == feed.items[1].html


@pytest.mark.parametrize("name", sorted(set(IMPORTERS) - {"any"}))
def test_lint_finds_nothing_that_rendering_could_mend(name: str):
    """What is left to find is what the article's owner alone could mend."""
    owners = {"picture", "picture-ending", "summary-length", "content-length", "author-or-credit", "content"}
    owners.add("title-length")  # of a short one; what becomes of a long one is seen above
    lengthy = replace(HARBOUR, article=replace(HARBOUR.article, title="Ferry " * 40, key="x"), guid=f"{BASE}/a/x")
    feed = feed_of((HARBOUR, lengthy, BEES, FOLDER), withdrawn=WITHDRAWN)
    for form in ("rss", "atom"):
        found = lint(edition(feed, (name, 0), BASE)[form], name, at(2026, 3, 5), "application/xml")
        assert {one.rule for one in found if one.level == "error"} <= owners


def test_a_profile_that_is_unknown_fails_by_its_name():
    """One that only a newer program knew is no bug."""
    with pytest.raises(PublishError, match="profile 'morse' is unknown"):
        edition(TOLD, ("morse", 0), BASE)


if __name__ == "__main__":
    for name in GONE:
        (GOLDEN / f"withdrawn-{name}.rss").write_bytes(shown(edition(TOLD, (name, 0), BASE)["rss"]))
