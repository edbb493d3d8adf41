"""Who signed a page's article and when, as its markup shows it."""

import pytest

from syndicate.ingest.readers.page import article
from syndicate.model import Entry, Payload, SourceSpec

URL = "https://courier.example/coast/harbour-reopens"
STORY = "<p>The ferry sailed again on Monday with forty people, two tractors and a piano on its deck.</p>" * 2


def read(page: str, head: str = "") -> Entry:
    markup = f"<html lang='en'><head><title>Ferry</title>{head}</head><body>{page}</body></html>"
    return article(Payload(markup.encode(), URL), SourceSpec("c", "page", "https://courier.example/"))


@pytest.mark.parametrize(
    ("author", "head", "body", "names"),
    [
        ('{"@type":"Organization","name":"Courier"}', '<meta name="author" content="Ada Byrne">', "", ["Ada Byrne"]),
        ('{"@type":"Organization","name":"Courier"}', "", "<p>By Ada Byrne</p>", ["Ada Byrne"]),
        ('{"@type":"Person","name":"Courier"}', "", '<a rel="author">Ada Byrne</a>', ["Ada Byrne"]),
        ('{"@type":"Organization","name":"Courier"}', "", "", ["Courier"]),
        ('{"@type":"Person","name":"Super User"}', '<meta name="author" content="wpadmin">', "", []),
    ],
)
def test_a_house_signs_only_where_nobody_does(author, head, body, names):
    """A house that the data name as the author gives way to whoever is named elsewhere; a system's user is nobody."""
    data = f'{{"@type":"Article","author":{author},"publisher":{{"name":"Courier"}}}}'
    head += f'<script type="application/ld+json">{data}</script>'
    entry = read(f"<h1>Ferry</h1>{body}{STORY}", head)
    assert [person.name for person in entry.authors] == names


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ('<p class="byline">By Jane Doe</p>', ["Jane Doe"]),
        ("<p>By Jane Doe, Staff Writer</p>", ["Jane Doe"]),
        (
            '<div class="byline">By <a href="/jane">Jane Doe</a> and <a href="/kim">Kim Roe</a></div>',
            ["Jane Doe", "Kim Roe"],
        ),
        ('<p class="meta"><time>5 May</time> by <span class="author vcard"><a>Jane Doe</a></span></p>', ["Jane Doe"]),
        ('<div class="wp-block-post-author-name">Jane Doe</div>', ["Jane Doe"]),
        ('<div class="author"><img src="/j.jpg"><div>Jane Doe</div><div>Staff Writer</div></div>', ["Jane Doe"]),
        ('<span class="author">admin</span>', []),
        ('<figure><img src="/a.jpg"><span class="author">Photo Man</span></figure>', []),
        ('<p class="author-share">Follow us</p>', []),
    ],
)
@pytest.mark.parametrize(
    "page", ["<header>{h}{line}</header><div class='article-body'>{story}</div>", "{h}{line}{story}"]
)
def test_a_byline_that_readers_see_names_the_authors(line, names, page):
    """Where no data names them, the authors are those of the line below the headline, inside the body or above it."""
    body = page.format(h="<h1>Ferry</h1>", line=line, story=STORY)
    entry = read(f"<main><article>{body}</article></main>")
    assert [person.name for person in entry.authors] == names


CLOCK = '<p>Today is <time datetime="2026-11-27">Friday</time></p>'


COMMENT = '<ol class="comments"><li><time datetime="2025-01-01">1 Jan</time> Nice.</li></ol>'


TEASER = '<article><h2><a href="/ice">Ice closes the harbour</a></h2><time datetime="2021-01-01"></time></article>'


DAY = '<time datetime="2024-02-29">29 February</time>'


EVENT = "They will meet again on <time datetime='2030-06-01'>1 June</time> in the town hall."


CHANGED = '<time class="updated" datetime="2024-03-07">7 March</time>'


@pytest.mark.parametrize(
    ("line", "published", "updated"),
    [
        ("<p class='date'>March 1, 2019</p>", "2019-03-01 00:00", None),
        ("<p>Friday, 1 March 2019</p>", "2019-03-01 00:00", None),
        ("<time>1. März 2019</time>", "2019-03-01 00:00", None),
        ("<span class='entry-date'>1 марта 2019, 14:05</span>", "2019-03-01 14:05", None),
        ("<div class='post-meta'>2019年3月1日</div>", "2019-03-01 00:00", None),
        ("<p class='byline'>By Jane Doe | Published March 1, 2019 2:05 p.m. EST</p>", "2019-03-01 19:05", None),
        ("<p>By Jane Doe | March 1, 2019</p>", "2019-03-01 00:00", None),
        ("<p class='date'>Publié le 1er mars 2019, mis à jour le 7 mars 2019</p>", "2019-03-01 00:00", "03-07"),
        ("<p class='date'>Updated Thursday, 7 March 2019</p>", None, "03-07"),
        ("<p class='date'>03/04/2019</p>", None, None),
        ("<h2 class='date'>March 1, 2019</h2>", None, None),
        ("<p class='event-date'>March 1, 2019, 7 pm</p>", None, None),
        ("<p>The town hall burned down on 1 March 2019</p>", None, None),
    ],
)
@pytest.mark.parametrize("page", ["<header>{h}{line}</header><div>{story}</div>", "{h}{line}{story}"])
def test_a_date_that_readers_see_is_the_articles(page, line, published, updated):
    """Where no mark dates it, a full date in a line above the first paragraph does, if it is one day only."""
    entry = read(f"<main><article>{page.format(h='<h1>Ferry</h1>', line=line, story=STORY)}</article></main>")
    told = (entry.published and f"{entry.published:%Y-%m-%d %H:%M}", entry.updated and f"{entry.updated:%m-%d}")
    assert told == (published, updated)


@pytest.mark.parametrize(
    ("page", "published", "updated"),
    [
        (f"{CLOCK}<main>{{h}}{DAY}{STORY}</main>", "02-29", None),
        (f"{CLOCK}<main>{TEASER}<article>{DAY}{{h}}{STORY}</article></main>", "02-29", None),
        (f"{CLOCK}<main><article>{{h}}{STORY}</article>{COMMENT}</main>", None, None),
        (
            f"<article>{{h}}{STORY}<p>It meets again on <time datetime='2030-06-01'>1 June</time>.</p></article>",
            None,
            None,
        ),
        (
            f"<article>{{h}}{CHANGED}<time class='published' datetime='2024-02-29'></time>{STORY}</article>",
            "02-29",
            "03-07",
        ),
        (f"<article>{{h}}<p>Updated: <time datetime='2024-03-07'></time> {DAY}</p>{STORY}</article>", "02-29", "03-07"),
        (f"<article>{{h}}{CHANGED}{STORY}</article>", None, "03-07"),
        (
            f"<article>{{h}}<p>{EVENT}</p>{STORY}</article>",
            None,
            None,
        ),
        (f"<div class='hentry'>{{h}}{STORY}<abbr class='published' title='2024-02-29'>x</abbr></div>", "02-29", None),
        (f"<article>{{h}}<i itemprop='datePublished' content='2024-02-29'></i>{STORY}</article>", "02-29", None),
    ],
)
def test_an_articles_date_is_none_of_its_neighbours(page, published, updated):
    """Times count above the first paragraph or marked as the article's own; all others are none of its dates."""
    entry = read(page.format(h="<h1>Ferry</h1>"))
    assert [date and f"{date:%m-%d}" for date in (entry.published, entry.updated)] == [published, updated]


STRANGERS = (
    '<div class="related"><h3><a href="/2">Ice</a></h3><a rel="author" href="/x">Xaver Zorn</a></div>'
    '<article><h2><a href="/3">Snow on the harbour</a></h2><meta itemprop="author" content="Yves Orn"></article>'
    '<ol id="comments"><li><cite itemprop="author">Troll77</cite></li></ol>'
)


@pytest.mark.parametrize(
    ("page", "names"),
    [
        (f'<article><h1>Ferry</h1><b itemprop="author">Ada Byrne</b>{STORY}</article>{STRANGERS}', ["Ada Byrne"]),
        (f'<main>{STRANGERS}<h1>Ferry</h1><b itemprop="author">Ada Byrne</b>{STORY}</main>{STRANGERS}', ["Ada Byrne"]),
        (f'<article><h1>Ferry</h1>{STORY}<a rel="author">Ada Byrne</a>{STRANGERS}</article>', ["Ada Byrne"]),
        (f"<h1>Ferry</h1><div>{STORY}</div>{STRANGERS}", []),
        (
            f'<article><h1>Ferry</h1>{STORY}<p class="author vcard">By <b class="fn">Ada Byrne</b></p></article>',
            ["Ada Byrne"],
        ),
    ],
)
def test_strangers_sign_nothing(page, names):
    """Who wrote related stories, teasers or comments is no author of the article, named or not."""
    entry = read(page)
    assert [person.name for person in entry.authors] == names
