"""Every road by which an address from outside reaches the fetcher, with a listener that nobody may connect to."""

import json
from collections.abc import Iterator
from html import escape
from pathlib import Path

import pytest

from syndicate.ingest.sandbox import Sandbox
from syndicate.model import SourceSpec
from tests.faults import stories
from tests.faults.origin import Origin, Reply, Request, behaviour, redirect
from tests.faults.spellings import LOOPBACK_URLS
from tests.faults.world import World, world


@pytest.fixture
def outside() -> Iterator[Origin]:
    """Stands for the internet: it is reached by its name, which is allowed, while its number is not."""
    with Origin(name="localhost") as running:
        yield running


@pytest.fixture
def canary() -> Iterator[Origin]:
    """Nobody may connect here."""
    with Origin() as running:
        running.serve_otherwise(Reply(stories.feed(stories.stories(2))))
        yield running


def _spellings(canary: Origin) -> list[str]:
    """Those that don't name the one host that is allowed."""
    urls = [url.format(port=canary.port) for url in LOOPBACK_URLS]
    return [url for url in urls if "localhost" not in url.lower().replace("\u00ad", "") and url.isascii()]


def _open(tmp_path: Path, sandbox: Sandbox, *specs: SourceSpec) -> "world":
    fetch = {"host_pause_seconds": 0, "total_seconds": 5}
    return world(tmp_path, sandbox, specs, allow_private=("localhost",), fetch=fetch, ingest={"pages_per_run": 200})


def _ingested(here: World, *keys: str) -> None:
    for key in keys:
        report = here.ingest(key)
        assert "unexpected" not in report.error, report


def test_a_source_at_a_private_address_is_refused(canary: Origin, sandbox: Sandbox, tmp_path: Path) -> None:
    """Whatever kind of source it is, and however the address is spelled."""
    specs = [
        SourceSpec(f"{kind}-{number}", kind, url)
        for kind in ("feed", "page", "wordpress")
        for number, url in enumerate(_spellings(canary))
    ]
    with _open(tmp_path, sandbox, *specs) as here:
        for spec in specs:
            report = here.ingest(spec.key)
            assert report.outcome == "failed", report
            assert "refused" in report.error, report
    assert canary.connections == 0


def test_redirects_to_a_private_address_are_refused(
    canary: Origin, outside: Origin, sandbox: Sandbox, tmp_path: Path
) -> None:
    """A source that has passed can't send us on."""
    specs = [
        SourceSpec(f"source-{number}", "feed", outside.serve(f"/{number}", redirect(url)))
        for number, url in enumerate(_spellings(canary))
        if not any(c in url for c in "\t\n")
    ]
    with _open(tmp_path, sandbox, *specs) as here:
        for spec in specs:
            assert here.ingest(spec.key).outcome == "failed"
    assert canary.connections == 0


def test_links_to_private_addresses_are_not_followed(
    canary: Origin, outside: Origin, sandbox: Sandbox, tmp_path: Path
) -> None:
    """Teasers' pages, a listing's articles, a sitemap's addresses and an API's next part."""
    urls = _spellings(canary)
    items = [
        f"<item><guid>{number}</guid><title>{stories.story(number).title}</title><link>{escape(url)}</link>"
        f"<description>{stories.sentence(stories.Random(number))}</description></item>"
        for number, url in enumerate(urls)
    ]
    listing = "".join(
        f"<p><a href='{escape(url, quote=True)}'>{stories.story(n).title}</a></p>" for n, url in enumerate(urls)
    )
    sitemap = "".join(f"<url><loc>{escape(url)}</loc></url>" for url in urls)
    posts = [{"id": 1, "link": urls[0], "title": {"rendered": "A"}, "content": {"rendered": "<p>B</p>"}}]

    def api(request: Request) -> Reply:
        headers = {
            "Link": f'<{canary.url("/next")}>; rel="next"',
            "X-WP-TotalPages": "9",
            "Content-Type": "application/json",
        }
        return Reply(json.dumps(posts).encode(), headers=headers)

    outside.serve_otherwise(behaviour(api))
    specs = (
        SourceSpec("teasers", "feed", outside.serve("/feed", Reply(stories.rss(items))), full_text=True),
        SourceSpec("listing", "page", outside.serve("/list", Reply(f"<html><body>{listing}</body></html>".encode()))),
        SourceSpec("sitemap", "page", outside.serve("/map.xml", Reply(f"<urlset>{sitemap}</urlset>".encode()))),
        SourceSpec("api", "wordpress", outside.url("/")),
    )
    with _open(tmp_path, sandbox, *specs) as here:
        _ingested(here, *(spec.key for spec in specs))
        here.publish()
    assert canary.connections == 0
    assert outside.connections >= len(specs)
