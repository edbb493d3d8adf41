"""How texts become words, and how the lexicon's phrases are found among them."""

import re
import string
from operator import itemgetter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syndicate.strip import phrases
from syndicate.strip.phrases import Mention, Phrases
from syndicate.strip.wording import Wording
from syndicate.strip.words import bare, clause_starts, fold, lexicon, split

WORDS = st.text("ab", min_size=1, max_size=3)
KEYS = st.one_of(WORDS, WORDS.map(lambda word: word + "*"))
GROUP = st.dictionaries(
    st.sampled_from(["share", "follow", "donate"]), st.lists(st.lists(KEYS, min_size=1, max_size=3), max_size=4)
)
ASCII = st.text(string.printable + "%%..__", max_size=80)


def naive(groups: list[dict[str, list[list[str]]]], words: list[str]) -> list[set[Mention]]:
    """Compare every phrase with every row of words."""
    return [
        {
            (concept, start, start + len(phrase))
            for concept, found in group.items()
            for phrase in found
            for start in range(len(words) - len(phrase) + 1)
            if all(_stands_for(key, word) for key, word in zip(phrase, words[start:], strict=False))
        }
        for group in groups
    ]


def _stands_for(key: str, word: str) -> bool:
    return word.startswith(key[:-1]) if key.endswith("*") else word == key


@given(groups=st.lists(GROUP, min_size=1, max_size=2), texts=st.lists(st.lists(WORDS, max_size=8), max_size=4))
def test_search_finds_what_comparing_finds(groups: list[dict[str, list[list[str]]]], texts: list[list[str]]) -> None:
    """The search finds exactly the phrases that a comparison of each phrase with each place finds, in order."""
    search = Phrases(groups)
    for words in texts:
        found = search.mentions(words)
        assert [set(mentions) for mentions in found] == naive(groups, words)
        assert all(mentions == sorted(mentions, key=itemgetter(1, 2)) for mentions in found)


def test_search_forgets_and_finds_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the search remembers is bounded, and a search that had to forget finds the same."""
    monkeypatch.setattr(phrases, "_REMEMBERED", 3)
    search = Phrases([{"share": [["share", "this*"], ["this", "story"]]}])
    text = split("do share this story or share thistles or share nothing of this story at all")
    first = search.mentions(text)
    assert first == [[("share", 1, 3), ("share", 2, 4), ("share", 5, 7), ("share", 11, 13)]]
    assert search.mentions(text) == first


def test_lexicon_sorts_mentions() -> None:
    """The lexicon tells boilerplate's own concepts from those of plain language and from words that protect."""
    found = lexicon().mentions(split(fold("Correction: please subscribe to our newsletter")))
    assert {"subscribe", "newsletter"} <= {concept for concept, _, _ in found.cues}
    assert "us" in {concept for concept, _, _ in found.plain}
    assert {concept for concept, _, _ in found.notes} == {"keep"}


@given(text=ASCII)
def test_short_cuts_for_ascii_change_nothing(text: str) -> None:
    """A text without other signs has the same words and clauses as beside a letter that needs the long way."""
    folded = fold(text)
    assert split(folded) == split(f"{folded} é")[:-1]
    assert bare(folded) == re.sub(r"[\W_]+", " ", folded).strip()
    assert clause_starts(folded) == clause_starts(f"{folded} é")


def test_addresses_in_brackets_are_not_read() -> None:
    """What a program wrote into a mail beside the words that were a link parts no phrase."""
    line = (
        "If this message is not displaying properly, click <https://quay.example/mm> here to open it in your browser."
    )
    assert Wording(line).words == Wording(line.replace(" <https://quay.example/mm>", "")).words
