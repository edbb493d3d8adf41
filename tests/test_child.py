"""Processes of ours: where they find what they run."""

import os
from pathlib import Path

import pytest

from syndicate.child import Child
from syndicate.ingest.sandbox import Sandbox


@pytest.fixture
def poisoned(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The working directory holds files that are called like what we import."""
    for name in ("syndicate", "click", "struct"):
        (tmp_path / f"{name}.py").write_text("raise SystemExit(9)")
    monkeypatch.chdir(tmp_path)


@pytest.mark.usefixtures("poisoned")
def test_roles_import_nothing_from_the_working_directory() -> None:
    """A role runs this program wherever it is started, not a file that lies there."""
    child = Child("serve", ["serve", "--help"], os.environ)
    child.start()
    assert child.process is not None
    with child.process as process:
        assert process.wait(60) == 0


@pytest.mark.usefixtures("poisoned")
def test_the_sandbox_imports_nothing_from_the_working_directory() -> None:
    """Nor do the children that read what came from outside, which may lie there."""
    with Sandbox(children=1, warm=()) as sandbox:
        assert sandbox.run(len, "abc") == 3
