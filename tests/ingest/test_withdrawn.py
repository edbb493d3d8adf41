"""A withdrawn story comes back by no way that a story can come: each entry that tells it is of its family."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from syndicate.model import Article
from syndicate.records import Known
from tests.ingest.test_plan import HOUR, NOW, TOLD, article, decide, known, planned, text_of

HOME = "https://lake.example/feed"


@pytest.fixture(autouse=True)
def nothing_else_told() -> Iterator[None]:
    """What the articles say that are stored in one test."""
    TOLD.clear()
    yield
    TOLD.clear()


def killed(a: Article, **fields: Any) -> Known:
    """A story that a person has withdrawn."""
    return replace(known(a)[0], status="killed", **fields)


def origin(*articles: Article, **basis: Any) -> list[str]:
    """What these are copies of."""
    return [change.duplicate_of for change in decide(*articles, **basis)]


def test_an_edit_at_its_source_is_an_edit_of_it() -> None:
    """Whatever the source makes of it under its name is stored as that article, and makes nothing else of it."""
    story = killed(article())
    for text in (text_of("one") + " more", text_of("one", 40), text_of("another")):
        [change] = decide(article(text=text), known=[story])
        assert (change.kind, change.article.id, change.duplicate_of) == ("edited", story.id, "")


def test_it_comes_back_under_no_other_name() -> None:
    """A renumbered guid, another address, http instead of https: the same words are the same story."""
    story = killed(article())
    renamed = article(key="guid:other", link="https://lake.example/moved")
    insecure = article(key="guid:other", link="http://lake.example/one", text=text_of("one") + " more")
    for again in (renamed, insecure):
        [change] = decide(again, known=[story])
        assert story.id in (change.article.id, change.duplicate_of)


def test_a_second_entry_beside_it_is_its_copy() -> None:
    """Its source still gives it as it was, or edits it, and gives it once more under another name."""
    story = killed(article())
    twice = article(key="guid:two", link="https://lake.example/two")
    assert origin(twice, known=[story], present=[story]) == [story.id]
    edited = article(text=text_of("one", 60) + " " + text_of("later", 20))
    for both in ((edited, twice), (twice, edited)):
        changes = decide(*both, known=[story])
        assert all(story.id in (change.article.id, change.duplicate_of) for change in changes), both


def test_its_new_words_come_back_under_no_other_name() -> None:
    """What its source makes of it and gives once more, in the same document, is its copy, whichever comes first."""
    story = killed(article())
    edited = article(text=text_of("another"))
    twice = article(key="guid:two", link="https://lake.example/two", text=text_of("another"))
    for both in ((edited, twice), (twice, edited)):
        changes = decide(*both, known=[story])
        assert all(story.id in (change.article.id, change.duplicate_of) for change in changes), both


@pytest.mark.parametrize("later", [True, False])
def test_another_source_that_tells_it_is_its_copy(later: bool) -> None:
    """By nearly the same words, or by its address with an excerpt; whether it is new or was something else before."""
    story = killed(article())
    theirs = article("hill", source="hill", key="guid:h")
    before = [] if later else [replace(known(theirs)[0], received=NOW - HOUR)]
    near = replace(theirs, text=text_of("one") + " and more", title="The one")
    linked = replace(theirs, link="https://lake.example/one", text=text_of("one", 20), title="The one")
    for again in (near, linked):
        assert origin(again, known=before, twins=[story], location="https://hill.example/feed") == [story.id]


def test_its_source_under_another_key_is_its_copy() -> None:
    """Relaunched or declared anew, also where the story was edited meanwhile; nobody inherits its place."""
    story = killed(article(), retired=True, location=HOME)
    same = article(source="lake2")
    edited = article(source="lake2", text=text_of("one", 50) + " " + text_of("later", 30))
    for again in (same, edited):
        plan = planned(again, twins=[story], location=HOME)
        assert ([c.duplicate_of for c in plan.changes], plan.heirs) == ([story.id], ())


def test_its_copies_stay_copies() -> None:
    """Neither an edit of the story nor one of its copy sets the copy free, and none is a correction that takes over."""
    story = killed(article())
    copy = killed(article("copy", source="hill", text=text_of("one")), duplicate_of=story.id)
    plan = planned(article(text=text_of("another")), known=[story], twins=[copy])
    assert (plan.orphans, plan.heirs) == ((), ())
    alone = article("copy", source="hill", text=text_of("another"))
    [change] = decide(alone, known=[copy], twins=[story], location="https://hill.example/feed")
    assert (change.article.id, change.duplicate_of) == (copy.id, story.id)


def test_a_copy_that_is_freed_and_tells_it_is_its_copy() -> None:
    """What was hidden behind another article that changes does not come out with a withdrawn story."""
    story = killed(article())
    other = known(article("other", text=text_of("one")))[0]
    hidden = replace(
        known(article("hidden", source="hill", text=text_of("one")))[0], status="duplicate", duplicate_of=other.id
    )
    [orphan] = planned(article("other", text=text_of("another")), known=[other], twins=[story, hidden]).orphans
    assert (orphan.article, orphan.duplicate_of) == (hidden.id, story.id)


def test_other_stories_go_through() -> None:
    """A report on it, another story of its source, the next under its guid or its form: none is withdrawn with it."""
    story = killed(article())
    report = article("report", source="hill", text=text_of("one", 20) + " " + text_of("report"), link=story.link)
    assert origin(report, twins=[story], location="https://hill.example/feed") == [""]
    assert origin(article("two"), known=[story]) == [""]
    next_one = article("two", key="guid:one", published=NOW + 48 * HOUR)
    [change] = decide(next_one, known=[story], now=NOW + 50 * HOUR)
    assert (change.article.id != story.id, change.duplicate_of) == (True, "")
    live = known(article("two"))[0]
    [edit] = decide(article("two", text=text_of("two") + " more"), known=[story, live])
    assert (edit.article.id, edit.duplicate_of) == (live.id, "")
