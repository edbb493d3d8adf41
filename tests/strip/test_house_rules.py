"""Rules of the house: blocks that a configuration file wants cut or kept."""

import json

import pytest

from syndicate.ingest.dry_run import clean_lines
from syndicate.model import Article, HouseRule
from syndicate.strip.article import strip
from syndicate.strip.memory import fingerprint
from syndicate.strip.rulings import Rulings

PROSE = (
    "<p>The ferry left the quay at six in the morning with nine passengers and a piano on board.</p>"
    "<p>By noon it had not arrived, and the harbour master sent two boats to look for it in the fog.</p>"
)
CARD = "Regatta of the year: come to the quay on 4 May"


def cleaned(tail: str, *rules: HouseRule, source: str = "s") -> Article:
    article = Article(source, "k", "https://quay.example/ferry", "A piano at sea", f"{PROSE}<p>{tail}</p>", "")
    return strip(article, rulings=Rulings.of((), rules, source))


@pytest.mark.parametrize(
    ("text", "described"),
    [
        (CARD, True),
        ("REGATTA of the year*", True),
        ("*come to the quay*", True),
        ("regatta*quay*may", True),
        ("Régatta*", True),
        ("regatta of the year", False),
        ("*piano*", False),
        ("regatta*may*quay*", False),
    ],
)
def test_a_rule_describes_a_whole_block(text: str, described: bool) -> None:
    """A rule's text is the whole block, without case and accents; a star stands for anything, in order."""
    rule = HouseRule("card", text, family="promo")
    assert (CARD not in cleaned(CARD, rule).text) is described


def test_the_cut_names_its_rule() -> None:
    """What a rule of the house cuts is on record under its name and family."""
    cuts = cleaned(CARD, HouseRule("card", "regatta*", family="promo")).cuts
    assert [(cut.text, cut.family, cut.reason) for cut in cuts] == [(CARD, "promo", "house rule card")]


def test_a_rule_can_keep() -> None:
    """What a house wants kept stays, though it is a share call in every word."""
    call = "Share this story with your friends on Facebook!"
    assert call not in cleaned(call).text
    assert call in cleaned(call, HouseRule("call", "share this story*", "keep")).text


def test_a_rule_is_for_its_sources() -> None:
    """A rule that names sources leaves the articles of others alone."""
    rule = HouseRule("card", "regatta*", sources=("north",))
    assert CARD in cleaned(CARD, rule, source="south").text
    assert CARD not in cleaned(CARD, rule, source="north").text


def test_an_admin_goes_before_the_file() -> None:
    """A block that an admin wants kept is kept, whatever a file says of blocks like it."""
    article = Article("s", "k", "https://quay.example/f", "A piano at sea", f"{PROSE}<p>{CARD}</p>", "")
    rulings = Rulings(keep=frozenset({fingerprint(CARD)}), house=(HouseRule("card", "regatta*"),))
    assert CARD in strip(article, rulings=rulings).text


def test_lines_are_cleaned_by_the_rules_of_their_source() -> None:
    """`clean --jsonl` obeys the house, each line by the rules that are for its source."""
    rule = HouseRule("card", "regatta*", sources=("north",))
    lines = [
        json.dumps(
            {
                "id": name,
                "source": name,
                "kind": "html",
                "title": "A piano",
                "url": "",
                "input": f"{PROSE}<p>{CARD}</p>",
            }
        )
        for name in ("north", "south")
    ]
    done = clean_lines(lines, 0.6, (rule,))
    texts = {line.id: line.outcome.text for line in done if isinstance(line.outcome, Article)}
    assert CARD not in texts["north"]
    assert CARD in texts["south"]
