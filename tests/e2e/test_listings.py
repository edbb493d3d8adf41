"""Pages that a listing or a feed names: what is taken for the article that it announced, and what is taken of them."""

import re
from html import escape

import pytest

from syndicate.model import SourceSpec
from tests.e2e.conftest import Clock, OpenHouse
from tests.e2e.house import Answer, Origin
from tests.e2e.papers import Story, rss, sentences, sitemap
from tests.e2e.test_kinds import LOGIN, listing, report, teaser, texts

NOT_FOUND = """<!doctype html><html><head><title>Page not found</title></head><body><main><h1>Page not found</h1>
<p>Sorry, what you are looking for does not exist any more, or has been moved. Try the search above, or go back.</p>
<p>If you think that this is an error, please tell our web team which link you followed to come here.</p></main></body>
</html>"""
PATH = "/2026/11/20/pier-of-the-lake.html"


def away(place: str) -> Answer:
    """A redirect."""
    return 302, {"Location": place}, b""


@pytest.mark.parametrize(
    "answer",
    [
        (200, {"Content-Type": "text/html"}, LOGIN.encode()),
        (200, {"Content-Type": "text/html"}, NOT_FOUND.encode()),
        away("/login"),
        away("/news/"),
        away("/"),
    ],
    ids=["login page", "not found", "to a login", "to the listing", "to the front page"],
)
def test_a_page_that_is_not_the_article_is_none(
    origin: Origin, open_house: OpenHouse, clock: Clock, answer: Answer
) -> None:
    """What answers 200 and is not the article that was listed is not published, nor does it touch what is known."""
    fresh = "/2026/11/20/mill-of-the-lake.html"
    for place in ("/", "/news/"):
        origin.feed(place, listing(PATH, fresh).replace("</h2>", f"</h2><p>{sentences('lake')[0]}</p>"), "text/html")
    origin.feed("/login", LOGIN, "text/html")
    origin.feed(PATH, Story("pier").page(), "text/html")
    origin.answers[fresh] = answer
    with open_house(SourceSpec("lake", "page", f"{origin.url}/news/")) as parts:
        line = report(parts)
        assert (line["new"], [f["where"] for f in line["failures"]]) == (1, [origin.url + fresh])
        origin.answers[PATH] = answer
        clock.pass_by(hours=1)
        line = report(parts)
        assert (line["new"], line["edited"], len(line["failures"])) == (0, 0, 2)
        assert texts(parts) == {"News of the pier": "\n".join(sentences("pier"))}
        origin.feed(fresh, Story("mill").page(), "text/html")
        assert report(parts)["new"] == 1


def test_a_link_may_say_something_else_than_its_article(origin: Origin, open_house: OpenHouse) -> None:
    """A page is taken if it tells what its address says, whatever the link to it says, or if the link says little."""
    front = listing("/pier-of-summer", "/2026/11/20/mill.html")
    front = front.replace("News of the pier", "Sailors and their sorrow").replace("News of the mill", "The mill")
    origin.feed("/", front, "text/html")
    body = Story("pier").html().replace("The pier", "In summer the pier")
    origin.feed("/pier-of-summer", Story("pier", body=body).page(), "text/html")
    origin.feed("/2026/11/20/mill.html", Story("lock").page(), "text/html")
    with open_house(SourceSpec("lake", "page", f"{origin.url}/")) as parts:
        assert (report(parts)["new"], set(texts(parts))) == (2, {"News of the pier", "News of the lock"})


def test_a_sitemap_dates_what_its_pages_do_not(origin: Origin, open_house: OpenHouse, clock: Clock) -> None:
    """Where a page tells no date the one with which its sitemap first named it counts, and stays, in a rebuild, too."""

    def dated(day: str) -> str:
        return sitemap(origin.url + PATH).replace("</loc>", f"</loc><lastmod>{day}</lastmod>")

    origin.feed("/", dated("2019-03-01"))
    origin.feed(PATH, Story("pier").page(), "text/html")
    with open_house(SourceSpec("lake", "page", f"{origin.url}/")) as parts:
        assert report(parts)["new"] == 1
        origin.feed("/", dated("2026-03-01"))
        origin.feed(PATH, Story("pier", body="<p>Corrected.</p>" + Story("pier").html()).page(), "text/html")
        clock.pass_by(hours=1)
        assert report(parts)["edited"] == 1
        parts.redo.rebuild("lake", "tester", dry_run=False)
        [stored] = parts.store.newest("all", 9)
        assert f"{stored.article.published:%Y-%m-%d}" == "2019-03-01"


@pytest.mark.parametrize("wrong", ["/news/", "/2026/11/20/template"])
def test_an_address_that_all_pages_give_themselves_is_not_theirs(
    origin: Origin, open_house: OpenHouse, wrong: str
) -> None:
    """A canonical link that names the listing, or is the template's, leads no reader; a rebuild knows that, too."""
    paths = [PATH, "/2026/11/20/mill-of-the-lake.html"]
    origin.feed("/news/", listing(*paths), "text/html")
    for path, name in zip(paths, ("pier", "mill"), strict=True):
        canonical = f'<head><link rel="canonical" href="{origin.url}{wrong}">'
        origin.feed(path, Story(name).page().replace("<head>", canonical), "text/html")
    with open_house(SourceSpec("lake", "page", f"{origin.url}/news/")) as parts:
        assert report(parts)["new"] == 2
        assert {p.article.link for p in parts.store.newest("all", 9)} == {origin.url + path for path in paths}
        assert parts.redo.rebuild("lake", "tester", dry_run=True).differences == ()


def test_an_article_that_is_taken_down_is_no_failure_of_its_source(
    origin: Origin, open_house: OpenHouse, clock: Clock
) -> None:
    """Where a known page is gone when it is looked at again that is told, and the source is polled as before."""
    origin.feed("/", listing(PATH), "text/html")
    origin.feed(PATH, Story("pier").page(), "text/html")
    with open_house(SourceSpec("lake", "page", f"{origin.url}/")) as parts:
        assert report(parts)["new"] == 1
        origin.answers[PATH] = (410, {}, b"")
        clock.pass_by(hours=1)
        line = report(parts)
        assert (line["outcome"], line["unchanged"], line["error"]) == ("unchanged", 1, "")
        assert [f["reason"] for f in line["failures"]] == ["answered 410 Gone"]
        assert (parts.store.source("lake").failures, len(texts(parts))) == (0, 1)


HEAD = """<head><link rel="canonical" href="{}"><meta property="article:section" content="Harbour">
<meta property="article:modified_time" content="2026-11-24T10:00:00Z">"""


@pytest.mark.parametrize("guid", ["", "<guid isPermaLink='false'>{}</guid>"])
def test_a_teaser_takes_what_its_feed_does_not_tell_from_its_page(
    origin: Origin, open_house: OpenHouse, clock: Clock, guid: str
) -> None:
    """Sections, the time of the last change and the article's own address, also behind a redirector."""
    links = {name: f"{origin.url}/r/{name}" for name in ("pier", "mill")}
    items = (Story(name, teaser=True, link=link).item(origin.url) for name, link in links.items())
    bare = [re.sub("<guid.*?</guid>", guid.format(n), item) for n, item in enumerate(items, 100)]
    origin.feed("/feed", rss(*bare, site=origin.url))
    for name in links:
        origin.answers[f"/r/{name}"] = away(f"/{name}?from=feed")
        page = Story(name).page().replace("<head>", HEAD.format(f"/{name}"))
        origin.feed(f"/{name}?from=feed", page, "text/html; charset=utf-8")
    with open_house(SourceSpec("lake", "feed", f"{origin.url}/feed", full_text=True)) as parts:
        assert report(parts)["new"] == 2
        told = [p.article for p in parts.store.newest("all", 9)]
        assert {a.link for a in told} == {f"{origin.url}/{name}" for name in links}
        assert {(a.categories, f"{a.updated:%m-%d}") for a in told} == {(("Harbour",), "11-24")}
        origin.asked.clear()
        clock.pass_by(hours=1)
        origin.feed("/feed", rss(*bare, site=origin.url) + "<!-- later -->")
        line = report(parts)
        assert (line["outcome"], line["unchanged"], origin.asked) == ("unchanged", 2, ["/feed"])
        origin.feed("/feed", rss(bare[0].replace("News of", "More of"), bare[1], site=origin.url))
        line = report(parts)
        assert (line["new"], line["edited"], len(texts(parts))) == (0, 1, 2)
        assert parts.redo.rebuild("lake", "tester", dry_run=True).differences == ()


def test_no_template_names_a_teasers_article(origin: Origin, open_house: OpenHouse) -> None:
    """A canonical address that several pages give themselves leaves articles where their feed says they are."""
    spec = teaser(origin, "pier", "mill")
    for name in ("pier", "mill"):
        origin.feed(f"/{name}", Story(name).page().replace("<head>", HEAD.format("/template")), "text/html")
    with open_house(spec) as parts:
        assert report(parts)["new"] == 2
        assert {p.article.link for p in parts.store.newest("all", 9)} == {f"{origin.url}/pier", f"{origin.url}/mill"}


LONG = " ".join(sentences("pier", 7))


@pytest.mark.parametrize(
    ("told", "link", "fetched"),
    [
        (f"<description>{LONG[:-3]}</description>", "/pier", True),
        (f"<description>{LONG}</description>", "/pier", False),
        (f"<content:encoded>{sentences('pier')[0]}</content:encoded>", "/pier", True),
        (f"<content:encoded>{LONG}</content:encoded>", "/pier", False),
        (f"<content:encoded>{sentences('pier')[0]}</content:encoded>", "http://localhost:{}/pier", False),
    ],
    ids=["broken off", "a long summary", "short content", "content", "a remark on another's page"],
)
def test_what_breaks_off_or_is_short_is_a_teaser(
    origin: Origin, open_house: OpenHouse, told: str, link: str, fetched: bool
) -> None:
    """With full_text a summary that ends amid a sentence, and a short text of the house, are given their pages."""
    link = link.format(origin.url.rpartition(":")[2]) if "{" in link else origin.url + link
    item = f"<item><title>News of the pier</title><link>{link}</link>{told}</item>"
    origin.feed("/feed", rss(item, site=origin.url))
    origin.feed("/pier", Story("pier", body=f"<p>{LONG}</p><p>{' '.join(sentences('barn'))}</p>").page(), "text/html")
    with open_house(SourceSpec("lake", "feed", f"{origin.url}/feed", full_text=True)) as parts:
        assert report(parts)["new"] == 1
        assert ("The barn" in texts(parts)["News of the pier"], "/pier" in origin.asked) == (fetched, fetched)


def test_a_short_article_stays_where_its_page_says_no_more(origin: Origin, open_house: OpenHouse) -> None:
    """A page counts only if it is longer than what the feed gave; it is asked for once."""
    said = f"<p>{sentences('pier')[0]} <b>It closes at noon on all days of the week.</b></p>"
    item = f"<item><title>News of the pier</title><link>{origin.url}/pier</link><content:encoded>{escape(said)}"
    origin.feed("/feed", rss(item + "</content:encoded></item>", site=origin.url))
    origin.feed("/pier", Story("pier", body=f"<p>{sentences('pier')[0]}</p>").page(), "text/html")
    with open_house(SourceSpec("lake", "feed", f"{origin.url}/feed", full_text=True)) as parts:
        line = report(parts)
        assert (line["new"], line["failures"]) == (1, ())
        assert texts(parts)["News of the pier"].endswith("on all days of the week.")
        assert (report(parts)["outcome"], origin.asked.count("/pier")) == ("unchanged", 1)
