"""Sources of every kind through the whole house: whole articles, listings, sitemaps, posts and folders."""

import os
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from syndicate.bootstrap import Services
from syndicate.errors import FetchError
from syndicate.ingest import teasers
from syndicate.ingest.folders import Folder, Waiting
from syndicate.model import Payload, SourceSpec
from syndicate.settings import IngestSettings
from tests.e2e.conftest import Clock, OpenHouse
from tests.e2e.house import Answer, Origin, ingest
from tests.e2e.papers import Story, posts, rss, sentences, sitemap


def report(parts: Services) -> dict[str, Any]:
    """Ingest the only source and give its report."""
    return ingest(parts).report[0]


def texts(parts: Services) -> dict[str, str]:
    """What partners read, by headline."""
    return {p.article.title: p.article.text for p in parts.store.newest("all", 100)}


def teaser(origin: Origin, *names: str, **fields: Any) -> SourceSpec:
    """A feed of teasers whose articles' pages are fetched."""
    stories = [Story(name, teaser=True, link=f"{origin.url}/{name}") for name in names]
    origin.feed("/feed", rss(*stories, site=origin.url))
    return SourceSpec("lake", "feed", f"{origin.url}/feed", full_text=True, **fields)


def serve_page(origin: Origin, story: Story) -> None:
    """Put the story's page at its address."""
    origin.feed(f"/{story.name}", story.page(), "text/html; charset=utf-8")


# --- full_text ---------------------------------------------------------------------------------------------


def test_teasers_become_whole_articles(origin: Origin, open_house: OpenHouse) -> None:
    """Where a feed only teases, the article's page is fetched, once, and its text published."""
    spec = teaser(origin, "pier")
    serve_page(origin, Story("pier"))
    with open_house(spec) as parts:
        assert report(parts)["new"] == 1
        assert texts(parts) == {"News of the pier": "\n".join(sentences("pier"))}
        again = report(parts)
        assert (again["outcome"], again["failures"]) == ("unchanged", ())
        assert origin.asked.count("/pier") == 1


def test_a_refused_page_leaves_the_teaser(origin: Origin, open_house: OpenHouse) -> None:
    """A page that will never be had (403) leaves the teaser, and is not asked for again."""
    spec = teaser(origin, "pier")
    origin.answers["/pier"] = (403, {}, b"subscribers only")
    with open_house(spec) as parts:
        assert report(parts)["new"] == 1
        assert texts(parts) == {"News of the pier": sentences("pier")[0]}
        assert report(parts)["outcome"] == "unchanged"
        assert origin.asked.count("/pier") == 1


LOGIN = """<!doctype html><html><head><title>Log in</title></head><body><main><h1>Log in to continue reading</h1>
<p>Subscribers have unlimited access. Enter your e-mail address and password, or start a free trial for four weeks.
You can cancel at any time from your account page without giving any reason at all.</p></main></body></html>"""
NO_ARTICLE = {
    "a file": ("%PDF-1.4", "application/pdf"),
    "a script": ("<!doctype html><html><head><script>start()</script></head><body></body></html>", "text/html"),
    "nothing": (" ", "text/html"),
    "a login page": (LOGIN, "text/html"),
    "another article": (Story("mill").page(), "text/html"),
}


@pytest.mark.parametrize("what", NO_ARTICLE)
def test_a_page_that_is_not_the_article_leaves_the_teaser(
    origin: Origin, open_house: OpenHouse, clock: Clock, what: str
) -> None:
    """What answers 200 and is not the article changes nothing, whenever it comes; and is told once."""
    spec = teaser(origin, "pier", "barn")
    serve_page(origin, Story("barn"))
    origin.feed("/pier", *NO_ARTICLE[what])
    with open_house(spec) as parts:
        line = report(parts)
        assert (line["new"], [f["where"] for f in line["failures"]]) == (2, [f"{origin.url}/pier"])
        assert texts(parts)["News of the pier"] == sentences("pier")[0]
        again = report(parts)
        assert (again["outcome"], again["failures"], origin.asked.count("/pier")) == ("unchanged", (), 1)
        done = parts.redo.rebuild("lake", "tester", dry_run=True)
        assert (done.articles, done.differences, done.failures) == (2, (), ())
        retold(origin, "Barn closes", "barn")
        origin.feed("/barn", *NO_ARTICLE[what])
        clock.pass_by(hours=1)
        assert report(parts)["edited"] == 0
        assert texts(parts)["News of the barn"] == "\n".join(sentences("barn"))
        assert parts.store.quarantine() == ()


def test_a_failing_page_comes_at_the_next_poll(origin: Origin, open_house: OpenHouse) -> None:
    """A page that can't be had now (500) is deferred: the validators stay, and the next poll brings the article."""

    def feed(headers: dict[str, str]) -> Answer:
        if headers.get("If-None-Match") == '"v1"':
            return 304, {}, b""
        stories = (Story(n, teaser=True, link=f"{origin.url}/{n}") for n in ("pier", "mill"))
        return 200, {"Content-Type": "application/xml", "ETag": '"v1"'}, rss(*stories, site=origin.url).encode()

    spec = teaser(origin)
    origin.answers["/feed"] = feed
    origin.answers["/pier"] = (500, {}, b"")
    serve_page(origin, Story("mill"))
    with open_house(spec) as parts:
        first = report(parts)
        assert (first["outcome"], first["new"]) == ("changed", 1)
        assert [f["where"] for f in first["failures"]] == [f"{origin.url}/pier"]
        assert parts.store.source("lake").etag == ""
        second = report(parts)
        assert (second["outcome"], second["error"], second["unchanged"]) == ("unchanged", "", 1)
        assert parts.store.source("lake").failures == 0
        serve_page(origin, Story("pier"))
        assert report(parts)["new"] == 1
        assert parts.store.source("lake").etag == '"v1"'
        assert set(texts(parts)) == {"News of the pier", "News of the mill"}


def test_corrections_are_fetched_again(origin: Origin, open_house: OpenHouse, clock: Clock) -> None:
    """When the feed says that an article was updated, its page is read again."""
    spec = teaser(origin, "pier")
    serve_page(origin, Story("pier"))
    with open_house(spec) as parts:
        report(parts)
        clock.pass_by(hours=2)
        item = Story("pier", teaser=True, link=f"{origin.url}/pier").item(origin.url)
        terms = "http://purl.org/dc/terms/"
        modified = f'<dcterms:modified xmlns:dcterms="{terms}">{clock().isoformat()}</dcterms:modified>'
        origin.feed("/feed", rss(item.replace("</item>", f"{modified}</item>"), site=origin.url))
        serve_page(origin, Story("pier", body="<p>Corrected.</p>" + Story("pier").html()))
        clock.pass_by(hours=1)
        line = report(parts)
        assert line["edited"] == 1
        assert texts(parts)["News of the pier"].startswith("Corrected.")


def retold(origin: Origin, title: str, *names: str) -> None:
    """Serve a feed whose teasers have this title."""
    stories = [Story(name, title=title, teaser=True, link=f"{origin.url}/{name}") for name in names]
    origin.feed("/feed", rss(*stories, site=origin.url))


def test_a_teaser_that_changes_is_followed_again(origin: Origin, open_house: OpenHouse, clock: Clock) -> None:
    """Another headline in the feed is reason to read the page again, once; a page that is gone changes nothing."""
    spec = teaser(origin, "pier")
    serve_page(origin, Story("pier"))
    with open_house(spec) as parts:
        report(parts)
        retold(origin, "Pier closes", "pier")
        serve_page(origin, Story("pier", body="<p>Corrected.</p>" + Story("pier").html()))
        clock.pass_by(hours=1)
        assert report(parts)["edited"] == 1
        assert texts(parts)["Pier closes"].startswith("Corrected.")
        retold(origin, "Pier closes", "pier", "pier")
        assert (report(parts)["edited"], origin.asked.count("/pier")) == (0, 2)
        retold(origin, "Pier gone", "pier")
        origin.answers["/pier"] = (404, {}, b"")
        assert (report(parts)["edited"], origin.asked.count("/pier")) == (0, 3)
        assert texts(parts)["Pier closes"].startswith("Corrected.")


def test_a_page_that_always_fails_leaves_the_teaser_in_the_end(
    origin: Origin, open_house: OpenHouse, clock: Clock
) -> None:
    """After six hours of failures a teaser is published by itself; for two days its page is still asked for."""
    spec = teaser(origin, "pier", "mill")
    for name in ("pier", "mill"):
        origin.answers[f"/{name}"] = (500, {}, b"")
    with open_house(spec) as parts:
        assert [report(parts)["new"] for _ in range(3)] == [0, 0, 0]
        clock.pass_by(hours=6)
        assert report(parts)["new"] == 2
        assert texts(parts)["News of the pier"] == sentences("pier")[0]
        serve_page(origin, Story("pier"))
        clock.pass_by(hours=1)
        assert report(parts)["edited"] == 1
        assert texts(parts)["News of the pier"] == "\n".join(sentences("pier"))
        clock.pass_by(hours=48)
        assert report(parts)["failures"][0]["where"].endswith("/mill")
        origin.asked.clear()
        assert report(parts)["failures"] == ()
        assert "/mill" not in origin.asked


def test_failing_pages_starve_no_others(origin: Origin, open_house: OpenHouse) -> None:
    """However many pages fail at the top of a feed, those below come at the next poll."""
    bad, good = [f"bad{n}" for n in range(4)], ["pier", "mill"]
    spec = teaser(origin, *bad, *good)
    for name in bad:
        origin.answers[f"/{name}"] = (500, {}, b"")
    for name in good:
        serve_page(origin, Story(name))
    with open_house(spec, ingest=IngestSettings(pages_per_run=4)) as parts:
        assert report(parts)["outcome"] == "failed"
        assert report(parts)["new"] == 2


def test_a_host_that_asks_us_to_wait_is_left_alone(origin: Origin, open_house: OpenHouse, clock: Clock) -> None:
    """After one 429 no other page of that host is asked for, and the source waits for as long as it was told to."""
    spec = teaser(origin, *(f"story{n}" for n in range(5)))
    for n in range(5):
        origin.answers[f"/story{n}"] = (429, {"Retry-After": "7200"}, b"")
    with open_house(spec) as parts:
        line = report(parts)
        assert origin.asked == ["/feed", "/story0"]
        assert len(line["failures"]) == 5
        assert parts.store.source("lake").due >= clock() + timedelta(seconds=7200 * 0.9)


def test_a_refused_address_leaves_the_teaser(origin: Origin, open_house: OpenHouse) -> None:
    """A page that we may not fetch will never be had."""
    origin.feed("/feed", rss(Story("pier", teaser=True, link="http://10.0.0.5/pier"), site=origin.url))
    with open_house(SourceSpec("lake", "feed", f"{origin.url}/feed", full_text=True)) as parts:
        assert report(parts)["new"] == 1


def test_a_run_fetches_so_many_pages(origin: Origin, open_house: OpenHouse) -> None:
    """One poll fetches at most the set number of pages; what is left over is named and comes at the next polls."""
    names = ("pier", "mill", "barn", "lock", "tower")
    spec = teaser(origin, *names)
    for name in names:
        serve_page(origin, Story(name))
    with open_house(spec, ingest=IngestSettings(pages_per_run=2)) as parts:
        counts = []
        for _ in range(4):
            line = report(parts)
            counts.append((line["new"], len(line["failures"])))
        assert counts == [(2, 3), (2, 1), (1, 0), (0, 0)]
        assert [origin.asked.count(f"/{name}") for name in names] == [1] * 5


# --- listing pages and sitemaps ----------------------------------------------------------------------------


def listing(*links: str) -> str:
    """A front page with headlines."""
    heads = "".join(
        f"<article><h2><a href='{link}'>News of the {Path(link).name.partition('-')[0]}</a></h2></article>"
        for link in links
    )
    return f"<!doctype html><html><head><title>Lake</title></head><body><main>{heads}</main></body></html>"


@pytest.mark.parametrize("kind", ["listing", "sitemap"])
def test_pages_are_followed(origin: Origin, open_house: OpenHouse, clock: Clock, kind: str) -> None:
    """The articles that a front page or a sitemap names are fetched; young ones again for a while, old ones no more."""
    paths = [f"/2026/11/20/{name}-of-the-lake.html" for name in ("pier", "mill")]
    document = listing(*paths) if kind == "listing" else sitemap(*(origin.url + path for path in paths))
    origin.feed("/", document, "text/html" if kind == "listing" else "application/xml")
    for path, name in zip(paths, ("pier", "mill"), strict=True):
        origin.feed(path, Story(name).page(), "text/html")
    with open_house(SourceSpec("lake", "page", f"{origin.url}/")) as parts:
        line = report(parts)
        assert (line["new"], line["failures"]) == (2, ())
        assert texts(parts)["News of the pier"] == "\n".join(sentences("pier"))
        origin.feed(paths[0], Story("pier", body="<p>Corrected.</p>" + Story("pier").html()).page(), "text/html")
        origin.feed("/", document + "<!-- later -->", "text/html" if kind == "listing" else "application/xml")
        clock.pass_by(hours=1)
        assert report(parts)["edited"] == 1
        clock.pass_by(days=3)
        origin.asked.clear()
        origin.feed("/", document + "<!-- much later -->", "text/html" if kind == "listing" else "application/xml")
        line = report(parts)
        assert (line["outcome"], line["unchanged"], origin.asked) == ("unchanged", 2, ["/"])


def test_corrections_are_seen_though_the_listing_stays_as_it_is(
    origin: Origin, open_house: OpenHouse, clock: Clock
) -> None:
    """A page is looked at again at growing ages, not at every poll, and whether or not its listing changes."""
    path = "/2026/11/20/pier-of-the-lake.html"
    origin.feed("/", listing(path), "text/html")
    origin.feed(path, Story("pier").page(), "text/html")
    with open_house(SourceSpec("lake", "page", f"{origin.url}/")) as parts:
        assert report(parts)["new"] == 1
        origin.feed(path, Story("pier", body="<p>Corrected.</p>" + Story("pier").html()).page(), "text/html")
        clock.pass_by(minutes=20)
        assert report(parts)["edited"] == 1
        origin.asked.clear()
        for _ in range(100):
            clock.pass_by(hours=1)
            assert report(parts)["outcome"] == "unchanged"
        assert origin.asked.count(path) == 6  # after 1, 2, 4, 8, 16 and 32 hours


def test_new_pages_come_before_old_ones_and_dead_ones_last(origin: Origin, open_house: OpenHouse, clock: Clock) -> None:
    """However many pages of a listing are dead or known, the one that is new is fetched with the next poll."""
    dead = [f"/2026/11/20/dead{n}-of-the-lake.html" for n in range(4)]
    known = [f"/2026/11/20/known{n}-of-the-lake.html" for n in range(3)]
    for n, path in enumerate(known):
        origin.feed(path, Story(f"known{n}").page(), "text/html")
    origin.feed("/", listing(*known, *dead), "text/html")
    with open_house(SourceSpec("lake", "page", f"{origin.url}/"), ingest=IngestSettings(pages_per_run=3)) as parts:
        assert report(parts)["new"] == 3
        assert len(report(parts)["failures"]) == 4
        fresh = "/2026/11/20/fresh-of-the-lake.html"
        origin.feed(fresh, Story("fresh").page(), "text/html")
        origin.feed("/", listing(*dead, *known, fresh), "text/html")
        clock.pass_by(hours=1)
        assert report(parts)["new"] == 1
        late = "/2026/11/20/late-of-the-lake.html"
        origin.feed(late, Story("late").page(), "text/html")
        origin.feed("/", listing(*dead, *known, fresh, late), "text/html")
        assert report(parts)["new"] == 1


def test_a_page_that_calls_itself_otherwise_is_known_by_that(
    origin: Origin, open_house: OpenHouse, clock: Clock
) -> None:
    """Once it is known under its own address, it is no more fetched at every poll than any other."""
    path = "/2026/11/20/pier-of-the-lake.html?from=front"
    page = Story("pier").page().replace("<head>", f'<head><link rel="canonical" href="{origin.url}/pier">')
    origin.feed("/", listing(path), "text/html")
    origin.feed(path, page, "text/html")
    with open_house(SourceSpec("lake", "page", f"{origin.url}/")) as parts:
        assert report(parts)["new"] == 1
        clock.pass_by(minutes=5)
        origin.asked.clear()
        origin.feed("/", listing(path) + "<!-- later -->", "text/html")
        assert (report(parts)["unchanged"], origin.asked) == (1, ["/"])


def test_a_page_that_was_had_is_no_failing_one_any_more(origin: Origin, open_house: OpenHouse) -> None:
    """Also where it was the only one that failed, so that nothing else is left to remember of its listing."""
    path = "/2026/11/20/pier-of-the-lake.html"
    origin.feed("/", listing(path), "text/html")
    with open_house(SourceSpec("lake", "page", f"{origin.url}/")) as parts:
        assert report(parts)["outcome"] == "failed"
        origin.feed(path, Story("pier").page(), "text/html")
        assert report(parts)["new"] == 1
        [seen] = teasers.parse(parts.store.meta(teasers.note("lake"))).values()
        assert seen.failing is None


def test_one_bad_page_costs_its_neighbours_nothing(origin: Origin, open_house: OpenHouse) -> None:
    """Of the pages that a listing names, one missing and one without an article are in the report, the others in."""
    paths = [f"/2026/11/20/{name}-of-the-lake.html" for name in ("pier", "gone", "hollow")]
    origin.feed("/", listing(*paths), "text/html")
    origin.feed(paths[0], Story("pier").page(), "text/html")
    origin.feed(paths[2], "<html><body></body></html>", "text/html")
    with open_house(SourceSpec("lake", "page", f"{origin.url}/")) as parts:
        line = report(parts)
        assert (line["outcome"], line["new"]) == ("changed", 1)
        assert {f["where"] for f in line["failures"]} == {origin.url + path for path in paths[1:]}
        [waiting] = parts.store.quarantine("waiting")
        assert waiting.rejected.where == origin.url + paths[2]


# --- WordPress ---------------------------------------------------------------------------------------------


def test_posts_are_paged_until_known(origin: Origin, open_house: OpenHouse) -> None:
    """A site's posts are read page by page up to what is known; later polls stop at the first page."""
    stories = [Story(f"story{n:03}") for n in range(120)]
    api = "/wp-json/wp/v2/posts?_embed=1&per_page=50&page={}"
    for n in range(3):
        part = posts(*stories[n * 50 : n * 50 + 50], site=origin.url)
        origin.feed(api.format(n + 1), part, "application/json")
    with open_house(SourceSpec("lake", "wordpress", origin.url)) as parts:
        assert report(parts)["new"] == 120
        origin.asked.clear()
        fresh = [Story("fresh"), *stories[:49]]
        origin.feed(api.format(1), posts(*fresh, site=origin.url), "application/json")
        assert report(parts)["new"] == 1
        assert len(origin.asked) == 1


API = "/wp-json/wp/v2/posts?_embed=1&per_page=50&page={}"


def serve_posts(origin: Origin, *stories: Story) -> None:
    """A site with these posts, newest first, that answers as WordPress does to a page after its last."""
    pages = [stories[n : n + 50] for n in range(0, len(stories), 50)]
    for number, page in enumerate(pages, 1):
        origin.feed(API.format(number), posts(*page, site=origin.url), "application/json")
    origin.answers[API.format(len(pages) + 1)] = (400, {"Content-Type": "application/json"}, b'{"code":"rest_post"}')


def test_an_interrupted_first_poll_is_gone_on_with(origin: Origin, open_house: OpenHouse) -> None:
    """What a first poll could not get of a site's older posts the next ones bring, though new posts push them down."""
    stories = [Story(f"story{n:03}") for n in range(200)]
    serve_posts(origin, *stories)
    origin.answers[API.format(3)] = (502, {}, b"")
    with open_house(SourceSpec("lake", "wordpress", origin.url), ingest=IngestSettings(pages_per_run=2)) as parts:
        first = report(parts)
        assert (first["new"], [f["reason"] for f in first["failures"]]) == (100, ["answered 502 Bad Gateway"])
        serve_posts(origin, *(Story(f"fresh{n}") for n in range(60)), *stories)
        assert [report(parts)["new"] for _ in range(3)] == [60, 90, 10]
        origin.asked.clear()
        assert (report(parts)["outcome"], len(origin.asked)) == ("unchanged", 1)
        assert parts.store.topic_counts()["all"] == 260


def test_the_last_page_of_posts_may_be_full(origin: Origin, open_house: OpenHouse) -> None:
    """The answer to the page after a full last one is no failure."""
    serve_posts(origin, *(Story(f"story{n:03}") for n in range(100)))
    with open_house(SourceSpec("lake", "wordpress", origin.url)) as parts:
        line = report(parts)
        assert (line["new"], line["failures"]) == (100, ())


def test_the_same_part_again_and_again_is_not_followed(origin: Origin, open_house: OpenHouse) -> None:
    """A site that gives its first posts whichever part it is asked for is asked twice, not forty times."""
    stories = [Story(f"story{n:03}") for n in range(50)]
    for number in range(1, 9):
        origin.feed(API.format(number), posts(*stories, site=origin.url), "application/json")
    with open_house(SourceSpec("lake", "wordpress", origin.url)) as parts:
        assert report(parts)["new"] == 50
        assert len(origin.asked) == 2


def test_a_wordpress_error_is_passed_on(origin: Origin, open_house: OpenHouse) -> None:
    """What the API says against us stands in the report."""
    body = '{"code":"rest_disabled","message":"The API is disabled."}'
    origin.feed("/wp-json/wp/v2/posts?_embed=1&per_page=50&page=1", body, "application/json")
    with open_house(SourceSpec("lake", "wordpress", origin.url)) as parts:
        line = report(parts)
        assert line["outcome"] == "failed"
        assert "The API is disabled." in line["error"]


# --- folders -----------------------------------------------------------------------------------------------


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with an article of each type, and one that is none."""
    path = tmp_path / "in"
    path.mkdir()
    (path / "plain.txt").write_text("Pier opens\n\nBy Ann Lee\n\n" + "\n\n".join(sentences("pier")))
    (path / "mark.md").write_text("# Mill turns\n\n" + "\n\n".join(sentences("mill")))
    (path / "page.html").write_text(Story("barn", title="Barn stands").page())
    (path / "empty.txt").write_text("")
    return path


def names(folder: Path) -> list[str]:
    """What lies in a folder."""
    return sorted(path.name for path in folder.iterdir())


def test_files_move_when_they_are_taken(folder: Path, open_house: OpenHouse) -> None:
    """Taken files move to done/, a file that can't be read to failed/ with its reason, and neither comes twice."""
    with open_house(SourceSpec("in", "folder", str(folder))) as parts:
        line = report(parts)
        assert (line["outcome"], line["new"]) == ("changed", 3)
        assert [f["where"] for f in line["failures"]] == ["empty.txt"]
        assert set(texts(parts)) == {"Pier opens", "Mill turns", "Barn stands"}
        assert names(folder / "done") == ["mark.md", "page.html", "plain.txt"]
        failed = names(folder / "failed")
        assert failed[0] == "empty.txt"
        assert line["failures"][0]["reason"] in (folder / "failed" / failed[1]).read_text()
        assert report(parts)["outcome"] == "unchanged"


def test_files_that_changed_meanwhile_stay(folder: Path, open_house: OpenHouse, clock: Clock) -> None:
    """What is saved anew before it is read, or before the run ends, is not moved: the next run reads it."""
    listed = Folder.read
    text = "\n\n".join(sentences("pier"))

    def read(self: Folder, waiting: Waiting) -> Payload:
        if waiting.name == "mark.md":
            (folder / "mark.md").write_text(f"# Mill turns faster\n\n{text}")
        payload = listed(self, waiting)
        if waiting.name == "plain.txt":
            (folder / "plain.txt").write_text(f"Pier opens late\n\n{text}")
        return payload

    with open_house(SourceSpec("in", "folder", str(folder))) as parts, pytest.MonkeyPatch.context() as patched:
        patched.setattr(Folder, "read", read)
        line = report(parts)
        assert line["new"] == 2
        assert {f["where"]: f["reason"] for f in line["failures"]}["mark.md"] == "mark.md is still being written"
        assert names(folder / "done") == ["page.html"]
        patched.undo()
        clock.pass_by(minutes=5)
        report(parts)
        assert {"Pier opens late", "Mill turns faster"} <= set(texts(parts))
        assert {"mark.md", "plain.txt"} < set(names(folder / "done"))


def test_every_bad_file_fails(folder: Path, open_house: OpenHouse) -> None:
    """A file that is too large and two bad ones with the same bytes go to failed/, each with its reason."""
    (folder / "again.txt").write_text("")
    (folder / "large.txt").write_text("An article\n\n" + "words " * 1_000_000)
    with open_house(SourceSpec("in", "folder", str(folder))) as parts:
        assert report(parts)["new"] == 3
        bad = ["again.txt", "empty.txt", "large.txt"]
        assert names(folder / "failed") == sorted([*bad, *(f"{name}.reason" for name in bad)])
        assert "at most 5000000 are read" in (folder / "failed" / "large.txt.reason").read_text()
        assert names(folder / "done") == ["mark.md", "page.html", "plain.txt"]


def test_a_file_that_can_not_be_moved_holds_up_no_other(folder: Path, open_house: OpenHouse) -> None:
    """It is named in the report and stays; its neighbours move, and the poll counts."""
    move = Folder.done

    def stubborn(self: Folder, name: str) -> str:
        if name == "mark.md":
            raise FetchError("mark.md can't be moved to done/ (No space left on device)")
        return move(self, name)

    with open_house(SourceSpec("in", "folder", str(folder))) as parts, pytest.MonkeyPatch.context() as patched:
        patched.setattr(Folder, "done", stubborn)
        line = report(parts)
        assert (line["outcome"], line["new"]) == ("changed", 3)
        assert [failure["where"] for failure in line["failures"]] == ["empty.txt", "mark.md"]
        assert names(folder / "done") == ["page.html", "plain.txt"]
        assert parts.store.source("in").failures == 0
        assert "mark.md" in names(folder)


def test_what_is_no_article_is_named(folder: Path, open_house: OpenHouse) -> None:
    """Who waits for a Word file, or for one whose name is in another encoding, reads why it does not come."""
    (folder / "report.docx").write_bytes(b"PK")
    Path(os.fsdecode(os.fsencode(folder) + b"/caf\xe9.txt")).write_text("Cafe opens")
    for name in ("photo.jpg", "~$report.docx", "half.part.txt"):
        (folder / name).write_text("x")
    with open_house(SourceSpec("in", "folder", str(folder))) as parts:
        first = {f["where"]: f["reason"] for f in report(parts)["failures"]}
        assert list(first) == ["empty.txt", "caf\\udce9.txt", "report.docx"]
        assert first["report.docx"].startswith(".docx files are not read; expected one of .txt, ")
        line = report(parts)
        assert (line["outcome"], line["error"], len(line["failures"])) == ("unchanged", "", 2)


def test_kept_files_stay(folder: Path, open_house: OpenHouse, clock: Clock) -> None:
    """With keep_files everything stays where it is, and only what changed is read again."""
    before = names(folder)
    with open_house(SourceSpec("in", "folder", str(folder), keep_files=True)) as parts:
        assert report(parts)["new"] == 3
        assert report(parts)["outcome"] == "unchanged"
        assert names(folder) == before
        (folder / "mark.md").write_text("# Mill turns\n\nAgain.\n\n" + "\n\n".join(sentences("mill")))
        clock.pass_by(minutes=5)
        line = report(parts)
        assert (line["new"], line["edited"]) == (0, 1)


def test_a_missing_folder_is_a_failure(tmp_path: Path, open_house: OpenHouse) -> None:
    """A folder that is not there is named in the report, and taken when it comes."""
    with open_house(SourceSpec("in", "folder", str(tmp_path / "later"))) as parts:
        line = report(parts)
        assert line["outcome"] == "failed"
        assert "later" in line["error"]
        (tmp_path / "later").mkdir()
        (tmp_path / "later" / "a.txt").write_text("Pier opens\n\n" + "\n\n".join(sentences("pier")))
        assert report(parts)["new"] == 1


def test_corrections_of_old_posts_are_seen(origin: Origin, open_house: OpenHouse, clock: Clock) -> None:
    """However far down a post has come, its correction is seen within the hour; what was never taken in stays out.

    A site that can't say what it has corrected loses nothing else.
    """
    stories = [Story(f"story{n:03}") for n in range(60)]
    serve_posts(origin, *stories)
    modified = "/wp-json/wp/v2/posts?_embed=1&per_page=10&orderby=modified"
    with open_house(SourceSpec("lake", "wordpress", origin.url)) as parts:
        assert report(parts)["new"] == 60
        mended = Story("story055", body="<p>Corrected.</p>" + stories[55].html())
        origin.feed(modified, posts(stories[3], mended, Story("older"), site=origin.url), "application/json")
        clock.pass_by(hours=1)
        line = report(parts)
        assert (line["outcome"], line["new"], line["edited"]) == ("changed", 0, 1)
        assert texts(parts)["News of the story055"].startswith("Corrected.")
        origin.asked.clear()
        assert (report(parts)["outcome"], origin.asked) == ("unchanged", [API.format(1)])
        origin.answers[modified] = (400, {}, b"")
        clock.pass_by(hours=1)
        line = report(parts)
        assert (line["outcome"], line["error"], [f["where"] for f in line["failures"]]) == (
            "unchanged",
            "",
            [origin.url + modified],
        )


def test_a_site_without_pretty_permalinks_is_told_how_to_give_it(origin: Origin, open_house: OpenHouse) -> None:
    """Where its API is not found, the report says what to put behind its address, and there it is found."""
    path = API.format(1).replace("/wp-json", "/?rest_route=").replace("posts?", "posts&")
    origin.feed(path, posts(Story("pier"), site=origin.url), "application/json")
    with open_house(SourceSpec("lake", "wordpress", origin.url)) as parts:
        assert "?rest_route=/ behind its address" in report(parts)["error"]
    with open_house(SourceSpec("sea", "wordpress", f"{origin.url}/?rest_route=/")) as parts:
        assert report(parts)["new"] == 1
