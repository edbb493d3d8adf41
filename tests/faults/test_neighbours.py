"""Sources that fail, hang, flood or lie: each ends in the report with its reason, and its neighbours go through."""

import gzip
import json
import re
from collections.abc import Callable
from datetime import timedelta
from html import escape
from pathlib import Path
from typing import Any

import pytest

from syndicate.errors import KilledError
from syndicate.ingest import run
from syndicate.ingest.redo import Redo
from syndicate.ingest.sandbox import Sandbox
from syndicate.ingest.steps import KILLS
from syndicate.model import SourceSpec
from tests.faults import corpus, stories
from tests.faults import origin as faults
from tests.faults.origin import Origin, Reply
from tests.faults.world import NOON, world

GOOD = stories.feed(stories.stories(5))
BROKEN = GOOD.replace(
    b"<item>", b"<item><title>Fish & chips</title><link>https://x.example/?a=1&b=2</link></item><item>", 1
)

# What a source does, what its report says, and whether its payload must be in quarantine.
BAD: dict[str, tuple[faults.Served, str, bool]] = {
    "page": (
        Reply(b"<!DOCTYPE html><html><body><h1>Not here</h1></body></html>", headers={"Content-Type": "text/html"}),
        "HTML|feed",
        True,
    ),
    "empty": (Reply(b""), "empty|nothing", True),
    "error": (Reply(b"oops", 500), "answered 500", False),
    "busy": (Reply(b"", 429, headers={"Retry-After": "7200"}), "answered 429", False),
    "missing": (Reply(b"", 404), "answered 404", False),
    "hanging": (faults.hang(), "within 1 seconds", False),
    "dripping": (faults.drip(GOOD, 0.05), "within 1 seconds", False),
    "breaking": (faults.reset(), "broke the connection", False),
    "short": (faults.short(GOOD, 100), "announced length", False),
    "endless": (faults.endless(b"<item/>" * 1_000), "too many|more than|within", False),
    "circling": (faults.endless_redirect(), "redirects", False),
    "bomb": (Reply(gzip.compress(b"\0" * 30_000_000), headers={"Content-Encoding": "gzip"}), "when unpacked", False),
    "path": (Reply(b"/etc/passwd"), "feed|readable|path|recogni|nothing", True),
    "zero": (Reply(b"/dev/zero"), "feed|readable|path|recogni|nothing", True),
    "noise": (Reply(bytes(range(256)) * 40), "", True),
    "slow": (Reply(corpus.SLOW_FEEDS["nested items"](1_500_000).encode()), "", False),
    "laughing": (Reply(corpus.XML_BOMBS["billion laughs"].encode()), "", False),
}


def test_bad_sources_end_in_the_report_and_good_ones_go_through(
    origin: Origin, sandbox: Sandbox, tmp_path: Path
) -> None:
    """One run over every sort of bad source, good ones between them."""
    specs = [SourceSpec("good-0", "feed", origin.serve("/good-0", Reply(GOOD)))]
    for number, (name, (served, _, _)) in enumerate(BAD.items(), start=1):
        specs.append(SourceSpec(name, "feed", origin.serve(f"/{name}", served)))
        body = stories.feed(stories.stories(3, seed=number, host=f"paper-{number}.example"))
        specs.append(SourceSpec(f"good-{number}", "feed", origin.serve(f"/good-{number}", Reply(body))))
    with world(tmp_path, sandbox, specs) as here:
        reports = {spec.key: here.ingest(spec.key) for spec in specs}
        quarantined = {item.rejected.source: item.rejected for item in here.store.quarantine()}
        for name, (_, reason, kept) in BAD.items():
            report = reports[name]
            if reason:
                assert report.outcome == "failed", report
                assert re.search(reason, report.error, re.IGNORECASE), report
            assert "unexpected" not in report.error
            if kept:
                assert here.store.payload(quarantined[name].payload) is not None
                assert quarantined[name].reason
            state = here.store.source(name)
            assert state is not None
            assert state.due is not None
            # Never for good, and never past the ceiling.
            assert NOON < state.due <= NOON + timedelta(seconds=1.2 * here.settings.ingest.max_interval_seconds)
        for spec in specs:
            if spec.key.startswith("good"):
                assert reports[spec.key].outcome == "changed", reports[spec.key]
                assert reports[spec.key].new >= 3
        for name, (_, reason, _) in BAD.items():
            if reason:
                assert here.articles(name) == {}, "an error became an item"
        assert len(json.loads(here.publish()["json"])["items"]) == here.settings.publish.items


def test_malformed_xml_gives_its_good_entries(origin: Origin, sandbox: Sandbox, tmp_path: Path) -> None:
    """An unescaped "&" in one item doesn't cost the others."""
    spec = SourceSpec("broken", "feed", origin.serve("/broken", Reply(BROKEN)))
    with world(tmp_path, sandbox, [spec]) as here:
        report = here.ingest("broken")
        titles = {article.title for article in here.articles("broken").values()}
        assert {one.title for one in stories.stories(5)} <= titles
        assert report.new >= 5


def test_forty_thousand_items_are_survived(origin: Origin, sandbox: Sandbox, tmp_path: Path) -> None:
    """A flood is read up to a limit, and costs the next source nothing; where a share is set, that has room beside it."""
    item = "<item><title>{n}</title><guid>{n}</guid><description>d{n}</description></item>"
    flood = stories.rss(item.format(n=number) for number in range(40_000))
    fetch = {"fetch": {"host_pause_seconds": 0}}
    specs = [
        SourceSpec("flood", "feed", origin.serve("/flood", Reply(flood))),
        SourceSpec("good", "feed", origin.serve("/good", Reply(GOOD))),
    ]
    with world(tmp_path, sandbox, specs, publish={"source_share": 0.5}, **fetch) as here:
        report = here.ingest("flood")
        # How many depends on what the machine reads in the child's time.
        assert re.fullmatch("40000 entries; only the first (5000|1000|200) are read", report.failures[0].reason)
        assert report.error == ""
        assert here.ingest("good").new == 5
        feeds = here.publish()
        assert b"paper.example" in feeds["rss"]


def test_one_source_takes_at_most_its_share_of_a_page(origin: Origin, sandbox: Sandbox, tmp_path: Path) -> None:
    """A source with hundreds of items leaves room for the others where a share is set."""
    specs = [
        SourceSpec(
            "flood", "feed", origin.serve("/flood", Reply(stories.feed(stories.stories(200, host="flood.example"))))
        ),
        SourceSpec("good", "feed", origin.serve("/good", Reply(stories.feed(stories.stories(10))))),
    ]
    with world(tmp_path, sandbox, specs, publish={"items": 20, "source_share": 0.5}) as here:
        assert here.ingest("flood").new == 200
        assert here.ingest("good").new == 10
        urls = [item["url"] for item in json.loads(here.publish()["json"])["items"]]
        assert sum("flood.example" in url for url in urls) == 10
        assert sum("paper.example" in url for url in urls) == 10


def test_future_and_absurd_dates_are_ranked_by_when_they_came(origin: Origin, sandbox: Sandbox, tmp_path: Path) -> None:
    """A story from the year 2099 doesn't stay at the top; what its source said is kept."""
    dates = (
        "Fri, 31 Dec 2099 12:00:00 GMT",
        "Fri, 31 Dec 9999 23:59:59 GMT",
        "Mon, 01 Jan 0001 00:00:00 GMT",
        "no date",
        "Mon, 32 Foo 2026",
    )
    items = []
    for number, date in enumerate(dates):
        one = stories.story(number)
        items.append(
            f"<item><guid>{number}</guid><title>{one.title}</title><link>{one.link}</link><pubDate>{date}</pubDate>"
            f"<description>{escape(one.html)}</description></item>"
        )
    spec = SourceSpec("dates", "feed", origin.serve("/dates", Reply(stories.rss(items))))
    with world(tmp_path, sandbox, [spec]) as here:
        assert here.ingest("dates").new == len(dates)
        years = {article.published.year for article in here.articles("dates").values() if article.published}
        assert 2099 in years
        for item in json.loads(here.publish()["json"])["items"]:
            assert item["date_published"] <= "2026-11-23T12:00:00+00:00"
            assert item["date_modified"] <= "2026-11-23T12:00:00+00:00"


def test_a_copycat_changes_nothing_of_the_original(origin: Origin, sandbox: Sandbox, tmp_path: Path) -> None:
    """A source with another's guids, links and ids can't overwrite, hide or take over the other's articles."""
    originals = stories.stories(5)
    fakes = [
        stories.Story(one.key, one.link, f"Fake {number}", stories.story(900 + number).paragraphs, one.date)
        for number, one in enumerate(originals)
    ]
    specs = [
        SourceSpec("a-true", "feed", origin.serve("/a", Reply(stories.feed(originals)))),
        SourceSpec("b-fake", "feed", origin.serve("/b", Reply(stories.feed(fakes)))),
    ]
    with world(tmp_path, sandbox, specs) as here:
        here.ingest("a-true")
        before, published = here.articles("a-true"), here.publish()
        here.later(hours=1)
        here.ingest("b-fake")
        assert here.articles("a-true") == before
        ours = list(json.loads(published["json"])["items"])
        feeds = here.publish()
        now = {item["id"]: item for item in json.loads(feeds["json"])["items"]}
        assert [now[item["id"]] for item in ours] == ours
        for name, tag in (("rss", b"item"), ("atom", b"entry")):
            ours_as_written = _parts(published[name], tag)
            assert len(ours_as_written) == len(originals)
            assert set(ours_as_written) <= set(_parts(feeds[name], tag)), "not byte for byte as it was"


def _parts(document: bytes, tag: bytes) -> list[bytes]:
    """The items of a feed as they stand there."""
    return re.findall(rb"<%b[ >].*?</%b>" % (tag, tag), document, re.DOTALL)


def test_an_entry_that_kills_the_child_costs_only_itself(origin: Origin, sandbox: Sandbox, tmp_path: Path) -> None:
    """The entries around a deadly one are taken, it waits in quarantine with its reason."""
    deadly = corpus.SLOW_HTML["nested divs"](300_000)
    items = [stories.item(one) for one in stories.stories(4)]
    items.insert(2, f"<item><guid>deadly</guid><title>Deadly</title><description>{escape(deadly)}</description></item>")
    spec = SourceSpec("mixed", "feed", origin.serve("/mixed", Reply(stories.rss(items))))
    with world(tmp_path, sandbox, [spec]) as here:
        report = here.ingest("mixed")
        titles = {article.title for article in here.articles("mixed").values()}
        assert {one.title for one in stories.stories(4)} <= titles, report
        if "Deadly" not in titles:
            assert any("Deadly" in item.rejected.where for item in here.store.quarantine())


def test_entries_that_kill_the_child_cost_only_themselves(origin: Origin, sandbox: Sandbox, tmp_path: Path) -> None:
    """The same with one that no cap makes harmless: its neighbours are found by halving."""
    deadly = "deadly"
    items = [stories.item(one) for one in stories.stories(4)]
    items.insert(1, f"<item><guid>deadly</guid><title>Deadly</title><description>{escape(deadly)}</description></item>")
    spec = SourceSpec("mixed", "feed", origin.serve("/mixed", Reply(stories.rss(items))))
    with world(tmp_path, Strict(sandbox), [spec], fetch={"host_pause_seconds": 0}) as here:
        report = here.ingest("mixed")
        titles = {article.title for article in here.articles("mixed").values()}
        assert titles == {one.title for one in stories.stories(4)}, report
        (waiting,) = here.store.quarantine()
        assert waiting.rejected.where == "Deadly"
        assert "killed" in waiting.rejected.reason
        assert here.store.payload(waiting.rejected.payload) is not None


def test_what_fails_again_when_replayed_goes_on_waiting(origin: Origin, sandbox: Sandbox, tmp_path: Path) -> None:
    """A replay that is killed again leaves the entry where it was; one that isn't takes it in, and only it."""
    items = [stories.item(one) for one in stories.stories(2)]
    deadly = "<item><guid>deadly</guid><title>Deadly</title><description>It was not so bad.</description></item>"
    spec = SourceSpec("mixed", "feed", origin.serve("/mixed", Reply(stories.rss([*items, deadly]))))
    with world(tmp_path, Strict(sandbox), [spec]) as here:
        here.ingest("mixed")
        (waiting,) = here.store.quarantine()
        before = here.articles("mixed")
        again = Redo(here.store, Strict(sandbox), here.settings, lambda: here.now)  # type: ignore[arg-type] # see Runner
        (failure,) = again.replay(waiting.id, "one")
        assert (failure.where, "killed" in failure.reason) == ("Deadly", True)
        assert [item.id for item in here.store.quarantine("waiting")] == [waiting.id]
        assert here.articles("mixed") == before
        assert Redo(here.store, sandbox, here.settings, lambda: here.now).replay(waiting.id, "one") == ()
        assert here.store.quarantine("waiting") == ()
        after = here.articles("mixed")
        assert {key: after[key] for key in before} == before
        assert {article.title for key, article in after.items() if key not in before} == {"Deadly"}


def test_a_source_full_of_deadly_entries_costs_few_children_and_is_asked_more_slowly(
    origin: Origin, sandbox: Sandbox, tmp_path: Path
) -> None:
    """However many entries kill the child, a poll costs some dozens of children; what was good is taken."""
    deadly = [f"<item><guid>{n}</guid><title>Deadly</title><description>d{n}</description></item>" for n in range(400)]
    items = [stories.item(one) for one in stories.stories(4)] + deadly
    spec = SourceSpec("mined", "feed", origin.serve("/mined", Reply(stories.rss(items))))
    strict = Strict(sandbox)
    with world(tmp_path, strict, [spec], fetch={"host_pause_seconds": 0}) as here:
        report = here.ingest("mined")
        assert (report.outcome, report.new) == ("failed", 4)
        assert "killed 32 children" in report.error
        assert strict.killed == KILLS
        state = here.store.source("mined")
        assert state is not None
        assert state.failures == 1
        assert len(here.store.quarantine(limit=1_000)) == len({f.reason for f in report.failures})


def test_slow_pages_are_left_for_later(
    origin: Origin, sandbox: Sandbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Once a poll has taken its time, the pages that are left wait for the next one, which gets them."""
    pages = [stories.story(number) for number in range(6)]
    for number, one in enumerate(pages):
        page = f"<html><body><article><h1>{one.title}</h1>{one.html * 2}</article></body></html>"
        origin.serve(f"/2026/11/long-story-{number}", Reply(page.encode(), headers={"Content-Type": "text/html"}))
    listing = "".join(
        f"<p><a href='/2026/11/long-story-{number}'>{one.title}</a></p>" for number, one in enumerate(pages)
    )
    list_url = origin.serve("/", Reply(f"<html><body>{listing}</body></html>".encode()))
    with world(tmp_path, sandbox, [SourceSpec("pages", "page", list_url)]) as here:
        monkeypatch.setattr(run, "LOOK_SECONDS", -1.0)
        report = here.ingest("pages")
        assert report.new == 0
        assert {failure.reason for failure in report.failures} == {
            "left for the next run: this one has fetched enough pages"
        }
        assert len(origin.requests) == 1
        monkeypatch.undo()
        here.later(hours=1)
        assert here.ingest("pages").new == len(pages)


class Strict:
    """A sandbox that kills the child over any job that holds the word "Deadly", whatever the machine's speed."""

    def __init__(self, sandbox: Sandbox) -> None:
        self._sandbox = sandbox
        self.killed = 0

    def run(self, function: Callable[..., Any], *args: Any) -> Any:
        if any(entry.entry.title == "Deadly" for entry in getattr(args[0], "found", ())):
            self.killed += 1
            raise KilledError("killed: it needed more than 2 seconds of CPU")
        return self._sandbox.run(function, *args)
