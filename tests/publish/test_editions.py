"""What partners are served is built where the public feeds are, and fails alone."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from syndicate.errors import PublishError
from syndicate.model import FEED_FORMATS, TopicSpec
from syndicate.publish import drain, editions, publish
from syndicate.publish.profiles import edition
from syndicate.records_served import Partner
from syndicate.settings import Settings
from syndicate.store import Store
from tests.contract.building import HOUR, NOW, article, change, declare, ingest
from tests.publish.test_flow import Notices

WATER = TopicSpec("water", "Water")
SETTINGS = Settings(base_url="https://wire.example", title="The Wire", topics=(WATER, TopicSpec("wood", "Wood")))
PLAIN, MSN = ("plain", 0), ("msn", 3)


@pytest.fixture
def store(tmp_path: Path, sqlite_template: Path) -> Iterator[Store]:
    """A store with a source, an article, and two partners."""
    opened = Store(f"sqlite:///{shutil.copy(sqlite_template, tmp_path / 'wire.db')}")
    declare(opened)
    ingest(opened, change())
    opened.add_partner(Partner("anna", "Anna", NOW), "a", ())
    opened.add_partner(Partner("bert", "Bert", NOW, "msn", ("water",), 3), "b", ())
    yield opened
    opened.close()


def test_each_contract_in_use_has_an_edition_of_each_of_its_topics(store: Store):
    """In every format, under one address that is nobody's; who is paused, or has no such topic, has none."""
    drain(store, Notices(), SETTINGS, NOW)
    assert set(store.edition_etags("water")) == {(which, name) for which in (PLAIN, MSN) for name in FEED_FORMATS}
    assert set(store.edition_etags("all")) == {(PLAIN, name) for name in FEED_FORMATS}
    found = store.edition("water", PLAIN, "atom")
    assert found is not None
    assert found.body.count(b"https://wire.example/p/-/water.atom") == 2
    store.change_partner("bert", {"paused": True}, ["water"])
    drain(store, Notices(), SETTINGS, NOW)
    assert {which for which, _ in store.edition_etags("water")} == {PLAIN}


def test_the_same_articles_change_nothing(store: Store):
    """A second build leaves bytes and times as they are; a new article changes both, and what is killed is gone."""
    drain(store, Notices(), SETTINGS, NOW)
    before = store.edition("water", MSN, "rss")
    publish([WATER], store, Notices(), SETTINGS, NOW + HOUR)
    assert store.edition("water", MSN, "rss") == before
    two = article(key="two", title="Second")
    ingest(store, change(two))
    drain(store, Notices(), SETTINGS, NOW + HOUR)
    after = store.edition("water", MSN, "rss")
    assert after is not None
    assert (b"Second" in after.body, after.built) == (True, NOW + HOUR)
    store.kill(two.id, "A court's order", NOW)
    drain(store, Notices(), SETTINGS, NOW + HOUR)
    last = store.edition("water", MSN, "rss")
    assert last is not None
    assert (b"Second" in last.body, b"<dcterms:valid>end=" in last.body) == (False, True)


def test_one_that_fails_keeps_its_last_good_bytes_and_hinders_no_other(store: Store, monkeypatch: pytest.MonkeyPatch):
    """The public feed and other partners' are published, the topic is reported with the profile, and tried again."""
    drain(store, Notices(), SETTINGS, NOW)
    good = store.edition("water", MSN, "rss")
    for failure, said in ((PublishError("water.rss: torn"), "msn: water.rss: torn"), (KeyError("x"), "bug: KeyError")):

        def torn(feed: Any, contract: Any, base: str, failure: Exception = failure) -> Any:
            if contract == MSN:
                raise failure
            return edition(feed, contract, base)

        monkeypatch.setattr(editions, "edition", torn)
        ingest(store, change(article(key=said, title="Second")))
        report = drain(store, Notices(), SETTINGS, NOW)
        [outcome] = [one for one in report.outcomes if one.state == "failed"]
        assert (outcome.topic, said in outcome.reason, outcome.formats) == ("water", True, FEED_FORMATS)
        assert store.edition("water", MSN, "rss") == good
        plain = store.edition("water", PLAIN, "rss")
        assert plain is not None
        assert b"Second" in plain.body
        assert [topic for _, topic in store.pending_topics(9)] == ["water"]
        monkeypatch.undo()
        assert drain(store, Notices(), SETTINGS, NOW).topics("failed") == ()
        good = store.edition("water", MSN, "rss")
