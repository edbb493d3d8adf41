"""What must not be moved out of a body, as whoever reads bodies is told of it."""

from collections.abc import Callable

Kept = Callable[[str, str], bool]  # whether a text has to stay in the article of this title: a person said so


def nothing(text: str, title: str) -> bool:  # noqa: ARG001 - a `Kept`
    """Return False: nobody said anything."""
    return False
