"""Pages that a listing names: what is taken for the article that it announced, and what is not."""

from syndicate.model import SourceSpec
from tests.e2e.conftest import Clock, OpenHouse
from tests.e2e.house import Origin
from tests.e2e.papers import Story
from tests.e2e.test_kinds import listing, report, texts


def test_an_article_that_is_taken_down_is_no_failure_of_its_source(
    origin: Origin, open_house: OpenHouse, clock: Clock
) -> None:
    """Where a known page is gone when it is looked at again that is told, and the source is polled as before."""
    path = "/2026/11/20/pier-of-the-lake.html"
    origin.feed("/", listing(path), "text/html")
    origin.feed(path, Story("pier").page(), "text/html")
    with open_house(SourceSpec("lake", "page", f"{origin.url}/")) as parts:
        assert report(parts)["new"] == 1
        origin.answers[path] = (410, {}, b"")
        clock.pass_by(hours=1)
        line = report(parts)
        assert (line["outcome"], line["unchanged"], line["error"]) == ("unchanged", 1, "")
        assert [f["reason"] for f in line["failures"]] == ["answered 410 Gone"]
        assert (parts.store.source("lake").failures, len(texts(parts))) == (0, 1)
