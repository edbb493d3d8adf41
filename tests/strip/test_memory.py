"""A source's memory: grows, forgets, and never cuts on repetition alone."""

import pytest

from syndicate.model import Article
from syndicate.strip import Memory, fingerprint, strip


def article(number: int, tail: str, *, body: str = "") -> Article:
    prose = (
        body or f"In week {number} the council met again and argued about bridge number {number} until midnight came."
    )
    lanterns = f"Nobody had counted the lanterns that hung there, and nobody did so afterwards.{number}."
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
    """A block that a source gave up leaves its memory."""
    memory = learned("<p>New footer</p>", 70, 10, learned("<p>Old footer</p>", 10))
    assert not memory.of("Old footer").seen
    assert memory.of("New footer").seen
