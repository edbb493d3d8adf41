"""Undoing Content-Encoding in bounded steps: a bomb never unfolds further than it is asked to.

Every decoder is pulled: it is asked for at most `size` bytes and takes no more input than it needs for them. The
caller watches each link of a chain, not only the last: what one gives, the next may swallow without giving anything.
"""

import zlib
from collections.abc import Callable, Sequence
from typing import Protocol

import brotli
import zstandard

from syndicate.errors import FetchError, RefusedError

ACCEPTED = "gzip, deflate, br, zstd"

_CHUNK = 65_536
# The most that RFC 9659 lets a zstd content coding ask for.
_ZSTD_WINDOW = 8 * 1024 * 1024
# A block of 4 bytes can say 128 KB, so this much input gives 8 MB at worst.
_ZSTD_PORTION = 256
# Of gzip members and zstd frames: each costs something, and may give nothing.
_MOST_PIECES = 10_000
# Said by misconfigured servers about bodies that are not encoded at all.
_NOT_ENCODED = frozenset(("", "identity", "none", "binary", "utf-8", "utf8", "8bit"))


class Readable(Protocol):
    """What a link of the chain reads from: at most `size` bytes, b"" at the end."""

    def read(self, size: int, /) -> bytes:
        """The next bytes."""
        ...


def codings(header: str, limit: int) -> tuple[str, ...]:
    """The codings of a Content-Encoding header in the order they were applied, without those that mean none.

    Raises RefusedError if there are more than `limit`, FetchError for one that nobody asked for.
    """
    named = [name.strip().lower() for name in header.split(",")]
    found = tuple(name for name in named if name not in _NOT_ENCODED)
    if len(found) > limit:
        raise RefusedError(f"refused: encoded {len(found)} times over, at most {limit} are undone")
    for name in found:
        if name not in _DECODERS:
            raise FetchError(f"answered in the unknown encoding {name[:40]!r}")
    return found


def _unwatched(link: Readable) -> Readable:
    return link


def decoded(source: Readable, applied: Sequence[str], watched: Callable[[Readable], Readable] = _unwatched) -> Readable:
    """Wrap `source` so that reading it undoes the codings, the last applied first; every link is `watched`."""
    source = watched(source)
    for name in reversed(applied):
        source = watched(_DECODERS[name](source))
    return source


class _Zlib:
    """gzip (any number of members) and deflate (with the zlib wrapper, or without as some servers send it)."""

    def __init__(self, source: Readable, *, gzip: bool) -> None:
        self._source = source
        self._gzip = gzip
        self._inflater = zlib.decompressobj(31 if gzip else 15)
        self._waiting = b""
        self._started = False
        self._ended = False
        self._members = 0

    def read(self, size: int, /) -> bytes:
        while True:
            if not self._waiting:
                self._waiting = self._source.read(_CHUNK)
                if not self._waiting:
                    if self._started and not self._ended:
                        raise FetchError("the compressed answer ends in the middle")
                    return b""
            if self._ended and not self._next_member():
                return b""
            if out := self._inflate(size):
                return out

    def _next_member(self) -> bool:
        # Whatever follows the end and is not another member is padding, and of no use to anybody.
        if len(self._waiting) == 1:
            self._waiting += self._source.read(_CHUNK)
        if not self._gzip or not self._waiting.startswith(b"\x1f\x8b"):
            return False
        self._inflater = zlib.decompressobj(31)
        self._ended = False
        self._members = _one_more(self._members)
        return True

    def _inflate(self, size: int) -> bytes:
        try:
            out = self._inflater.decompress(self._waiting, size)
        except zlib.error as error:
            if self._gzip or self._started:
                raise FetchError(f"the compressed answer is damaged ({error})") from error
            self._inflater = zlib.decompressobj(-15)
            self._started = True
            return self._inflate(size)
        self._started = True
        self._ended = self._inflater.eof
        self._waiting = self._inflater.unused_data if self._ended else self._inflater.unconsumed_tail
        return out


class _Portions:
    """What the decoders share that unfold in portions of their own: they keep what was not asked for yet."""

    def __init__(self) -> None:
        self._unfolded = b""
        self._given = 0  # of what is unfolded: cutting that off each time would copy the rest again and again

    def read(self, size: int, /) -> bytes:
        while self._given >= len(self._unfolded):
            self._unfolded, self._given = b"", 0
            if not self._unfold(size):
                return b""
        out = self._unfolded[self._given : self._given + size]
        self._given += len(out)
        return out

    def _unfold(self, size: int) -> bool:
        """Replace what is unfolded by about `size` bytes that follow; False at the end."""
        raise NotImplementedError


class _Brotli(_Portions):
    def __init__(self, source: Readable) -> None:
        super().__init__()
        self._source = source
        self._decoder = brotli.Decompressor()
        self._started = False

    def _unfold(self, size: int) -> bool:
        if self._decoder.is_finished():
            return False
        # It may hold output back although it says that it can accept more.
        self._unfolded = self._processed(b"", size) if self._started else b""
        if self._unfolded or self._decoder.is_finished():
            return True
        chunk = self._source.read(_CHUNK)
        if not chunk and self._started:
            raise FetchError("the compressed answer ends in the middle")
        self._started = bool(chunk)
        self._unfolded = self._processed(chunk, size) if chunk else b""
        return bool(chunk)

    def _processed(self, chunk: bytes, size: int) -> bytes:
        try:
            out: bytes = self._decoder.process(chunk, output_buffer_limit=size)
        except brotli.error as error:
            raise FetchError("the compressed answer is damaged (brotli)") from error
        return out


class _Zstd(_Portions):
    """zstd, any number of frames; its own stream reader can't tell a frame that was cut off from one that ended."""

    def __init__(self, source: Readable) -> None:
        super().__init__()
        self._source = source
        self._waiting = b""
        self._frame = _zstd_frame()
        self._frames = 0
        self._inside = False

    def _unfold(self, size: int) -> bool:  # noqa: ARG002 - the portion of input is the bound here
        self._waiting = self._waiting or self._source.read(_CHUNK)
        if not self._waiting:
            if self._inside:
                raise FetchError("the compressed answer ends in the middle")
            return False
        portion, self._waiting = self._waiting[:_ZSTD_PORTION], self._waiting[_ZSTD_PORTION:]
        try:
            self._unfolded = self._frame.decompress(portion)
        except zstandard.ZstdError as error:
            raise FetchError(f"the compressed answer is damaged ({error})") from error
        self._inside = not self._frame.eof
        if self._frame.eof:
            self._waiting = self._frame.unused_data + self._waiting
            self._frame = _zstd_frame()
            self._frames = _one_more(self._frames)
        return True


def _one_more(pieces: int) -> int:
    if pieces == _MOST_PIECES:
        raise RefusedError(f"refused: packed in more than {_MOST_PIECES} pieces")
    return pieces + 1


def _zstd_frame() -> "zstandard.ZstdDecompressionObj":  # a name for type checkers only
    return zstandard.ZstdDecompressor(max_window_size=_ZSTD_WINDOW).decompressobj()


_DECODERS: dict[str, Callable[[Readable], Readable]] = {
    "gzip": lambda source: _Zlib(source, gzip=True),
    "x-gzip": lambda source: _Zlib(source, gzip=True),
    "deflate": lambda source: _Zlib(source, gzip=False),
    "br": _Brotli,
    "zstd": _Zstd,
}
