"""The voice and the phrasebook it learns from."""

from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as some

from syndicate.strip.scorer import BIAS
from syndicate.strip.voice import LOUDEST, Voice, features, shipped_voice
from syndicate.strip.wording import Wording

PHRASES = Path(__file__).resolve().parents[1] / "data/strip/phrases"
Line = tuple[str, str]


@pytest.fixture(scope="module")
def lines() -> list[Line]:
    found: list[Line] = []
    for path in sorted(PHRASES.glob("*.txt")):
        for number, line in enumerate(path.read_text("utf-8").split("\n")[:-1], 1):
            family, _, text = line.partition("\t")
            assert family.isalpha(), f"{path.name}:{number}"
            assert text.strip(), f"{path.name}:{number}"
            found.append((family, text))
    return found


def test_phrasebook_is_large_and_varied(lines: list[Line]) -> None:
    """Every family is said in many ways, and what only looks like boilerplate is there in numbers."""
    families = Counter(family for family, _ in lines)
    assert families.pop("keep") >= 3_500
    assert sum(families.values()) >= 6_500
    assert min(families.values()) >= 100, families
    assert len(list(PHRASES.glob("*.txt"))) >= 30


def test_no_line_is_said_twice_with_two_verdicts(lines: list[Line]) -> None:
    """Lines that stand for both count for neither; there are only a handful, and they are headings."""
    verdicts: dict[str, set[bool]] = {}
    for family, text in lines:
        verdicts.setdefault(text.casefold(), set()).add(family == "keep")
    both = [text for text, found in verdicts.items() if len(found) > 1]
    assert len(both) <= 5, both
    assert all(len(text.split()) <= 4 for text in both), both


def test_voice_tells_the_phrasebook_apart(lines: list[Line]) -> None:
    """Of every third line it learned from, it hears most boilerplate, and mistakes few others, without a place."""
    spoken = [(family != "keep", shipped_voice().of(Wording(text))) for family, text in lines[::3] if family != "bio"]
    drops = [loudness for boilerplate, loudness in spoken if boilerplate]
    keeps = [loudness for boilerplate, loudness in spoken if not boilerplate]
    assert sum(loudness > 0 for loudness in drops) >= 0.7 * len(drops)
    assert sum(loudness > 0 for loudness in keeps) <= 0.1 * len(keeps)


@pytest.mark.parametrize(
    ("boilerplate", "article"),
    [
        (
            "Please consider a gift to keep our newsroom going.",
            "She gave the newsroom two hundred tulips and went home.",
        ),
        (
            "Bitte teilen Sie diesen Beitrag mit Ihren Nachbarn.",
            "Die Nachbarn teilten sich den Beitrag für den Verein.",
        ),
        ("Suscríbase gratis a nuestro boletín diario.", "El boletín de notas lo firmó la directora del colegio."),
        ("この記事をシェアする", "町の人々は畑と井戸を長く分け合ってきた。"),
    ],
)
def test_the_same_words_sound_different(boilerplate: str, article: str) -> None:
    """A call sounds more like boilerplate than a sentence that tells of the same things."""
    assert shipped_voice().of(Wording(boilerplate)) > 0 > shipped_voice().of(Wording(article))


def test_unknown_words_weigh_nothing() -> None:
    """A text without any known feature is as likely boilerplate as any other; a text without words is heard, too."""
    deaf = Voice({BIAS: -1.5})
    assert deaf.of(Wording("Qwxyz vvrk.")) == -1.5
    assert -LOUDEST <= deaf.of(Wording("***")) <= LOUDEST


@given(text=some.text(max_size=200) | some.sampled_from(["Share this story with 3 friends! → https://a.example"]))
def test_what_is_weighed_is_what_is_learned(text: str) -> None:
    """A voice weighs exactly the features that its training sees."""
    reading = Wording(text)
    summed = sum(shipped_voice().weights.get(name, 0.0) * value for name, value in features(reading).items())
    expected = max(-LOUDEST, min(LOUDEST, summed + shipped_voice().weights.get(BIAS, 0.0)))
    assert shipped_voice().of(reading) == pytest.approx(expected)


def test_features_are_bounded() -> None:
    """However long a text is, its words weigh about as much as those of a short one."""
    short, long = features(Wording("Share this story.")), features(Wording("share this story " * 400))
    assert sum(value * value for value in long.values()) < 40 * sum(value * value for value in short.values())


def test_a_persons_address_is_no_word() -> None:
    """All mail addresses are one word to the voice, and so are all names on a network: it learns nobody's."""
    one, other = "Write to ada.lund@mill.example today", "Write to ben.hale@quay.example today"
    assert features(Wording(one)) == features(Wording(other))
    assert features(Wording("Follow @adalund")) == features(Wording("Follow @quayben"))
    assert not {"ada", "lund", "mill", "adalund"} & features(Wording(f"{one} or follow @adalund")).keys()
