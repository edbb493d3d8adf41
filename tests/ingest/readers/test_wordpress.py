"""Posts of the WordPress API become entries, page by page."""

import json
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from syndicate.errors import UnreadableError
from syndicate.ingest.readers import read
from syndicate.ingest.readers.wordpress import PAGE_SIZE, corrected_url, posts_url
from syndicate.model import Image, Payload, Person, SourceSpec

SPEC = SourceSpec(key="wp", kind="wordpress", location="https://site.example/blog/")
POST = {
    "id": 5,
    "date": "2024-05-06T09:08:07",
    "date_gmt": "2024-05-06T07:08:07",
    "modified_gmt": "2024-05-07T07:08:07",
    "guid": {"rendered": "https://site.example/blog/?p=5"},
    "status": "publish",
    "link": "https://site.example/blog/five/",
    "title": {"rendered": "Five &#8211; a <i>number</i>"},
    "content": {"rendered": "<p>Five is a number like any other.</p>", "protected": False},
    "excerpt": {"rendered": "<p>Five.</p>"},
    "_embedded": {
        "author": [{"name": "Ida Count", "url": "https://ida.example"}],
        "wp:featuredmedia": [
            {
                "source_url": "https://site.example/5.jpg",
                "alt_text": "a five",
                "caption": {"rendered": "<p>The five</p>"},
                "mime_type": "image/jpeg",
                "media_details": {"width": 640, "height": 480},
            }
        ],
        "wp:term": [[{"taxonomy": "category", "name": "Numbers"}], [{"taxonomy": "post_tag", "name": "primes"}], "?"],
    },
}


def _read(value, url="https://site.example/blog/wp-json/wp/v2/posts?page=1"):
    return read(Payload(json.dumps(value).encode(), url), SPEC)


def test_post_becomes_an_entry():
    """Author, terms and featured picture come from what is embedded."""
    (entry,) = _read([POST]).entries
    assert entry.title == "Five – a number"
    assert entry.link == "https://site.example/blog/five/"
    assert entry.published == datetime(2024, 5, 6, 7, 8, 7, tzinfo=UTC)
    assert entry.authors == (Person("Ida Count", url="https://ida.example"),)
    assert entry.categories == ("Numbers", "primes")
    assert entry.images == (
        Image("https://site.example/5.jpg", "The five", alt="a five", width=640, height=480, type="image/jpeg"),
    )
    assert not entry.excerpt_only


def test_full_page_is_followed():
    """Only a full page has a next one."""
    assert _read([POST]).follow == ()
    url = posts_url(SPEC.location, 2)
    assert _read([POST] * PAGE_SIZE, url).follow == (posts_url(SPEC.location, 3),)
    assert url == "https://site.example/blog/wp-json/wp/v2/posts?_embed=1&per_page=50&page=2"


def test_a_site_may_give_fewer_posts_than_it_is_asked_for():
    """A page is followed as long as the site says that there are more, and never beyond an empty one."""
    url = posts_url(SPEC.location, 2)

    def follow(posts, parts):
        return read(Payload(json.dumps(posts).encode(), url, parts=parts), SPEC).follow

    assert follow([POST] * 10, 3) == (posts_url(SPEC.location, 3),)
    assert follow([POST] * 10, 2) == ()
    assert follow([], 9) == ()


@pytest.mark.parametrize(
    ("location", "asked"),
    [
        ("https://a.example/wp-json/wp/v2/posts?categories=5", "/wp-json/wp/v2/posts?categories=5&"),
        ("https://a.example/wp-json/wp/v2/news/?per_page=99&page=9&lang=de", "/wp-json/wp/v2/news?lang=de&"),
        ("https://a.example/wp-json/", "/wp-json/wp/v2/posts?"),
        ("https://a.example/?rest_route=/wp/v2/posts&tags[]=7", "/?rest_route=/wp/v2/posts&tags[]=7&"),
        ("https://a.example/?rest_route=/", "/?rest_route=/wp/v2/posts&"),
        ("https://a.example/in/?rest_route=/wp/v2/&lang=de", "/in/?rest_route=/wp/v2/posts&lang=de&"),
        ("https://a.example/?utm_source=letter", "/wp-json/wp/v2/posts?"),
    ],
)
def test_filters_of_an_api_stay(location, asked):
    """Who names the API with a filter, or another type of posts, gets these posts and no others, on every page."""
    assert posts_url(location, 4) == f"https://a.example{asked}_embed=1&per_page=50&page=4"


def test_an_address_may_ask_for_fewer_posts():
    """Where fifty are too much for one answer, an address asks for fewer, and is followed as any other."""
    location = "https://a.example/wp-json/wp/v2/posts?per_page=5"
    url = posts_url(location)
    assert url == "https://a.example/wp-json/wp/v2/posts?_embed=1&per_page=5&page=1"
    assert corrected_url(location) == "https://a.example/wp-json/wp/v2/posts?_embed=1&per_page=5&orderby=modified"
    reading = read(Payload(json.dumps([POST] * 5).encode(), url), replace(SPEC, location=location))
    assert reading.follow == (posts_url(location, 2),)


def test_a_post_behind_a_password_is_left_out():
    """It is for those only who know the password, so neither its title nor its teaser is taken."""
    locked = {**POST, "content": {"rendered": "", "protected": True}}
    assert _read([locked]).entries == ()
    assert _read([locked]).failures == ()


def test_error_message_of_the_site_is_passed_on():
    """WordPress's own words are the reason."""
    with pytest.raises(UnreadableError, match="No route was found"):
        _read({"code": "rest_no_route", "message": "No route was found", "data": {"status": 404}})


def test_drafts_and_oddities_are_left_out():
    """A draft is no article; what is no object is reported."""
    found = _read([{**POST, "status": "draft"}, 7])
    assert found.entries == ()
    assert found.failures[0].where == "entry 2"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("<br />\n<b>Notice</b>: Undefined index: a[0] in <b>/srv/x.php</b> on line <b>12</b><br />\n", ""),
        ("\nDeprecated: Function f() is deprecated in /srv/x.php on line 12\n", ""),
        ("<b>Warning</b>: no such key in /srv/x.php<br />", "\n<!-- kept by a cache -->"),
    ],
)
def test_what_stands_around_the_posts_costs_none(before, after):
    """Notices of PHP before the JSON, and a cache's remark behind it, are passed over."""
    body = before + json.dumps([POST]) + after
    [entry] = read(Payload(body.encode(), posts_url(SPEC.location)), SPEC).entries
    assert entry.title == "Five – a number"


def test_a_page_instead_of_posts_is_called_so():
    """What a security plug-in answers is no broken JSON, whatever JSON stands in its scripts."""
    page = '<!DOCTYPE html><html><head><title>Are you human?</title><script>[{"id": 1}]</script></head></html>'
    with pytest.raises(UnreadableError, match="this is an HTML page, not JSON"):
        read(Payload(page.encode(), posts_url(SPEC.location)), SPEC)


def test_what_a_site_shows_nobody_its_plug_ins_tell():
    """Where users and media are closed, author and picture are had from what is told to networks and search engines.

    A post without a picture has none: the site's own is told in its place.
    """
    closed = {"author": [{"code": "rest_user_invalid_id"}], "wp:featuredmedia": [{"code": "rest_forbidden"}]}
    shared = {"url": "https://site.example/og.jpg", "width": 1200, "height": 630, "type": "image/jpeg"}
    told = {"author": "Ida Count", "og_image": [shared]}
    jetpack = {"jetpack_featured_media_url": "https://site.example/5.jpg"}
    post = {**POST, "_embedded": closed, "yoast_head_json": told, "featured_media": 9}
    entries = _read([post, {**post, **jetpack}, {**post, "featured_media": 0}]).entries
    assert {entry.authors for entry in entries} == {(Person("Ida Count"),)}
    pictures = (
        (Image(shared["url"], width=1200, height=630, type="image/jpeg"),),
        (Image("https://site.example/5.jpg"),),
    )
    assert tuple(entry.images for entry in entries) == (*pictures, ())
