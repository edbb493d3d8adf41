"""Scripts in articles, on the pages that people see: the catalogue, and articles that have no original."""

import json
from pathlib import Path

from werkzeug.test import Client

from syndicate.cache import Cache
from syndicate.ingest.sandbox import Sandbox
from syndicate.model import SourceSpec
from syndicate.publish import Report
from syndicate.push.sender import Sender
from syndicate.web.app import create_app
from syndicate.web.services import WebServices
from tests.faults import corpus, stories
from tests.faults.markup import active_in_page
from tests.faults.origin import Origin, Reply
from tests.faults.world import NOON, world

ATTACKS = [attack.replace("{mark}", f"mark{number}") for number, attack in enumerate(corpus.XSS + corpus.MXSS)]


def _item(number: int, attack: str) -> dict[str, object]:
    """An item that is nothing but the attack, in all fields that a page shows, and has no link.

    JSON Feed, because its headlines and names are text, and stay as they are until a page shows them.
    """
    body = stories.story(number).html + attack
    authors = [{"name": attack}]
    return {
        "id": str(number),
        "title": f"{number} {attack}",
        "authors": authors,
        "language": attack,
        "content_html": body,
    }


def test_no_script_gets_onto_a_page(origin: Origin, sandbox: Sandbox, tmp_path: Path, redis_url: str) -> None:
    """Every attack in title, names, language and body: nothing active on the catalogue or an article's page."""
    items = [_item(number, attack) for number, attack in enumerate(ATTACKS)]
    document = {"version": "https://jsonfeed.org/version/1.1", "title": "Hostile", "items": items}
    feed = Reply(json.dumps(document).encode(), headers={"Content-Type": "application/feed+json"})
    spec = SourceSpec("hostile", "feed", origin.serve("/feed", feed), title="<script>alert(1)</script>")
    with world(tmp_path, sandbox, [spec], title="<b onclick=x>Wire</b>", fetch={"host_pause_seconds": 0}) as here:
        assert here.ingest("hostile").new >= len(ATTACKS) - 2
        here.publish()
        cache = Cache(redis_url)

        def refuse(*_: object) -> object:
            raise NotImplementedError

        services = WebServices(
            here.settings, here.store, cache, refuse, lambda: NOON, Report, sender=Sender.of((), "Syndicate/test")
        )
        client = Client(create_app(services).wsgi_app)
        shown = 0
        for one in here.store.articles(source="hostile", limit=1_000):
            page = client.get(f"/a/{one.published.article.id}")
            shown += page.status_code == 200
            assert active_in_page(page.text) == [], one.published.article.title
        assert shown >= len(ATTACKS) - 2
        catalogue = client.get("/")
        assert catalogue.status_code == 200
        assert "mark" in catalogue.text
        assert active_in_page(catalogue.text) == []
        cache.close()
