"""One source through the whole house: what comes in, what changes, and what a bad source costs the others."""

import re
import threading
from datetime import datetime
from typing import Any

import pytest

from syndicate.bootstrap import Services
from syndicate.model import FEED_FORMATS, SourceSpec
from syndicate.settings import FetchSettings
from tests.e2e.conftest import Clock, OpenHouse
from tests.e2e.house import Answer, Origin, ingest
from tests.e2e.papers import Story, rss, sentences


def feed(origin: Origin, key: str = "lake", **fields: Any) -> SourceSpec:
    """A source at /KEY of the origin."""
    return SourceSpec(key, "feed", f"{origin.url}/{key}", **fields)


def report(parts: Services, key: str = "lake") -> dict[str, Any]:
    """Ingest one source and give its report."""
    return ingest(parts, key).report[0]


def published(parts: Services) -> dict[str, bytes]:
    """The bytes of the feed of all articles, by format."""
    rows = {name: parts.store.feed("all", name) for name in FEED_FORMATS}
    return {name: row.body for name, row in rows.items() if row}


def titles(parts: Services) -> set[str]:
    """The headlines that partners see."""
    return {p.article.title for p in parts.store.newest("all", 100)}


def test_new_edited_unchanged(origin: Origin, open_house: OpenHouse, clock: Clock) -> None:
    """Articles come in once; an edit changes its article alone; the same feed again changes nothing."""
    origin.feed("/lake", rss("pier", "mill"))
    with open_house(feed(origin)) as parts:
        first = report(parts)
        assert (first["outcome"], first["new"], first["failures"]) == ("changed", 2, ())
        before = {p.article.key: p for p in parts.store.newest("all", 10)}
        assert (report(parts)["outcome"], report(parts)["new"]) == ("unchanged", 0)
        clock.pass_by(hours=1)
        origin.feed("/lake", rss("pier", Story("mill", title="The mill burns")))
        edited = report(parts)
        assert (edited["outcome"], edited["new"], edited["edited"], edited["unchanged"]) == ("changed", 0, 1, 1)
        after = {p.article.key: p for p in parts.store.newest("all", 10)}
        assert after["guid:pier"] == before["guid:pier"]
        assert after["guid:mill"].article.title == "The mill burns"
        assert after["guid:mill"].guid == before["guid:mill"].guid
        assert b"The mill burns" in published(parts)["atom"]


def test_validators_are_sent_back(origin: Origin, open_house: OpenHouse) -> None:
    """The next poll carries ETag and Last-Modified; a 304 is a success without new articles."""
    asked: list[dict[str, str]] = []

    def answer(headers: dict[str, str]) -> Answer:
        asked.append(headers)
        if headers.get("If-None-Match") == '"v1"':
            return 304, {"ETag": '"v1"'}, b""
        validators = {"ETag": '"v1"', "Last-Modified": "Fri, 20 Nov 2026 08:00:00 GMT"}
        return 200, {"Content-Type": "application/xml", **validators}, rss("pier").encode()

    origin.answers["/lake"] = answer
    with open_house(feed(origin)) as parts:
        assert report(parts)["new"] == 1
        second = report(parts)
        assert (second["outcome"], second["error"]) == ("unchanged", "")
        assert asked[1]["If-Modified-Since"] == "Fri, 20 Nov 2026 08:00:00 GMT"
        state = parts.store.source("lake")
        assert (state.etag, state.failures) == ('"v1"', 0)


def test_what_could_not_be_read_is_asked_for_again(origin: Origin, open_house: OpenHouse) -> None:
    """A page of an outage is no version of the feed, ETag and all: the source fails until the feed is back."""

    def answer(headers: dict[str, str]) -> Answer:
        if headers.get("If-None-Match") == '"outage"':
            return 304, {"ETag": '"outage"'}, b""
        return 200, {"Content-Type": "text/html", "ETag": '"outage"'}, b"<!doctype html><p>Down for maintenance"

    origin.answers["/lake"] = answer
    with open_house(feed(origin)) as parts:
        for failures in (1, 2):
            assert report(parts)["outcome"] == "failed"
            assert parts.store.source("lake").failures == failures


@pytest.mark.parametrize(("status", "sticks"), [(301, True), (308, True), (302, False), (307, False)])
def test_permanent_redirects_stick(origin: Origin, open_house: OpenHouse, status: int, sticks: bool) -> None:
    """After 301 and 308 the source is polled at its new address, after 302 and 307 at its old one."""
    origin.answers["/lake"] = (status, {"Location": "/moved"}, b"")
    origin.feed("/moved", rss("pier"))
    with open_house(feed(origin)) as parts:
        assert report(parts)["new"] == 1
        assert parts.store.source("lake").location == origin.url + ("/moved" if sticks else "/lake")
        assert parts.store.source("lake").spec.location == f"{origin.url}/lake"


@pytest.mark.parametrize(("status", "polls"), [(404, 1), (410, 1), (500, 3)])
def test_a_move_that_leads_nowhere_is_taken_back(
    origin: Origin, open_house: OpenHouse, status: int, polls: int
) -> None:
    """When the address that a source moved to is lost, or fails on end, the declared one is asked again."""
    origin.answers["/lake"] = (301, {"Location": "/moved"}, b"")
    origin.feed("/moved", rss("pier"), ETag='"v1"')
    with open_house(feed(origin)) as parts:
        report(parts)
        origin.feed("/lake", rss("pier", "mill"))
        origin.answers["/moved"] = (status, {}, b"")
        outcomes = [report(parts)["outcome"] for _ in range(polls)]
        assert outcomes == ["failed"] * (polls - 1) + ["changed"]
        state = parts.store.source("lake")
        assert (state.location, state.status, state.failures) == (f"{origin.url}/lake", "active", 0)


def test_a_move_to_an_empty_place_is_not_remembered(origin: Origin, open_house: OpenHouse) -> None:
    """Who parks an address redirects it for good to a page that may pass for a feed without articles."""
    origin.feed("/lake", rss("pier"))
    origin.feed("/parked", rss(), ETag='"parked"')
    with open_house(feed(origin)) as parts:
        report(parts)
        origin.answers["/lake"] = (301, {"Location": "/parked"}, b"")
        assert [report(parts)["outcome"] for _ in range(2)] == ["unchanged"] * 2
        origin.feed("/lake", rss("pier", "mill"))
        assert report(parts)["new"] == 1


def test_gone_ends_the_source(origin: Origin, open_house: OpenHouse, clock: Clock) -> None:
    """410 ends a source: it is never due again, and its articles stay published."""
    origin.feed("/lake", rss("pier"))
    with open_house(feed(origin)) as parts:
        report(parts)
        origin.answers["/lake"] = (410, {}, b"")
        assert report(parts)["outcome"] == "gone"
        clock.pass_by(days=400)
        assert parts.store.source("lake").status == "gone"
        assert parts.store.due_sources(clock(), 10) == ()
        assert titles(parts) == {"News of the pier"}


def test_an_ended_source_that_answers_by_hand_goes_on(origin: Origin, open_house: OpenHouse, clock: Clock) -> None:
    """Who polls an ended source by hand, and is answered, has it back, and is told so; a pause stays a pause."""
    origin.answers["/lake"] = (410, {}, b"")
    with open_house(feed(origin)) as parts:
        report(parts)
        assert (report(parts)["outcome"], parts.store.source("lake").status) == ("gone", "gone")
        origin.answers["/lake"] = (500, {}, b"")
        assert (report(parts)["revived"], parts.store.source("lake").status) == (False, "gone")
        origin.feed("/lake", rss("pier"))
        assert [report(parts)["revived"] for _ in range(2)] == [True, False]
        clock.pass_by(days=2)
        assert [state.spec.key for state in parts.store.due_sources(clock(), 10)] == ["lake"]
        parts.store.set_source_status("lake", "paused")
        report(parts)
        assert parts.store.source("lake").status == "paused"


def test_retry_after_is_obeyed(origin: Origin, open_house: OpenHouse, clock: Clock) -> None:
    """A source that asks for time gets it, and a little more, but never more than the ceiling."""
    origin.answers["/lake"] = (503, {"Retry-After": "7200"}, b"")
    origin.answers["/sea"] = (503, {"Retry-After": "99999999"}, b"")
    with open_house(feed(origin), feed(origin, "sea")) as parts:
        assert {r["outcome"] for r in ingest(parts).report} == {"failed"}
        waits = {k: (parts.store.source(k).due - clock()).total_seconds() for k in ("lake", "sea")}
        assert 7200 <= waits["lake"] <= 1.2 * 7200
        assert waits["sea"] <= 1.1 * 86_400


def test_failures_back_off_and_never_end(origin: Origin, open_house: OpenHouse, clock: Clock) -> None:
    """A source that fails is polled again, each time later, with a ceiling, and is forgiven when it answers."""
    origin.answers["/lake"] = (500, {}, b"")
    with open_house(feed(origin)) as parts:
        waits = []
        for _ in range(20):
            assert report(parts)["outcome"] == "failed"
            waits.append((parts.store.source("lake").due - clock()).total_seconds())
        assert waits[0] < waits[2] < waits[5]
        assert max(waits) <= 1.1 * 86_400
        origin.feed("/lake", rss("pier"))
        assert report(parts)["new"] == 1
        assert (parts.store.source("lake").failures, parts.store.source("lake").last_error) == (0, "")


BAD: dict[str, tuple[Any, str]] = {
    "server error": ((500, {}, b"oops"), "500"),
    "not found": ((404, {}, b"gone fishing"), "404"),
    "HTML where a feed should be": (
        (200, {"Content-Type": "text/html"}, b"<!doctype html><html><body><p>Login</p></body></html>"),
        "HTML page",
    ),
    "empty body": ((200, {"Content-Type": "application/xml"}, b""), "empty"),
    "no feed at all": ((200, {"Content-Type": "application/xml"}, b"\x89PNG\r\n"), "no feed"),
    "redirect to nowhere": ((302, {"Location": "ftp://lake.example/feed"}, b""), "ftp"),
    "endless redirect": ((302, {"Location": "/bad"}, b""), "redirect"),
}


@pytest.mark.parametrize("case", BAD)
def test_a_bad_source_costs_the_others_nothing(origin: Origin, open_house: OpenHouse, case: str) -> None:
    """Whatever a source answers, its report names the reason, and its neighbour goes through in the same run."""
    answer, reason = BAD[case]
    origin.answers["/bad"] = answer
    origin.feed("/lake", rss("pier"))
    with open_house(feed(origin, "bad"), feed(origin)) as parts:
        run = ingest(parts)
        bad, good = run.report
        assert (bad["source"], bad["outcome"], good["outcome"], good["new"]) == ("bad", "failed", "changed", 1)
        assert reason in bad["error"]
        assert "\n" not in bad["error"]
        state = parts.store.source("bad")
        assert (state.failures, state.last_error) == (1, bad["error"])
        assert run.state == "done"
        assert parts.store.run(run.id).report[0]["error"] == bad["error"]


def test_a_slow_source_times_out(origin: Origin, open_house: OpenHouse) -> None:
    """A source that never answers ends at the deadline, and its neighbour is not held up."""
    released = threading.Event()

    def never(_: dict[str, str]) -> Answer:
        released.wait(30)
        return 200, {}, b""

    origin.answers["/slow"] = never
    origin.feed("/lake", rss("pier"))
    limits = FetchSettings(total_seconds=0.5, host_pause_seconds=0, per_host=16)
    try:
        with open_house(feed(origin), feed(origin, "slow"), fetch=limits) as parts:
            good, slow = ingest(parts).report
    finally:
        released.set()
    assert (good["new"], slow["outcome"]) == (1, "failed")
    assert "0.5" in slow["error"] or "time" in slow["error"]


def test_an_unreachable_source_is_said_to_be(open_house: OpenHouse) -> None:
    """A refused connection is the source's failure, named with its address."""
    spec = SourceSpec("shut", "feed", "http://127.0.0.1:1/feed")
    with open_house(spec) as parts:
        line = report(parts, "shut")
    assert line["outcome"] == "failed"
    assert "127.0.0.1" in line["error"]


def test_private_addresses_are_refused(origin: Origin, open_house: OpenHouse) -> None:
    """Without permission no source reaches a private address, and none is asked."""
    with open_house(feed(origin), allow_private=()) as parts:
        line = report(parts)
    assert line["outcome"] == "failed"
    assert "SYNDICATE_ALLOW_PRIVATE" in line["error"]
    assert origin.asked == []


def test_good_entries_of_a_broken_feed_go_through(origin: Origin, open_house: OpenHouse) -> None:
    """A feed that breaks off gives its whole entries; the rest is in the report and in quarantine."""
    whole = rss("pier", "mill", "barn")
    origin.feed("/lake", whole[: whole.index("News of the barn") + 40])
    with open_house(feed(origin)) as parts:
        line = report(parts)
        assert (line["outcome"], line["new"]) == ("changed", 2)
        assert any("breaks off" in failure["reason"] for failure in line["failures"])
        [waiting, *_] = parts.store.quarantine("waiting")
        assert waiting.rejected.source == "lake"


def test_entries_may_lack_title_date_or_link(origin: Origin, open_house: OpenHouse, clock: Clock) -> None:
    """An entry without title, date or link is an article; one without title and text is a failure with a reason."""
    text = " ".join(sentences("plain"))
    items = [
        f"<item><guid>a</guid><link>https://lake.example/a</link><description>{text}</description></item>",
        f"<item><title>No link</title><description>{' '.join(sentences('nolink'))}</description></item>",
        f"<item><title>No date</title><pubDate>soon</pubDate><description>{text} again</description></item>",
        "<item><guid>empty</guid><link>https://lake.example/d</link></item>",
    ]
    origin.feed("/lake", rss(*items))
    with open_house(feed(origin)) as parts:
        line = report(parts)
        assert (line["new"], len(line["failures"])) == (3, 1)
        assert line["failures"][0]["where"] in {"https://lake.example/d", "empty"}
        articles = {p.article.title: p for p in parts.store.newest("all", 10)}
        assert articles["No link"].article.link == "" or articles["No link"].article.link.startswith("http")
        assert articles["No date"].article.published is None
        assert articles["No date"].ranked <= clock()
        again = report(parts)
        assert (again["new"], again["edited"]) == (0, 0)


@pytest.mark.parametrize(
    ("declared", "encoding"),
    [("utf-8", "cp1252"), ("", "utf-16"), ("windows-1252", "utf-8"), ("us-ascii", "utf-8"), ("nonsense", "utf-8")],
)
def test_wrong_encodings_are_seen_through(origin: Origin, open_house: OpenHouse, declared: str, encoding: str) -> None:
    """Letters come out right although the encoding is declared wrongly, or not at all."""
    text = rss(Story("cafe", title="Café Übersee öffnet", body="<p>Das Café in der Straße öffnet früh, für alle.</p>"))
    text = text.replace('encoding="utf-8"', f'encoding="{declared}"' if declared else "")
    origin.feed("/lake", text.encode(encoding), "application/xml")
    with open_house(feed(origin)) as parts:
        report(parts)
        assert titles(parts) == {"Café Übersee öffnet"}


def test_absurd_dates_do_not_lead_the_feed(origin: Origin, open_house: OpenHouse, clock: Clock) -> None:
    """A date in the future ranks by arrival: what comes in later stands above it."""
    origin.feed("/lake", rss(Story("old", date="Fri, 01 Jan 2099 00:00:00 GMT")))
    with open_house(feed(origin)) as parts:
        report(parts)
        clock.pass_by(hours=1)
        fresh = clock().strftime("%a, %d %b %Y %H:%M:%S GMT")
        origin.feed("/lake", rss(Story("new", date=fresh), Story("old", date="Fri, 01 Jan 2099 00:00:00 GMT")))
        clock.pass_by(hours=1)
        report(parts)
        assert [p.article.title for p in parts.store.newest("all", 2)] == ["News of the new", "News of the old"]
        assert parts.store.feed("all", "atom").updated <= clock()


def test_one_source_cannot_touch_anothers(origin: Origin, open_house: OpenHouse, clock: Clock) -> None:
    """Source B that copies A's guids, links and ids leaves A's articles and what partners see of them as they were."""
    origin.feed("/a", rss("pier", "mill"))
    forged = [
        Story(n, title="Forged", body="<p>Buy my pills, they are the best pills you can buy.</p>")
        for n in ("pier", "mill")
    ]
    with open_house(feed(origin, "a"), feed(origin, "b")) as parts:
        report(parts, "a")
        before, articles = published(parts), parts.store.newest("all", 10)
        clock.pass_by(hours=1)
        origin.feed("/b", rss(*forged))
        line = report(parts, "b")
        assert line["failures"] == ()
        assert [p for p in parts.store.newest("all", 10) if p.article.source == "a"] == list(articles)
        for name, tag in (("rss", b"item"), ("atom", b"entry")):
            items = rb"<%b[ >].*?</%b>" % (tag, tag)
            ours, now = (re.findall(items, feeds[name], re.DOTALL) for feeds in (before, published(parts)))
            assert len(ours) == 2
            assert set(ours) < set(now)


def test_two_sources_with_one_article_at_once(origin: Origin, open_house: OpenHouse) -> None:
    """An article that eight sources bring in the same run is published once."""
    for n in range(8):
        origin.feed(f"/s{n}", rss("pier", site=f"https://s{n}.example"))
    with open_house(*(feed(origin, f"s{n}") for n in range(8))) as parts:
        assert sum(line["new"] for line in ingest(parts).report) == 8
        assert len(parts.store.newest("all", 100)) == 1


def test_a_lost_lease_writes_nothing(origin: Origin, open_house: OpenHouse, clock: Clock) -> None:
    """A worker that slept past its lease finds the source taken over, and leaves no trace."""
    taken: list[int | None] = []

    def slow(_: dict[str, str]) -> Answer:
        clock.pass_by(hours=1)
        taken.append(parts.store.acquire("source:lake", "another worker", clock(), 300))
        return 200, {"Content-Type": "application/xml", "ETag": '"stolen"'}, rss("pier").encode()

    origin.answers["/lake"] = slow
    with open_house(feed(origin)) as parts:
        before = parts.store.source("lake")
        line = report(parts)
        assert taken[0] is not None
        assert line["outcome"] == "busy"
        assert parts.store.source("lake") == before
        assert titles(parts) == set()
        assert parts.store.renew("source:lake", taken[0], clock(), 300)


def test_a_source_in_work_is_left_alone(origin: Origin, open_house: OpenHouse, clock: Clock) -> None:
    """While one worker polls a source, another finds it busy and asks it nothing."""
    origin.feed("/lake", rss("pier"))
    with open_house(feed(origin)) as parts:
        assert parts.store.acquire("source:lake", "another worker", clock(), 300)
        assert report(parts)["outcome"] == "busy"
        assert origin.asked == []


def test_a_cron_source_is_due_at_its_times(origin: Origin, open_house: OpenHouse, clock: Clock) -> None:
    """A source with a schedule is polled at its times, whatever its rhythm."""
    origin.feed("/lake", rss("pier"))
    with open_house(feed(origin, cron="15 6 * * *")) as parts:
        report(parts)
        due: datetime = parts.store.source("lake").due
        assert (due.hour, due.minute) == (6, 15)
        assert 0 < (due - clock()).total_seconds() <= 86_400
