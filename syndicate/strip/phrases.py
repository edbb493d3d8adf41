"""Many phrases looked for in one pass over a text.

A phrase is a row of words; a word that ends in `*` stands for every word that begins so. The phrases make a tree, and
a text's words lead through the states of an automaton: a state is the set of all places in the tree that the last
words may have led to. States, and steps between them, are made when they are first needed and then remembered: a word
costs two look-ups, however many phrases there are.
"""

from collections.abc import Iterable, Mapping, Sequence
from itertools import accumulate
from operator import itemgetter

_START = itemgetter(1)
_FOLLOWED_BY = "{} {}".format
# A concept found in a text: its name, its first word, and the word behind its last one.
Mention = tuple[str, int, int]

_REMEMBERED = 50_000  # words, and steps between states; beyond that they are found anew, so that memory stays small
_OTHER = 0  # the kind of a word that stands in no phrase


# What a text has come to, by the number of words since: beginnings of phrases, their words with a space between.
_Begun = tuple[tuple[int, tuple[str, ...]], ...]
_Meaning = tuple[int, str]  # a group, and a concept of it


class _State:
    """What the last words of a text may be the beginning of, and the concepts that they are the end of."""

    __slots__ = ("begun", "following", "heard")

    def __init__(self, begun: _Begun, meanings: Mapping[str, tuple[_Meaning, ...]]) -> None:
        self.begun = begun
        self.following: dict[int, _State] = {}
        self.heard = tuple(
            (group, concept, length)
            for length, beginnings in begun
            for beginning in beginnings
            for group, concept in meanings.get(beginning, ())
        )


class Phrases:
    """Phrases by the concept that they express, in groups, ready to be looked for."""

    def __init__(self, groups: Sequence[Mapping[str, Iterable[Sequence[str]]]]) -> None:
        self._groups = len(groups)
        self._beginnings: set[str] = set()
        self._meanings: dict[str, tuple[_Meaning, ...]] = {}
        self._keys: set[str] = set()
        for group, concepts in enumerate(groups):
            for concept, phrases in concepts.items():
                meaning = ((group, concept),)
                for phrase in phrases:
                    self._add(meaning, phrase)
        self._longest = max((len(key) for key in self._keys if key.endswith("*")), default=0)
        self._kinds: dict[str, int] = {}
        self._by_keys: dict[tuple[str, ...], int] = {(): _OTHER}
        self._keys_of: list[tuple[str, ...]] = [()]
        self._start = _State((), {})
        self._states: dict[_Begun, _State] = {(): self._start}
        self._steps = 0

    def mentions(self, words: Sequence[str]) -> list[list[Mention]]:
        """Return every mention of a concept, group by group, ordered by their beginnings, also where they overlap."""
        found: list[list[Mention]] = [[] for _ in range(self._groups)]
        kinds = self._kinds
        state = start = self._start
        for end, word in enumerate(words, 1):
            try:
                kind = kinds[word]
            except KeyError:
                kind = self._kind(word)
            if kind == _OTHER:  # nothing goes on with it, whatever has begun
                state = start
                continue
            following = state.following.get(kind)
            state = self._step(state, kind) if following is None else following
            if state.heard:
                for group, concept, length in state.heard:
                    found[group].append((concept, end - length, end))
        for mentions in found:
            if len(mentions) > 1:
                mentions.sort(key=_START)
        return found

    def _add(self, meaning: tuple[_Meaning], phrase: Sequence[str]) -> None:
        self._keys.update(phrase)
        begun = list(accumulate(phrase, _FOLLOWED_BY))
        self._beginnings.update(begun)
        whole = begun[-1]
        known = self._meanings.get(whole)
        if known is None:
            self._meanings[whole] = meaning  # one tuple for all phrases of a concept: there are many
        elif meaning[0] not in known:
            self._meanings[whole] = known + meaning

    def _kind(self, word: str) -> int:
        """Number what a word can stand for in phrases: itself, and stems that it begins with."""
        stems = (f"{word[:end]}*" for end in range(1, min(len(word) + 1, self._longest)))
        keys = tuple(key for key in (word, *stems) if key in self._keys)
        kind = self._by_keys.get(keys)
        if kind is None:
            kind = self._by_keys[keys] = len(self._keys_of)
            self._keys_of.append(keys)
        if len(self._kinds) >= _REMEMBERED:
            self._kinds.clear()
        self._kinds[word] = kind
        return kind

    def _step(self, state: _State, kind: int) -> _State:
        """Find the state that a word of some kind leads to, and remember it."""
        keys = self._keys_of[kind]
        starts = tuple(key for key in keys if key in self._beginnings)
        onward = ((length + 1, self._onward(beginnings, keys)) for length, beginnings in state.begun)
        begun = (*((length, those) for length, those in onward if those), *(((1, starts),) if starts else ()))
        if self._steps >= _REMEMBERED:
            self._forget()
        self._steps += 1
        following = self._states.get(begun)
        if following is None:
            following = self._states[begun] = _State(begun, self._meanings)
        state.following[kind] = following
        return following

    def _onward(self, beginnings: tuple[str, ...], keys: tuple[str, ...]) -> tuple[str, ...]:
        longer = (f"{beginning} {key}" for beginning in beginnings for key in keys)
        return tuple(beginning for beginning in longer if beginning in self._beginnings)

    def _forget(self) -> None:
        self._start.following.clear()
        self._states = {(): self._start}
        self._steps = 0
