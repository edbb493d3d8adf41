"""A seeded generator of hostile feeds in families: `generate(number)` is always the same payload.

The families go round, so any run of numbers holds all of them in equal parts.
"""

from collections.abc import Callable
from dataclasses import dataclass
from html import escape
from random import Random

from syndicate.model import Payload
from tests.faults import corpus, stories

Family = Callable[[Random], bytes]
_FAMILIES: dict[str, Family] = {}
_CAP = 200_000


@dataclass(frozen=True, slots=True)
class Hostile:
    """One hostile payload, and the family that it belongs to."""

    family: str
    payload: Payload


def families() -> tuple[str, ...]:
    """The names of all families, in the order in which they go round."""
    return tuple(_FAMILIES)


def generate(number: int, seed: int = 20261123) -> Hostile:
    """The hostile payload of this number."""
    name = families()[number % len(_FAMILIES)]
    rng = Random(f"{seed}:{number}")
    content_type = rng.choice(
        (
            "application/rss+xml",
            "application/xml; charset=utf-8",
            "text/html",
            "application/json",
            "",
            "text/xml; charset=latin-1",
        )
        + ("application/octet-stream", "text/plain; charset=nonsense", "x" * 300)
    )
    return Hostile(name, Payload(_FAMILIES[name](rng), f"https://hostile.example/{number}", content_type))


def _family(function: Family) -> Family:
    _FAMILIES[function.__name__.replace("_", " ")] = function
    return function


def _stories(rng: Random, most: int = 5) -> list[stories.Story]:
    return [stories.story(rng.randrange(10**9)) for _ in range(rng.randint(1, most))]


def _feed(rng: Random, most: int = 5) -> bytes:
    return stories.feed(_stories(rng, most))


def _item(rng: Random, body: str, **fields: str) -> str:
    made = {"title": stories.sentence(rng, 6), "link": f"https://hostile.example/{rng.randrange(10**9)}", **fields}
    inner = "".join(f"<{name}>{escape(value)}</{name}>" for name, value in made.items())
    return f"<item>{inner}<description>{escape(body)}</description></item>"


def _attack(rng: Random) -> str:
    return rng.choice(corpus.XSS + corpus.MXSS).replace("{mark}", f"m{rng.randrange(10**6)}")


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


@_family
def cut_off(rng: Random) -> bytes:
    whole = _feed(rng)
    return whole[: rng.randrange(len(whole))]


@_family
def wrong_encoding(rng: Random) -> bytes:
    declared = rng.choice(
        ("utf-8", "utf-16", "ascii", "shift_jis", "gb2312", "utf-7", "ebcdic-cp-us", "x-unknown", "rot13")
    )
    actual = rng.choice(("latin-1", "utf-16", "utf-8", "cp1251", "utf-16-le", "utf-32", "cp037", "utf-7"))
    text = _feed(rng).decode().replace("utf-8", declared, 1) + "<!-- äöü 日本 Привет -->"
    return text.encode(actual, "replace")


@_family
def illegal_characters(rng: Random) -> bytes:
    bad = [chr(n) for n in range(32)] + [
        "\ufffe",
        "\uffff",
        "\ud800",
        "\udfff",
        "\x7f",
        "\x85",
        "\u2028",
        "\u202e",
        "\ufeff",
    ]
    text = list(_feed(rng).decode())
    for _ in range(rng.randint(1, 200)):
        text.insert(rng.randrange(len(text)), rng.choice(bad))
    return _bytes("".join(text))


@_family
def character_references(rng: Random) -> bytes:
    numbers = ("0", "8", "11", "xFFFE", "xFFFF", "xD800", "xDFFF", "x110000", "99999999999999", "x1F600", "-1", "x", "")
    body = "".join(f"&#{rng.choice(numbers)};" for _ in range(rng.randint(1, 100)))
    return stories.rss(
        [
            f"<item><title>A {body}</title><guid>{body}</guid><link>https://x.example/{body}</link><description>{body}</description></item>"
        ]
    )


@_family
def entity_bombs(rng: Random) -> bytes:
    return _bytes(rng.choice(tuple(corpus.XML_BOMBS.values())))


@_family
def external_entities(rng: Random) -> bytes:
    secret = rng.choice(("file:///etc/passwd", "http://127.0.0.1:9/secret", "/etc/passwd", "/dev/zero", "expect://id"))
    return _bytes(rng.choice(corpus.XXE).replace("{secret}", secret))


@_family
def scripts_in_bodies(rng: Random) -> bytes:
    return stories.rss(
        _item(rng, _attack(rng) + stories.story(rng.randrange(10**6)).html + _attack(rng)) for _ in range(5)
    )


@_family
def scripts_in_fields(rng: Random) -> bytes:
    names = ("title", "link", "guid", "author", "category", "comments", "pubDate", "source")
    return stories.rss(_item(rng, stories.sentence(rng), **{name: _attack(rng) for name in names}) for _ in range(3))


@_family
def scripts_in_attributes(rng: Random) -> bytes:
    attack = escape(
        rng.choice(("javascript:alert(1)", "data:text/html,<script>1</script>", "java\nscript:x", _attack(rng))),
        quote=True,
    )
    extra = (
        f'<enclosure url="{attack}" type="{attack}" length="{attack}"/><media:content xmlns:media="http://search.yahoo.com/mrss/" '
        f'url="{attack}" width="{attack}"/><itunes:image xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd" href="{attack}"/>'
        f'<source url="{attack}">x</source><category domain="{attack}">x</category>'
    )
    return stories.rss([_item(rng, stories.sentence(rng)).replace("</item>", f"{extra}</item>")])


@_family
def scripts_in_atom(rng: Random) -> bytes:
    attack, kind = (
        _attack(rng),
        rng.choice(("html", "xhtml", "text", "image/svg+xml", "text/html", "application/xml", "", "HTML")),
    )
    content = attack if kind == "xhtml" else escape(attack)
    return _bytes(
        f"<feed xmlns='http://www.w3.org/2005/Atom' xml:base='javascript:alert(1)//'><title type='html'>{escape(attack)}</title>"
        f"<entry><id>{escape(attack)}</id><title type='html'>{escape(attack)}</title><link href='{escape(attack, quote=True)}'/>"
        f"<author><name>{escape(attack)}</name><uri>{escape(attack)}</uri></author><content type='{kind}'>{content}</content>"
        f"<summary type='html'>{escape(attack)}</summary><rights type='html'>{escape(attack)}</rights></entry></feed>"
    )


@_family
def scripts_in_json(rng: Random) -> bytes:
    import json

    attack = _attack(rng)
    item = dict.fromkeys(
        ("id", "url", "external_url", "title", "content_html", "content_text", "summary", "image", "date_published"),
        attack,
    )
    extra = {
        "authors": [{"name": attack, "url": attack}],
        "tags": [attack],
        "attachments": [{"url": attack, "mime_type": attack}],
    }
    return json.dumps(
        {
            "version": "https://jsonfeed.org/version/1.1",
            "title": attack,
            "home_page_url": attack,
            "items": [{**item, **extra}],
        }
    ).encode()


@_family
def json_of_wrong_types(rng: Random) -> bytes:
    import json

    odd = (None, True, 0, -1.5, 10**30, "", [], {}, [[]], {"a": {"b": []}}, "x" * 5_000, ["x", 1, None], "\ud800")
    names = (
        "id",
        "url",
        "title",
        "content_html",
        "content_text",
        "summary",
        "image",
        "date_published",
        "authors",
        "tags",
        "attachments",
    )
    items = [{name: rng.choice(odd) for name in names if rng.random() < 0.8} for _ in range(rng.randint(1, 5))]
    document = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": rng.choice(odd),
        "items": rng.choice((items, items, odd[6], "x", None)),
    }
    return json.dumps(document).replace("-1.5", rng.choice(("NaN", "1e999", "-0"))).encode()


@_family
def slow_bodies(rng: Random) -> bytes:
    shape = rng.choice(tuple(corpus.SLOW_HTML.values()))
    return stories.rss(
        [_item(rng, shape(rng.choice((1_000, 10_000, 50_000, _CAP)))), stories.item(stories.story(rng.randrange(9)))]
    )


@_family
def slow_feeds(rng: Random) -> bytes:
    return _bytes(rng.choice(tuple(corpus.SLOW_FEEDS.values()))(rng.choice((1_000, 10_000, 50_000, _CAP))))


@_family
def floods(rng: Random) -> bytes:
    count = rng.choice((100, 300, 600))
    return stories.rss(_item(rng, stories.sentence(rng)) for _ in range(count))


@_family
def giants(rng: Random) -> bytes:
    text = " ".join(stories.sentence(rng) for _ in range(200))
    return stories.rss([_item(rng, f"<p>{text}</p>" * rng.choice((5, 20, 60)))])


@_family
def absurd_dates(rng: Random) -> bytes:
    dates = (
        "Fri, 31 Dec 9999 23:59:59 GMT", "0001-01-01T00:00:00Z", "9999-12-31T23:59:59-14:00", "0001-01-01T00:00:00+23:59", "1970-01-01",
        "Mon, 32 Foo 2026 25:61:61 +9999", "now", "-1", "1e400", "99999999999999999999", "2026-02-30", "2099-01-01T00:00:00Z", "",
        "Thu, 01 Jan 1970 00:00:00 -0000", "２０２６-11-23", "\u0662\u0660\u0662\u0666", "Sat, 29 Feb 2025 00:00:00 EST5EDT", "0000-00-00",
        "10000-01-01T00:00:00Z", "2026-11-23T10:00:00+99:99", "P1D", "1700000000", "1700000000000", "Mon, 23 Nov 26 10:00 UT",
    )  # fmt: skip
    return stories.rss(_item(rng, stories.sentence(rng), pubDate=rng.choice(dates)) for _ in range(10))


@_family
def keys_in_disorder(rng: Random) -> bytes:
    guid = rng.choice(
        ("", "1", "same", "x" * 10_000, "https://x.example/?" + "a" * 5_000, "\u202e", "../../etc", "null")
    )
    return stories.rss(
        _item(
            rng,
            stories.sentence(rng),
            guid=rng.choice((guid, str(rng.random()))),
            link=rng.choice(("", "https://x.example/1", "x")),
        )
        for _ in range(10)
    )


@_family
def pages_for_feeds(rng: Random) -> bytes:
    return _bytes(
        rng.choice(("<!DOCTYPE html>", "", "<?xml version='1.0'?>", "\n\n\ufeff"))
        + f"<html><head><title>{escape(_attack(rng))}</title></head><body>{_attack(rng)}{stories.story(1).html}</body></html>"
    )


@_family
def closings_in_disorder(rng: Random) -> bytes:
    pieces = (
        "</item>",
        "</channel>",
        "</rss>",
        "<item>",
        "<title>",
        "]]>",
        "<![CDATA[",
        "<!--",
        "-->",
        "<",
        "&",
        "\0",
        "</",
        "<rss>",
        "<?xml?>",
    )
    text = _feed(rng).decode()
    for _ in range(rng.randint(1, 30)):
        at = rng.randrange(len(text))
        text = text[:at] + rng.choice(pieces) + text[at:]
    return _bytes(text)


@_family
def flipped_bytes(rng: Random) -> bytes:
    data = bytearray(_feed(rng))
    for _ in range(rng.randint(1, 100)):
        data[rng.randrange(len(data))] = rng.randrange(256)
    return bytes(data)


@_family
def noise(rng: Random) -> bytes:
    return rng.choice(
        (
            rng.randbytes(rng.randint(0, 20_000)),
            b"",
            b"\0" * 1_000,
            b"\x1f\x8b\x08\0" + rng.randbytes(100),
            b"%PDF-1.7",
            b"PK\3\4",
        )
    )


@_family
def paths_and_addresses(rng: Random) -> bytes:
    return rng.choice(
        (
            b"/etc/passwd",
            b"/dev/zero",
            b"/dev/stdin",
            b"http://127.0.0.1:9/",
            b"file:///etc/passwd",
            b"feed:http://127.0.0.1:9/",
            b".",
        )
    )


@_family
def strange_bases(rng: Random) -> bytes:
    base = rng.choice(
        (
            "javascript:alert(1)//",
            "data:,",
            "//",
            "///",
            "http://[::1",
            "http://\u0000/",
            "\\\\evil",
            "http://" + "a" * 5_000,
            ":",
            "mailto:a@b",
        )
    )
    html = "<a href='x'>a</a><img src='//y/z.png'><a href='?q'>b</a><a href='#f'>c</a><a href='http://[bad'>d</a><img srcset='a 1x, http://[ 2x'>"
    return _bytes(
        f"<feed xmlns='http://www.w3.org/2005/Atom' xml:base='{escape(base, quote=True)}'><entry><title>x</title><link href='{escape(base)}'/>"
        f"<content type='html' xml:base='{escape(base, quote=True)}'>{escape(html)}</content></entry></feed>"
    )


@_family
def strange_letters(rng: Random) -> bytes:
    odd = (
        "\u202e\u2066",
        "a" + "\u0301" * 300,
        "\U000e0041" * 50,
        "\u200b" * 500,
        "\ufdfd" * 100,
        "👩‍👩‍👧‍👦" * 50,
        "ﷺ",
        "𒐫" * 99,
        "\u00ad" * 999,
    )
    return stories.rss(
        _item(rng, rng.choice(odd) * 3, title=rng.choice(odd), author=rng.choice(odd), category=rng.choice(odd))
        for _ in range(5)
    )


@_family
def boilerplate_alone(rng: Random) -> bytes:
    lines = (
        "Share this",
        "Copyright 2026",
        "Subscribe now",
        "Read more",
        "Follow us on X",
        "Advertisement",
        "The post appeared first on X.",
    )
    return stories.rss(
        _item(rng, "".join(f"<p>{rng.choice(lines)}</p>" for _ in range(rng.randint(1, 300)))) for _ in range(5)
    )


@_family
def many_lines(rng: Random) -> bytes:
    """Bodies of thousands of blocks that the stripper holds against each other: copies, lists, headings, calls."""
    told = [stories.sentence(rng) for _ in range(rng.choice((1, 3, 40)))]
    lines = (
        *(f"<p>{rng.choice(told)}</p>" for _ in range(6)),
        *(f"<li>{rng.choice(told)}</li>" for _ in range(3)),
        f"{told[0]}<br>",
        "<h3>Related stories</h3>",
        "<h4>Our sponsors</h4>",
        "<p>MORE: The pier reopens</p>",
        '<p><a href="https://quay.example/2">Another story</a></p>',
        "<p>Share this article</p>",
        "<p>Tags:</p>",
        "<p>4:3</p>",
        "<p>, and so on</p>",
        "<p>Update, 3 May: see below.</p>",
        "<blockquote>Nobody came.</blockquote>",
    )
    chosen = rng.sample(lines, rng.choice((1, 2, 4, len(lines))))
    body, size = [], rng.choice((20_000, 100_000, _CAP))
    while size > 0:
        line = rng.choice(chosen)
        body.append(f"<p>{rng.randrange(99)} {line[3:]}" if line.startswith("<p>") and rng.random() < 0.3 else line)
        size -= len(body[-1])
    return stories.rss([_item(rng, "".join(body))])


@_family
def several_attacks(rng: Random) -> bytes:
    names = [
        name
        for name in _FAMILIES
        if name != "several attacks" and "slow" not in name and name not in {"floods", "giants", "many lines"}
    ]
    pieces = [_FAMILIES[rng.choice(names)](rng) for _ in range(3)]
    return b"".join(piece[rng.randrange(len(piece) + 1) :] for piece in pieces)
