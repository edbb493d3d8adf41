"""Whatever is imported is declared where it is needed: nothing comes only because something else brings it."""

import ast
import re
import sys
import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
DECLARED = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
OURS = {
    "syndicate",
    "tests",
    "bench",
    *(file.stem for part in ("bench", "tools") for file in (ROOT / part).glob("*.py")),
}
# What only measuring needs may not be installed; its distribution is then told by its name.
NAMED_OTHERWISE = {"readability": "readability-lxml"}


def _normal(requirement: str) -> str:
    return re.split(r"[^\w.-]", requirement, maxsplit=1)[0].lower().replace("_", "-")


def _declared(groups: tuple[str, ...]) -> set[str]:
    listed = [*DECLARED["project"]["dependencies"]]
    for group in groups:
        listed += [requirement for requirement in DECLARED["dependency-groups"][group] if isinstance(requirement, str)]
    return {_normal(requirement) for requirement in listed}


def _imported(folder: str) -> set[str]:
    names = set()
    for file in (ROOT / folder).rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_bytes())):
            if isinstance(node, ast.Import):
                names |= {alias.name.partition(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and not node.level:
                names.add(str(node.module).partition(".")[0])
    return names - OURS - sys.stdlib_module_names


@pytest.mark.parametrize(
    ("folder", "groups"),
    [("syndicate", ()), ("tests", ("dev",)), ("tools", ("dev", "bench")), ("bench", ("dev", "bench"))],
)
def test_what_is_imported_is_declared(folder, groups):
    """The program imports what it depends on; tests, tools and measurements may import what their groups add."""
    installed, declared = packages_distributions(), _declared(groups)
    for name in _imported(folder):
        carriers = installed.get(name, [NAMED_OTHERWISE.get(name, name)])
        assert {_normal(carrier) for carrier in carriers} & declared, f"{folder} imports {name} of {carriers}"
