"""What an admin puts right of an article stands below it, whatever becomes of its words."""

from dataclasses import replace
from datetime import timedelta

import pytest

from syndicate.errors import UsageError
from syndicate.model import Correction
from syndicate.records import Heir
from syndicate.store.corrections import NOTE_LENGTH
from tests.contract.building import HOUR, NOW, article, change, declare, ingest, settle, waiting

STORY, COPY = article(), article("river")
LATER = NOW + HOUR
NOTE = Correction(LATER, "The ferry sails on Monday.")


@pytest.fixture
def wire(store):
    """A story of the lake's, and its copy; nothing waits to be published."""
    declare(store, "lake", "river")
    ingest(store, change(STORY))
    ingest(store, change(COPY, duplicate_of=STORY.id, topics=frozenset({"sport"})), source="river")
    settle(store)
    return store


@pytest.mark.parametrize("named", [STORY, COPY])
def test_a_note_stands_below_the_story(wire, named):
    """Whichever of its articles is named, the one that is shown has the note, and is revised once."""
    done = wire.correct(named.id, " The ferry\n sails on Monday. ", LATER)
    assert (done.article, done.topics) == (STORY.id, {"all", "water", "sport"})
    assert waiting(wire) == done.topics
    [shown] = wire.newest("sport", 9)
    assert (shown.article, shown.corrections, shown.revised) == (STORY, (NOTE,), LATER)
    assert wire.article(STORY.id).published == shown
    assert wire.article(COPY.id).published.corrections == ()


def test_a_note_stays_whatever_the_source_says(wire):
    """An edit keeps it, and so does being withdrawn and taken back."""
    wire.correct(STORY.id, NOTE.note, LATER)
    ingest(wire, change(replace(STORY, title="Edited"), kind="edited"))
    wire.kill(STORY.id, "libel", LATER)
    with pytest.raises(UsageError, match="is killed"):
        wire.correct(STORY.id, "more", LATER)
    with pytest.raises(UsageError, match="is killed"):
        wire.uncorrect(COPY.id, LATER)
    wire.revive(STORY.id, LATER)
    assert [(one.article.title, one.corrections) for one in wire.newest("all", 9)] == [("Edited", (NOTE,))]


def test_an_heir_gets_the_notes(wire):
    """What takes an article's place goes on with its notes: partners see one article."""
    wire.correct(STORY.id, NOTE.note, LATER)
    heir = Heir(COPY.id, STORY.id, "own")
    ingest(wire, change(COPY, kind="edited"), source="river", heirs=(heir,))
    assert [(one.article, one.corrections) for one in wire.newest("all", 9)] == [(COPY, (NOTE,))]


def test_the_last_note_is_taken_back(wire):
    """The latest goes first; each time partners see a revision, also under a clock that is behind."""
    wire.correct(STORY.id, NOTE.note, LATER)
    wire.correct(STORY.id, "So does the other one.", NOW)
    settle(wire)
    for left in ((NOTE,), ()):
        before = wire.article(STORY.id).published
        assert wire.uncorrect(STORY.id, NOW).topics == waiting(wire)
        after = wire.article(STORY.id).published
        assert (after.corrections, after.revised) == (left, before.revised + timedelta(seconds=1))
    with pytest.raises(UsageError, match="has no correction"):
        wire.uncorrect(STORY.id, NOW)


def test_what_cannot_be_put_right_says_why(wire):
    """An article that is not there, and notes that can't be shown; nothing waits for it."""
    with pytest.raises(UsageError, match="does not exist"):
        wire.correct("nothing", "x", NOW)
    for note in ("", "x" * (NOTE_LENGTH + 1)):
        with pytest.raises(UsageError, match=f"1 to {NOTE_LENGTH} characters"):
            wire.correct(STORY.id, note, NOW)
    assert waiting(wire) == set()


def test_a_note_that_is_sent_twice_stands_once(wire):
    """A form is sent twice by a double click; readers see one note, which can stand there again below another."""
    wire.correct(STORY.id, NOTE.note, LATER)
    settle(wire)
    with pytest.raises(UsageError, match="has this note below it already"):
        wire.correct(COPY.id, f"{NOTE.note} ", LATER + HOUR)
    assert waiting(wire) == set()
    for note in ("It does not.", NOTE.note):
        wire.correct(STORY.id, note, LATER)
    assert len(wire.article(STORY.id).published.corrections) == 3
