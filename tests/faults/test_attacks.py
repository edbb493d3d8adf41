"""Scripts, entities and costly shapes, one by one, through every field and every format."""

import json
import os
import zlib
from contextlib import suppress
from html import escape
from pathlib import Path
from string import ascii_letters

import pytest

from syndicate.errors import IngestError, KilledError, UnreadableError
from syndicate.ingest.sandbox import Sandbox
from syndicate.model import Payload, SourceSpec
from syndicate.strip.sanitize import sanitize
from tests.faults import corpus, intake, stories
from tests.faults.markup import active_nodes
from tests.faults.metered import Metered
from tests.faults.origin import Origin, Reply

ATTACKS = [attack.replace("{mark}", f"mark{number}") for number, attack in enumerate(corpus.XSS + corpus.MXSS)]


def _rss(attack: str, number: int) -> bytes:
    text, value = escape(attack), escape(attack, quote=True)
    body = escape(stories.story(number).html + attack + stories.story(number + 1).html)
    return stories.rss(
        [
            f"<item><guid>{text}</guid><title>{text}</title><link>{text}</link><author>{text}</author><category>{text}</category>"
            f"<dc:creator>{text}</dc:creator><dc:rights>{text}</dc:rights><comments>{text}</comments>"
            f'<enclosure url="{value}" type="{value}" length="1"/><enclosure url="https://x.example/a.mp3" type="{value}"/>'
            f'<media:content url="https://x.example/a.png" type="{value}"><media:credit>{text}</media:credit>'
            f"<media:description type='html'>{text}</media:description></media:content><source url='{value}'>{text}</source>"
            f"<description>{text}</description><content:encoded>{body}</content:encoded></item>"
        ],
        title=attack,
        extra=f"<copyright>{text}</copyright><language>{text}</language>",
    ).replace(
        b"<rss ",
        b"<rss xmlns:dc='http://purl.org/dc/elements/1.1/' xmlns:media='http://search.yahoo.com/mrss/' "
        b"xmlns:content='http://purl.org/rss/1.0/modules/content/' ",
    )


def _atom(attack: str, number: int) -> bytes:
    text, value = escape(attack), escape(attack, quote=True)
    body = escape(stories.story(number).html + attack)
    return (
        f"<feed xmlns='http://www.w3.org/2005/Atom' xml:base=\"{value}\"><title type='html'>{text}</title><id>{text}</id>"
        f"<entry><id>{text}</id><title type='text'>{text}</title><link href=\"{value}\"/><link rel='enclosure' href=\"{value}\"/>"
        f'<author><name>{text}</name><uri>{text}</uri><email>{text}</email></author><category term="{value}" label="{value}"/>'
        f"<rights type='html'>{text}</rights><summary type='html'>{text}</summary><content type='html'>{body}</content></entry></feed>"
    ).encode()


def _json_feed(attack: str, number: int) -> bytes:
    fields = ("id", "url", "external_url", "title", "summary", "image", "banner_image", "language")
    item = {
        **dict.fromkeys(fields, attack),
        "content_html": stories.story(number).html + attack,
        "authors": [{"name": attack, "url": attack, "avatar": attack}],
        "tags": [attack],
        "attachments": [{"url": attack, "mime_type": attack, "title": attack}],
    }
    text = {
        "id": "2",
        "title": "A plain text",
        "content_text": f"{stories.sentence(stories.Random(number), 30)}\n\n{attack}",
    }
    top = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": attack,
        "home_page_url": attack,
        "description": attack,
    }
    return json.dumps({**top, "items": [item, text]}).encode()


@pytest.mark.parametrize("write", [_rss, _atom, _json_feed])
def test_no_script_gets_through_a_feed(write: "intake.Writer", sandbox: Sandbox) -> None:
    """Every attack in every field of every format we read: nothing active in any format we write."""
    for number, attack in enumerate(ATTACKS):
        try:
            taken = intake.take_in(
                sandbox, Payload(write(attack, number), "https://hostile.example/feed", "application/xml")
            )
        except UnreadableError:
            continue
        assert intake.wrong_with(taken.articles) == [], attack


@pytest.mark.parametrize("suffix", ["txt", "md", "html"])
def test_no_script_gets_through_a_file(suffix: str, sandbox: Sandbox, tmp_path: Path) -> None:
    """The same in files: as headline, byline, dateline, paragraph, and markup of Markdown."""
    spec = SourceSpec("desk", "folder", str(tmp_path))
    kinds = {"txt": "text/plain", "md": "text/markdown", "html": "text/html"}
    for number, attack in enumerate(ATTACKS):
        one = stories.story(number)
        paragraphs = "\n\n".join(one.paragraphs)
        text = f"{attack}\n\nBy {attack}, {attack}\n\nTOWN ({attack}) – {paragraphs}\n\n{attack}\n\n[x]({attack}) ![y]({attack})\n\n{paragraphs}"
        payload = Payload(text.encode(), f"file:///desk/{number}.{suffix}", kinds[suffix])
        try:
            taken = intake.take_in(sandbox, payload, spec)
        except UnreadableError:
            continue
        assert intake.wrong_with(taken.articles) == [], attack


def test_no_script_gets_through_a_page(sandbox: Sandbox) -> None:
    """The same on an article's page: in its head, its structured data and its body."""
    spec = SourceSpec("pages", "page", "https://hostile.example/")
    for number, attack in enumerate(ATTACKS):
        value, body = escape(attack, quote=True), stories.story(number).html
        data = json.dumps(
            {"@type": "NewsArticle", "headline": attack, "author": {"name": attack, "url": attack}, "image": attack}
        )
        page = (
            f'<html><head><title>{escape(attack)}</title><meta name="author" content="{value}"><meta property="og:title" content="{value}">'
            f'<meta property="og:image" content="{value}"><link rel="canonical" href="{value}"><base href="{value}">'
            f'<script type="application/ld+json">{data}</script></head><body><article><h1>{escape(attack)}</h1>{body}{attack}{body}</article></body></html>'
        )
        articles = intake.take_page(
            sandbox, Payload(page.encode(), f"https://hostile.example/{number}", "text/html"), spec
        )
        assert intake.wrong_with(articles) == [], attack


@pytest.mark.parametrize("attack", ATTACKS)
def test_clean_is_safe_and_stays_as_it_is(attack: str) -> None:
    """The sanitizer's output is inert, and sanitizing it again changes nothing."""
    once = sanitize(attack)
    assert active_nodes(once) == []
    assert sanitize(once) == once


@pytest.mark.parametrize("name", corpus.XML_BOMBS)
def test_entity_bombs_stay_small(name: str, sandbox: Sandbox) -> None:
    """Entities that multiply end unread or unexpanded, within the child's limits."""
    payload = Payload(corpus.XML_BOMBS[name].encode(), "https://hostile.example/feed", "application/xml")
    try:
        taken = intake.take_in(sandbox, payload)
    except IngestError:
        return
    assert sum(len(article.html) + len(article.title) for article in taken.articles) < 100_000


def test_entity_bombs_need_little_memory() -> None:
    """No bomb, read in a child that has read nothing before, takes 100 MB more than a plain feed does."""
    peaks = {}
    bombs = {"none": stories.feed(stories.stories(3)).decode(), **corpus.XML_BOMBS}
    with Sandbox(children=1, payloads=1) as fresh:  # a child for each call
        for name, text in bombs.items():
            metered = Metered(fresh)
            with suppress(UnreadableError):
                intake.take_in(metered, Payload(text.encode(), "https://hostile.example/feed", "application/xml"))
            assert metered.kills == 0, name
            peaks[name] = metered.peak
    assert max(peaks.values()) < peaks["none"] + 100, peaks


@pytest.mark.parametrize("template", corpus.XXE)
def test_external_entities_read_nothing(template: str, sandbox: Sandbox, origin: Origin, tmp_path: Path) -> None:
    """No file and no address that a document names is opened, whatever names it."""
    secret = tmp_path / "secret.txt"
    # A feed itself, so that a library that takes the body for a path or an address would read it with pleasure.
    told = stories.rss(["<item><title>TOP-SECRET</title></item>"], title="TOP-SECRET")
    secret.write_bytes(told)
    pipe = tmp_path / "pipe"  # whoever opens it waits until the child is killed by the clock, which is an error here
    os.mkfifo(pipe)
    origin.serve("/secret", Reply(told))
    files = (secret.as_uri(), str(secret), str(pipe), pipe.as_uri(), "/etc/passwd", "/dev/zero", "/dev/stdin")
    for address in (*files, origin.url("/secret")):
        payload = Payload(
            template.replace("{secret}", address).encode(), "https://hostile.example/feed", "application/xml"
        )
        try:
            taken = intake.take_in(sandbox, payload)
        except UnreadableError:
            continue
        assert "TOP-SECRET" not in repr(taken)
        assert "root:" not in repr(taken)
    assert origin.connections == 0


@pytest.mark.parametrize(
    "label", "zip zlib bz2 hex base64 uu quopri rot13 undefined idna punycode raw_unicode_escape".split()
)
def test_a_declared_encoding_is_only_an_encoding(label: str, sandbox: Sandbox) -> None:
    """Labels that Python would take for a packer or a cipher unpack nothing and crash nothing."""
    packer = zlib.compressobj(1)
    bomb = b"".join(
        [*(packer.compress(b"\0" * 10_000_000) for _ in range(70 if label == "zip" else 0)), packer.flush()]
    )
    declared = stories.feed(stories.stories(1)).replace(b"utf-8", label.encode(), 1)
    for body, content_type in (
        (declared, "text/xml"),
        (bomb, f"text/xml; charset={label}"),
        (b"abc" * 99, f"text/xml; charset={label}"),
    ):
        try:
            intake.take_in(sandbox, Payload(body, "https://hostile.example/feed", content_type))
        except UnreadableError:
            continue


_SMALL = 20_000  # characters: so much of anything has to be read within the limits


def _in_time(sandbox: Sandbox, body: bytes, size: int) -> None:
    """A small one is read or refused, a large one may be killed; a crash or a foreign error would be ours."""
    try:
        taken = intake.take_in(sandbox, Payload(body, "https://hostile.example/feed", "application/xml"))
    except KilledError as error:
        assert size > _SMALL, f"{error} {error.__notes__}"
        assert "crashed" not in str(error), f"{error} {error.__notes__}"
    except UnreadableError:
        pass
    else:
        assert not [reason for reason in taken.rejected if "unexpected" in reason]
        assert intake.wrong_with(taken.articles) == []


@pytest.mark.parametrize("size", [_SMALL, pytest.param(corpus.CAP, marks=pytest.mark.long)])
@pytest.mark.parametrize("name", corpus.SLOW_HTML)
def test_costly_bodies_end_in_time(name: str, size: int, sandbox: Sandbox) -> None:
    """Bodies that are quadratic for some library are cut or taken, and killed only when they are large."""
    _in_time(
        sandbox,
        stories.rss(
            [f"<item><title>Costly</title><description>{escape(corpus.SLOW_HTML[name](size))}</description></item>"]
        ),
        size,
    )


@pytest.mark.parametrize(
    "size",
    [_SMALL, pytest.param(corpus.CAP, marks=pytest.mark.long), pytest.param(5 * corpus.CAP, marks=pytest.mark.long)],
)
@pytest.mark.parametrize("name", corpus.SLOW_FEEDS)
def test_costly_feeds_end_in_time(name: str, size: int, sandbox: Sandbox) -> None:
    """Feeds that are quadratic for some library are read or refused, and killed only when they are large."""
    _in_time(sandbox, corpus.SLOW_FEEDS[name](size).encode("utf-8", "surrogatepass"), size)


@pytest.mark.parametrize("suffix", ["txt", "md", "html"])
@pytest.mark.parametrize(
    "piece", [" ", "\t", "a", "-", "=20", "> ", "a-\n", "* ", "By A, ", "&amp;", "--a\n", "10/12 a\n"]
)
def test_costly_files_end_in_time(piece: str, suffix: str, sandbox: Sandbox, tmp_path: Path) -> None:
    """A file of nothing but blanks, hyphens, escapes or quotation signs is read or refused within the limits."""
    spec = SourceSpec("desk", "folder", str(tmp_path))
    payload = Payload((piece * (_SMALL // len(piece))).encode(), f"file:///desk/a.{suffix}", "")
    try:
        assert not intake.take_in(sandbox, payload, spec).rejected
    except UnreadableError as error:
        assert str(error).endswith(("there is no text in it", "the body is empty"))


def test_every_control_character_is_gone_from_every_format(sandbox: Sandbox) -> None:
    """C0, C1, noncharacters, lone surrogates and `]]>` in every field: strict parsers read what we write."""
    characters = [chr(n) for n in (*range(32), *range(127, 160), 0xFFFE, 0xFFFF, 0xFEFF)] + [
        "]]>",
        "\\ud800",
        "\\udfff",
    ]
    for character in characters:
        dirty = f"A{character}b"
        item = {
            "id": dirty,
            "title": dirty,
            "content_html": f"<p>{dirty} {ascii_letters}</p>",
            "tags": [dirty],
            "authors": [{"name": dirty}],
        }
        document = json.dumps({"version": "https://jsonfeed.org/version/1.1", "title": dirty, "items": [item]}).replace(
            "\\\\ud", "\\ud"
        )
        taken = intake.take_in(
            sandbox, Payload(document.encode(), "https://hostile.example/feed.json", "application/feed+json")
        )
        assert len(taken.articles) == 1
        assert intake.wrong_with(taken.articles) == [], repr(character)
