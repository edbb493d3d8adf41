"""A feed that does not hold what was meant is refused."""

import json
from dataclasses import replace

import pytest

from syndicate.errors import PublishError
from syndicate.model import FEED_FORMATS
from syndicate.publish.check import check
from syndicate.render import render
from tests.render.articles import HARBOUR, LAST_PAGE, PAGE, WIRE, WITHDRAWN, feed_of

FEED = feed_of()


@pytest.mark.parametrize("format_", FEED_FORMATS)
def test_good_feeds_pass(format_):
    """What the renderer makes is accepted, articles or none."""
    check(FEED, format_, render(FEED, format_))
    check(feed_of(()), format_, render(feed_of(()), format_))


@pytest.mark.parametrize("format_", FEED_FORMATS)
@pytest.mark.parametrize("keep", [0.0, 0.5, 0.999])
def test_torn_bytes_are_refused(format_, keep):
    """Half a feed, or none, is not readable again; the message names topic and format."""
    body = render(FEED, format_).rstrip()
    with pytest.raises(PublishError, match=rf"islands\.{format_}: not readable"):
        check(FEED, format_, body[: int(len(body) * keep)])


@pytest.mark.parametrize("format_", FEED_FORMATS)
def test_missing_and_swapped_articles_are_refused(format_):
    """Count, ids and order have to be as meant."""
    with pytest.raises(PublishError, match="3 items instead of 4"):
        check(FEED, format_, render(feed_of(WIRE[1:]), format_))
    with pytest.raises(PublishError, match="found item"):
        check(FEED, format_, render(feed_of(WIRE[::-1]), format_))


@pytest.mark.parametrize("format_", FEED_FORMATS)
def test_changed_links_are_refused(format_):
    """A link that differs from the one meant is noticed."""
    body = render(FEED, format_).replace(b"https://herald.example.com/news/ferry", b"https://evil.example.com/")
    with pytest.raises(PublishError, match="found item"):
        check(FEED, format_, body)


@pytest.mark.parametrize("format_", FEED_FORMATS)
def test_a_feed_names_itself_and_its_hub_once(format_):
    """Subscribers know a feed by its own address and its hub's: another one, or none that was meant, is refused."""
    bare = feed_of(hub="")
    check(bare, format_, render(bare, format_))
    for meant, written in ((FEED, bare), (bare, FEED), (feed_of(hub="https://other.example.org/hub"), FEED)):
        with pytest.raises(PublishError, match=rf"islands\.{format_}: leads to"):
            check(meant, format_, render(written, format_))


@pytest.mark.parametrize("format_", FEED_FORMATS)
def test_two_items_of_one_id_are_refused(format_):
    """Importers would take one for an edit of the other."""
    feed = feed_of((HARBOUR, HARBOUR))
    with pytest.raises(PublishError, match="same id"):
        check(feed, format_, render(feed, format_))


@pytest.mark.parametrize("format_", ["rss", "atom"])
def test_forbidden_characters_are_refused(format_):
    """A control character that XML forbids makes the feed unreadable, however it got in."""
    body = render(FEED, format_).replace(b"Ferry", b"Fer\x08ry")
    with pytest.raises(PublishError, match="not readable"):
        check(FEED, format_, body)


def test_json_of_another_shape_is_refused():
    """JSON that is no feed is not readable as one."""
    for other in ([], {}, {"items": [{}]}, {"items": 3}, None):
        with pytest.raises(PublishError, match="not readable"):
            check(FEED, "json", json.dumps(other).encode())


@pytest.mark.parametrize("format_", FEED_FORMATS)
def test_what_was_withdrawn_is_told_as_meant(format_):
    """A withdrawal that is missing, that nobody meant, or of an article that stands there, too, is refused."""
    told, untold = feed_of(withdrawn=WITHDRAWN), feed_of()
    check(told, format_, render(told, format_))
    for meant, written in ((told, untold), (untold, told), (feed_of(withdrawn=WITHDRAWN[::-1]), told)):
        with pytest.raises(PublishError, match=rf"islands\.{format_}: tells of"):
            check(meant, format_, render(written, format_))
    both = feed_of(withdrawn=(replace(WITHDRAWN[0], guid=HARBOUR.guid),))
    with pytest.raises(PublishError, match="same id"):
        check(both, format_, render(both, format_))


@pytest.mark.parametrize("format_", FEED_FORMATS)
def test_other_pages_are_led_to_as_meant(format_):
    """A page of an archive that is missing, another, or of a feed that has none is refused."""
    feed, page = feed_of(older=LAST_PAGE), feed_of(**PAGE)
    for meant, written in ((feed, FEED), (FEED, feed), (page, feed), (page, feed_of(**{**PAGE, "newer": {}}))):
        check(meant, format_, render(meant, format_))
        with pytest.raises(PublishError, match=rf"islands\.{format_}: leads to"):
            check(meant, format_, render(written, format_))
    if format_ != "json":
        with pytest.raises(PublishError, match="leads to"):
            check(page, format_, render(page, format_).replace(b"<fh:archive/>", b""))
