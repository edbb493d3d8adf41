"""How a failure is told to whoever looks after the source. Pure."""

from syndicate.errors import SyndicateError
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
