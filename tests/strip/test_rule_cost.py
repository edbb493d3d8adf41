"""No pattern of a rule can be made to try everything: texts of strangers meet all of them."""

import random
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

import pytest

from syndicate.strip.families import Rule, rules
from syndicate.strip.words import fold

LONGEST = 1_199  # characters: nothing longer is shown to a rule, but for markup in brackets
PATIENCE = 1.0  # seconds of processor time; a sound pattern needs some milliseconds
FILLINGS = ("a", "a ", "- ", ". ", "1 ", " ", "x.", "@", "/", "|", ": ", "=", "#a ", "[a] ", "» ", "a-", "a'", "(a) ")
ENDS = ("!", ". y: z", " x ?! x", '" x "', "~ x ~ x!", "?! x", " © x ©.")
PATTERNED = [rule for rule in rules() if rule.pattern is not None]


@contextmanager
def limited(seconds: float) -> Iterator[None]:
    """Interrupt what takes more than so much time of the processor, however busy the machine is."""

    def end(number: int, frame: FrameType | None) -> None:
        raise TimeoutError

    before = signal.signal(signal.SIGPROF, end)
    signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)


def near_misses(rule: Rule) -> Iterator[str]:
    """Give long texts that begin, go on or end like what the rule describes, and are something else in the end."""
    draw = random.Random(rule.name)
    examples = [fold(example) for example in rule.drop] or ["advertisement above"]
    for filling in FILLINGS:
        example, end = draw.choice(examples), draw.choice(ENDS)
        words = example.split()
        begun = " ".join(words[: draw.randint(1, len(words))])
        stem = example.rstrip(".!?:…»›→])}'\" ")
        yield (stem + filling * LONGEST)[:LONGEST] + end
        yield (example + filling * LONGEST)[:LONGEST] + end
        yield (filling * draw.randint(20, 400) + example + filling * 200)[:LONGEST] + end
        yield ((begun + filling) * draw.randint(2, 60))[:LONGEST] + end
        yield ((stem + filling) * 60)[: draw.randint(200, LONGEST)] + end


@pytest.mark.parametrize("rule", PATTERNED, ids=lambda rule: rule.name)
def test_patterns_give_up_soon(rule: Rule) -> None:
    """A text made to defeat a pattern is given up after a little work, not after every way to split it."""
    assert rule.pattern is not None
    with limited(PATIENCE):
        for text in near_misses(rule):
            rule.pattern.fullmatch(text)
