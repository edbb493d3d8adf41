"""Each rule's own sentences: what it must catch, and what no rule may."""

import re

import pytest

from syndicate.strip.families import Rule, matching, rules
from syndicate.strip.wording import Reading, Slots
from syndicate.strip.words import lexicon

DROPS = [pytest.param(rule, text, id=f"{rule.name}-{at}") for rule in rules() for at, text in enumerate(rule.drop)]
# What the rules' sentences call their source, and their article.
SOURCE = Slots(site=frozenset({"example"}), title="a lantern on the quay")
KEEPS = [pytest.param(text, id=f"{rule.name}-{at}") for rule in rules() for at, text in enumerate(rule.keep)]


@pytest.mark.parametrize(("rule", "text"), DROPS)
def test_drop_sentences(rule: Rule, text: str) -> None:
    """A rule describes each of the sentences that were written down for it to cut."""
    assert rule.matches(Reading(text, slots=SOURCE))


def test_every_rule_has_sentences() -> None:
    """Each rule shows what it is for, in words; only those that look at links can't, as sentences have none."""
    assert [rule.name for rule in rules() if not (rule.drop or rule.links or rule.linked)] == []


@pytest.mark.parametrize("text", KEEPS)
def test_keep_sentences(text: str) -> None:
    """No rule at all describes a sentence that was written down to be kept."""
    assert not [rule.name for rule in matching(Reading(text, slots=SOURCE)) if not rule.row]


@pytest.mark.parametrize("text", [text for rule in rules() for text in (*rule.drop, *rule.keep)])
def test_no_rule_is_overlooked(text: str) -> None:
    """Of the rules, few are asked about a text, but all that describe it are found, unless it is spared them all."""
    found = matching(Reading(text, slots=SOURCE))
    assert not found or set(found) == {rule for rule in rules() if rule.matches(Reading(text, slots=SOURCE))}


def test_rules_without_concepts_are_found_by_pattern_or_links() -> None:
    """A rule that needs no concept has a pattern without back references, or asks what links are for."""
    for rule in rules():
        if not (rule.has or rule.starts or rule.any or rule.only or rule.links):
            assert rule.pattern, rule.name
            assert not re.search(r"\\[1-9]|\(\?P", rule.pattern.pattern), rule.name


def test_names_are_unique() -> None:
    """A cut's reason names one rule."""
    names = [rule.name for rule in rules()]
    assert len(names) == len(set(names))


def test_concepts_exist() -> None:
    """Rules speak only of concepts that the lexicon knows, or that an article brings along."""
    known = lexicon().cues | lexicon().plain | {"site", "title", "shouting"}
    for rule in rules():
        assert set().union(rule.starts, rule.has, rule.any, rule.only, rule.without) <= known, rule.name


@pytest.mark.parametrize(
    "text",
    [
        "(Reporting by Ada Lund in Oslo; editing by Ben Hale)",
        "Correction: An earlier version of this article misspelled the name of the mayor.",
        "Editor's note: the names of two witnesses have been changed.",
        "This is a developing story and will be updated.",
        "Con información de la agencia Faro.",
        "Korrektur: In einer früheren Version stand ein falsches Datum.",
        "Исправление: в первой версии статьи была ошибка.",
        "訂正：記事中の日付に誤りがありました。",
    ],
)
def test_notes_are_protected(text: str) -> None:
    """Corrections, notes and reporters' credits are known for what they are."""
    assert Reading(text, slots=SOURCE).protected


@pytest.mark.parametrize(
    "text",
    [
        "“Sign up for our newsletter” does not work. “Support us” works until the end of the month.",
        "«© Иванов И. И. Все права защищены». Эта табличка торчала из сугроба на улице Марата весь февраль.",
        "„Nachdruck verboten“",
        '"If you are interested in our articles, please subscribe to our newsletter," the page still says.',
    ],
)
def test_boilerplate_in_quotation_marks_is_spoken_of(text: str) -> None:
    """What begins by quoting boilerplate is a story about it; a title in quotation marks protects no appeal."""
    assert Reading(text, slots=SOURCE).protected
    assert not Reading("“Harbour, Inc.” is a production of Quay Radio. Support our work.", slots=SOURCE).protected


@pytest.mark.parametrize(
    "text",
    [
        "Editor's Note: Help us continue to report the truth. Join Quay VIP today.",
        "Note to readers: Please click the share buttons above or below.",
    ],
)
def test_a_call_dressed_up_as_a_note_is_none(text: str) -> None:
    """A note that only asks for something protects nothing."""
    assert not Reading(text, slots=SOURCE).protected
