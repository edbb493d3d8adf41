"""The tree of errors that the module draws is the one that it has."""

import inspect
import re
from collections.abc import Iterator

from syndicate import errors


def _drawn() -> Iterator[tuple[str, str]]:
    """Each error of the drawing with the one that it hangs from."""
    branch: list[str] = []
    for line in (errors.__doc__ or "").splitlines():
        if found := re.match(r"((?:\|   )*)(?:\+-- )?(\w+Error)\b", line):
            depth = line.index(found[2]) // 4
            branch[depth:] = [found[2]]
            if depth:
                yield found[2], branch[depth - 1]


def test_the_drawn_tree_is_the_tree() -> None:
    """Every error stands in the drawing, below the one that it is a kind of; nothing else does."""
    kinds = [kind for _, kind in inspect.getmembers(errors, inspect.isclass) if kind is not errors.SyndicateError]
    assert {(kind.__name__, kind.__base__.__name__) for kind in kinds} == set(_drawn())
