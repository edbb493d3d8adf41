"""A source's memory: grows, forgets, and never cuts on repetition alone."""

import json
import zlib
from dataclasses import replace

import pytest

from syndicate.model import Article
from syndicate.strip.article import strip
from syndicate.strip.memory import Memory, fingerprint


def article(number: int, tail: str, *, body: str = "") -> Article:
    bridge = "".join("abcdefghij"[int(digit)] for digit in str(number))  # numbers tell no two texts apart
    prose = body or f"In that week the council met again and argued about the bridge of {bridge} until midnight came."
    lanterns = f"Nobody had counted the lanterns that hung in {bridge}, and nobody did so afterwards."
    html = f"<p>{prose}</p><p>{lanterns}</p>{tail}"
    return Article(
        "s", str(number), f"https://lantern.example/{number}", f"Story number {number} of the week", html, ""
    )


def learned(tail: str, count: int, start: int = 0, memory: Memory | None = None) -> Memory:
    memory = memory or Memory()
    for number in range(start, start + count):
        memory = memory.learn(article(number, tail))
    return memory


def test_same_block_has_one_name() -> None:
    """Numbers, addresses, signs, case and the article's title don't change a block's name."""
    assert fingerprint("Read 12 more at https://a.example/1!") == fingerprint("read 7 MORE at https://a.example/2")
    assert fingerprint("Thanks for reading Old Mill Burns Down.", "Old Mill Burns Down") == fingerprint(
        "Thanks for reading "
    )
    assert fingerprint("one thing") != fingerprint("another thing")


def test_counts_are_what_a_line_says() -> None:
    """A mark in a recording, a score or a row of numbers is not the same as another one."""
    assert fingerprint("0:02:42 - Part 4.8.1") != fingerprint("0:31:45 - Part 4.8.3")
    assert fingerprint("Posted on May 3, 2024") == fingerprint("Posted on May 14, 2025")


def test_learns_each_article_once() -> None:
    """Taking the same article in again teaches nothing new."""
    once = Memory().learn(article(1, "<p>Lantern desk</p>"))
    assert once.learn(article(1, "<p>Lantern desk</p>")) == once


def test_another_version_of_an_article_teaches_nothing() -> None:
    """Whatever is new of guid, title or address: an article that says what a known one said is that one."""
    first = article(1, "<p>The council meets again on Thursday, and nobody expects it to agree on anything.</p>")
    once = Memory().learn(first)
    edited = first.html.replace("argued", "quarrelled")
    grown = "<p>The bridge was closed at noon, and the ferry sails every hour until further notice.</p>" + first.html
    longer = replace(first, html=first.html + "<p>Nobody was hurt, the mayor said, who had been on the bridge.</p>")
    memory = once.learn(longer)
    for version in (
        replace(first, key="new guid", html=edited),
        replace(first, key="new guid", title="Another title for the same bridge", html=longer.html),
        replace(first, link="https://lantern.example/?p=77", html=longer.html),
        replace(first, key="new guid", title="Live: the bridge", html=grown),
    ):
        memory = memory.learn(version)
    assert memory == once


def test_articles_at_one_address_are_learned_apart() -> None:
    """Where a source gives all articles the same link, and a long footer, each of them still counts."""
    footer = "<p>The Lantern Letter is written by volunteers, and came to nine thousand inboxes last year.</p>"
    memory = Memory()
    for number in range(5):
        memory = memory.learn(replace(article(number, footer), link="https://lantern.example/"))
    assert memory.articles == 5


def test_short_articles_below_which_much_stands_are_learned_apart() -> None:
    """A devotion of a sentence above six lines of notices is no version of yesterday's: it begins otherwise."""
    below = "".join(f"<p>{word} scripture is quoted from the harbour's own edition of the book, used with leave.</p>"
                    for word in ("All", "Morning", "Evening", "Other"))  # fmt: skip
    memory = Memory()
    for number, word in enumerate(("Fog", "Wind", "Rain", "Snow", "Frost")):
        day = f"<p>{word} was all that there was.</p>{below}"
        memory = memory.learn(Article("s", f"k{number}", f"https://quay.example/{number}", word, day, ""))
    assert memory.articles == 5


def test_an_edited_story_keeps_its_last_paragraph() -> None:
    """A story that comes with a new guid and a changed word at each poll is not taken for six that end alike."""
    ending = "<p>Facebook has repeatedly rejected calls to open its algorithm to researchers.</p>"
    story, memory = article(1, ending), Memory()
    for word in ("argued", "quarrelled", "fought", "debated", "shouted", "talked"):
        version = replace(story, key=word, html=story.html.replace("argued", word))
        memory = memory.learn(version).forget()
        assert strip(version, memory).text.endswith("researchers.")


def test_a_memory_that_was_stored_before_is_read() -> None:
    """The memories of 0.1.0's first days, which held ids, go on being of use."""
    known = article(1, "<p>Lantern desk</p>")
    traces = {fingerprint("Lantern desk"): (1, 1, 1, 0, 1, 1)}
    for paragraph in known.html.split("</p>"):
        traces[fingerprint(paragraph.removeprefix("<p>"))] = (1, 1, 0, 0, 1, 1)
    stored = {"version": 1, "articles": 1, "traces": traces, "recent": [known.id]}
    memory = Memory.from_bytes(zlib.compress(json.dumps(stored).encode()))
    assert memory.of("Lantern desk").seen == 1
    assert memory.learn(replace(known, html=known.html.replace("hung", "stood"))) == memory
    assert memory.learn(article(2, "<p>Lantern desk</p>")).of("Lantern desk").seen == 2


def test_bytes_round_trip() -> None:
    """A memory survives the store; what can't be read is an empty memory."""
    memory = learned("<p>Lantern desk</p>", 3)
    assert Memory.from_bytes(memory.to_bytes()) == memory
    assert Memory.from_bytes(b"broken") == Memory.from_bytes(None) == Memory()


def test_repetition_with_vocabulary_cuts() -> None:
    """A line that comes back below the articles and speaks of subscriptions is cut once it is known."""
    tail = "<p>The Lantern Letter came to nine thousand inboxes last year</p>"
    cold = strip(article(50, tail))
    warm = strip(article(50, tail), learned(tail, 6))
    assert "nine thousand" in cold.text
    assert "nine thousand" not in warm.text
    assert [cut.reason for cut in warm.cuts] == ["memory"]


def test_repetition_alone_never_cuts() -> None:
    """A background paragraph that a newsroom reuses stays, and an admin is asked."""
    tail = (
        "<p>The bridge was built in 1911 by Tomas Vane, who drowned in the river three weeks before it was opened.</p>"
    )
    cleaned = strip(article(50, tail), learned(tail, 8))
    assert "Tomas Vane" in cleaned.text
    assert any("Tomas Vane" in doubt.text and doubt.reason == "memory" for doubt in cleaned.doubts)


@pytest.mark.parametrize(
    "line",
    [
        "The company, which has two million subscribers, did not respond to a request for comment.",
        "The podcast has been downloaded nine million times since the trial began.",
        "The survivors' fund has raised four million, and donations continue to arrive.",
        "Her lawyer declined to comment.",
    ],
)
def test_background_that_a_newsroom_reuses_stays(line: str) -> None:
    """A sentence of the story may come back at every end and speak of subscribers: an admin is asked, it stays."""
    tail = f"<p>{line}</p>"
    cleaned = strip(article(7, tail), learned(tail, 7))
    assert line in cleaned.text
    assert line in {doubt.text for doubt in cleaned.doubts}


def test_recovers_after_a_redesign() -> None:
    """A source's new footer is known within a few articles, however long the old one was used."""
    old, new = "<p>Old Lantern inbox club</p>", "<p>Lantern inbox circle, since yesterday</p>"
    memory = learned(new, 3, 40, learned(old, 40))
    assert "circle" not in strip(article(90, new), memory).text


def test_forgets_what_is_no_longer_used() -> None:
    """A block that a source gave up leaves its memory when a batch is through."""
    memory = learned("<p>New footer</p>", 70, 10, learned("<p>Old footer</p>", 10)).forget()
    assert not memory.of("Old footer").seen
    assert memory.of("New footer").seen


def test_within_a_batch_nothing_is_forgotten() -> None:
    """An old footer is still known for the articles that have it, and a new one does not make it look rare."""
    memory = learned("<p>New footer</p>", 400, 20, learned("<p>Old footer</p>", 20))
    assert memory.share(memory.of("Old footer")) == memory.share(memory.of("New footer")) == 1


def test_recalls_what_it_has_forgotten() -> None:
    """An article that the memory has forgotten teaches it once more, one that it remembers does not."""
    old, new = "<p>Old footer</p>", "<p>New footer</p>"
    memory = learned(new, 70, 10, learned(old, 10)).forget()
    for number in range(80):
        memory = memory.recall(article(number, old if number < 10 else new))
    assert memory.of("Old footer").seen == 10
    own = fingerprint("Nobody had counted the lanterns that hung in hj, and nobody did so afterwards.")
    assert memory.traces[own].seen == 1


def test_recalling_counts_nothing_twice() -> None:
    """A footer that is still known is no younger, and stood no more often, when its articles are recalled."""
    old, new = "<p>Old footer</p>", "<p>New footer</p>"
    memory = learned(new, 40, 10, learned(old, 10)).forget()
    before = memory.of("Old footer")
    for number in range(10):
        memory = Memory.from_bytes(memory.recall(article(number, old)).to_bytes())
    assert memory.articles == 60
    assert memory.of("Old footer") == before


def test_a_memory_is_bounded() -> None:
    """However large a batch, what is remembered of it is not, and what came back is remembered longest."""
    memory = Memory()
    for number in range(40):
        lines = "".join(
            f"<p>line {chr(97 + number // 26)}{chr(97 + number % 26)} {'x' * at}</p>" for at in range(1, 300)
        )
        memory = memory.learn(article(number, f"{lines}<p>Lantern desk</p>"))
        assert len(memory.traces) <= 8_000
    assert memory.of("Lantern desk").seen == 40
    assert len(memory.forget().traces) <= 4_000
