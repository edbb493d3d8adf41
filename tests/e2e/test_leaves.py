"""Articles that stand on several pages of their source: all of them are the article."""

import pytest

from syndicate.bootstrap import Services
from syndicate.ingest.leaves import MOST_LEAVES
from syndicate.model import SourceSpec
from tests.e2e.conftest import Clock, OpenHouse
from tests.e2e.house import Origin
from tests.e2e.papers import Story, sentences
from tests.e2e.test_kinds import listing, report, teaser, texts

HTML = "text/html; charset=utf-8"
LISTED = "/pier-of-the-lake"


def told(*parts: str) -> str:
    """The text of an article whose pages tell these parts."""
    return "\n".join(sentence for part in parts for sentence in sentences(part))


def leaf(part: str, number: int, of: int, path: str = LISTED) -> str:
    """One page of the story of the pier as a publishing system makes it: the figures of all pages stand below it."""
    links = (f"<a class='post-page-numbers' href='{path}/{n}/'>{n}</a>" for n in range(1, of + 1) if n != number)
    figures = f"<div class='page-links'>Pages: <span>{number}</span> {' '.join(links)}</div>"
    body = "".join(f"<p>{sentence}</p>" for sentence in sentences(part)) + figures
    return Story("pier", body=body).page()


def serve(origin: Origin, *parts: str, path: str = LISTED) -> None:
    """Put the story on as many pages as it has parts."""
    for number, part in enumerate(parts, 1):
        place = path if number == 1 else f"{path}/{number}/"
        origin.feed(place, leaf(part, number, len(parts), path), HTML)


@pytest.fixture
def listed(origin: Origin) -> SourceSpec:
    """A front page that names the story."""
    origin.feed("/news", listing(LISTED), "text/html")
    return SourceSpec("lake", "page", f"{origin.url}/news")


def text(parts: Services) -> str:
    """What partners read of the one article."""
    [only] = texts(parts).values()
    return only


def test_all_pages_of_an_article_are_taken(origin: Origin, open_house: OpenHouse, listed: SourceSpec) -> None:
    """What a listing announces comes whole, from all its pages in their order, and a rebuild finds it whole."""
    serve(origin, "pier", "jetty", "crane")
    with open_house(listed) as parts:
        line = report(parts)
        assert (line["new"], line["failures"], text(parts)) == (1, (), told("pier", "jetty", "crane"))
        again = parts.redo.rebuild("lake", "tester", dry_run=True)
        assert (again.articles, again.differences, again.failures) == (1, (), ())


def test_all_pages_of_a_teasers_article_are_taken(origin: Origin, open_house: OpenHouse) -> None:
    """What a feed only teases comes whole, too, and a rebuild finds it whole."""
    spec = teaser(origin, "pier")
    serve(origin, "pier", "jetty", path="/pier")
    with open_house(spec) as parts:
        assert report(parts)["new"] == 1
        assert text(parts) == told("pier", "jetty")
        again = parts.redo.rebuild("lake", "tester", dry_run=True)
        assert (again.articles, again.differences, again.failures) == (1, (), ())


def test_a_correction_on_a_later_page_arrives(
    origin: Origin, open_house: OpenHouse, clock: Clock, listed: SourceSpec
) -> None:
    """Young articles are looked at again with all of their pages; what did not change is no edit."""
    serve(origin, "pier", "jetty")
    with open_house(listed) as parts:
        assert report(parts)["new"] == 1
        clock.pass_by(hours=1)
        assert report(parts)["edited"] == 0
        serve(origin, "pier", "crane")
        clock.pass_by(hours=1)
        assert report(parts)["edited"] == 1
        assert text(parts) == told("pier", "crane")


def test_an_article_waits_for_its_pages(
    origin: Origin, open_house: OpenHouse, clock: Clock, listed: SourceSpec
) -> None:
    """While a page can't be had the article is not published by half; after hours it is, and the rest follows."""
    serve(origin, "pier", "jetty")
    origin.answers[f"{LISTED}/2/"] = (503, {}, b"")
    with open_house(listed) as parts:
        line = report(parts)
        assert (line["new"], texts(parts)) == (0, {})
        assert any("503" in failure["reason"] for failure in line["failures"])
        clock.pass_by(hours=7)
        line = report(parts)
        assert (line["new"], text(parts)) == (1, told("pier"))
        [said] = line["failures"]
        assert f"goes on at {origin.url}{LISTED}/2/" in said["reason"]
        serve(origin, "pier", "jetty")
        clock.pass_by(hours=9)
        assert report(parts)["edited"] == 1
        assert text(parts) == told("pier", "jetty")


def test_a_known_article_is_never_shortened(
    origin: Origin, open_house: OpenHouse, clock: Clock, listed: SourceSpec
) -> None:
    """A page that was had and can't be had now leaves what is known as it is."""
    serve(origin, "pier", "jetty")
    with open_house(listed) as parts:
        assert report(parts)["new"] == 1
        origin.answers[f"{LISTED}/2/"] = (503, {}, b"")
        clock.pass_by(hours=1)
        assert report(parts)["edited"] == 0
        assert text(parts) == told("pier", "jetty")


def test_a_page_that_is_not_there_is_told(origin: Origin, open_house: OpenHouse, listed: SourceSpec) -> None:
    """An article whose next page does not exist is what there is of it."""
    serve(origin, "pier", "jetty")
    del origin.answers[f"{LISTED}/2/"]
    with open_house(listed) as parts:
        line = report(parts)
        assert (line["new"], text(parts)) == (1, told("pier"))
        assert any(f"goes on at {origin.url}{LISTED}/2/" in failure["reason"] for failure in line["failures"])


def test_a_site_that_counts_for_ever_is_left(origin: Origin, open_house: OpenHouse, listed: SourceSpec) -> None:
    """No more than ten pages are asked for, and a page that only says what was said adds nothing."""
    for number in range(1, 2 * MOST_LEAVES):
        place = LISTED if number == 1 else f"{LISTED}/{number}/"
        origin.feed(place, leaf("pier", number, 2 * MOST_LEAVES), HTML)
    with open_house(listed) as parts:
        assert report(parts)["new"] == 1
        assert text(parts) == told("pier")
        assert sum(path.startswith(LISTED) for path in origin.asked) == MOST_LEAVES


def test_a_page_on_another_site_is_none_of_the_article(
    origin: Origin, open_house: OpenHouse, listed: SourceSpec
) -> None:
    """Where a further page is redirected to another site, the article is what stands on its own."""
    serve(origin, "pier", "jetty")
    elsewhere = origin.feed("/elsewhere", leaf("crane", 2, 2), HTML).replace("127.0.0.1", "localhost")
    origin.answers[f"{LISTED}/2/"] = (302, {"Location": elsewhere}, b"")
    with open_house(listed) as parts:
        line = report(parts)
        assert (line["new"], text(parts)) == (1, told("pier"))
        assert "/elsewhere" in origin.asked
