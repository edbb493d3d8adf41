"""Content codings are undone in bounded steps."""

import gzip
import io
import zlib

import brotli
import pytest
import zstandard

from syndicate.errors import FetchError, RefusedError
from syndicate.ingest.encodings import codings, decoded

TEXT = b"<rss>" + bytes(range(256)) * 2_000 + b"</rss>"


def raw_deflate(data: bytes) -> bytes:
    squeezer = zlib.compressobj(wbits=-15)
    return squeezer.compress(data) + squeezer.flush()


ENCODERS = {
    "gzip": gzip.compress,
    "x-gzip": gzip.compress,
    "deflate": zlib.compress,
    "br": brotli.compress,
    "zstd": zstandard.ZstdCompressor().compress,
}


class Slow(io.BytesIO):
    """Gives a few bytes at a time and counts what was taken."""

    taken = 0

    def read(self, size: int | None = -1, /) -> bytes:
        data = super().read(min(size or 1_000, 1_000) if size != -1 else 1_000)
        self.taken += len(data)
        return data


def unpack(data: bytes, *applied: str, size: int = 65_536) -> bytes:
    reader = decoded(Slow(data), applied)
    parts = []
    while part := reader.read(size):
        assert len(part) <= size
        parts.append(part)
    assert reader.read(size) == b""
    return b"".join(parts)


@pytest.mark.parametrize("name", ENCODERS)
@pytest.mark.parametrize("size", [100, 65_536])
def test_every_coding_is_undone(name: str, size: int) -> None:
    """What was packed comes out, in portions no larger than asked for."""
    assert unpack(ENCODERS[name](TEXT), name, size=size) == TEXT
    assert unpack(ENCODERS[name](b""), name) == b""
    assert unpack(b"", name) == b""


def test_deflate_without_its_wrapper_is_undone() -> None:
    """Some servers call raw deflate `deflate`."""
    assert unpack(raw_deflate(TEXT), "deflate") == TEXT


def test_members_and_frames_follow_each_other() -> None:
    """gzip members and zstd frames are read on; padding after gzip is not."""
    assert unpack(gzip.compress(TEXT) + gzip.compress(b"more"), "gzip") == TEXT + b"more"
    assert unpack(ENCODERS["zstd"](TEXT) + ENCODERS["zstd"](b"more"), "zstd") == TEXT + b"more"
    assert unpack(gzip.compress(TEXT) + b"\0" * 5_000, "gzip") == TEXT


def test_members_are_read_on_wherever_portions_end() -> None:
    """The two bytes by which the next gzip member is known may come in two portions."""
    first = gzip.compress(b"x" * 976, compresslevel=0)
    assert len(first) == 999
    assert unpack(first + gzip.compress(b"more"), "gzip") == b"x" * 976 + b"more"


def test_chains_are_undone_in_reverse() -> None:
    """The coding applied last is undone first."""
    assert unpack(brotli.compress(gzip.compress(TEXT)), "gzip", "br") == TEXT


@pytest.mark.parametrize("name", ENCODERS)
def test_a_body_that_ends_in_the_middle_is_an_error(name: str) -> None:
    """Half a feed is never taken for a feed."""
    packed = ENCODERS[name](TEXT)
    with pytest.raises(FetchError, match=r"ends in the middle|damaged"):
        unpack(packed[: len(packed) // 2], name)


@pytest.mark.parametrize("name", ENCODERS)
def test_damage_is_an_error(name: str) -> None:
    """Bytes that are not what the header says are refused with a reason."""
    with pytest.raises(FetchError, match="damaged"):
        unpack(b"<rss>" * 1_000, name)


@pytest.mark.parametrize("name", ENCODERS)
def test_a_bomb_unfolds_no_further_than_asked(name: str) -> None:
    """Taking a little of a bomb takes little input and little memory."""
    packed = brotli.compress(b"\0" * 50_000_000, quality=1) if name == "br" else ENCODERS[name](b"\0" * 50_000_000)
    source = Slow(packed)
    reader = decoded(source, (name,))
    assert len(reader.read(10_000)) <= 10_000
    assert source.taken <= 2_000


def test_what_follows_the_end_is_not_unpacked() -> None:
    """A small gzip member before gigabytes of padding costs what the member costs."""
    source = Slow(zstandard.compress(gzip.compress(b"<rss/>") + bytes(50_000_000)))
    reader = decoded(source, ("gzip", "zstd"))
    assert (reader.read(100), reader.read(100)) == (b"<rss/>", b"")
    assert source.taken <= 2_000


@pytest.mark.parametrize("name", ["gzip", "zstd"])
def test_pieces_that_hold_nothing_end(name: str) -> None:
    """A million empty gzip members or zstd frames, which pack to almost nothing themselves, are refused."""
    with pytest.raises(RefusedError, match="more than 10000 pieces"):
        unpack(zstandard.compress(ENCODERS[name](b"") * 20_000), name, "zstd")


def test_headers_name_codings() -> None:
    """Case and the many words for "not encoded" don't matter."""
    assert codings("", 2) == ()
    assert codings("identity, UTF-8, none", 0) == ()
    assert codings("GZIP , br", 2) == ("gzip", "br")


def test_too_many_or_unknown_codings_are_refused() -> None:
    """A chain of twelve, or a coding that nobody asked for, ends before a byte is unpacked."""
    with pytest.raises(RefusedError, match="12 times"):
        codings(", ".join(["gzip"] * 12), 2)
    with pytest.raises(FetchError, match="compress"):
        codings("compress", 2)
