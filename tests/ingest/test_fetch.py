"""Fetching: conditional, polite, and with a reason for everything that goes wrong."""

import gzip
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from ipaddress import ip_address

import pytest
import zstandard

from syndicate.errors import FetchError, GoneError, OfflineError, RefusedError
from syndicate.ingest.fetch import Fetcher
from syndicate.ingest.guard import Guard
from syndicate.ingest.transport import Transport
from syndicate.settings import FetchSettings
from tests.faults import origin as faults
from tests.faults.origin import Origin, Reply, Request, redirect

FEED = b"<rss version='2.0'><channel><title>A paper</title></channel></rss>"
NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
SETTINGS = FetchSettings(host_pause_seconds=0, total_seconds=5)


@pytest.fixture
def fetcher() -> Fetcher:
    return Fetcher(SETTINGS, ["127.0.0.1"], "Syndicate/1 (+mailto:desk@example.org)", lambda: NOW)


def test_a_fetch_brings_body_validators_and_wishes(origin: Origin, fetcher: Fetcher) -> None:
    """A good answer comes with all that the next poll needs."""
    url = origin.serve(
        "/feed",
        Reply(
            FEED,
            headers={
                "Content-Type": "application/rss+xml; charset=utf-8",
                "ETag": 'W/"x"',
                "Last-Modified": "Mon, 23 Nov 2026 10:00:00 GMT",
                "Cache-Control": "public, max-age=900",
                "Age": "100",
            },
        ),
    )
    got = fetcher.get(url + "#top")
    assert got.payload is not None
    assert got.payload.body == FEED
    assert got.payload.url == got.url == url
    assert got.payload.content_type == "application/rss+xml; charset=utf-8"
    assert got.payload.modified == datetime(2026, 11, 23, 10, tzinfo=UTC)
    assert (got.status, got.etag, got.modified) == (200, 'W/"x"', "Mon, 23 Nov 2026 10:00:00 GMT")
    assert (got.max_age, got.moved_to, got.retry_after) == (800, "", None)


def test_the_request_says_who_we_are_and_nothing_else(
    origin: Origin, fetcher: Fetcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    """User-Agent with contact; no cookies, no credentials, no proxy even if the environment names one."""
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    monkeypatch.setenv("all_proxy", "http://127.0.0.1:9")
    url = origin.serve("/feed", Reply(FEED, headers={"Set-Cookie": "a=b"}))
    fetcher.get(url)
    fetcher.get(url)
    headers = origin.requests[1].headers
    assert headers["user-agent"] == "Syndicate/1 (+mailto:desk@example.org)"
    assert headers["host"] == f"127.0.0.1:{origin.port}"
    assert set(headers) == {"host", "user-agent", "accept", "accept-encoding", "connection"}


def test_validators_make_a_request_conditional(origin: Origin, fetcher: Fetcher) -> None:
    """An unchanged feed costs a 304, which keeps the validators that it doesn't repeat."""

    def conditional(request: Request) -> Reply:
        same = request.headers.get("if-none-match") == '"1"'
        return Reply(status=304) if same else Reply(FEED, headers={"ETag": '"1"', "Last-Modified": "then"})

    url = origin.serve("/feed", faults.behaviour(conditional))
    first = fetcher.get(url)
    second = fetcher.get(url, etag=first.etag, modified=first.modified)
    assert (second.status, second.payload, second.etag, second.modified) == (304, None, '"1"', "then")
    assert origin.requests[1].headers["if-modified-since"] == "then"


def test_a_validator_that_could_split_headers_is_not_sent(origin: Origin, fetcher: Fetcher) -> None:
    """Line breaks and endless values in stored validators stay with us."""
    url = origin.serve("/feed", Reply(FEED))
    fetcher.get(url, etag='"a"\r\nX-Evil: 1', modified="x" * 5_000)
    assert not {"if-none-match", "if-modified-since", "x-evil"} & set(origin.requests[0].headers)


def test_a_304_without_a_condition_is_an_error(origin: Origin, fetcher: Fetcher) -> None:
    """An origin that says "unchanged" to a first visit has given us nothing."""
    with pytest.raises(FetchError, match="304"):
        fetcher.get(origin.serve("/feed", Reply(status=304)))


def test_permanent_redirects_stick(origin: Origin, fetcher: Fetcher) -> None:
    """After 301 and 308 alone, the new address is remembered; one temporary hop forbids it."""
    target = origin.serve("/new", Reply(FEED))
    origin.serve("/moved", redirect("/between", 301))
    origin.serve("/between", redirect("/new", 308))
    origin.serve("/away", redirect("/moved", 302))
    assert fetcher.get(origin.url("/moved")).moved_to == target
    assert fetcher.get(origin.url("/away")).moved_to == ""
    assert fetcher.get(origin.url("/away")).url == target


def test_redirects_end(origin: Origin, fetcher: Fetcher) -> None:
    """Endless redirects, circles and redirects to nowhere end with a reason."""
    origin.serve("/endless", faults.endless_redirect())
    origin.serve("/circle", redirect("/circle"))
    origin.serve("/nowhere", Reply(status=302))
    with pytest.raises(RefusedError, match="more than 5 redirects"):
        fetcher.get(origin.url("/endless"))
    assert len(origin.requests) == 6
    with pytest.raises(FetchError, match="circle"):
        fetcher.get(origin.url("/circle"))
    with pytest.raises(FetchError, match="where to go"):
        fetcher.get(origin.url("/nowhere"))


def test_a_page_that_only_refreshes_is_a_redirect_once(origin: Origin, fetcher: Fetcher) -> None:
    """It leads to another page of its host, is not remembered, and counts; a page with words is itself."""

    def page(address: str, more: str = "") -> bytes:
        meta = f"<meta http-equiv='refresh' content=\"0; url='{address}'\">"
        return f"<html><head><title>Moved</title>{meta}</head><body>{more}</body></html>".encode()

    origin.serve("/there", Reply(FEED))
    old = fetcher.get(origin.serve("/old", Reply(page("/there?a=1&amp;b=2", "<p>You are being redirected.</p>"))))
    assert (old.url, old.moved_to) == (origin.url("/there?a=1&b=2"), "")
    origin.serve("/late", redirect("/there"))
    assert fetcher.get(origin.serve("/mixed", Reply(page("late")))).url == origin.url("/there")
    for path, body in (
        ("/elsewhere", page("https://elsewhere.example/")),
        ("/nowhere", page("javascript:alert(1)")),
        ("/self", page("/self")),
        ("/words", page("/there", "<p>The ferry sails again, and the council is glad.</p>" * 10)),
    ):
        assert fetcher.get(origin.serve(path, Reply(body))).url == origin.url(path)
    origin.serve("/twice", Reply(page("/old")))
    assert fetcher.get(origin.url("/twice")).url == origin.url("/old")
    origin.serve("/endless", faults.endless_redirect())
    with pytest.raises(RefusedError, match="more than 5 redirects"):
        fetcher.get(origin.serve("/into", Reply(page("/endless"))))


def test_a_redirect_to_letters_beyond_ascii_is_followed(origin: Origin, fetcher: Fetcher) -> None:
    """Servers write UTF-8 into Location although they should not."""
    origin.serve("/%C3%BCber", Reply(FEED))
    location = "/über".encode().decode("latin-1")
    assert fetcher.get(origin.serve("/old", redirect(location))).url == origin.url("/%C3%BCber")


@pytest.mark.parametrize(
    ("status", "kind"), [(404, FetchError), (410, GoneError), (500, FetchError), (204, FetchError)]
)
def test_an_answer_without_a_feed_says_its_status(
    status: int, kind: type[FetchError], origin: Origin, fetcher: Fetcher
) -> None:
    """The status is the reason; 410 ends the source, and only 410."""
    with pytest.raises(FetchError, match=f"answered {status}") as caught:
        fetcher.get(origin.serve("/x", Reply(b"", status)))
    assert type(caught.value) is kind
    assert caught.value.status == status


def test_gone_behind_a_temporary_redirect_is_not_the_end(origin: Origin, fetcher: Fetcher) -> None:
    """Only the source itself, or what it permanently became, can say that it has ended."""
    origin.serve("/gone", Reply(status=410))
    with pytest.raises(GoneError):
        fetcher.get(origin.serve("/for-good", redirect("/gone", 301)))
    with pytest.raises(FetchError) as caught:
        fetcher.get(origin.serve("/for-now", redirect("/gone", 307)))
    assert not isinstance(caught.value, GoneError)


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("120", 120.0),
        (format_datetime(NOW + timedelta(minutes=5), usegmt=True), 300.0),
        (format_datetime(NOW - timedelta(minutes=5), usegmt=True), 0.0),
        ("9" * 12, 366 * 86_400.0),
        ("soon", None),
        ("-5", None),
        ("", None),
        ("Fri, 99 Foo 9999 99:99:99 GMT", None),
    ],
)
@pytest.mark.parametrize("status", [429, 503])
def test_retry_after_is_read_in_both_forms(
    value: str, seconds: float | None, status: int, origin: Origin, fetcher: Fetcher
) -> None:
    """Seconds or a date; nonsense is no wish."""
    with pytest.raises(FetchError) as caught:
        fetcher.get(origin.serve("/busy", Reply(status=status, headers={"Retry-After": value})))
    assert (caught.value.status, caught.value.retry_after) == (status, seconds)


@pytest.mark.parametrize(
    ("value", "seconds"),
    [("max-age=60", 60), ('public,max-age="60"', 60), ("s-maxage=60", None), ("max-age=-1", None), ("no-cache", None)],
)
def test_max_age_is_read(value: str, seconds: int | None, origin: Origin, fetcher: Fetcher) -> None:
    """Only a whole number of seconds for everybody counts."""
    assert fetcher.get(origin.serve("/feed", Reply(FEED, headers={"Cache-Control": value}))).max_age == seconds


@pytest.mark.parametrize(
    ("fault", "reason"),
    [
        (faults.short(FEED, 10), "announced length"),
        (faults.reset(), "broke the connection"),
        (
            faults.reset(Reply(FEED * 100, headers={"Content-Length": "100000"}).head() + FEED),
            "broke the connection|ends before",
        ),
        (faults.raw(b""), "broke the connection"),
        (faults.raw(b"SSH-2.0-OpenSSH_9.2\r\n"), "proper HTTP"),
        (faults.raw(b"HTTP/1.1 banana\r\n\r\n"), "proper HTTP"),
        (faults.raw(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nx"), "proper HTTP|ends before"),
        (faults.raw(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab"), "ends before|proper HTTP"),
        (faults.raw(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n-5\r\nhello\r\n0\r\n\r\n"), "proper HTTP"),
        (Reply(b"not packed", headers={"Content-Encoding": "gzip"}), "damaged"),
        (Reply(gzip.compress(FEED)[:-9], headers={"Content-Encoding": "gzip"}), "ends in the middle"),
        (Reply(FEED, headers={"Content-Encoding": "rot13"}), "rot13"),
    ],
)
def test_faults_of_the_wire_have_reasons(fault: faults.Served, reason: str, origin: Origin, fetcher: Fetcher) -> None:
    """Whatever breaks ends in a FetchError that says what, in one line."""
    with pytest.raises(FetchError, match=reason) as caught:
        fetcher.get(origin.serve("/broken", fault))
    assert len(str(caught.value).splitlines()) == 1


def test_interim_answers_are_passed_over(origin: Origin, fetcher: Fetcher) -> None:
    """Whatever a server says before its answer, with headers of its own, the answer counts; an upgrade is none."""
    interim = b"HTTP/1.1 %b\r\nLink: </s.css>; rel=preload\r\nETag: early\r\n\r\n"
    before = b"".join(
        interim % said for said in (b"100 Continue", b"103 Early Hints", b"102 Processing", b"103", b"199 Odd")
    )
    got = fetcher.get(origin.serve("/early", faults.raw(before + Reply(FEED, headers={"ETag": '"1"'}).head() + FEED)))
    assert (got.status, got.etag, got.payload and got.payload.body) == (200, '"1"', FEED)
    with pytest.raises(FetchError, match="answered 101"):
        fetcher.get(origin.serve("/other", faults.raw(interim % b"101 Switching Protocols" + before)))


def test_a_length_that_is_no_number_is_passed_over(origin: Origin, fetcher: Fetcher) -> None:
    """What is announced in digits that no number is written with is as if nothing was announced."""
    assert fetcher.get(origin.serve("/odd", Reply(FEED, headers={"Content-Length": "²"}))).payload is not None


def test_a_closed_port_and_a_wrong_name_have_reasons(origin: Origin) -> None:
    """ "Refused" and "no such name" are told apart."""
    with pytest.raises(FetchError, match="refused the connection"):
        Fetcher(SETTINGS, ["127.0.0.1"]).get("http://127.0.0.1:1/")
    unknown = Transport(SETTINGS, Guard(), resolve=_no_such_name, offline=lambda: False)
    with pytest.raises(FetchError, match="no address"):
        Fetcher(SETTINGS, transport=unknown).get("http://nowhere.example/")


def test_our_own_outage_is_not_blamed_on_the_source() -> None:
    """When our network is down, a name that doesn't resolve is an outage of ours."""
    cut_off = Transport(SETTINGS, Guard(), resolve=_no_such_name, offline=lambda: True)
    with pytest.raises(OfflineError, match="our own network"):
        Fetcher(SETTINGS, transport=cut_off).get("http://nowhere.example/")


def test_a_refusing_neighbour_is_no_outage() -> None:
    """A host on our own private network says nothing about the internet."""
    cut_off = Transport(SETTINGS, Guard.of(["127.0.0.1"]), offline=lambda: True)
    with pytest.raises(FetchError) as caught:
        Fetcher(SETTINGS, transport=cut_off).get("http://127.0.0.1:1/")
    assert not isinstance(caught.value, OfflineError)


def test_the_second_address_is_tried_when_the_first_fails(origin: Origin) -> None:
    """A name with a dead address still works."""
    guard = Guard.of(["127.0.0.0/8", "::1"])
    transport = Transport(SETTINGS, guard, resolve=lambda *_: (ip_address("127.0.0.9"), ip_address("127.0.0.1")))
    origin.serve("/feed", Reply(FEED))
    got = Fetcher(SETTINGS, transport=transport).get(f"http://paper.example:{origin.port}/feed")
    assert got.status == 200
    assert origin.requests[0].headers["host"] == f"paper.example:{origin.port}"


def test_sizes_are_capped(origin: Origin) -> None:
    """Announced, sent and unpacked bytes, and headers, each have their limit."""
    small = replace_settings(wire_bytes=10_000, decoded_bytes=50_000, header_bytes=4_096)
    fetcher = Fetcher(small, ["127.0.0.1"])
    chain = {"Content-Encoding": "gzip, zstd"}
    cases = {
        "/announced": (Reply(b"x" * 10_001), "are announced"),
        "/sent": (faults.endless(b"x" * 1_000), "on the wire|too many bytes"),
        "/unpacked": (Reply(gzip.compress(b"x" * 50_001), headers={"Content-Encoding": "gzip"}), "when unpacked"),
        "/swallowed": (Reply(zstandard.compress(gzip.compress(b"") * 9_000), headers=chain), "when unpacked"),
        "/headers": (Reply(FEED, headers={f"X-{i}": "y" * 400 for i in range(12)}), "headers"),
        "/header": (Reply(FEED, headers={"X": "y" * 5_000}), "headers"),
        "/chain": (Reply(FEED, headers={"Content-Encoding": ", ".join(["gzip"] * 12)}), "12 times"),
        "/endless-headers": (faults.endless_headers(), "too many bytes|proper HTTP"),
        "/endless-100": (faults.endless_interim(b"100 Continue"), "too many bytes|proper HTTP"),
        "/endless-103": (faults.endless_interim(b"103 Early Hints"), "too many bytes|proper HTTP"),
    }
    for path, (fault, reason) in cases.items():
        with pytest.raises(FetchError, match=reason):
            fetcher.get(origin.serve(path, fault))
    exact = origin.serve("/exact", Reply(b"x" * 10_000))
    assert len(fetcher.get(exact).payload.body) == 10_000  # type: ignore[union-attr] # it is there on 200


def replace_settings(**changes: object) -> FetchSettings:
    return SETTINGS.model_copy(update=changes)


def _no_such_name(host: str, seconds: float) -> tuple[()]:
    from socket import EAI_NONAME, gaierror

    raise gaierror(EAI_NONAME, "Name or service not known")
