"""The planted defects still fit the code: `make teeth` plants them, this only looks."""

import ast
from collections import Counter
from pathlib import Path

import pytest

from tests.teeth.defects import DEFECTS, Defect

ROOT = Path(__file__).parents[2]


def _functions(file: Path) -> set[str]:
    tree = ast.parse(file.read_bytes())
    return {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)}


@pytest.mark.parametrize("defect", DEFECTS, ids=lambda defect: defect.name)
def test_each_defect_can_be_planted(defect: Defect) -> None:
    """What it replaces stands exactly once in its file, and what it becomes is Python, and different."""
    code = (ROOT / defect.file).read_text(encoding="utf-8")
    assert code.count(defect.old) == 1
    planted = code.replace(defect.old, defect.new)
    assert planted != code
    if defect.file.endswith(".py"):
        ast.parse(planted)


@pytest.mark.parametrize("defect", DEFECTS, ids=lambda defect: defect.name)
def test_the_tests_that_must_catch_it_are_there(defect: Defect) -> None:
    """Each file named exists, and each function in it."""
    assert defect.tests
    for test in defect.tests:
        file, _, function = test.partition("::")
        assert (ROOT / file).exists(), test
        assert not function or function.partition("[")[0] in _functions(ROOT / file), test


def test_every_defect_has_a_name_of_its_own() -> None:
    """`make teeth` plants a defect by its name."""
    assert [name for name, times in Counter(defect.name for defect in DEFECTS).items() if times > 1] == []


def test_the_number_that_the_docs_name_is_true() -> None:
    """docs/faults.md says how many defects there are by now."""
    assert f"There are {len(DEFECTS)} by now" in (ROOT / "docs/faults.md").read_text(encoding="utf-8")
