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


@pytest.mark.parametrize(("warm", "recall"), [(False, 0.93), (True, 0.95)])
def test_floor(bench: ModuleType, warm: bool, recall: float) -> None:
    """Recall and kept paragraphs on our own labelled set don't fall below what was reached."""
    golds = bench.lines(LABELLED)
    tally, _ = bench.measure(
        bench.System("ours", bench.ours(warm=warm)), golds, bench.lines(LABELLED.with_name("context.jsonl"))
    )
    assert tally.mean_recall() >= recall
    assert tally.lost <= 0.01 * tally.kept, tally.errors


def test_floor_on_real_articles(bench: ModuleType, shared_data: Path) -> None:
    """On real articles not one real paragraph is lost."""
    golds = bench.lines(shared_data / "boilerplate/labelled.jsonl")
    tally, _ = bench.measure(bench.System("ours", bench.ours(warm=False)), golds, [])
    assert tally.mean_recall() >= 0.93
    assert tally.lost <= 1, tally.errors
