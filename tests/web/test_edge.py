"""The edge as a WSGI application: what it answers, and from where."""

import gzip
import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from unittest.mock import patch

import feedparser
import pytest
from werkzeug.test import Client, TestResponse

from syndicate.cache import Cache
from syndicate.codings import CODINGS, Coding, decode
from syndicate.settings import HubSettings
from tests.web.wire import BreakableStore, Wire, make_wire, settings

ONE = b'<?xml version="1.0"?><rss version="2.0"><channel><title>T</title><item><guid>1</guid></item></channel></rss>'
TWO = ONE.replace(b"<item>", b"<item><guid>2</guid></item><item>")
PATH = "/feeds/all.rss"


def get(wire: Wire, path: str = PATH, **headers: str) -> TestResponse:
    """GET with these headers (underscores for hyphens)."""
    return wire.client.get(path, headers={name.replace("_", "-"): value for name, value in headers.items()})


@pytest.mark.parametrize("coding", CODINGS)
def test_each_coding(wire: Wire, coding: Coding) -> None:
    """Each coding has its own strong ETag, names itself, varies by Accept-Encoding and decodes to the same feed."""
    wire.publish(ONE)
    answer = get(wire, Accept_Encoding=coding)
    assert answer.status_code == 200
    assert decode(answer.data, coding) == ONE
    assert answer.headers.get("Content-Encoding") == (None if coding == "identity" else coding)
    assert answer.headers["Vary"] == "Accept-Encoding"
    assert not answer.headers["ETag"].startswith("W/")
    etags = {get(wire, Accept_Encoding=other).headers["ETag"] for other in CODINGS}
    assert len(etags) == 4


@pytest.mark.parametrize(
    ("format_", "type_"),
    [
        ("rss", "application/rss+xml; charset=utf-8"),
        ("atom", "application/atom+xml; charset=utf-8"),
        ("json", "application/feed+json; charset=utf-8"),
    ],
)
def test_headers(wire: Wire, format_: str, type_: str) -> None:
    """Type with charset, freshness for every kind of cache, and nothing that a browser could misuse."""
    wire.publish(ONE, format_=format_)
    headers = get(wire, f"/feeds/all.{format_}").headers
    assert headers["Content-Type"] == type_
    assert headers["Cache-Control"] == (
        "public, max-age=60, s-maxage=60, stale-while-revalidate=86400, stale-if-error=86400"
    )
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Content-Security-Policy"] == "default-src 'none'"
    assert headers["Last-Modified"] == "Mon, 23 Nov 2026 12:00:00 GMT"
    own = f"https://wire.example.org/feeds/all.{format_}"
    assert headers["Link"] == f'<https://wire.example.org/hub>; rel="hub", <{own}>; rel="self"'


def test_a_house_without_a_hub_names_none(store: BreakableStore, cache: Cache) -> None:
    """Where nobody may subscribe there is no hub, and no header that names one; an odd address breaks no header."""
    for base, enabled, link in (
        ("https://wire.example.org", False, None),
        ("https://zürich.example/ü", True, '<https://z%C3%BCrich.example/%C3%BC/hub>; rel="hub"'),
    ):
        changes = {"base_url": base, "hub": HubSettings(enabled=enabled)}
        wire = make_wire(store, cache, settings().model_copy(update=changes))
        wire.publish(ONE)
        named = get(wire).headers.get("Link")
        assert named is link is None or str(named).startswith(str(link))
        wire.edge.close()


def test_304(wire: Wire) -> None:
    """A client that has the feed gets 304, no body, and the headers that caches need, as the 200 has them."""
    wire.publish(ONE)
    full = get(wire, Accept_Encoding="gzip")
    again = get(wire, Accept_Encoding="gzip", If_None_Match=full.headers["ETag"])
    assert again.status_code == 304
    assert again.data == b""
    assert {name: again.headers[name] for name in ("ETag", "Cache-Control", "Vary")} == {
        name: full.headers[name] for name in ("ETag", "Cache-Control", "Vary")
    }


def test_other_codings_tag_is_no_match(wire: Wire) -> None:
    """The ETag of another coding is another representation's: the client gets the one that it asks for now."""
    wire.publish(ONE)
    etag = get(wire, Accept_Encoding="gzip").headers["ETag"]
    assert get(wire, Accept_Encoding="br", If_None_Match=etag).status_code == 200


def test_none_match_overrides_since(wire: Wire) -> None:
    """If-None-Match alone decides where it stands; If-Modified-Since does where it doesn't."""
    wire.publish(ONE)
    since = "Mon, 23 Nov 2026 12:00:00 GMT"
    assert get(wire, If_Modified_Since=since).status_code == 304
    assert get(wire, If_Modified_Since="Monday, 23-Nov-26 12:00:01 GMT").status_code == 304
    assert get(wire, If_Modified_Since="Mon Nov 23 11:59:59 2026").status_code == 200
    assert get(wire, If_Modified_Since="soon").status_code == 200
    assert get(wire, If_Modified_Since=since, If_None_Match='"other"').status_code == 200


def test_head(wire: Wire) -> None:
    """HEAD has the GET's headers, the length too, and no body, cold and warm, and can be conditional."""
    wire.publish(ONE)
    cold = wire.client.head(PATH)
    full = get(wire)
    warm = wire.client.head(PATH)
    length = {"Content-Length": str(len(ONE))}  # the HTTP server adds it to the GET
    assert dict(cold.headers) == {**dict(full.headers), **length} == dict(warm.headers)
    assert cold.data == warm.data == b""
    assert wire.client.head(PATH, headers={"If-None-Match": "*"}).status_code == 304


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "BREW"])
def test_405(wire: Wire, method: str) -> None:
    """Feeds can only be read."""
    wire.publish(ONE)
    answer = wire.client.open(PATH, method=method)
    assert answer.status_code == 405
    assert answer.headers["Allow"] == "GET, HEAD"
    assert answer.json["status"] == 405
    assert answer.content_type == "application/problem+json"


@pytest.mark.parametrize(
    "path",
    [
        "/feeds/none.rss",
        "/feeds/all.xml",
        "/feeds/.rss",
        "/feeds/",
        "/feeds/a%2Fall.rss",
        "/feeds/all.rss/",
        "/feeds/%00.rss",
        "/feeds/ä.rss",
    ],
)
def test_404(wire: Wire, path: str) -> None:
    """What is not a feed is 404, as a short problem document that no cache keeps."""
    wire.publish(ONE)
    answer = get(wire, path)
    assert answer.status_code == 404
    assert answer.content_type == "application/problem+json"
    assert answer.headers["Cache-Control"] == "no-store"


def test_406(wire: Wire) -> None:
    """A client that refuses every coding, or every type the feed could be called, hears so."""
    wire.publish(ONE)
    assert get(wire, Accept_Encoding="*;q=0").status_code == 406
    assert get(wire, Accept="image/png").status_code == 406
    assert get(wire, Accept="image/png, */*;q=0.1").status_code == 200


def test_unknown_topics_are_not_looked_for(wire: Wire) -> None:
    """Unknown topics cost neither store nor Redis a question, and leave nothing behind in memory."""
    wire.publish(ONE)
    get(wire)
    editions = dict(wire.edge.shelf.editions)
    with (
        patch.object(wire.services.cache, "get_feed", side_effect=AssertionError),
        patch.object(wire.store, "feed", side_effect=AssertionError),
    ):
        assert {get(wire, f"/feeds/none-{n}.rss").status_code for n in range(200)} == {404}
    assert wire.edge.shelf.editions == editions


def test_warm_feeds_need_nobody(wire: Wire) -> None:
    """Once a feed was asked for it comes from memory: neither Redis nor the store is asked."""
    wire.publish(ONE)
    get(wire)
    with (
        patch.object(wire.services.cache, "get_feed", side_effect=AssertionError),
        patch.object(wire.store, "feed", side_effect=AssertionError),
    ):
        assert get(wire).data == ONE


def test_one_look_for_many(wire: Wire) -> None:
    """Of many requests for a cold feed only one looks for it."""
    wire.publish(ONE)
    get(wire, "/feeds/none.rss")
    looked: list[object] = []
    real = wire.services.cache.get_feed

    def counted(*args: object, **options: object) -> object:
        looked.append(args)
        return real(*args, **options)

    with patch.object(wire.services.cache, "get_feed", counted), ThreadPoolExecutor(16) as pool:
        answers = list(pool.map(lambda _: get(wire).data, range(200)))
    assert set(answers) == {ONE}
    assert len(looked) == 1


def test_store_alone(store: BreakableStore) -> None:
    """With no Redis at all every coding comes from the store."""
    wire = make_wire(store, Cache("unix:///nonexistent/redis.sock"), settings())
    wire.publish(ONE)
    for coding in CODINGS:
        assert decode(get(wire, Accept_Encoding=coding).data, coding) == ONE
    wire.edge.close()


def test_redis_alone(wire: Wire) -> None:
    """With the store failing from the start the feeds come from Redis, and an unknown one is still 404."""
    wire.publish(ONE)
    wire.store.broken = True
    assert get(wire).data == ONE
    assert get(wire, "/feeds/none.rss").status_code == 404


def test_nothing_works(store: BreakableStore) -> None:
    """With neither it is 503 with Retry-After, and served as soon as the store is back."""
    wire = make_wire(store, Cache("unix:///nonexistent/redis.sock"), settings())
    wire.publish(ONE)
    store.broken = True
    answer = get(wire)
    assert answer.status_code == 503
    assert answer.headers["Retry-After"]
    store.broken = False
    wire.edge.follower.compare_with_store()
    assert get(wire).data == ONE
    wire.edge.close()


def test_memory_when_all_else_fails(wire: Wire) -> None:
    """One coding in memory is enough to serve all of them, with Redis and store gone."""
    wire.publish(ONE)
    get(wire, Accept_Encoding="br")
    wire.store.broken = True
    with patch.object(wire.services.cache, "get_feed", lambda *_, **__: None):
        for coding in CODINGS:
            assert decode(get(wire, Accept_Encoding=coding).data, coding) == ONE


def test_host_is_never_used(wire: Wire) -> None:
    """A forged Host or X-Forwarded-Host changes no byte and no header of a feed, nor of what comes after."""
    wire.publish(ONE)
    clean = get(wire)
    forged = get(wire, Host="evil.example.com", X_Forwarded_Host="evil.example.com")
    after = get(wire)
    assert clean.data == forged.data == after.data
    assert dict(clean.headers) == dict(forged.headers) == dict(after.headers)


def test_delta(wire: Wire) -> None:
    """A client that names an earlier version and accepts deltas gets 226 with what is new."""
    wire.publish(ONE)
    before = get(wire, Accept_Encoding="gzip").headers["ETag"]
    wire.publish(TWO)
    wire.edge.follower.read_changes()
    answer = get(wire, Accept_Encoding="gzip", A_IM="feed", If_None_Match=before)
    assert answer.status == "226 IM Used"
    assert answer.headers["IM"] == "feed"
    assert answer.headers["Cache-Control"] == "no-store, im"
    assert answer.headers["ETag"] == get(wire, Accept_Encoding="gzip").headers["ETag"]
    feed = feedparser.parse(BytesIO(gzip.decompress(answer.data)))
    assert [entry.id for entry in feed.entries] == ["2"]
    assert get(wire, A_IM="feed", If_None_Match=get(wire).headers["ETag"]).status_code == 304


@pytest.mark.parametrize(
    ("a_im", "tags"), [("feed;q=0", None), ("vcdiff", None), ("feed", '"unknown"'), ("feed", ""), ("feed", "nonsense")]
)
def test_no_delta(wire: Wire, a_im: str, tags: str | None) -> None:
    """Who does not accept a delta, or names no version that is remembered, gets the whole feed."""
    wire.publish(ONE)
    before = get(wire).headers["ETag"]
    wire.publish(TWO)
    wire.edge.follower.read_changes()
    answer = get(wire, A_IM=a_im, If_None_Match=before if tags is None else tags)
    assert answer.status_code == 200
    assert answer.data == TWO


@pytest.fixture
def limited(store: BreakableStore, cache: Cache) -> Wire:
    """A door that lets a client in three times a minute."""
    return make_wire(store, cache, settings(requests_per_minute=3))


def test_rate_limit(limited: Wire) -> None:
    """A client over its limit gets 429 with Retry-After; other clients and probes do not notice."""
    limited.publish(ONE)
    ask: Callable[[str], TestResponse] = lambda ip: Client(limited.edge).get(PATH, environ_base={"REMOTE_ADDR": ip})  # noqa: E731
    assert [ask("192.0.2.1").status_code for _ in range(4)] == [200, 200, 200, 429]
    refused = ask("192.0.2.1")
    assert 1 <= int(refused.headers["Retry-After"]) <= 60
    assert json.loads(refused.data)["status"] == 429
    assert ask("192.0.2.2").status_code == 200
    client = Client(limited.edge)
    for path, status in (("/health/live", 200), ("/health/ready", 200), ("/health", 429), ("/healthy", 429)):
        assert client.get(path, environ_base={"REMOTE_ADDR": "192.0.2.1"}).status_code == status
    limited.edge.close()


def test_served_is_counted(wire: Wire) -> None:
    """The metrics know how many answers of which status all processes gave."""
    wire.publish(ONE)
    get(wire)
    get(wire, If_None_Match="*")
    get(wire, "/feeds/none.rss")
    wire.services.tally.share(wire.services.cache)
    lines = get(wire, "/metrics").text.splitlines()
    for status in ("200", "304", "404"):
        assert f'syndicate_feed_responses_total{{status="{status}"}} 1.0' in lines
