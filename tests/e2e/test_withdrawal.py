"""A story that is withdrawn while everything runs: it is gone over HTTP, in every format, and stays away."""

import json
import os
import time
import urllib.request
from pathlib import Path
from urllib.parse import parse_qs, urlencode, urlsplit

from syndicate.model import FEED_FORMATS
from tests.e2e.papers import sentences
from tests.e2e.test_up import TOKEN, Service, up
from tests.e2e.waiting import until
from tests.faults.origin import Origin, Reply, Request, behaviour


def feeds(service: Service) -> dict[str, tuple[str, bytes]]:
    """ETag and body of the feed of everything, by format."""
    found = {}
    for name in FEED_FORMATS:
        with urllib.request.urlopen(f"{service.base}/feeds/all.{name}", timeout=30) as answer:
            found[name] = (answer.headers["ETag"], answer.read())
    return found


def ask(service: Service, method: str, path: str, value: object = None) -> int:
    """What the API answers to a request with this value."""
    headers = {"Authorization": f"Bearer {TOKEN}", "Content-Type": "application/json"}
    data = None if value is None else json.dumps(value).encode()
    request = urllib.request.Request(service.base + path, data, headers, method=method)
    with urllib.request.urlopen(request, timeout=60) as answer:
        return int(answer.status)


def subscribed(service: Service, partner: Origin) -> list[bytes]:
    """What comes to a subscriber of the JSON feed of everything from now on."""
    asked, given = [], []

    def answer(request: Request) -> Reply:
        if request.method == "POST":
            given.append(request.body)
            return Reply(status=204)
        asked.append(parse_qs(urlsplit(request.path).query)["hub.challenge"][0])
        return Reply(asked[-1].encode())

    callback = partner.serve("/in", behaviour(answer))
    form = {"hub.mode": "subscribe", "hub.topic": f"{service.base}/feeds/all.json", "hub.callback": callback}
    with urllib.request.urlopen(f"{service.base}/hub", urlencode(form).encode(), timeout=60) as answered:
        assert answered.status == 202
    until(lambda: service.json("/health")["hub"]["active"])
    return given


def test_a_withdrawn_story_is_gone_over_http(tmp_path: Path) -> None:
    """Killed by API it leaves all formats, which tell so under new ETags; an edit and a run change nothing of that.

    Who has subscribed is told within a moment.
    """
    with Origin() as partner, up(tmp_path) as service:
        service.starts()
        until(lambda: all(b"Pier opens" in body for _, body in feeds(service).values()))
        before = feeds(service)
        [item] = json.loads(before["json"][1])["items"]
        pushed = subscribed(service, partner)
        name = item["id"].rpartition("/")[2]
        assert ask(service, "POST", f"/api/v1/articles/{name}/kill", {"reason": "A wrong name"}) == 200
        until(lambda: not any(b"Pier opens" in body for _, body in feeds(service).values()))
        after = feeds(service)
        until(lambda: pushed[-1:] == [after["json"][1]])
        for format_ in FEED_FORMATS:
            assert after[format_][0] != before[format_][0]
            assert b"A wrong name" in after[format_][1]
            assert item["id"].encode() in after[format_][1]
        until(lambda: b"Pier opens" not in service.get("/")[1])
        assert service.get(f"/a/{name}")[0] == 410
        edited = tmp_path / "in" / "pier.txt"
        edited.write_text("Pier opens\n\n" + "\n\n".join((*sentences("pier"), "It is new.")))
        os.utime(edited, (time.time() + 3600,) * 2)
        run = service.json("/api/v1/ingest", "POST")["run"]["id"]
        until(lambda: service.json(f"/api/v1/runs/{run}")["run"]["state"] == "done")
        assert feeds(service) == after
        assert ask(service, "DELETE", f"/api/v1/articles/{name}/kill") == 200
        until(lambda: b"It is new." in service.get("/feeds/all.rss")[1])
