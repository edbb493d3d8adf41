"""A topic's newest articles as a page for an iframe."""

import json

import lxml.html

from tests.web.wire import Wire


def feed(*titles: str, **more: object) -> bytes:
    """A topic's JSON Feed as it is published."""
    items = [
        {
            "id": f"https://wire.example.org/a/{n}",
            "url": f"https://news.example.org/{n}?a=1&b=2",
            "title": title,
            "summary": f"{title} was <seen>.",
            "date_published": "2026-11-23T08:00:00+00:00",
            "_syndicate": {},
            **more,
        }
        for n, title in enumerate(titles)
    ]
    return json.dumps({"version": "https://jsonfeed.org/version/1.1", "language": "de", "items": items}).encode()


def titles(wire: Wire) -> list[str]:
    page = lxml.html.fromstring(wire.client.get("/embed/faith").text)
    return [str(one.text_content()) for one in page.iter("h2")]


def test_it_shows_what_the_feed_holds(wire: Wire):
    """The page shows the published feed's newest articles, escaped, each in its language, and no more than ten."""
    wire.publish(feed("<b>Bells</b> & co", image="https://news.example.org/bells.jpg"), "faith", "json")
    answer = wire.client.get("/embed/faith")
    page = lxml.html.fromstring(answer.text)
    [article] = page.iter("article")
    assert article.get("lang") == "de"
    assert [(a.get("href"), a.text) for a in article.iter("a")] == [
        ("https://news.example.org/0?a=1&b=2", "<b>Bells</b> & co")
    ]
    assert [img.get("src") for img in article.iter("img")] == ["https://news.example.org/bells.jpg"]
    assert "was <seen>." in article.text_content()
    wire.publish(feed(*map(str, range(40))), "faith", "json")
    assert titles(wire) == [str(n) for n in range(10)]


def test_it_may_be_framed_and_runs_nothing(wire: Wire):
    """Any site may frame the page, which holds no script, and of which nothing could run if it did."""
    answer = wire.client.get("/embed/faith")
    policy = answer.headers["Content-Security-Policy"]
    assert "frame-ancestors *" in policy
    assert "default-src 'none'" in policy
    assert "script" not in answer.text + policy
    assert answer.headers["X-Robots-Tag"] == "noindex"
    with wire.client.get("/assets/embed.css") as sheet:
        assert sheet.status_code == 200


def test_it_is_there_before_anything_is_published(wire: Wire):
    """A topic without a feed has a page that says so; what is no topic has none."""
    assert titles(wire) == []
    assert "Nothing has been published" in wire.client.get("/embed/faith").text
    assert wire.client.get("/embed/nothing").status_code == 404


def test_the_last_good_page_is_shown_while_the_store_fails(wire: Wire):
    """With the store failing the page stays as it was, and moves on once the store is back; a new one is 503."""
    wire.publish(feed("Bells"), "faith", "json")
    etag = wire.client.get("/embed/faith").headers["ETag"]
    wire.store.broken = True
    assert titles(wire) == ["Bells"]
    assert wire.client.get("/embed/faith", headers={"If-None-Match": etag}).status_code == 304
    assert wire.client.get("/embed/schools").status_code == 503
    wire.store.broken = False
    wire.publish(feed("Organs"), "faith", "json")
    assert titles(wire) == ["Organs"]


def test_what_was_withdrawn_is_not_shown(wire: Wire):
    """An item that only tells of a withdrawal is no article to be shown."""
    wire.publish(feed("Libel", _syndicate={"status": "withdrawn"}), "faith", "json")
    assert titles(wire) == []
