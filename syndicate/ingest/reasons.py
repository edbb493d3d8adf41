"""How a failure is told to whoever looks after the source. Pure."""

from collections.abc import Iterator

from syndicate.errors import SyndicateError
from syndicate.model import Entry, Failure
from syndicate.text import legal, squeeze


def one_line(said: str) -> str:
    """What somebody else said, on one line and without control characters: PostgreSQL takes no text with a NUL."""
    return squeeze(legal(said))


def told(error: Exception) -> str:
    """The reason for a failure, on one line; a bug of ours is called unexpected."""
    if isinstance(error, SyndicateError):
        return one_line(str(error))
    said = one_line(str(error).strip().partition("\n")[0])  # a database's further lines may hold what is stored
    return f"unexpected {type(error).__name__}: {said or 'it says no more'}"


def remarks(entry: Entry) -> Iterator[Failure]:
    """What whoever looks after the source should know of an entry that went through."""
    where = entry.link or entry.key
    if entry.goes_on:
        yield Failure(where, f"it goes on at {entry.goes_on}, which was not read")
    if entry.doubt:
        yield Failure(where, entry.doubt)
