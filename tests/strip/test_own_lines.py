"""Lines that look like pointers and calls of a house, and are the article's own."""

import pytest

from syndicate.model import Article
from syndicate.strip.article import strip

PROSE = [
    "The ferry left the quay at six in the morning with nine passengers and a piano on board.",
    "By noon it had not arrived, and the harbour master sent two boats to look for it in the fog.",
    "They found it drifting near the lighthouse, where somebody was playing a slow waltz on deck.",
]


def cleaned(*blocks: str) -> Article:
    html = "".join(f"<p>{block}</p>" for block in blocks)
    return strip(Article("s", "k", "https://quay.example/ferry", "A piano at sea", html, ""))


@pytest.mark.parametrize(
    "line",
    [
        "Read: Jonah 1:1-16",
        "Read: Jonah 2",
        "Read also: Song of Songs 8:6-7; Psalm 107:23-30",
        "Lies: Psalm 107,23-32",
        "Lire: Marc 4, 35-41 et Psaume 107",
        "Czytaj: Mk 4, 35-41 oraz Ps 107",
        "Читайте: Лк. 8:22-25",
        'Read: <a href="https://bible.example/jonah1">Jonah 1:1-16</a>',
        "See also: The Harbour Code, paragraphs 12 to 19",
        "More: Hymn 347, verses 1 to 3",
        "See: Ada Lund, The Quay (Tern Press, 2011)",
    ],
)
@pytest.mark.parametrize("at", [0, 1, 3], ids=["head", "middle", "tail"])
def test_what_to_read_in_a_book(line: str, at: int) -> None:
    """A label in front of a passage, or of a book with its year, is the reading of the day, or a source."""
    article = cleaned(*PROSE[:at], line, *PROSE[at:])
    assert not article.cuts


@pytest.mark.parametrize("line", ["Read also: Rovers win 3-1", "See also: How the ferry was found in 2019"])
def test_what_to_read_elsewhere(line: str) -> None:
    """A number does not make a passage of another story's headline."""
    assert [cut.text for cut in cleaned(*PROSE, line).cuts] == [line]


@pytest.mark.parametrize(
    "line",
    [
        "Share a meal with a neighbour this week.",
        "Teile dein Mittagessen mit jemandem.",
        "Podziel się Dobrą Nowiną.",
        "Donate a coat you do not wear.",
        "Donate clothes and tins at the fire station, 12 Quay Street, from 9 am.",
        "Doe um casaco que não usa.",
        "Save it for someone hungry.",
    ],
)
@pytest.mark.parametrize("at", [1, 3], ids=["middle", "tail"])
def test_what_a_sermon_bids(line: str, at: int) -> None:
    """A call to share or give something of the reader's own is the article's."""
    article = cleaned(*PROSE[:at], line, *PROSE[at:])
    assert not article.cuts


@pytest.mark.parametrize(
    "line", ["Share this story with someone who loves the sea.", "Support our work with a gift.", "Donate now."]
)
def test_what_a_house_bids(line: str) -> None:
    """A call to share the article, or to give to the house, is none of it."""
    assert [cut.text for cut in cleaned(*PROSE, line).cuts] == [line]


@pytest.mark.parametrize(
    "line",
    [
        "Tickets are on sale at lanternhall.org.",
        "Readers may write to complaints@presscouncil.org.",
        "Registration closes on 5 May at pianofund.org.",
        "Book a place at pianofund.org or walk in.",
        "Las entradas están a la venta en pianofund.org.",
        "Billets en vente sur pianofund.org.",
        "Le iscrizioni chiudono il 5 maggio su pianofund.org.",
        "Билеты продаются на сайте pianofund.org.",
        'Tickets are on sale at <a href="https://lanternhall.org/">lanternhall.org</a>.',
    ],
)
@pytest.mark.parametrize("below", [[], ["Share this article with a friend!", "© 2024 Quay"]], ids=["last", "foot"])
def test_where_the_story_sends_its_readers(line: str, below: list[str]) -> None:
    """A calm sentence that gives an address of somebody else's states a fact of the story."""
    assert [cut.text for cut in cleaned(*PROSE, line, *below).cuts] == below


@pytest.mark.parametrize(
    "line",
    [
        "Contact the newsroom at desk@lanternhall.org.",
        "Readers may write to letters@quay.example.",
        "Write to us at letters@lanternhall.org.",
        "Sign up for our newsletter at lanternhall.org.",
        "Donate to our work at lanternhall.org.",
    ],
)
def test_where_the_house_sends_its_readers(line: str) -> None:
    """What gives the house's own address, or speaks of us, stays a call of the house."""
    assert [cut.text for cut in cleaned(*PROSE, line).cuts] == [line]


@pytest.mark.parametrize(
    "line",
    [
        "Media contact: Ada Lund, 555 0100, ada@harbours.org",
        "For media enquiries contact Ada Lund on 555 0100.",
        "Pressekontakt: Lars Wendt, Tel. 0431 000 1110",
        "Rückfragen der Presse: Lars Wendt, 0431 000 1110",
        "媒体联系人：李文静，电话 010-5555 0101",
    ],
)
def test_whom_to_call_about_a_release(line: str) -> None:
    """A press contact on one line, with a name, is the release's own; an address of the house alone is not."""
    assert not cleaned(*PROSE, line).cuts
    assert cleaned(*PROSE, "Media enquiries: press@quay.example, 555 0140").cuts


@pytest.mark.parametrize(
    ("mark", "note"), [("[1]", "1. Harbour accounts of 2019, p. 4."), ("¹", "¹ Ibid."), ("*", "* Not her real name.")]
)
def test_a_lone_footnote_stays(mark: str, note: str) -> None:
    """What begins with a mark that the text above bears is a note of the text."""
    assert not cleaned(*PROSE[:2], PROSE[2].replace("deck", f"deck{mark}"), note).cuts
    assert cleaned(*PROSE, "* Subscribe to our newsletter").cuts


@pytest.mark.parametrize("label", ["For further information please contact:", "Pressekontakt:", "Contacto de prensa:"])
def test_a_card_is_not_torn(label: str) -> None:
    """Whom to call about a release stays with the number and the address, or goes with them."""
    card = [label, "Ada Lund", "Head of Media", "Tel: 020 7946 0123", "Email: ada@quay.example"]
    article = cleaned(*PROSE, *card)
    assert len({line in article.text for line in card}) == 1


@pytest.mark.parametrize("line", ["***", "* * *", "~", "---"])
def test_signs_above_a_notice_are_nobodys_name(line: str) -> None:
    """A line of signs goes with the notice that it parts from the article, not as a name."""
    families = {cut.text: cut.family for cut in cleaned(*PROSE, line, "© 2024 Quay News. All rights reserved.").cuts}
    assert families.get(line, "") != "sitename"


def test_a_row_of_figures_loses_no_line() -> None:
    """A line that is made like those around it, with other figures, stays where most of them stay."""
    results = ["Real Quay 2 - Deportivo Faro 2", "Molino 0 - Atlético Islas 1", "Ferroviario 3 - San José 0"]
    article = cleaned(
        *results, "The second round of the regional league was played on Sunday, and the rain held off.", PROSE[1]
    )
    assert article.text.split("\n")[:3] == results


@pytest.mark.parametrize(
    "lines",
    [
        ["Tue 6 10 am Tea and toast", "Wed 7 No meetings", "Sun 11 10 am Blessing of the boats"],
        ["6/10 Net mending 7 pm", "6/11 Tea and toast 10 am", "6/14 Blessing of the boats 10 am"],
        ["Oct. 6, 7 p.m.: Net mending", "Oct. 7, 10 a.m.: Tea and toast", "Oct. 11, 10 a.m.: Blessing of the boats"],
        ["6 Oct Readers: B. Low, S. Carr", "13 Oct Readers: M. Finn, D. Hale", "20 Oct Readers: A. Quay, B. Low"],
        ["Di 6.10. 10 Uhr Frühstück", "Mi 7.10. 19 Uhr Netze flicken", "So 11.10. 10 Uhr Bootssegnung"],
        ["Service times", "Sat 5:30 pm (vigil)", "Sun 8 am, 10 am", "Weekdays 9 am"],
    ],
    ids=["short days", "figures", "months", "rota", "German", "services"],
)
@pytest.mark.parametrize("notice", [(), ("Copyright 2026 Quay News. All rights reserved.",)], ids=["bare", "noticed"])
def test_calendars_and_rotas_stay(lines: list[str], notice: tuple[str, ...]) -> None:
    """Lines of a calendar or rota at the end of a story stay, whatever goes below them."""
    article = cleaned(*PROSE, *lines, *notice)
    assert article.text.split("\n")[3:] == lines


def test_rows_made_alike_stay_together() -> None:
    """As long as one of three prices stays, all do."""
    prices = ["Herring 31p", "Cod 405p", "Crabs 211p"]
    article = cleaned(*PROSE, *prices, "Share this story!", "Copyright 2026 Quay News. All rights reserved.")
    assert article.text.split("\n")[3:] == prices


@pytest.mark.parametrize("line", ["12 May 2026, 8 pm", "Monday, May 12, 2026 at 7:30 pm", "May 12, 7:30 pm"])
def test_a_moment_is_no_calendar(line: str) -> None:
    """When something was posted is not a line of a programme."""
    article = cleaned(*PROSE, "Comments", "Ada Quay", line, "Nice.", "Bob Low", line, "I saw it too!")
    assert article.text.split("\n") == PROSE


FORM = "<form><p>Get our news by email</p><p><label>Email address: <input type='email'></label></p></form>"


@pytest.mark.parametrize("last", [["The vote is on Tuesday."], ["It rained all night.", "Работы начнутся весной."]])
@pytest.mark.parametrize("footer", ["", "<p>© 2026 Quay News. All rights reserved.</p>"])
def test_an_article_goes_on_behind_a_box_within_it(last: list[str], footer: str) -> None:
    """Short last sentences, set as its paragraphs are, stay behind a form that stands between them."""
    html = "".join(f"<p>{line}</p>" for line in PROSE) + f"<div>{FORM}</div>" + "".join(f"<p>{s}</p>" for s in last)
    article = strip(Article("s", "k", "https://quay.example/ferry", "A piano at sea", html + footer, ""))
    assert article.text.split("\n") == [*PROSE, *last]


def test_what_is_set_otherwise_behind_a_box_is_not_the_article() -> None:
    """Behind a paragraph that went, or in a box itself, a short sentence is judged as what closes an article."""
    html = "".join(f"<p>{line}</p>" for line in PROSE) + "<p>Get our news by email</p><p>Email address:</p>"
    article = strip(
        Article(
            "s",
            "k",
            "https://quay.example/ferry",
            "A piano at sea",
            f"{html}<p>Il prossimo concerto è il 13 dicembre alle 17.</p>",
            "",
        )
    )
    assert article.text.split("\n") == PROSE
