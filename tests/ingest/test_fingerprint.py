"""Exact fingerprints and similarity sketches."""

import random

from syndicate.ingest.fingerprint import alike, sketch

RNG = random.Random(5)
WORDS = ["".join(RNG.choices("abcdefghilmnoprstu", k=RNG.randint(2, 9))) for _ in range(2_000)]


def text(words: int) -> str:
    return " ".join(RNG.choices(WORDS, k=words))


def test_a_retouched_text_is_alike() -> None:
    """A few changed words of four hundred leave a text near-identical."""
    words = text(400).split()
    retouched = [*words[:200], "corrected", *words[203:]]
    assert alike(sketch(" ".join(words)), sketch(" ".join(retouched)))


def test_texts_that_share_a_tail_are_not_alike() -> None:
    """Two stories that end in the same ten lines are two stories."""
    tail = text(60)
    assert not alike(sketch(f"{text(300)} {tail}"), sketch(f"{text(300)} {tail}"))


def test_other_texts_are_not_alike() -> None:
    """Texts that have nothing in common, or too little to compare, are not alike."""
    assert not alike(sketch(text(300)), sketch(text(300)))
    assert sketch(text(39)) == ()
    assert not alike((), ())


def test_sketch_is_the_same_everywhere() -> None:
    """A sketch is stored: it must not depend on the process, only on words, whatever their case and punctuation."""
    words = [f"word{n}" for n in range(43)]
    values = sketch(" ".join(words))
    assert values == sketch("  ".join(w.upper() for w in words) + ".")
    assert len(values) == 16
    assert values[0] == 987991380713368752
    assert all(-(2**63) <= v < 2**63 for v in values)
