"""Plants each known defect in a scratch copy of the checkout and shows that the tests catch it.

    python tools/teeth.py [--jobs N] [NAME ...]

Says for each defect whether the tests named for it failed, as they must. Exits 1 if one was not caught, if its tests
fail without it, or if the code that it replaces is no longer there.
"""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from queue import SimpleQueue

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from tests.teeth.defects import DEFECTS, Defect  # noqa: E402 - the checkout has to be on the path first

_COPIED = ("syndicate", "tests", "seeds", "config", "tools", "pyproject.toml")
_SECONDS = 300
_PASSED, _FAILED = 0, 1  # pytest's exit codes
_SOUND: dict[tuple[str, ...], tuple[int, str]] = {}


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of one defect; `problem` is empty if it was caught."""

    defect: Defect
    problem: str = ""


def main() -> None:
    parser = argparse.ArgumentParser(description="Plant defects in a scratch copy and show that the tests catch them.")
    parser.add_argument("names", nargs="*", help="only these defects")
    parser.add_argument("--jobs", type=int, default=min(4, os.cpu_count() or 1))
    given = parser.parse_args()
    chosen = [defect for defect in DEFECTS if not given.names or defect.name in given.names]
    if unknown := set(given.names) - {defect.name for defect in chosen}:
        parser.error(f"no such defect: {', '.join(sorted(unknown))}")
    problems = 0
    for verdict in judge(chosen, given.jobs):
        problems += bool(verdict.problem)
        print(f"{'NOT CAUGHT' if verdict.problem else 'caught':<11} {verdict.defect.name}", flush=True)
        if verdict.problem:
            print("           " + verdict.problem.replace("\n", "\n           "), flush=True)
    print(f"\n{len(chosen) - problems} passed, {problems} failed")
    sys.exit(1 if problems else 0)


def judge(defects: Iterable[Defect], jobs: int = 1) -> Iterable[Verdict]:
    """Plant the defects, one at a time in each of `jobs` copies; gives the verdicts in their order."""
    with tempfile.TemporaryDirectory(prefix="teeth-") as scratch:
        copies: SimpleQueue[Path] = SimpleQueue()
        for number in range(jobs):
            copies.put(_copy(Path(scratch) / str(number)))

        def one(defect: Defect) -> Verdict:
            copy = copies.get()
            try:
                return Verdict(defect, _plant(defect, copy))
            finally:
                copies.put(copy)

        with ThreadPoolExecutor(jobs) as threads:
            yield from threads.map(one, defects)


def _copy(to: Path) -> Path:
    ignored = shutil.ignore_patterns("__pycache__", "*.pyc", "var")
    for name in _COPIED:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, to / name, ignore=ignored)
        elif source.exists():
            to.mkdir(parents=True, exist_ok=True)
            shutil.copy2(source, to / name)
    return to


def _plant(defect: Defect, copy: Path) -> str:  # noqa: PLR0911 - one return for each way a defect can end
    """Plant, run, and take out again; says what is wrong, or nothing."""
    file = copy / defect.file
    if not file.exists():
        return f"{defect.file} is not there any more: move the defect along"
    sound = file.read_text(encoding="utf-8")
    if sound.count(defect.old) != 1:
        return f"what it replaces stands {sound.count(defect.old)} times in {defect.file}: move the defect along"
    tests = [test for test in defect.tests if (copy / test.partition("::")[0]).exists()]
    if not tests:
        return "none of its tests is there any more"
    file.write_text(sound.replace(defect.old, defect.new), encoding="utf-8")
    try:
        planted, output = _run(tests, copy)
    finally:
        file.write_text(sound, encoding="utf-8")
    if planted == _PASSED:
        return f"these tests still pass: {' '.join(tests)}"
    if planted != _FAILED:
        return f"the tests did not run (pytest exits {planted}):\n{output[-1_500:]}"
    sound_code, output = _sound(tuple(tests), copy)
    if sound_code != _PASSED:
        return f"its tests fail without it, too:\n{output[-1_500:]}"
    return ""


def _sound(tests: tuple[str, ...], copy: Path) -> tuple[int, str]:
    """The same tests on sound code; each set is run once."""
    if tests not in _SOUND:
        _SOUND[tests] = _run(tests, copy)
    return _SOUND[tests]


def _run(tests: Sequence[str], copy: Path) -> tuple[int, str]:
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "-x",
        "-p",
        "no:cacheprovider",
        "-m",
        "not long",
        "--tb=line",
        *tests,
    ]
    environment = {**os.environ, "PYTHONPATH": str(copy), "PYTHONDONTWRITEBYTECODE": "1"}
    try:
        done = subprocess.run(
            command, cwd=copy, env=environment, capture_output=True, text=True, check=False, timeout=_SECONDS
        )
    except subprocess.TimeoutExpired:
        return _FAILED, "took too long"
    return done.returncode, done.stdout + done.stderr


if __name__ == "__main__":
    main()
