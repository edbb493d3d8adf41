"""Entries become articles; what fails is rejected with its reason, and its neighbours go through."""

from datetime import UTC, datetime

from syndicate.ingest.pages import read_page, with_page
from syndicate.ingest.process import Found, Job, prepare
from syndicate.model import Entry, Payload, Published, Reading, SourceSpec
from syndicate.records import Ruling
from syndicate.render import Item
from syndicate.strip.memory import fingerprint
from syndicate.strip.rulings import Rulings

SPEC = SourceSpec(key="lake", kind="feed", location="https://x.example/feed")


def test_summaries_are_stripped_too() -> None:
    """What a source appends to its bodies it appends to its summaries, and partners see neither."""
    footer = '<p>The post <a href="https://x.example/1">Otters return</a> appeared first on <a href="https://x.example">Blog</a>.</p>'
    entry = Entry(
        key="1",
        link="https://x.example/1",
        title="Otters return",
        body=f"<p>A camera caught three otters at dawn on Sunday near the old weir, the trust said.</p>{footer}",
        summary=f"<p>Otters were seen by the river for the first time in sixty years, say rangers.</p>{footer}",
    )
    job = Job(SPEC, Reading("rss20", title="Blog"), (Found(entry, "1", "digest"),))
    [prepared] = prepare(job).prepared
    assert prepared.article.summary == "Otters were seen by the river for the first time in sixty years, say rangers."


def test_summaries_are_cured_like_bodies() -> None:
    """Characters that somebody read under a wrong encoding are mended in the source's own summary, too."""
    entry = Entry(
        key="1",
        title="Itâ€™s back",
        body="<p>Itâ€™s over, the ferry company said on Monday, and all were well.</p>",
        summary="Islandersâ€™ wait of two days is over, and theyâ€™re glad to be able to travel once more.",
    )
    [prepared] = prepare(Job(SPEC, Reading("rss20", title="Blog"), (Found(entry, "1", "digest"),))).prepared
    assert prepared.article.title == "It’s back"
    assert prepared.article.summary.startswith("Islanders’ wait of two days is over, and they’re glad")


def test_a_summary_that_repeats_the_beginning_is_the_cleaned_beginning() -> None:
    """An excerpt that a publishing system made of the whole body brings nothing back that was cut from it."""
    told = "A camera caught three otters at dawn on Sunday near the old weir, the trust said, and all were well."
    call = '<a href="https://x.example/s">Subscribe to our newsletter for more stories like this one.</a>'
    entry = Entry(
        key="1",
        link="https://x.example/1",
        title="Otters return",
        body=f"<p>{call}</p><p>{told}</p><p>{told.replace('Sunday', 'Monday')}</p>",
        summary=f"Subscribe to our newsletter for more stories like this one. {told} …",
    )
    [prepared] = prepare(Job(SPEC, Reading("rss20", title="Blog"), (Found(entry, "1", "digest"),))).prepared
    assert prepared.article.summary.startswith("A camera caught three otters")


def test_summaries_say_nothing_of_players() -> None:
    """A player's line announces nothing: summaries go on behind it, and feeds say nothing twice."""
    frame = '<p><iframe src="https://www.youtube.com/embed/abcdefgh" title="Otters &amp; friends"></iframe></p>'
    told = [f"A camera caught {n} otters at dawn on Sunday near the old weir." for n in ("three", "four")]
    entry = Entry(
        key="1", link="https://x.example/1", title="T", body=f"{frame}<p>{told[0]}</p>{frame}<p>{told[1]}</p>"
    )
    [prepared] = prepare(Job(SPEC, Reading("rss20"), (Found(entry, "1", "digest"),))).prepared
    assert prepared.article.text.count("Otters & friends") == 2
    assert prepared.article.summary == " ".join(told)
    at = datetime(2026, 11, 27, tzinfo=UTC)
    assert Item.of(Published(prepared.article, "https://w.example/1", at, at)).summary == " ".join(told)


LINK = '<a href="/gates">Otters return: how the gates were made</a>'
BOX = f'<aside class="related"><h3>Read more</h3><p>{LINK}</p></aside>'
TOLD = "".join(
    f"<p>A camera caught {n} otters at dawn on Sunday near the old weir, the trust said again.</p>" for n in range(9)
)
PAGE = Payload(
    f"<html><head><title>Otters return at last</title></head><body><article>{TOLD}{BOX}{TOLD}</article>".encode(),
    "https://x.example/1",
    "text/html",
)


def test_boxes_of_pages_are_kept_by_ruling() -> None:
    """An admin's word holds for a box of a page, read alone or behind a teaser with a title of its own."""
    [whole] = read_page(PAGE, SPEC).entries
    [cut] = whole.cuts
    assert "the gates" not in whole.body
    for title in ("", "Otters return"):
        at = datetime(2026, 11, 26, tzinfo=UTC)
        block = fingerprint(cut.text, title or "Otters return at last")
        rulings = Rulings.of([Ruling("lake", block, "keep", cut.text, at)])
        opened = with_page(Entry(title=title), PAGE, SPEC, rulings)
        assert ("the gates" in opened.body, opened.cuts) == (True, ())
        job = Job(SPEC, Reading("page"), (Found(Entry(title=title), "1", "d", page=PAGE),), rulings=rulings)
        [prepared] = prepare(job).prepared
        assert "Read more\nOtters return: how the gates were made" in prepared.article.text
    assert "the gates" in read_page(PAGE, SPEC, Rulings(keep=frozenset({fingerprint(cut.text)}))).entries[0].body
