"""The floor: the labelled set of our own may never be cleaned worse than this."""

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parents[2]
LABELLED = ROOT / "tests/data/strip/labelled.jsonl"


@pytest.fixture(scope="module")
def bench() -> ModuleType:
    spec = importlib.util.spec_from_file_location("strip_score", ROOT / "bench/strip_score.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("warm", [False, True])
def test_floor(bench: ModuleType, warm: bool) -> None:
    """On our own labelled set recall stays within a point of what was reached, and at most 1% of paragraphs go."""
    golds = bench.lines(LABELLED)
    tally, _ = bench.measure(
        bench.System("ours", bench.ours(warm=warm)), golds, bench.lines(LABELLED.with_name("context.jsonl"))
    )
    assert tally.mean_recall() >= 0.984
    assert tally.lost <= 0.01 * tally.kept, tally.errors


@pytest.mark.parametrize("every", [4, pytest.param(1, marks=pytest.mark.long)])
def test_floor_on_many_publishers(bench: ModuleType, every: int) -> None:
    """On the set of many publishers recall stays within two points of what was reached, and few paragraphs go."""
    golds = bench.lines(LABELLED.with_name("publishers.jsonl"))[::every]
    tally, _ = bench.measure(bench.System("ours", bench.ours(warm=False)), golds, [])
    assert tally.mean_recall() >= 0.867
    assert tally.lost <= 0.01 * tally.kept, tally.errors


def test_floor_on_real_articles(bench: ModuleType, shared_data: Path) -> None:
    """On real articles not one real paragraph is lost, and 98 of 100 blocks of boilerplate go."""
    golds = bench.lines(shared_data / "boilerplate/labelled.jsonl")
    tally, _ = bench.measure(bench.System("ours", bench.ours(warm=False)), golds, [])
    assert tally.mean_recall() >= 0.98
    assert tally.lost == 0, tally.errors
