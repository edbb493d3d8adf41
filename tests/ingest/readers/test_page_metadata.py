"""What a page's head says of its article."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from syndicate.errors import UnreadableError
from syndicate.ingest import readers
from syndicate.ingest.readers.page import article
from syndicate.model import Entry, Image, Payload, Person, Reading, SourceSpec
from syndicate.normalize.article import normalize

PAGES = Path(__file__).resolve().parents[2] / "data" / "pages"
URL = "https://courier.example/coast/harbour-reopens?utm_source=feed"


ODD = (
    '{"@type":"Article","author":{"@id":"a"},"image":[null,7],"keywords":{"a":1},"articleSection":[[],{}],'
    '"copyrightHolder":7,"copyrightYear":{},"publisher":[],"datePublished":12,"inLanguage":[7]}'
)
HOUSE_AND_PERSON = (
    '<script type="application/ld+json">{"@type":"Article","author":[{"@type":"Organization","name":"Courier"},'
    '{"@type":"Person","name":"Ana Reis"}]}</script>'
)


STORY = "<p>The ferry sailed again on Monday with forty people, two tractors and a piano on its deck.</p>" * 2


def read(head: str, body: str = "", url: str = URL, content_type: str = "text/html") -> Entry:
    markup = f"<!doctype html><html lang='en'><head>{head}</head><body>{body}{STORY}</body></html>"
    return article(Payload(markup.encode(), url, content_type), SourceSpec("c", "page", "https://courier.example/"))


@pytest.mark.parametrize(
    ("told", "width"), [("1200", 1200), ("1200 px", 1200), ("0", None), ("9" * 6, None), ("001200" + "0" * 4_500, None)]
)
def test_a_width_that_no_picture_has_is_none(told, width):
    """Whatever a page says of its picture's size, its article is read."""
    meta = '<meta property="og:image" content="/a.jpg"><meta property="og:image:width" content="%s">'
    data = '<script type="application/ld+json">{"@type":"Article","image":{"url":"/b.jpg","width":"%s"}}</script>'
    images = read(f"<title>Ferry</title>{meta % told}{data % told}").images
    assert [image.width for image in images] == [width, width]


def test_a_full_head_is_read_in_full():
    """Every field that structured data and meta elements give arrives, however the JSON is damaged."""
    body = (PAGES / "article_tag.html").read_bytes()
    entry = article(Payload(body, URL, "text/html"), SourceSpec("c", "page", "https://courier.example/"))
    assert entry.title == "Harbour reopens after nine years"
    assert entry.link == "https://courier.example/coast/harbour-reopens"
    assert entry.authors == (
        Person("Ines Holloway", role="Coast correspondent", url="https://courier.example/staff/ines"),
    )
    assert entry.published == datetime(2025, 3, 3, 8, 15, tzinfo=UTC)
    assert entry.updated == datetime(2025, 3, 3, 11, 40, tzinfo=UTC)
    assert entry.categories == ("Coast", "Ferries", "Floods")
    assert entry.language == "en-GB"
    assert entry.rights == "© 2025 The Saltmarsh Courier"
    assert entry.summary.startswith("The first ferry since the flood")
    assert entry.images == (
        Image(
            "https://courier.example/img/ferry.jpg",
            caption="The Marigold leaves the quay.",
            credit="P. Amsel",
            width=1200,
            height=800,
        ),
    )
    assert entry.body_kind == "html"
    assert "<!doctype" not in entry.body
    assert {cut.family for cut in entry.cuts} >= {"newsletter", "related"}


@pytest.mark.parametrize(
    ("title", "site", "clean"),
    [
        ("A storm is coming | Courier", "Courier", "A storm is coming"),
        ("A storm is coming - The Saltmarsh Courier", "Saltmarsh Courier", "A storm is coming"),
        ("Courier: A storm is coming", "Courier", "Courier: A storm is coming"),
        ("Courier » A storm is coming", "Courier", "A storm is coming"),
        ("Man – and machine", "Courier", "Man – and machine"),
        ("Opinion | On storms", "Courier", "Opinion | On storms"),
        ("A storm is coming — Courier.example", "", "A storm is coming"),
        ("Tom &amp; Jerry &#8211; Courier", "Courier", "Tom & Jerry"),
    ],
)
def test_the_sites_name_leaves_the_title(title, site, clean):
    """A suffix or prefix goes only when it is the site's own name."""
    head = f"<title>{title}</title>" + (f'<meta property="og:site_name" content="{site}">' if site else "")
    assert read(head).title == clean


def test_the_headline_shows_where_the_title_ends():
    """Where the page's title is its headline and something more, the headline is the title."""
    assert read("<title>A storm is coming - Weather - North</title>", "<h1>A storm is coming</h1>").title == (
        "A storm is coming"
    )


@pytest.mark.parametrize(
    ("title", "heading"),
    [
        ("Gull Herald", "<h1>Ferry kept again</h1>"),
        ("Home", "<h1>Ferry kept again</h1>"),
        ("Untitled Document", "<h1>Ferry kept again</h1>"),
        ("News | Courier", "<h1>Ferry kept again</h1>"),
        ("Gull Herald: Ferry kept again", '<h1><a href="/">Gull Herald</a></h1><h3>Ferry kept again</h3>'),
        ("Gull Herald - News - Ferry kept again", "<h1>Ferry kept again</h1>"),
        ("Ferry kept again-Gull Herald", "<h1>Ferry kept again</h1>"),
        ("Ferry kept again (Gull Herald)", "<h1>Ferry kept again</h1>"),
        ("Ferry kept again_Gull Herald", "<h1>FERRY KEPT AGAIN</h1>"),
        ("Ferry kept again", '<h1>Gull Herald</h1><h2><a href="/ice">Ice closes harbour</a></h2>'),
        ("Ferry kept again", "<h1>Ferry kept</h1><h2>Again</h2>"),
    ],
)
def test_the_headline_is_the_title_rather_than_the_sites_name(title, heading):
    """A title that is the site's, or only carries its name, gives way to the headline that stands on the page."""
    page = f"{heading}{STORY}" if "<h1>Gull" in heading else f"<main>{heading}{STORY}</main>"
    head = f'<title>{title}</title><meta property="og:site_name" content="Courier">'
    assert read(head, page).title == "Ferry kept again"


@pytest.mark.parametrize(
    "title", ["Document1", "Dokument 2", "Microsoft Word - ferry.docx", "ferry-3.doc", "Untitled", ""]
)
def test_the_name_of_a_file_is_no_title(title):
    """What Word's pages are called gives way to what is set as a title, or to a heading that they begin with."""
    for headline in (
        "<p class=MsoTitle>Ferry kept again</p>",
        "<h1>Ferry kept again</h1>",
        "<h2>Ferry kept again</h2>",
    ):
        assert read(f"<title>{title}</title>", headline + STORY).title == "Ferry kept again"
    assert read(f"<title>{title}</title>", STORY + "<h2>Further down</h2>" + STORY).title == ""


@pytest.mark.parametrize(
    ("canonical", "link"),
    [
        ("/coast/harbour-reopens", "https://courier.example/coast/harbour-reopens"),
        ("https://www.courier.example/a?fbclid=1", "https://www.courier.example/a"),
        ("https://elsewhere.example/a", "https://courier.example/coast/harbour-reopens"),
        ("/", "https://courier.example/coast/harbour-reopens"),
        ("javascript:alert(1)", "https://courier.example/coast/harbour-reopens"),
    ],
)
def test_the_canonical_link_is_the_sites_own(canonical, link):
    """The canonical address counts, unless it is of another site, no address, or the front page."""
    assert read(f'<link rel="canonical" href="{canonical}">').link == link


@pytest.mark.parametrize(
    ("url", "canonical", "taken"),
    [
        ("https://m.courier.example/a", "https://www.courier.example/a", True),
        ("https://amp.courier.example/a", "https://courier.example/a", True),
        ("https://www.courier.example/a", "https://m.courier.example/a", True),
        ("https://m.courier.example/a", "https://www.courier.example/", False),
        ("https://ana.blogs.example/a", "https://bo.blogs.example/a", False),
        ("https://m.example/a", "https://other.example/a", False),
    ],
)
def test_a_page_for_telephones_names_its_article(url, canonical, taken):
    """Pages of m. and amp. hosts are known by the address that they call canonical; another's host is no such one."""
    assert read(f'<link rel="canonical" href="{canonical}">', url=url).link == (canonical if taken else url)


@pytest.mark.parametrize(
    "data",
    [
        '{"@type":"NewsArticle","headline":"Found","datePublished":"2024-05-06T07:08:09Z"}',
        '[{"@type":"WebSite","name":"x"},{"@type":["Thing","NewsArticle"],"headline":"Found","datePublished":"2024-05-06T07:08:09Z"}]',
        '{"@graph":[{"@type":"BlogPosting","headline":"Found","datePublished":"2024-05-06T07:08:09Z",}]}',
        '<!-- {"@type":"Article","headline":"Found","datePublished":"2024-05-06T07:08:09Z"} -->',
        '{"@type":"Article","headline":"Found\n","datePublished":"2024-05-06T07:08:09Z","x":[{"y":null}]};',
        '{"@type":"WebPage","mainEntity":{"@type":"ReportageNewsArticle","name":"Found","datePublished":"2024-05-06T07:08:09Z"}}',
    ],
)
def test_structured_data_is_read_as_it_comes(data):
    """Lists, graphs, several types, comments, trailing commas, raw newlines: the article's description is found."""
    entry = read(f'<script type="application/ld+json">{data}</script>')
    assert entry.title == "Found"
    assert entry.published == datetime(2024, 5, 6, 7, 8, 9, tzinfo=UTC)


@pytest.mark.parametrize(
    "data",
    ["", "{", "null", "[[[[", '{"@type": 7, "author": [[]], "image": {"url": {}}}', "[" * 50_000, '{"@type":"Article"}',
     ODD],
)  # fmt: skip
def test_broken_structured_data_costs_nothing_else(data):
    """Damaged or absurd JSON is left out; the meta elements still count."""
    entry = read(f'<script type="application/ld+json">{data}</script><meta property="og:title" content="Still here">')
    assert entry.title == "Still here"


@pytest.mark.parametrize(
    ("head", "body", "names"),
    [
        ('<meta name="author" content="By Ana Reis and Bo Lind">', "", ["Ana Reis", "Bo Lind"]),
        ('<meta property="article:author" content="https://social.example/ana">', "", []),
        ("", '<a rel="author" href="/ana">Ana Reis</a>', ["Ana Reis"]),
        ("", '<span itemprop="author"><span itemprop="name">By Ana Reis</span></span>', ["Ana Reis"]),
        ('<meta property="og:site_name" content="Courier"><meta name="author" content="Courier">', "", []),
        (HOUSE_AND_PERSON, "", ["Ana Reis"]),
        ('<script type="application/ld+json">{"@type":"Article","author":"Ana Reis"}</script>', "", ["Ana Reis"]),
    ],
)  # fmt: skip
def test_authors_are_people(head, body, names):
    """Names come from data, meta elements or marked bylines; addresses and the site itself are no authors."""
    assert [person.name for person in read(head, f"<p>Text.</p>{body}").authors] == names


OTHER = (
    '{"@type":"NewsArticle","headline":"Ice closes the harbour","url":"https://courier.example/ice",'
    f'"author":"Xaver Zorn","datePublished":"2021-01-01","dateModified":"2021-01-01",'
    f'"articleBody":"{"The ice came early. " * 40}"}}'
)


@pytest.mark.parametrize(
    ("own", "author"),
    [
        ('{"@type":"Article","headline":"Harbour opens","author":"Ada Byrne"}', "Ada Byrne"),
        ('{"@type":"Article","url":"https://courier.example/coast/harbour-reopens","author":"Ada Byrne"}', "Ada Byrne"),
        (
            '{"@type":"Article","mainEntityOfPage":{"@id":"https://courier.example/coast/harbour-reopens/#a"},"author":"Ada"}',
            "Ada",
        ),
        ('{"@type":"WebSite"}', None),
    ],
)
@pytest.mark.parametrize("listed", ["[{own},{other}]", "[{other},{own}]"])
def test_another_storys_data_says_nothing(own, author, listed):
    """Of several descriptions the one of this page's address or headline counts, however much the others say."""
    data = listed.replace("{own}", own).replace("{other}", OTHER)
    head = f'<title>Harbour opens</title><script type="application/ld+json">{data}</script>'
    entry = read(head, "<h1>Harbour opens</h1>")
    assert [person.name for person in entry.authors] == [author] * bool(author)
    assert entry.published is None
    assert "ferry sailed" in entry.body
    assert "The ice" not in entry.body


def test_data_that_tell_something_else_replace_no_text():
    """A description without address or headline of its own gives the text only if it tells what the page shows."""
    data = '{"@type":"Article","articleBody":"' + "The ice came early this year, and nobody saw it come. " * 40 + '"}'
    entry = read(f'<title>Harbour opens</title><script type="application/ld+json">{data}</script>', "<h1>Harbour</h1>")
    assert "ferry sailed" in entry.body


@pytest.mark.parametrize(
    ("head", "body", "day"),
    [
        ('<meta property="article:published_time" content="2024-02-29T10:00:00+01:00">', "", (2024, 2, 29)),
        ('<meta name="date" content="29 February 2024">', "", (2024, 2, 29)),
        ("", '<time datetime="2024-02-29">Thursday</time>', (2024, 2, 29)),
        ('<meta property="article:published_time" content="0001-01-01T00:00:00">', "", None),
        ('<meta name="date" content="soon">', "<time>yesterday</time>", None),
    ],
)
def test_dates_come_from_where_they_are(head, body, day):
    """Meta elements first, then the page's own times; the empty dates of templates are none."""
    published = read(head, f"<p>Text.</p>{body}").published
    assert (published and (published.year, published.month, published.day)) == day


@pytest.mark.parametrize(("declared", "language"), [("pt_br", "pt-BR"), ("EN", "en"), ("zh-hant-TW", "zh-Hant-TW")])
def test_languages_are_written_one_way(declared, language):
    """Language tags come in one form (RFC 5646)."""
    markup = f"<html lang='{declared}'><body>{STORY}</body></html>".encode()
    assert article(Payload(markup, URL), SourceSpec("c", "page", "https://c.example/")).language == language


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"%PDF-1.7 ...", ""),
        (b"\x89PNG\r\n", ""),
        (b"<p>a</p>", "application/pdf"),
        (b"{}", "application/json"),
        (b"", ""),
    ],
)
def test_other_files_are_refused(body, kind):
    """A PDF, a picture, JSON or nothing is no web page."""
    with pytest.raises(UnreadableError):
        article(Payload(body, URL, kind), SourceSpec("c", "page", "https://courier.example/"))


def test_a_headline_may_be_called_as_its_section() -> None:
    """What the first heading says is the title, though the page names a section so."""
    head = "<title>Harbour results | Quay News</title><meta property='article:section' content='Harbour results'>"
    assert read(head, "<h1>Harbour results</h1>" + STORY + "<h1>Our columnist</h1>").title == "Harbour results"


@pytest.mark.parametrize(
    ("base", "address"),
    [
        ("https://courier.example/", "https://courier.example/pictures/pier.jpg"),
        ("/archive/", "https://courier.example/archive/pictures/pier.jpg"),
        ("javascript:alert(1)//", "https://courier.example/coast/pictures/pier.jpg"),
    ],
)
def test_addresses_are_relative_to_what_the_page_says(base: str, address: str) -> None:
    """A page's `base` counts for its body, too, if it is an address of the web."""
    entry = read(f"<base href='{base}'>", f"<article><h1>Harbour reopens</h1>{STORY}<img src='pictures/pier.jpg'>")
    stored = normalize(entry, SourceSpec("c", "page", "https://courier.example/"), Reading("page"))
    assert [image.url for image in stored.images] == [address]


@pytest.mark.parametrize(
    "head",
    [
        "<meta content='1;URL=https://elsewhere.example/a' http-equiv=Refresh>",
        "<script>window.location.href = 'https://elsewhere.example/a';</script>",
        '<script>location.replace("https://elsewhere.example/a")</script>',
    ],
)
def test_a_page_that_only_leads_on_says_where(head: str) -> None:
    """The reason why it is no article is the address to which it, or its script, sends its readers."""
    body = f"<!doctype html><html><head>{head}</head><body><p>Please wait.</p></body></html>".encode()
    with pytest.raises(UnreadableError, match=r"leads to https://elsewhere\.example/a"):
        article(Payload(body, URL), SourceSpec("c", "page", ""))
    with pytest.raises(UnreadableError, match=r"leads to https://elsewhere\.example/a"):
        readers.read(Payload(body, "file:///a/moved.html"), SourceSpec("c", "folder", ""))


@pytest.mark.parametrize("player", ["<lite-youtube videoid='abcdefghijk'>", "<amp-youtube data-videoid='abcdefghijk'>"])
def test_a_player_that_loads_by_a_click_keeps_what_it_plays(player: str) -> None:
    """The number of its film is all that tells what such an element shows."""
    story = f"<article><h1>Harbour reopens</h1>{STORY}{player}</{player[1:].partition(' ')[0]}>{STORY}</article>"
    assert "abcdefghijk" in read("<title>Harbour reopens</title>", story).body
