"""Who gets to the admin pages, and that each of them is well-formed, harmless and nobody else's business."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import timedelta

import pytest
from pydantic import SecretStr
from werkzeug.test import Client

from syndicate.cache import Cache
from syndicate.model import TopicSpec
from syndicate.records import Rejected, Ruling, Run
from syndicate.records_pushed import SourceSubscription
from syndicate.records_served import Partner
from syndicate.web.app import create_app
from syndicate.web.desk.session import COOKIE, LASTS
from tests.contract.building import article, change, cut, ingest
from tests.web.desk import HOST, Browser, browser, dangers, read, words
from tests.web.wire import NOW, TOKEN, Wire, make_wire, settings

HOSTILE = '"><script>alert(1)</script><img src=x onerror=alert(2)>\x85\u202e'
STORY = article(
    "north",
    HOSTILE,
    title=HOSTILE,
    link="javascript:alert(3)",
    rights=HOSTILE,
    cuts=(cut(HOSTILE, evidence=HOSTILE), cut(f"long {HOSTILE}" * 20), cut("", html=HOSTILE)),
    doubts=(cut(f"doubt {HOSTILE}"),),
)
HELD = article("north", "held", held=HOSTILE)
CALL = article("north", "call", cuts=(cut("Call us"),))
OPEN_TO_ALL = {"/admin", "/admin/sign-in"}


@pytest.fixture
def full(wire: Wire) -> Wire:
    """A store that holds something hostile of everything."""
    store = wire.store
    store.sync_sources(wire.services.settings.sources, NOW)
    state = replace(store.source("north"), failures=3, last_error=HOSTILE, location="https://me:s3cret@north.example/")
    rejected = (Rejected("north", HOSTILE, f"https://me:s3cret@x/ {HOSTILE}", "0" * 64, "read"),)
    ingest(store, *map(change, (STORY, HELD, CALL)), source="north", state=state, rejected=rejected)
    store.rule(Ruling("north", "b" * 16, "keep", HOSTILE, NOW))
    store.correct(STORY.id, HOSTILE, NOW)
    store.kill(CALL.id, HOSTILE, NOW)
    store.add_partner(Partner("north", HOSTILE, NOW), "0" * 64, ())
    store.add_topic(TopicSpec("north", HOSTILE, HOSTILE, any_of=(HOSTILE,)), 1)
    store.subscribe_to(SourceSubscription("c4ll", "north", HOSTILE, HOSTILE, "h", "s3cret", NOW, error=HOSTILE))
    failure = {"where": HOSTILE, "reason": HOSTILE}
    line = {"source": "north", "outcome": "failed", "new": 1, "edited": 0, "unchanged": 0, "held": 0, "error": HOSTILE}
    store.start_run(Run("r", "admin", ("north",), NOW))
    store.finish_run("r", "done", [{**line, "failures": [failure]}, {"error": "interrupted"}], NOW)
    store.start_run(Run("open", "rebuild", ("north",), NOW))
    return wire


def routes(wire: Wire) -> Iterator[tuple[str, str]]:
    """Method and path of every route of the admin pages, with what is there in its places."""
    there = {"article_id": STORY.id, "key": "north", "run_id": "r", "item_id": 1, "_": "nothing"}
    app = create_app(wire.services)
    for rule in app.url_map.iter_rules():
        if rule.rule.startswith("/admin"):
            path = app.url_map.bind("x").build(rule.endpoint, {name: there[name] for name in rule.arguments})
            yield from ((method, path) for method in sorted(rule.methods - {"HEAD", "OPTIONS"}))


def test_nobody_gets_in_unasked(full: Wire, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a session every page is the form to sign in, and no form of any page does anything."""
    monkeypatch.setattr(full.store, "writing", None)
    asked = 0
    for method, path in routes(full):
        if path in OPEN_TO_ALL:
            continue
        answer = full.client.open(path, method=method, base_url=HOST, data={"form_token": "", "reason": "x"})
        assert answer.status_code == (401 if method == "GET" else 403), (method, path)
        assert "alert(" not in answer.text
        asked += 1
    assert asked > 30


def test_no_form_of_another_site_is_obeyed(full: Wire, monkeypatch: pytest.MonkeyPatch) -> None:
    """In a session, too, a form has to carry the session's own token; what another session carries is none."""
    mine, other = browser(full), browser(full)
    monkeypatch.setattr(full.store, "writing", None)
    for method, path in routes(full):
        if method == "GET" or path in OPEN_TO_ALL:
            continue
        for token in (None, "", "x", other.form_token(), "ä"):
            form = {"reason": "x", "note": "x"} | ({} if token is None else {"form_token": token})
            answer = mine.client.open(path, method=method, base_url=HOST, data=form)
            assert answer.status_code == 403, (method, path, token)
    assert mine.get().status_code == 200
    assert full.queue == []


def test_every_page_is_well_formed_harmless_and_private(full: Wire) -> None:
    """Whatever sources said, no page runs, loads or leads to it; nobody keeps, indexes or frames a page."""
    somebody, pages = browser(full), [path for method, path in routes(full) if method == "GET"]
    more = ("?after=1", "articles?status=killed&source=north&q=x", f"articles/{CALL.id}", f"articles/{HELD.id}")
    seen = 0
    for path in (*pages, *(f"/admin/{rest}" for rest in (*more, "runs/open", "quarantine?all"))):
        answer = somebody.client.get(path, base_url=HOST)
        assert answer.status_code == {"/admin": 308, "/admin/nothing": 404}.get(path, 200), path
        policy = answer.headers["Content-Security-Policy"]
        assert policy.startswith("default-src 'none'; style-src 'self'; ")
        assert "frame-ancestors 'none'" in policy
        assert (answer.headers["Cache-Control"], answer.headers["X-Robots-Tag"]) == ("no-store", "noindex")
        if answer.status_code != 308:
            assert (path, list(dangers(answer.text))) == (path, [])
            assert len(read(answer.text).findall(".//h1")) == 1
            assert "s3cret" not in answer.text
            seen += "alert(1)" in answer.text
    assert seen > 7
    assert somebody.get("runs/open").headers["Refresh"]
    assert "Refresh" not in somebody.get("runs/r").headers


def test_labels_and_headings_name_everything(full: Wire) -> None:
    """Every field has a label, every table heads for its columns and rows, every section its heading."""
    somebody = browser(full)
    paths = ("", "articles", f"articles/{STORY.id}", "sources", "runs/r", "quarantine", "proposals")
    for path in (*paths, "topics", "topics/north"):
        tree = read(somebody.get(path).text)
        ids = [element.get("id") for element in tree.iter() if element.get("id")]
        assert len(ids) == len(set(ids))
        named = {label.get("for") for label in tree.iter("label")}
        within = {id(field) for label in tree.iter("label") for field in label.iter("input")}
        for field in (*tree.iter("input"), *tree.iter("textarea"), *tree.iter("select")):
            assert field.get("type") == "hidden" or field.get("id") in named or id(field) in within, path
        for name in ("aria-labelledby", "aria-describedby"):
            assert {e.get(name) for e in tree.iter() if e.get(name)} <= set(ids)
        for table in tree.iter("table"):
            assert {cell.get("scope") for cell in table.iter("th")} == {"col", "row"}


def test_who_knows_the_token_is_signed_in(wire: Wire) -> None:
    """The form's answer is a cookie that only these pages get, no script reads, and no other site has sent."""
    somebody = browser(wire, signed_in=False)
    asked = somebody.get("articles?q=a%26b")
    assert asked.status_code == 401
    assert read(asked.text).find(".//input[@name='to']").get("value") == "articles?q=a%26b"
    answer = somebody.sign_in(to="articles?q=a%26b")
    assert (answer.status_code, answer.headers["Location"]) == (303, "./articles?q=a%26b")
    name, *attributes = answer.headers["Set-Cookie"].split("; ")
    assert name.startswith(f"{COOKIE}=")
    assert {"HttpOnly", "Secure", "SameSite=Strict", "Path=/admin", "Max-Age=43200"} <= set(attributes)
    assert TOKEN not in str(answer.headers)
    assert somebody.get().status_code == 200


def test_nobody_is_led_elsewhere(wire: Wire) -> None:
    """Where a form says that it stood is an address of these pages, or nothing."""
    somebody = browser(wire)
    elsewhere = ("//evil.example", "https://evil.example", "/\\evil", "../../x", "a\r\nb: c", "javascript:x")
    for place in elsewhere:
        assert somebody.sign_in(to=place).headers["Location"] == "./"
    for place in elsewhere[:3]:
        assert browser(wire).post("ingest", to=place).headers["Location"] == "./"


def test_a_plain_address_gets_a_cookie_that_it_can_send(store, cache) -> None:
    """Where the service has no https address the cookie is sent there; below a path it is that path's."""
    for base, path, secure in (("http://box:8080", "/admin", False), ("https://x.example/wire", "/wire/admin", True)):
        made = make_wire(store, cache, settings().model_copy(update={"base_url": base}))
        cookie = browser(made, signed_in=False).sign_in().headers["Set-Cookie"].split("; ")
        assert (f"Path={path}" in cookie, "Secure" in cookie) == (True, secure)


def test_wrong_tokens_are_refused_and_limited(wire: Wire, capsys: pytest.CaptureFixture[str]) -> None:
    """Ten tries a minute, then even the right token has to wait; what was tried is in no log and on no page."""
    somebody = browser(wire, signed_in=False)
    for wrong in ("", "x", f"{TOKEN}x", "guessed-token", "tök€n", "\x85"):
        answer = somebody.sign_in(wrong)
        assert (answer.status_code, words(answer.text, ".//p[@class='problem']")) == (
            401,
            "This is not the admin token.",
        )
        assert "Set-Cookie" not in answer.headers
    for _ in range(4):
        assert somebody.get("", Authorization="Bearer guessed-token").status_code == 401
    limited = somebody.sign_in()
    assert limited.status_code == 429
    assert limited.headers["Retry-After"] == "60"
    said = capsys.readouterr()
    assert "guessed-token" not in said.out + said.err + limited.text
    assert "sign-in refused" in said.out + said.err


def test_tries_are_counted_across_processes(wire: Wire, store, cache) -> None:
    """Who is sent from one web process to another has no more of them."""
    here, there = browser(wire, signed_in=False), browser(make_wire(store, cache, settings()), signed_in=False)
    assert [here.sign_in("x").status_code for _ in range(6)] == [401] * 6
    assert [there.sign_in("x").status_code for _ in range(5)] == [401] * 4 + [429]


def test_pages_work_without_redis(store) -> None:
    """An editor signs in, and is told that no run is carried out now."""
    with closing(Cache("unix:///nowhere/redis.sock")) as away:
        somebody = browser(make_wire(store, away, settings()), signed_in=False)
        assert (somebody.sign_in("x").status_code, somebody.sign_in().status_code) == (401, 303)
        assert "Redis is away" in words(somebody.get().text)


def test_without_a_token_the_pages_are_closed(store, cache) -> None:
    """They say how to open them, and no token does, the empty one included."""
    for none in (None, SecretStr("")):
        closed = make_wire(store, cache, settings().model_copy(update={"admin_token": none}))
        somebody = browser(closed, signed_in=False)
        assert (somebody.get().status_code, somebody.sign_in("").status_code) == (403, 403)
        assert somebody.get("", Authorization="Bearer ").status_code == 403
        assert "SYNDICATE_ADMIN_TOKEN" in somebody.get("articles").text


def elsewhere(wire: Wire, somebody: Browser, **changed: object) -> Browser:
    """The same browser at another web process."""
    client = Client(create_app(replace(wire.services, **changed)).wsgi_app)
    client.set_cookie(
        COOKIE, somebody.client.get_cookie(COOKIE, "wire.example.org", "/admin").value, domain="wire.example.org"
    )
    return Browser(client)


def test_a_session_is_known_everywhere_until_it_ends(wire: Wire) -> None:
    """Every web process knows it; twelve hours later, or under another admin token, none does."""
    somebody, services = browser(wire), wire.services
    assert elsewhere(wire, somebody).get().status_code == 200
    later = NOW + LASTS
    assert elsewhere(wire, somebody, now=lambda: later - timedelta(seconds=1)).get().status_code == 200
    assert elsewhere(wire, somebody, now=lambda: later).get().status_code == 401
    changed = services.settings.model_copy(update={"admin_token": SecretStr("another")})
    assert elsewhere(wire, somebody, settings=changed).get().status_code == 401


def test_a_cookie_that_was_tampered_with_is_none(wire: Wire) -> None:
    """Neither is what we said with the same key for another use."""
    somebody = browser(wire)
    somebody.post("ingest")
    said = somebody.client.get_cookie("syndicate_said", "wire.example.org", "/admin").value
    good = somebody.client.get_cookie(COOKIE, "wire.example.org", "/admin").value
    for cookie in ("", "x", said, good[:-5] + good[-5:].swapcase()[::-1], f"x{good}"):
        other = browser(wire, signed_in=False)
        other.client.set_cookie(COOKIE, cookie, domain="wire.example.org")
        assert other.get().status_code == 401


def test_signing_out_forgets_the_session(wire: Wire) -> None:
    """The browser has no session afterwards."""
    somebody = browser(wire)
    assert somebody.post("sign-out").headers["Location"] == "./"
    assert somebody.get().status_code == 401


def test_the_bearer_token_is_enough(full: Wire) -> None:
    """A program may use the pages, too; since no browser sends this by itself, its forms prove nothing more."""
    bearer = {"Authorization": f"Bearer {TOKEN}"}
    assert browser(full, signed_in=False).get("", **bearer).status_code == 200
    assert full.client.post("/admin/sources/north/pause", headers=bearer).status_code == 303
    assert full.store.source("north").status == "paused"


def test_what_fails_is_a_page_that_says_so(full: Wire, monkeypatch: pytest.MonkeyPatch) -> None:
    """A store that is away is 503, a bug is 500, what is not there is 404: one clear line each, no traceback."""
    somebody = browser(full)
    monkeypatch.setattr(full.store, "killed", None)
    for path in (
        "x",
        "articles/x",
        "sources/x",
        "runs/x",
        "articles?status=x",
        "sources?after=x",
        f"runs?after={9**30}",
    ):
        assert somebody.get(path).status_code == 404, path
        assert list(dangers(somebody.get(path).text)) == []
    assert somebody.post("articles/x/kill", reason="x").status_code == 404
    assert somebody.post("sources/north/pause", to="\0").status_code == 400
    assert somebody.post("sources/north/pause", to="x" * 1_000_001).status_code == 413
    monkeypatch.setattr(full.store, "sources", lambda: 1 / 0)
    broken = somebody.get("sources")
    assert (broken.status_code, "Traceback" in broken.text, "ZeroDivision" in broken.text) == (500, False, False)
    full.store.broken = True
    away = somebody.get("articles")
    assert (away.status_code, "does not answer" in words(away.text)) == (503, True)
    assert list(dangers(away.text)) == []


def test_robots_stay_out(wire: Wire) -> None:
    """They are told so."""
    assert "Disallow: /admin/\n" in wire.client.get("/robots.txt").text
