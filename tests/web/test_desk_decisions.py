"""What an editor decides at the admin pages changes the store as the commands do, and is told."""

import pytest

from syndicate.errors import PublishError
from syndicate.ingest.orders import REBUILD, REPLAY
from syndicate.records import Rejected, Run
from syndicate.store.rulings import EVERYWHERE
from syndicate.strip.memory import fingerprint
from tests.contract.building import HOUR, article, change, cut, ingest
from tests.web.desk import Browser, browser, read, words
from tests.web.wire import NOW, Wire

SHARE = cut("Share this with all your friends")
STORY = article(
    "north", "story", cuts=(SHARE, cut("", html="<script>")), doubts=(cut("Call us"), cut("Write to us"), cut("Ask"))
)
HELD = article("north", "held", held="70% of the text would be cut")
BLOCK = fingerprint(SHARE.text, STORY.title)


@pytest.fixture
def desk(wire: Wire) -> Browser:
    """An editor, a published story and a held one."""
    wire.store.sync_sources(wire.services.settings.sources, NOW)
    rejected = (Rejected("north", "entry 3", "no title", "0" * 64, "normalize"),)
    held = change(HELD, received=NOW - HOUR)
    ingest(wire.store, change(STORY, topics=frozenset({"faith"})), held, source="north", rejected=rejected)
    return browser(wire)


def refused(desk: Browser, path: str, **fields: str) -> str:
    """Send a form, which must not be obeyed; gives why, as the same page says it."""
    answer = desk.post(path, **fields)
    assert answer.status_code == 409
    assert len(read(answer.text).findall(".//nav")) == 1
    return words(answer.text, ".//p[@class='problem']")


def test_the_overview_tells_what_waits(desk: Browser, wire: Wire) -> None:
    """Numbers of what waits, and what is wrong in words; the health page's word for it is the same."""
    seen = words(desk.get().text)
    assert "1 held article too much" in seen
    assert "3 proposals texts" in seen
    assert "1 in quarantine could" in seen
    assert "No worker is running" in seen
    for role in ("scheduler", "worker"):
        wire.store.beat(role, "x", NOW)
    assert "All is well." in words(desk.get().text)
    wire.store.set_source_status("north", "gone")
    assert "1 source told us that they have ended" in words(desk.get().text)
    assert wire.client.get("/health").json["status"] == "degraded"


def test_ingestion_is_started_and_followed(desk: Browser, wire: Wire) -> None:
    """All sources, or one; the run's page reloads itself until it has ended, and then shows the report."""
    assert desk.done("ingest").endswith("Follow it")
    assert desk.done("sources/north/ingest", to="sources/north").startswith("north is asked")
    assert [(run.trigger, run.sources) for run in wire.queue] == [("admin", ()), ("admin", ("north",))]
    assert desk.get("runs/run-1").headers["Refresh"] == "3"
    line = {"source": "north", "outcome": "changed", "new": 7, "edited": 0, "unchanged": 2, "held": 1, "failures": []}
    wire.store.finish_run("run-1", "done", [line], NOW)
    ended = desk.get("runs/run-1")
    assert "Refresh" not in ended.headers
    assert "north changed 7 0 2 1" in words(ended.text)
    desk.done("ingest")
    full = desk.post("ingest")
    assert (full.status_code, full.headers["Retry-After"]) == (429, "60")
    assert words(full.text, ".//p[@class='problem']") == "Three runs wait already."


def test_what_was_done_is_told_once(desk: Browser) -> None:
    """On the next page, and not on the one after."""
    assert desk.post("sources/north/pause").status_code == 303
    assert "not polled any more" in words(desk.get("sources").text)
    assert "not polled any more" not in words(desk.get("sources").text)


def test_a_held_article_is_released_or_discarded(desk: Browser, wire: Wire) -> None:
    """Released, it is in the feeds with the answer; what can't be done says why on the article's page."""
    path = f"articles/{HELD.id}"
    assert "waits for you: 70% of the text" in words(desk.get(path).text)
    assert desk.done(f"{path}/discard", to=path).startswith("Discarded.")
    assert wire.store.article(HELD.id).status == "discarded"
    assert refused(desk, f"{path}/discard") == f"article '{HELD.id}' is discarded, not held"
    assert desk.done(f"{path}/release", to=path) == "Published."
    assert wire.store.article(HELD.id).status == "live"
    assert b"The held" in wire.store.feed("all", "rss").body


def test_a_story_is_killed_and_revived(desk: Browser, wire: Wire) -> None:
    """It is out of its feeds with the answer; without a reason nothing happens."""
    path = f"articles/{STORY.id}"
    assert refused(desk, f"{path}/kill", reason=" ").startswith("reason: expected 1 to 500 characters")
    assert desk.done(f"{path}/kill", reason="libel", to=path) == "Killed: partners are told so, and why."
    assert wire.store.article(STORY.id).withdrawn == "libel"
    assert b"The story" not in wire.store.feed("faith", "rss").body
    assert "killed: libel" in words(desk.get(path).text)
    assert "The story" in words(desk.get("articles?status=killed").text)
    assert desk.done(f"{path}/revive", to=path).startswith("Taken back:")
    assert b"The story" in wire.store.feed("faith", "rss").body


def test_a_feed_that_cannot_be_built_is_told(desk: Browser, wire: Wire, monkeypatch: pytest.MonkeyPatch) -> None:
    """The story is killed, and still stands there."""
    monkeypatch.setattr("syndicate.publish.flow.build", lambda *_: (_ for _ in ()).throw(PublishError("torn")))
    said = desk.done(f"articles/{STORY.id}/kill", reason="x")
    assert "don't show that yet, and are tried again every few seconds: all (torn), faith (torn)." in said


def test_an_article_is_corrected_and_that_is_taken_back(desk: Browser, wire: Wire) -> None:
    """The note stands in the feeds with the answer; what was typed is not lost when it is too long."""
    path = f"articles/{STORY.id}"
    long = desk.post(f"{path}/correct", note="x" * 1_001)
    assert (long.status_code, "x" * 1_001 in long.text) == (409, True)
    assert desk.done(f"{path}/correct", note="Forty years", to=path) == "The note stands below it."
    assert b"Forty years" in wire.store.feed("faith", "rss").body
    assert "Forty years" in words(desk.get(path).text)
    assert desk.done(f"{path}/uncorrect", to=path) == "The last note is taken back."
    assert b"Forty years" not in wire.store.feed("faith", "rss").body
    assert refused(desk, f"{path}/uncorrect").endswith("has no correction")


def test_a_cut_is_put_back_for_good(desk: Browser, wire: Wire) -> None:
    """It is a ruling for the source, or for all, and what is stored is cleaned again; scripts have no button."""
    path = f"articles/{STORY.id}"
    shown = desk.get(path).text
    assert "share: rule Share this with all" in words(shown)
    assert "1 thing without text" in words(shown)
    assert len(read(shown).findall(f".//form[@action='../articles/{STORY.id}/restore']")) == 1
    told = desk.done(f"{path}/restore", block=BLOCK, to=path)
    assert told == (
        "From now on this text stays in all articles of north. What is stored is being cleaned again. Follow it"
    )
    ruling = wire.store.rulings()[0]
    assert (ruling.scope, ruling.block, ruling.verdict, ruling.text) == ("north", BLOCK, "keep", SHARE.text)
    assert (wire.queue[0].trigger, wire.queue[0].sources) == (REBUILD, ("north",))
    assert "not kept any more" in words(desk.get(path).text)  # no payload of the story is there
    desk.done(f"{path}/restore", block=BLOCK, everywhere="yes")
    assert {ruling.scope for ruling in wire.store.rulings()} == {"north", EVERYWHERE}
    assert wire.queue[1].sources == ()
    assert refused(desk, f"{path}/restore", block="x") == "This text is not cut from the article any more."


def test_a_ruling_is_taken_back(desk: Browser, wire: Wire) -> None:
    """And what is stored is cleaned again; where the queue is full that is told."""
    desk.done(f"articles/{STORY.id}/restore", block=BLOCK)
    assert "stays in north" in words(desk.get("rulings").text)
    for _ in range(2):
        desk.done("ingest")
    said = desk.done("rulings", scope="north", block=BLOCK, to="rulings")
    assert said.startswith("Taken back: ")
    assert "too many runs wait" in said
    assert wire.store.rulings() == ()
    assert refused(desk, "rulings", scope="north", block=BLOCK) == "There is no such ruling any more."


def test_proposals_are_decided(desk: Browser, wire: Wire) -> None:
    """Each word holds in its source, or in all, and the text waits no more."""
    for text, verdict, everywhere in (("Call us", "cut", False), ("Write to us", "keep", False), ("Ask", "cut", True)):
        block, scope = fingerprint(text, STORY.title), EVERYWHERE if everywhere else "north"
        assert text in words(desk.get("proposals").text)
        fields = {"source": "north", "block": block, "verdict": verdict} | ({"everywhere": "yes"} if everywhere else {})
        said = desk.done("proposals", to="proposals", **fields)
        assert said.startswith("From now on this text " + ("goes from" if verdict == "cut" else "stays in"))
        ruled = {(ruling.scope, ruling.block, ruling.verdict) for ruling in wire.store.rulings()}
        assert (scope, block, verdict) in ruled
        assert wire.queue.pop().trigger == REBUILD
        assert text not in words(desk.get("proposals").text)
        assert "waits for no word any more" in refused(desk, "proposals", **fields)


def test_sources_are_paused_resumed_and_cleaned_again(desk: Browser, wire: Wire) -> None:
    """As by `syndicate sources` and `rebuild`; a removed one can only be cleaned again."""
    desk.done("sources/north/pause", to="sources/north")
    assert wire.store.source("north").status == "paused"
    desk.done("sources/north/resume", to="sources/north")
    assert wire.store.source("north").status == "active"
    assert "being cleaned again" in desk.done("sources/north/rebuild")
    assert (wire.queue[0].trigger, wire.queue[0].sources) == (REBUILD, ("north",))
    wire.store.sync_sources((), NOW)
    assert refused(desk, "sources/north/resume") == "source 'north' does not exist"
    assert "It was removed" in words(desk.get("sources/north").text)


def test_partners_are_added_paused_and_given_another_token(desk: Browser, wire: Wire) -> None:
    """A token is shown once, opens the partner's feeds until another is made, and nothing of a removed partner's."""
    fields = {"name": "Anna's site", "key": "anna", "profile": "msn", "topics": "faith"}
    shown = words(desk.post("partners", **fields).text)
    token = shown.partition("shown again: ")[2].split()[0]
    path = "/p/anna/faith.rss"
    assert wire.client.get(path, headers={"Authorization": f"Bearer {token}"}).status_code == 200
    assert "Anna's site (anna): MSN partner hub; active" in words(desk.get("partners").text)
    assert "exists already" in refused(desk, "partners", **fields)
    assert desk.done("partners/anna/pause", to="partners") == "Anna's site is served nothing now."
    assert desk.done("partners/anna/resume", to="partners") == "Anna's site is served again."
    other = words(desk.post("partners/anna/renew").text).partition("shown again: ")[2].split()[0]
    for given, status in ((token, 401), (other, 200)):
        assert wire.client.get(path, headers={"Authorization": f"Bearer {given}"}).status_code == status
    assert desk.done("partners/anna/remove", to="partners").startswith("anna is removed")
    assert wire.store.partners() == ()


def test_quarantine_is_tried_again_or_given_up(desk: Browser, wire: Wire) -> None:
    """By a run for a source, and item by item; what is settled is not settled twice."""
    assert "entry 3 no title" in words(desk.get("quarantine").text)
    assert desk.done("quarantine/replay", source="north", to="quarantine").startswith("What waits for north")
    assert (wire.queue[0].trigger, wire.queue[0].sources) == (REPLAY, ("north",))
    assert desk.done("quarantine/1/discard", to="quarantine") == "Item 1 is given up."
    assert wire.store.quarantined(1).state == "discarded"
    assert refused(desk, "quarantine/1/discard") == "Item 1 waits no more: it is discarded."
    assert refused(desk, "quarantine/replay", source="north") == "Nothing waits for this source any more."
    assert desk.post("quarantine/99/discard").status_code == 404
    assert "entry 3" in words(desk.get("quarantine?all").text)


def test_lists_go_on_page_by_page(desk: Browser, wire: Wire) -> None:
    """Every article is on one page, in whatever order they came; so is every run."""
    many = [change(article("north", str(n)), received=NOW) for n in range(60)]
    ingest(wire.store, *many, source="north")
    for n in range(60):
        wire.store.start_run(Run(f"r{n}", "schedule", (), NOW))
    for path, expected in (("articles?source=north", 62), ("runs", 60)):
        seen: list[str] = []
        at = path
        while at:
            tree = read(desk.get(at).text)
            seen += [link.get("href") for link in tree.findall(".//tbody/tr/th/a")]
            following = tree.find(".//a[@rel='next']")
            at = path.partition("?")[0] + following.get("href") if following is not None else ""
        assert (len(seen), len(set(seen))) == (expected, expected)


def test_an_article_is_found_by_its_title_or_address(desk: Browser) -> None:
    """What was typed stays in the form, and in the address of the next page."""
    for asked in ("the story", STORY.link.replace("://", "%3A%2F%2F"), STORY.id):
        found = read(desk.get(f"articles?q={asked}").text)
        assert [link.get("href") for link in found.findall(".//tbody/tr/th/a")] == [f"./articles/{STORY.id}"]
    assert "No article is like this." in words(desk.get("articles?q=nowhere").text)
