"""Learned readings that say nothing, for tests of what rules, memory and neighbours do alone."""

import pytest

from syndicate.strip.forest import Forest
from syndicate.strip.scorer import Scorer


@pytest.fixture
def silent_forest(monkeypatch: pytest.MonkeyPatch) -> None:
    """The second reading changes nothing."""
    monkeypatch.setattr("syndicate.strip.article.shipped_forest", lambda: Forest((), cut=2.0, restore=-1.0))


@pytest.fixture
def silent_learners(silent_forest: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nor does the scorer."""
    monkeypatch.setattr("syndicate.strip.article.shipped_scorer", lambda: Scorer({}, cut=2.0, doubt=2.0))
