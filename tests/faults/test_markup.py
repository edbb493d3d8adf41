"""The eyes of these tests are not blind: what was not cleaned is seen."""

import pytest

from tests.faults import corpus
from tests.faults.markup import active_nodes, problems

# Written out as text, in letters that only look like markup, or active in browsers that are gone.
INERT = {
    "<img/src=x/onerror=alert('{mark}')//",
    "<img src=`x`onerror=alert('{mark}')>",
    "<a title=\"</a><img src=x onerror=alert('{mark}')>\">x</a>",
    "&lt;script&gt;alert('{mark}')&lt;/script&gt;",
    "&amp;lt;script&amp;gt;alert('{mark}')&amp;lt;/script&amp;gt;",
    "&#60;img src=x onerror=alert('{mark}')&#62;",
    "\uff1cscript\uff1ealert('{mark}')\uff1c/script\uff1e",
    "<a href=\"https://x.example/?`onmouseover=alert('{mark}')`\">x</a>",
}


@pytest.mark.parametrize("attack", corpus.XSS + corpus.MXSS)
def test_raw_attacks_are_seen(attack: str) -> None:
    """Every attack of the corpus is found active as it stands, but for those that are only text."""
    assert bool(active_nodes(f"<p>Before</p>{attack}")) is (attack not in INERT)


@pytest.mark.parametrize(
    ("format_", "document"),
    [
        ("rss", b"<rss><channel><item><title>A & B</title></item></channel></rss>"),
        ("rss", b"<rss><channel><item><title>A</title></item></channel>"),
        ("rss", b"<rss><channel><item><link>javascript:alert(1)</link></item></channel></rss>"),
        ("atom", b"<feed><entry><link href='data:text/html,x'/></entry></feed>"),
        ("atom", b"<feed><title>&lt;script>x&lt;/script></title></feed>"),
        ("json", b'{"items": [{"content_html": "<img src=x onerror=alert(1)>"}]}'),
        ("json", b'{"items": [NaN]}'),
        ("json", b'{"items": ["a\\u0001b"]}'),
        ("json", b'{"items": ['),
    ],
)
def test_bad_documents_are_seen(format_: str, document: bytes) -> None:
    """Ill-formed, forbidden or active: each is a problem."""
    assert problems(format_, document)
