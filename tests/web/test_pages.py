"""Pages for people, probes and robots."""

from xml.etree import ElementTree

import lxml.html
import pytest

from tests.web.wire import TOKEN, Wire


def test_catalogue(wire: Wire) -> None:
    """The catalogue lists every topic with its three formats, escaped, with addresses from the configured base."""
    answer = wire.client.get("/", headers={"Host": "evil.example.com"})
    page = lxml.html.fromstring(answer.text)
    links = set(page.xpath("//a[@class='format']/@href"))
    expected = {
        f"https://wire.example.org/feeds/{topic}.{format_}"
        for topic in ("all", "faith", "schools")
        for format_ in ("rss", "atom", "json")
    }
    assert links == expected
    assert set(page.xpath("//link[@rel='alternate']/@href")) == expected
    assert "Churches &lt;and&gt; people." in answer.text
    assert "noindex" in page.text_content()
    assert "evil" not in answer.text
    assert not page.xpath("//script|//@style|//@onclick")


def test_catalogue_is_conditional(wire: Wire) -> None:
    """The catalogue has an ETag that a second visit can use."""
    etag = wire.client.get("/").headers["ETag"]
    assert wire.client.get("/", headers={"If-None-Match": etag}).status_code == 304


def test_catalogue_without_store(wire: Wire) -> None:
    """With the store failing from the start the catalogue is 503 and a problem document, never an empty page."""
    wire.store.broken = True
    answer = wire.client.get("/")
    assert answer.status_code == 503
    assert answer.content_type == "application/problem+json"
    assert "Retry-After" in answer.headers


def test_ready_names_what_fails(wire: Wire) -> None:
    """Readiness says which part fails, holds while one of both works, and gives no address or reason away."""
    wire.store.broken = True
    answer = wire.client.get("/health/ready")
    assert answer.status_code == 200
    assert answer.json["parts"] == {"store": "failing", "redis": "ok"}
    assert "broken for a test" not in answer.text
    assert wire.client.get("/health").json["status"] == "degraded"


def test_opml(wire: Wire) -> None:
    """The OPML list is well-formed and holds every topic."""
    root = ElementTree.fromstring(wire.client.get("/opml.xml").data)
    assert [o.get("text") for o in root.iter("outline")] == ["All articles", "Faith & Life", "Schools"]


@pytest.mark.parametrize("path", ["/health", "/health/live", "/health/ready", "/metrics", "/robots.txt"])
def test_answers(wire: Wire, path: str) -> None:
    """Probes, metrics and robots get an answer that nobody has to log in for."""
    assert wire.client.get(path).status_code == 200


@pytest.mark.parametrize("ranges", ["bytes=0-4", "bytes=0-4,5-6", "bytes=9-1", "lines=1-2"])
def test_assets_are_given_whole(ranges: str, wire: Wire) -> None:
    """A request for parts of a file, however valid, is answered with all of it, as any server may."""
    asset = "/assets/catalogue.css"
    with wire.client.get(asset, headers={"Range": ranges}) as answer, wire.client.get(asset) as whole:
        assert (answer.status_code, answer.data, answer.headers.get("Accept-Ranges")) == (200, whole.data, None)


@pytest.mark.parametrize("path", ["//health/live", "/health//live", "/api//v1/openapi.json", "/assets//catalogue.css"])
def test_another_spelling_is_another_address(wire: Wire, path: str) -> None:
    """Nobody is redirected to the Host that a request names: an address with doubled slashes is none of ours."""
    answer = wire.client.get(path, headers={"Host": "evil.example"})
    assert answer.status_code == 404
    assert "evil" not in str(answer.headers) + answer.text


@pytest.mark.parametrize("path", ["/a/%00", "/api/v1/runs/a%00", "/api/v1/articles?source=%00"])
def test_no_address_holds_a_nul(wire: Wire, path: str) -> None:
    """What PostgreSQL would fail at is nowhere, before any store is asked."""
    wire.store.broken = True
    assert wire.client.get(path, headers={"Authorization": f"Bearer {TOKEN}"}).status_code == 404
