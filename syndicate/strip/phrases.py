"""Many phrases looked for in one pass over a text.

A phrase is a row of words; a word that ends in `*` stands for every word that begins so. The phrases make a tree, and
a text's words lead through the states of an automaton: a state is the set of all places in the tree that the last
words may have led to. States, and steps between them, are made when they are first needed and then remembered: a word
costs two look-ups, however many phrases there are.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from operator import itemgetter

_START = itemgetter(1)
# A concept found in a text: its name, its first word, and the word behind its last one.
Mention = tuple[str, int, int]

_REMEMBERED = 50_000  # words, and steps between states; beyond that they are found anew, so that memory stays small
_OTHER = 0  # the kind of a word that stands in no phrase


@dataclass(slots=True, eq=False)
class _Node:
    following: dict[str, "_Node"] = field(default_factory=dict)
    concepts: tuple[tuple[int, str], ...] = ()


# The places in the tree that a text has come to, by the number of words since their phrases began.
_Begun = tuple[tuple[int, tuple[_Node, ...]], ...]


class _State:
    """What the last words of a text may be the beginning of, and the concepts that they are the end of."""

    __slots__ = ("begun", "following", "heard")

    def __init__(self, begun: _Begun) -> None:
        self.begun = begun
        self.following: dict[int, _State] = {}
        self.heard = tuple(
            (group, concept, length) for length, nodes in begun for node in nodes for group, concept in node.concepts
        )


class Phrases:
    """Phrases by the concept that they express, in groups, ready to be looked for."""

    def __init__(self, groups: Sequence[Mapping[str, Iterable[Sequence[str]]]]) -> None:
        self._groups = len(groups)
        self._tree = _Node()
        self._keys: set[str] = set()
        for group, concepts in enumerate(groups):
            for concept, phrases in concepts.items():
                for phrase in phrases:
                    self._add((group, concept), phrase)
        self._longest = max((len(key) for key in self._keys if key.endswith("*")), default=0)
        self._kinds: dict[str, int] = {}
        self._by_keys: dict[tuple[str, ...], int] = {(): _OTHER}
        self._keys_of: list[tuple[str, ...]] = [()]
        self._start = _State(())
        self._states: dict[_Begun, _State] = {(): self._start}
        self._steps = 0

    def mentions(self, words: Sequence[str]) -> list[list[Mention]]:
        """Return every mention of a concept, group by group, ordered by their beginnings, also where they overlap."""
        found: list[list[Mention]] = [[] for _ in range(self._groups)]
        kinds, state = self._kinds, self._start
        for end, word in enumerate(words, 1):
            kind = kinds.get(word)
            if kind is None:
                kind = self._kind(word)
            following = state.following.get(kind)
            state = self._step(state, kind) if following is None else following
            if state.heard:
                for group, concept, length in state.heard:
                    found[group].append((concept, end - length, end))
        for mentions in found:
            if len(mentions) > 1:
                mentions.sort(key=_START)
        return found

    def _add(self, concept: tuple[int, str], phrase: Sequence[str]) -> None:
        node = self._tree
        self._keys.update(phrase)
        for key in phrase:
            node = node.following.setdefault(key, _Node())
        if concept not in node.concepts:
            node.concepts += (concept,)

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
        begun = tuple(
            (length + 1, onward)
            for length, nodes in (*state.begun, (0, (self._tree,)))
            if (onward := tuple(node.following[key] for node in nodes for key in keys if key in node.following))
        )
        if self._steps >= _REMEMBERED:
            self._forget()
        self._steps += 1
        following = state.following[kind] = self._states.setdefault(begun, _State(begun))
        return following

    def _forget(self) -> None:
        self._start.following.clear()
        self._states = {(): self._start}
        self._steps = 0
