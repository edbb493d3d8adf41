"""A cleaned body holds nothing that shows nothing: no empty elements, and nothing to part where nothing follows."""

import time
from dataclasses import replace

import pytest

from syndicate.model import Article
from syndicate.strip import furniture
from syndicate.strip.article import strip
from syndicate.strip.document import Document


def article(html: str) -> Article:
    return Article("quay", "1", "https://quay.example/ferry", "A piano at sea", html, "")


def test_what_shows_nothing_goes() -> None:
    """Empty elements go, and blank lines and rules at either end; blank lines and spaces amid the text stay."""
    text = "<div>One thing<span> </span><b></b>was said.</div><div><br></div>"
    lines = f"<hr><p>&nbsp;</p>{text}<p></p><ul><li> </li></ul>"
    code = "<pre><code>a<span> </span>b<span>\n</span></code></pre>"
    cleaned = strip(article(f"{lines}{code}<div><p><img src='https://quay.example/a.jpg'></p><hr></div><p><br></p>"))
    picture = '<div><p><img src="https://quay.example/a.jpg"></p></div>'
    assert cleaned.html == f"{text.replace('<b></b>', '')}{code}{picture}"
    assert strip(replace(cleaned, cuts=())).html == cleaned.html


@pytest.mark.parametrize(
    ("body", "left"),
    [
        ("<p>{0}</p>", "<p>{1}</p>"),
        ("<p>One. <b>{0}</b><br>Two.</p> Three.", "<p>One.</p><p>{1}</p><p>Two.</p> Three."),
        ("<li>{0} One.</li>", "<li><p>{1}</p> One.</li>"),
    ],
)
def test_a_player_parts_the_paragraph_that_holds_it(body: str, left: str) -> None:
    """Its link is a paragraph of its own; what stood before and behind it stays above and below."""
    frame = '<iframe src="https://www.youtube.com/embed/abcdefg"></iframe>'
    link = '<a href="https://www.youtube.com/watch?v=abcdefg" rel="noopener noreferrer">youtube.com</a>'
    assert strip(article(body.format(frame))).html == left.format(0, link)


def test_any_number_of_breaks_is_taken_away_one_by_one() -> None:
    """However many stand at an end, each is looked at once."""
    begun = time.process_time()
    assert strip(article("<p>One thing was said.</p>" + "<br>" * 100_000)).html == "<p>One thing was said.</p>"
    assert time.process_time() - begun < 6  # seconds; it took eighteen


def test_any_number_of_players_parts_a_paragraph_once_each() -> None:
    """What stands behind a player is moved once, however many stand in one paragraph."""
    frame = '<iframe src="https://www.youtube.com/embed/abcdefg"></iframe>'
    document = Document(f"<p>One thing{frame * 30_000}was said.</p>")
    begun = time.process_time()
    assert list(furniture.remove(document, "")) == []
    assert time.process_time() - begun < 12  # seconds; it took twenty
    assert [block.text for block in document.blocks[:: len(document.blocks) - 1]] == ["One thing", "was said."]
