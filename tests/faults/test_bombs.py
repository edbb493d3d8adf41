"""Answers that unfold to gigabytes: refused within 100 MB of memory and 2 seconds of CPU, over the real wire."""

import json
import subprocess
import sys
import zlib
from collections.abc import Callable
from pathlib import Path

import brotli
import pytest
import zstandard

from tests.faults.origin import Origin, Reply

_PORTION = b"\0" * 10_000_000
_PORTIONS = 20  # 200 megabytes, from a few kilobytes
_ROOT = Path(__file__).resolve().parents[2]

_PROGRAM = """
import json, resource, sys, time
from syndicate.errors import RefusedError
from syndicate.ingest.fetch import Fetcher
from syndicate.settings import FetchSettings
fetcher = Fetcher(FetchSettings(host_pause_seconds=0), ["127.0.0.1"])
def used():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024, time.process_time()
memory, cpu = used()
try:
    fetcher.get(sys.argv[1])
except RefusedError as error:
    reason = str(error)
after, spent = used()
print(json.dumps([reason, after - memory, spent - cpu]))
"""


def _zlib(bits: int) -> bytes:
    packer = zlib.compressobj(1, wbits=bits)
    return b"".join(packer.compress(_PORTION) for _ in range(_PORTIONS)) + packer.flush()


def _br() -> bytes:
    packer = brotli.Compressor(quality=1)
    return b"".join(packer.process(_PORTION) for _ in range(_PORTIONS)) + packer.finish()


def _zstd() -> bytes:
    packer = zstandard.ZstdCompressor(level=1).compressobj()
    return b"".join(packer.compress(_PORTION) for _ in range(_PORTIONS)) + packer.flush()


@pytest.mark.parametrize(
    ("codings", "pack"),
    [
        ("gzip", lambda: _zlib(31)),
        ("deflate", lambda: _zlib(15)),
        ("deflate", lambda: _zlib(-15)),
        ("br", _br),
        ("zstd", _zstd),
        ("gzip, br", lambda: brotli.compress(_zlib(31), quality=1)),
        (", ".join(["gzip"] * 12), lambda: _zlib(31)),
    ],
)
def test_a_compression_bomb_costs_little(codings: str, pack: Callable[[], bytes], origin: Origin) -> None:
    """One process, one fetch: what it needed beyond its start is measured by the kernel."""
    url = origin.serve("/bomb", Reply(pack(), headers={"Content-Encoding": codings}))
    command = [sys.executable, "-c", _PROGRAM, url]
    done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=_ROOT, timeout=60)
    reason, megabytes, seconds = json.loads(done.stdout)
    assert "refused" in reason
    assert megabytes < 100
    assert seconds < 2
