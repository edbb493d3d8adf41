"""Pure rooms know no clock and no files either: what a contract about imports can't see is looked for in their code."""

import ast
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
CONTRACTS = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"]["contracts"]
PURE = next(contract["source_modules"] for contract in CONTRACTS if contract["name"].startswith("Pure rooms"))
CALLS = {"now", "today", "utcnow", "open", "input", "print", "__import__", "eval", "exec"}
ZONED = {"fromtimestamp": 2, "astimezone": 1}  # with fewer arguments they go by the machine's time zone
# A module's own data comes through importlib.resources; a Path could be any file.
IMPORTS = {"pathlib.Path", "pathlib", "io.open", "io.FileIO", "http.client", "http.server", "urllib.request"}


def _files(module: str) -> list[Path]:
    place = ROOT / module.replace(".", "/")
    return sorted(place.rglob("*.py")) if place.is_dir() else [place.with_suffix(".py")]


def _impurities(code: str) -> Iterator[str]:
    """The calls and imports that make a module depend on more than its arguments, with their lines."""
    for node in ast.walk(ast.parse(code)):
        if isinstance(node, ast.Call):
            called = ast.unparse(node.func)
            name = called.rpartition(".")[2]
            if name in CALLS or len(node.args + node.keywords) < ZONED.get(name, 0):
                yield f"{node.lineno}: {called}()"
        elif isinstance(node, ast.Import):
            yield from (f"{node.lineno}: {alias.name}" for alias in node.names if alias.name in IMPORTS)
        elif isinstance(node, ast.ImportFrom):
            names = (f"{node.module}.{alias.name}" for alias in node.names)
            yield from (f"{node.lineno}: {name}" for name in names if {name, node.module} & IMPORTS - {"pathlib"})


def test_no_module_gives_a_name_twice():
    """A constant has one meaning: a second one under its name would change code that stands far above it."""
    for path in sorted((ROOT / "syndicate").rglob("*.py")):
        given = [
            target.id
            for node in ast.parse(path.read_text(encoding="utf-8")).body
            if isinstance(node, ast.Assign)
            for target in node.targets
            if isinstance(target, ast.Name)
        ]
        assert sorted(given) == sorted(set(given)), path


@pytest.mark.parametrize("module", PURE)
def test_pure_modules_depend_on_their_arguments_only(module):
    """No clock is asked, no file is opened, nothing is left to the machine's time zone."""
    for file in _files(module):
        assert list(_impurities(file.read_text(encoding="utf-8"))) == [], file


def test_who_calls_itself_pure_is_checked():
    """Every module whose description says that it is pure is in the contract's list."""
    pure = {file for module in PURE for file in _files(module)}
    for file in (ROOT / "syndicate").rglob("*.py"):
        described = ast.get_docstring(ast.parse(file.read_bytes())) or ""
        assert "Pure" not in described.replace(":", " ").replace(".", " ").split() or file in pure, file


@pytest.mark.parametrize(
    "code",
    [
        "from datetime import datetime, UTC\nx = datetime.now(UTC)",
        "from datetime import date\nx = date.today()",
        "x = moment.astimezone()",
        "from datetime import datetime\nx = datetime.fromtimestamp(0)",
        "from pathlib import Path\nx = Path('a').exists()",
        "import pathlib\nx = pathlib.Path('a').exists()",
        "x = open('a').read()",
        "import urllib.request",
        "from urllib.request import urlopen",
        "from urllib import request",
    ],
)
def test_impurities_are_found(code):
    """Whatever asks a clock or opens a file is found."""
    assert list(_impurities(code))
