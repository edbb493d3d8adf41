"""What comes back in the end, since what it belongs to stays."""

import pytest

from syndicate.model import Article
from syndicate.strip.article import set_scene, strip
from syndicate.strip.document import Document
from syndicate.strip.engine import read
from syndicate.strip.forms import is_reference
from syndicate.strip.memory import Memory
from syndicate.strip.rulings import Rulings
from syndicate.strip.spared import counted
from syndicate.strip.verdicts import is_sentence

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


@pytest.mark.parametrize(
    ("numbers", "stays"),
    [("1. 2. 3.", True), ("1) 2) 3)", True), ("4、 5、 6、", True), ("1. 2. 4.", False), ("1. 1. 2.", False)],
)
def test_what_is_counted_stays_between_its_neighbours(numbers: str, *, stays: bool) -> None:
    """A numbered line that only sounds like boilerplate comes back where those counted before and behind it stay."""
    heads = [f"<h2>{number} The piano</h2>" for number in numbers.split()]
    html = "".join(head + said for head, said in zip(heads, PROSE, strict=True))
    article = Article("s", "k", "https://quay.example/ferry", "A piano at sea", html, "")
    judged = read(Document(article.html).blocks, set_scene(article, Memory(), Rulings(), ""))
    [_, line, _] = [item for item in judged if item.block.tag == "h2"]
    line.cut("ad", "forest")
    counted(judged)
    assert bool(line.family) is not stays


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


@pytest.mark.parametrize(
    ("line", "is_one"),
    [
        ("木村『霧笛の町』港文庫、2004年", True),
        ("陈林：《渡口旧事》，江城出版社，1998", True),
        ("『霧笛の町』は2004年に出た。続きはこちらから。", False),
        ("『霧笛の町』予約受付中", False),
    ],
)
def test_a_book_with_its_year_is_a_reference(line: str, *, is_one: bool) -> None:
    """What names a book in the title marks of East Asia, and its year, says what to read."""
    article = Article("s", "k", "https://quay.example/ferry", "A piano at sea", f"<p>{line}</p>", "")
    [item] = read(Document(article.html).blocks, set_scene(article, Memory(), Rulings(), ""))
    assert is_reference(item) is is_one


@pytest.mark.parametrize(
    "text", ["It sails.", "船が出た。", "नाव चली।", "Նավը մեկնեց։", "መርከቡ ሄደ።", "ទូកចេញហើយ។", "သင်္ဘောထွက်သည်။"]
)
def test_every_script_ends_its_sentences(text: str) -> None:
    """The stops of scripts that have their own end sentences as a full stop does."""
    assert is_sentence(text)
    assert not is_sentence(text[:-1])
