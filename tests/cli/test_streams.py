"""What commands do where their output is closed."""

import subprocess
import sys
from pathlib import Path

import pytest

CLOSED = {2: "2>&-", 1: ">&-", 0: "<&- >&- 2>&-"}


@pytest.mark.parametrize("stream", CLOSED)
def test_a_command_works_where_a_stream_is_closed(wire: Path, tmp_path: Path, stream: int) -> None:
    """With standard output or error closed, as in some crontabs, a command does its work all the same."""
    wire.write_text('[[sources]]\nkey = "lake"\nkind = "folder"\nlocation = "."\n')
    shell = f'"{sys.executable}" -m syndicate topics --json {CLOSED[stream]}'
    done = subprocess.run(["sh", "-c", shell], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert bool(done.stdout) == (stream == 2)
    assert (tmp_path / "var" / "syndicate.db").exists()
