"""What a script in a partner's page can read of JSON feeds, over the wire and from the edge."""

from contextlib import closing
from pathlib import Path

from syndicate.private_redis import PrivateRedis
from tests.web.server import NOW, Answer, Desk, serving
from tests.web.wire import Wire

FEED = b'{"version": "https://jsonfeed.org/version/1.1", "title": "T", "items": []}'
PATH = "/feeds/all.json"
PAGE = "Origin: https://partner.example"


def may_be_read(answer: Answer) -> bool:
    """Whether a browser lets a script read the answer, and with it what it needs to ask again."""
    exposed = answer.headers.get("access-control-expose-headers", "").split(", ")
    return answer.headers.get("access-control-allow-origin") == "*" and {"ETag", "Retry-After"} <= set(exposed)


def test_a_script_hears_what_is_wrong(tmp_path: Path) -> None:
    """Every answer for a JSON feed can be read by any page, refusals too; those for XML are as they were."""
    with PrivateRedis(tmp_path / "redis") as redis:
        with closing(Desk(tmp_path, redis.url)) as desk:
            for format_ in ("json", "rss"):
                desk.cache.put_feed(desk.store.save_feed("all", format_, FEED, '"first"', NOW, NOW))
        with serving(tmp_path, redis.url, SYNDICATE_SERVE_REQUESTS_PER_MINUTE="9") as server:
            asked = (
                server.ask(PATH, PAGE),
                server.ask(PATH, PAGE, 'If-None-Match: "first"'),
                server.ask("/feeds/none.json", PAGE),
                server.ask(PATH, PAGE, "Accept: image/png"),
                server.ask(PATH, PAGE, method="DELETE"),
            )
            assert [answer.status for answer in asked] == [200, 304, 404, 406, 405]
            assert all(map(may_be_read, asked))
            preflight = server.ask(PATH, PAGE, "Access-Control-Request-Headers: if-none-match", method="OPTIONS")
            assert (preflight.status, preflight.body) == (204, b"")
            assert preflight.headers["access-control-allow-origin"] == "*"
            assert "If-None-Match" in preflight.headers["access-control-allow-headers"]
            for method, status in (("GET", 200), ("OPTIONS", 405)):
                xml = server.ask("/feeds/all.rss", PAGE, method=method)
                assert (xml.status, any(name.startswith("access-control") for name in xml.names)) == (status, False)
            too_many = [answer for _ in range(9) if (answer := server.ask(PATH, PAGE)).status == 429]
            assert too_many
            assert all(map(may_be_read, too_many))


def test_a_script_hears_that_nothing_can_be_had(wire: Wire) -> None:
    """Without store and Redis it is told 503, and when to come again."""
    wire.store.broken = True
    wire.services.cache._url = "unix:///nonexistent/redis.sock"
    answer = wire.client.get(PATH)
    assert (answer.status_code, answer.headers["Access-Control-Allow-Origin"]) == (503, "*")
    assert "Retry-After" in answer.headers["Access-Control-Expose-Headers"]
