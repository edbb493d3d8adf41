"""Articles that are one form, filled in anew for each place or day."""

import pytest

from tests.ingest.test_plan import HOUR, NOW, article, decide, known, text_of


@pytest.mark.parametrize(
    ("title", "fields", "kinds"),
    [
        ("Weather in {}", {}, {"edited"}),
        ("Weather", {}, {"edited"}),
        ("Weather in {}", {"key": "guid:new-{}", "link": "https://new.lake.example/{}"}, {"edited"}),
        ("Weather", {"key": "guid:new-{}", "link": "https://new.lake.example/{}"}, {"new"}),
    ],
)
def test_of_forms_by_the_dozen_none_overwrites_another(title: str, fields: dict[str, str], kinds: set[str]) -> None:
    """Their own names tell them, or else their titles; where all of that is the same or new, both are kept."""
    form = text_of("weather", 160)
    old = known(*(article(f"s{n}", text=f"{form} s{n}", title=title.format(n)) for n in range(60)))
    told = [{name: value.format(n) for name, value in fields.items()} for n in range(60)]
    fresh = [article(f"s{n}", text=f"{form} s{n} rain", title=title.format(n), **told[n]) for n in range(60)]
    changes = decide(*fresh, known=old, now=NOW + HOUR)
    assert {change.kind for change in changes} == kinds
    stations = {k.id: k.key for k in old}
    assert all(stations[c.article.id] == f"guid:{c.article.text.split()[160]}" for c in changes if c.kind == "edited")
