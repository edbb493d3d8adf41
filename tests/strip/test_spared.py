"""What comes back in the end, since what it belongs to stays."""

import pytest

from syndicate.model import Article
from syndicate.strip import strip

PROSE = [
    "<p>The ferry left the quay at six in the morning with nine passengers and a piano on board.</p>",
    "<p>By noon it had not arrived, and the harbour master sent two boats to look for it in the fog.</p>",
    "<p>They found it drifting near the lighthouse, where somebody was playing a slow waltz on deck.</p>",
]


def cleaned(html: str) -> Article:
    return strip(Article("s", "k", "https://quay.example/ferry", "A piano at sea", html, ""))


@pytest.mark.parametrize("term", ["Share", "Votes", "Advertisement", "Comments", "Tags"])
def test_the_terms_of_definitions_stay(term: str) -> None:
    """A term stays where what is said of it does; a label of links is none."""
    terms = (
        f"<dl><dt>{term}</dt><dd>Each owner of the piano holds one of them.</dd><dt>Dues</dt><dd>Ten pounds.</dd></dl>"
    )
    assert term in cleaned("".join([*PROSE[:2], terms, *PROSE[2:]])).text.splitlines()
    more = terms.replace("</dl>", "<dt>Subscribe</dt><dd>Owners subscribe ten pounds a year.</dd></dl>")
    assert not cleaned("".join([*PROSE[:2], more, *PROSE[2:]])).cuts
    rows = '<dl><dt>Share</dt><dd><a href="https://x.com/intent/tweet?url=x">X</a></dd><dt>Tags</dt>'
    rows += '<dd><a href="/tag/piano" rel="tag">Piano</a></dd></dl>'
    assert "Share" not in cleaned("".join([*PROSE, rows])).text


def test_each_part_of_a_list_keeps_its_way() -> None:
    """Links with the same words, one below each subhead and each to another page, are the list's."""
    part = '<h2>{0}. {1}</h2><p>{2}</p><p><a href="https://quay.example/{3}">Get the recipe</a></p>'
    told = [("1", "The white", "Flour and a night."), ("2", "The rye", "It sulks."), ("3", "The burnt", "An accident.")]
    parts = [part.format(*each, each[1].split()[1] if apart else "app") for apart in (True, False) for each in told]
    assert cleaned(PROSE[0] + "".join(parts[:3]) + PROSE[1]).text.count("Get the recipe") == 3
    assert cleaned(PROSE[0] + "".join(parts[3:]) + PROSE[1]).text.count("Get the recipe") == 0


@pytest.mark.parametrize(
    ("end", "stays"),
    [
        ('Read the full engineering report <a href="/files/report.pdf">here</a>.', True),
        ('Read the full report <a href="https://harbour.example/piano">here</a>.', True),
        ('Read the full story <a href="https://harbour.example/piano">here</a>.', False),
        ('Read the full report <a href="https://quay.example/ferry">here</a>.', False),
    ],
)
def test_the_way_to_what_an_article_is_about_stays(end: str, *, stays: bool) -> None:
    """A file, or another site's report, is a source; another's story is the rest of the article."""
    last = f"<p>The board published what it knows of the piano on Friday. {end}</p>"
    assert ("Read the full" in cleaned("".join([*PROSE, last])).text) is stays


@pytest.mark.parametrize(
    ("line", "stays"),
    [
        ('<strong>Photos:</strong> <a href="/photos/piano">The piano through the years</a>', True),
        ('<strong>Photos:</strong> <a href="/staff/jan">Jan Nowak</a>', False),
        ('<strong>Photo:</strong> <a href="https://pictures.example/jan">the jan of pictures</a>', False),
    ],
)
def test_a_label_of_pictures_credits_whom_it_names(line: str, *, stays: bool) -> None:
    """A label in front of a link to another page credits nobody, unless the link names somebody."""
    article = cleaned(
        "".join([*PROSE[:2], f"<p>{line}</p>", *PROSE[2:]]).replace('href="/', 'href="https://quay.example/')
    )
    assert ("Photo" in article.text) is stays


def test_a_heading_stays_with_the_authors_own_links() -> None:
    """Links to other sites are references, and what stands above them is their subhead, whatever it says."""
    links = '<ul><li><a href="https://piano.example/one">Pianos at sea, a history</a></li>'
    links += '<li><a href="https://lamps.example/two">The lighthouse in the register</a></li></ul>'
    assert "Learn more" in cleaned("".join([*PROSE, "<h3>Learn more</h3>", links])).text
