"""Each rule's own sentences: what it must catch, and what no rule may."""

import re
import tomllib
import unicodedata
from importlib.resources import files

import pytest

from syndicate.normalize.kickers import RELEASE_NAMES
from syndicate.strip.families import Rule, matching, rules
from syndicate.strip.wording import Slots, Wording
from syndicate.strip.words import fold, lexicon, split

each_rule = pytest.mark.parametrize("rule", [pytest.param(rule, id=rule.name) for rule in rules()])
# What the rules' sentences call their source, and their article.
SOURCE = Slots(site=frozenset({"example"}), title="a lantern on the quay")


@each_rule
def test_drop_sentences(rule: Rule) -> None:
    """A rule describes each of the sentences that were written down for it to cut."""
    assert [text for text in rule.drop if not rule.matches(Wording(text, slots=SOURCE))] == []


def test_every_rule_has_sentences() -> None:
    """Each rule shows what it is for, in words; only those that look at links can't, as sentences have none."""
    assert [rule.name for rule in rules() if not (rule.drop or rule.links or rule.linked)] == []


def test_every_rule_adds_something() -> None:
    """Of each rule's sentences there is one that no other rule catches as surely, as far and with as much below it."""

    def as_strong(other: Rule, rule: Rule) -> bool:
        wide = other.place in {"any", rule.place}
        return wide and other.row <= rule.row and other.sure >= rule.sure and other.section >= rule.section

    def adds(rule: Rule, text: str) -> bool:
        found = matching(Wording(text, slots=SOURCE))
        return not any(as_strong(other, rule) for other in found if other is not rule)

    assert [rule.name for rule in rules() if rule.drop and not any(adds(rule, text) for text in rule.drop)] == []


@each_rule
def test_keep_sentences(rule: Rule) -> None:
    """No rule at all describes a sentence that was written down to be kept."""
    found = {text: [one.name for one in matching(Wording(text, slots=SOURCE)) if not one.row] for text in rule.keep}
    assert {text: names for text, names in found.items() if names} == {}


@each_rule
def test_no_rule_is_overlooked(rule: Rule) -> None:
    """Of the rules, few are asked about a text, but all that describe it are found, unless it is spared them all."""
    for text in (*rule.drop, *rule.keep):
        found = matching(Wording(text, slots=SOURCE))
        assert not found or set(found) == {one for one in rules() if one.matches(Wording(text, slots=SOURCE))}, text


def test_rules_without_concepts_are_found_by_pattern_or_links() -> None:
    """A rule that needs no concept has a pattern without back references, or asks what links are for."""
    for rule in rules():
        if not (rule.has or rule.starts or rule.any or rule.only or rule.links):
            assert rule.pattern, rule.name
            assert not re.search(r"\\[1-9]|\(\?P", rule.pattern.pattern), rule.name


@pytest.mark.parametrize("name", RELEASE_NAMES)
def test_what_is_no_headline_is_no_line_of_the_article(name: str) -> None:
    """What a press release calls itself is known by the same names above a headline and in the text."""
    assert "release-head" in {rule.name for rule in matching(Wording(name.upper()))}


def test_each_rule_has_a_place_of_its_own() -> None:
    """Where two rules describe a block, the first in the order of the files is the one on record, in every process."""
    assert [rule.order for rule in rules()] == list(range(len(rules())))


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
        "Produced by Ada Lund with help from Ben Hale. Music by The Porch Lights.",
        "Director: Carl Quay. Stage manager: Olga Brandt.",
        "Herald reporter Ada Lund and freelance reporter Ben Hale contributed.",
    ],
)
def test_notes_are_protected(text: str) -> None:
    """Corrections, notes and the credits of reporters and makers are known for what they are."""
    assert Wording(text, slots=SOURCE).protected


@pytest.mark.parametrize(
    "text", ["Hosted by Quaycast. See quaycast.example/privacy.", "Editors: our reports are free."]
)
def test_hosts_and_offers_are_no_credits(text: str) -> None:
    """Who keeps the files, or calls upon editors, made nothing of the article."""
    assert not Wording(text, slots=SOURCE).protected


@pytest.mark.parametrize(
    "text",
    [
        "“Sign up for our newsletter” does not work. “Support us” works until the end of the month.",
        "«© Иванов И. И. Все права защищены». Эта табличка торчала из сугроба на улице Марата весь февраль.",
        "„Nachdruck verboten“",
        "“Share it with whoever has a boat and no harbour,” said the board at the quay.",
        '"If you are interested in our articles, please subscribe to our newsletter," the page still says.',
    ],
)
def test_boilerplate_in_quotation_marks_is_spoken_of(text: str) -> None:
    """What begins by quoting boilerplate is a story about it; a title in quotation marks protects no appeal."""
    assert Wording(text, slots=SOURCE).protected
    assert not Wording("“Harbour, Inc.” is a production of Quay Radio. Support our work.", slots=SOURCE).protected


@pytest.mark.parametrize(
    "text",
    [
        "Editor's Note: Help us continue to report the truth. Join Quay VIP today.",
        "Note to readers: Please click the share buttons above or below.",
    ],
)
def test_a_call_dressed_up_as_a_note_is_none(text: str) -> None:
    """A note that only asks for something protects nothing."""
    assert not Wording(text, slots=SOURCE).protected


SHARED = [
    "Pasidalinkite šiuo straipsniu su draugais.",
    "Dalies ar šo rakstu ar draugiem!",
    "Jaga seda artiklit sõpradega!",
    "Delite članek s prijatelji.",
    "Споделете ја оваа статија со пријателите.",
    "Deildu greininni með vinum þínum.",
    "Shpërndajeni këtë artikull me miqtë tuaj.",
    "Поделитесь этой статьёй с друзьями.",
    "Поділіться цією статтею з друзями.",
    "Падзяліцеся гэтым артыкулам з сябрамі.",
    "Udostępnij ten artykuł znajomym.",
    "Sdílejte tento článek s přáteli.",
    "Zdieľajte tento článok s priateľmi.",
    "Споделете тази статия с приятели.",
    "Поделите овај чланак са пријатељима.",
    "Podelite ovaj tekst sa prijateljima.",
    "Podijelite ovaj članak s prijateljima.",
    "Oszd meg ezt a cikket a barátaiddal!",
    "Dela den här artikeln med dina vänner.",
    "Del denne artikel med dine venner.",
    "Del denne saken med vennene dine.",
    "Jaa tämä artikkeli ystävillesi.",
    "Μοιραστείτε αυτό το άρθρο με τους φίλους σας.",
    "Bu haberi arkadaşlarınızla paylaşın.",
    "Bu xəbəri dostlarınızla paylaşın.",
    "Бұл мақаламен достарыңызбен бөлісіңіз.",
    "გაუზიარეთ ეს სტატია მეგობრებს.",
    "Կիսվեք այս հոդվածով ձեր ընկերների հետ։",
    "अगर आपको यह खबर पसंद आई हो, तो इसे अपने दोस्तों के साथ शेयर जरूर करें।",
    "ही बातमी आवडली असेल तर आपल्या मित्रांसोबत नक्की शेअर करा.",
    "খবরটি ভালো লাগলে আপনার বন্ধুদের সাথে শেয়ার করুন।",
    "यो समाचार मन पर्\u200dयो भने आफ्ना साथीहरूसँग सेयर गर्नुहोस्।",
    "இந்த செய்தியை உங்கள் நண்பர்களுடன் பகிர்ந்து கொள்ளுங்கள்.",
    "ఈ వార్తను మీ స్నేహితులతో షేర్ చేయండి.",
    "แชร์ข่าวนี้ให้เพื่อนของคุณ",
    "આ સમાચાર તમારા મિત્રો સાથે શેર કરો.",
    "ಈ ಸುದ್ದಿಯನ್ನು ನಿಮ್ಮ ಸ್ನೇಹಿತರೊಂದಿಗೆ ಹಂಚಿಕೊಳ್ಳಿ.",
    "ഈ വാർത്ത സുഹൃത്തുക്കളുമായി പങ്കുവെക്കുക.",
    "ਇਸ ਖ਼ਬਰ ਨੂੰ ਆਪਣੇ ਦੋਸਤਾਂ ਨਾਲ ਸਾਂਝਾ ਕਰੋ।",
    "මෙම පුවත ඔබේ මිතුරන් සමඟ බෙදාගන්න.",
    "សូមចែករំលែកអត្ថបទនេះទៅមិត្តភក្តិរបស់អ្នក។",
    "ဤသတင်းကို သင့် သူငယ်ချင်းများကို မျှဝေပါ။",
]


@pytest.mark.parametrize("text", SHARED)
def test_a_call_to_share_is_known_in_many_languages(text: str) -> None:
    """Whatever the script, whether its vowels are marks and where the verb stands, a rule finds the call."""
    assert "share" in {rule.family for rule in matching(Wording(text))}


def test_phrases_are_spelled_as_texts_are() -> None:
    """Words of Indian and South East Asian scripts keep their vowel signs in the lexicon, as they do in texts."""
    words = [word for concept in lexicon_table().values() for said in concept.values() for word in said]
    marked = [word for word in words if re.search("[\u0900-\u0dff\u0e00-\u0e7f\u1000-\u109f\u1780-\u17d3]", word)]
    assert len(marked) > 10_000
    assert sum(unicodedata.category(sign) in {"Mn", "Mc"} for word in marked for sign in word) > 0.2 * sum(
        map(len, marked)
    )


def test_every_phrase_has_a_word() -> None:
    """A phrase that is nothing but signs would never be found in a text: none stands in the lexicon."""
    said = {phrase for concept in lexicon_table().values() for phrases in concept.values() for phrase in phrases}
    assert {phrase for phrase in said if not split(fold(phrase.rstrip("*")))} == set()


def lexicon_table() -> dict[str, dict[str, list[str]]]:
    return tomllib.loads(files("syndicate.strip").joinpath("lexicon.toml").read_text("utf-8"))
