"""What a cleaned body looks like as HTML: its lines stay apart, and its pictures are the article's."""

import pytest

from syndicate.model import Article
from syndicate.strip import strip

PROSE = (
    "<p>The ferry sailed again on Monday at six in the morning with nine passengers and a piano on board.</p>"
    "<p>By noon it had reached the outer islands, where the whole school stood on the quay and sang for the crew.</p>"
    "<p>The captain, who is seventy-one, said that he had never been so cold nor so glad to see a lighthouse.</p>"
)


def article(html: str) -> Article:
    return Article("s", "k", "https://quay.example/1", "A title that nothing repeats", html, "")


@pytest.mark.parametrize(
    ("source", "html"),
    [
        ("<blockquote>Not for sale.<footer>A. Stroud</footer></blockquote>", "Not for sale.<p>A. Stroud</p>"),
        ("<section>One board.</section><section>One crane.</section>", "<p>One board.</p><p>One crane.</p>"),
        ("<div>at<address>Quay 4<br>Toller</address>beside</div>", "<div>at<p>Quay 4<br>Toller</p>beside</div>"),
        ("<fieldset><legend>The facts</legend>One crane</fieldset>", "<div><p>The facts</p>One crane</div>"),
        ("<section><p>One board.</p></section>", "<p>One board.</p>"),
        ("<table><form><tr><td>One</td></tr></form></table>", "<table><tbody><tr><td>One</td></tr></tbody></table>"),
    ],
)
def test_lines_stay_apart(source: str, html: str) -> None:
    """The words of a block whose tag may not leave don't run into those beside it."""
    cleaned = strip(article(PROSE + source + PROSE.replace("ferry", "barge")))
    assert html in cleaned.html
