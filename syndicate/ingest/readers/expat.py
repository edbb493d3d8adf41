"""What feedparser is given and told: the usual XML parser, but one that hands text over in large pieces.

feedparser asks for SAX drivers by module name. Python's own driver calls it for every line and every character
reference of a body; put together by expat, the same text comes with a tenth of the calls.
"""

from collections.abc import Callable
from functools import lru_cache, wraps
from typing import Any
from xml.sax.expatreader import ExpatParser

import feedparser.api
import feedparser.mixin

_PIECE = 65_536  # characters
_LONGEST_AUTHOR = 2_000  # characters: a name, or dozens


class _InLargePieces(ExpatParser):
    def reset(self) -> None:
        super().reset()
        parser = self._parser  # type: ignore[attr-defined] # typeshed leaves it out
        parser.buffer_size = _PIECE
        parser.buffer_text = True


def create_parser() -> ExpatParser:
    """Make a parser; `xml.sax.make_parser` calls this."""
    return _InLargePieces()


def _of_sane_length(detail: Callable[..., None]) -> Callable[..., None]:
    """Let a method that looks at an author's name look at no longer one than anybody has."""

    @wraps(detail)
    def guarded(self: Any, key: str = "author") -> None:
        if len(self._get_context().get(key) or "") <= _LONGEST_AUTHOR:
            detail(self, key)

    return guarded


def install() -> None:
    """Let feedparser use this driver, join a base address with itself only once, and leave ids as they are written.

    It would take a guid for a relative address, which makes another id of it wherever the feed moves. Of an author it
    wants to know the address of mail, in time that grows with the square of what stands there.
    """
    mixin = feedparser.mixin._FeedParserMixin
    mixin.can_be_relative_uri.discard("id")
    if not hasattr(mixin._sync_author_detail, "__wrapped__"):
        mixin._sync_author_detail = _of_sane_length(mixin._sync_author_detail)
    feedparser.api.PREFERRED_XML_PARSERS[:] = [__name__]
    joined = feedparser.mixin.make_safe_absolute_uri
    if not hasattr(joined, "cache_info"):
        feedparser.mixin.make_safe_absolute_uri = lru_cache(maxsize=1_024)(joined)
