"""What commands do where their output is closed, or takes few characters."""

import json
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


@pytest.mark.parametrize("as_json", [False, True])
def test_a_terminal_may_lack_letters(wire: Path, monkeypatch: pytest.MonkeyPatch, as_json: bool) -> None:
    """Where an encoding has no umlauts, people see a question mark for each, and programs lose none."""
    wire.write_text('[[topics]]\nkey = "oel"\ntitle = "Öl für Zürich"\nany_of = ["Öl"]\n')
    monkeypatch.setenv("PYTHONIOENCODING", "ascii")
    program = [sys.executable, "-m", "syndicate", "topics", *(["--json"] if as_json else [])]
    said = subprocess.run(program, capture_output=True, text=True, check=True).stdout.splitlines()
    if as_json:
        assert json.loads(said[-1])["topic"]["title"] == "Öl für Zürich"
    else:
        assert any("?l f?r Z?rich" in line for line in said)
