"""Topics are a matter of sources, categories and whole words."""

from dataclasses import replace

import pytest

from syndicate.model import Article, TopicSpec
from syndicate.topics import classify

ARTICLE = Article(
    source="harbour",
    key="1",
    link="https://example.org/1",
    title="Flood relief reaches the valley",
    html="",
    text="Volunteers of St. Mary’s brought clean water on Friday.\nThe   river Elbe fell by night. 東京で会議。",
    categories=("Community", "Aid"),
)


@pytest.mark.parametrize(
    ("rule", "belongs"),
    [
        (dict(sources=("harbour",)), True),
        (dict(sources=("other",)), False),
        (dict(categories=("aid",)), True),
        (dict(categories=("ai",)), False),
        (dict(any_of=("drought", "FLOOD")), True),
        (dict(any_of=("lief",)), False),
        (dict(any_of=("clean water",)), True),
        (dict(any_of=("St. Mary's",)), True),
        (dict(any_of=("the river elbe",)), True),
        (dict(any_of=("会議",)), True),
        (dict(all_of=("flood", "river")), True),
        (dict(all_of=("flood", "snow")), False),
        (dict(any_of=("flood",), where="body"), False),
        (dict(any_of=("river",), where="title"), False),
        (dict(any_of=("flood",), none_of=("volunteers",)), False),
        (dict(sources=("harbour",), none_of=("Friday",)), False),
        (dict(any_of=("  ",)), False),
        (dict(), False),
    ],
)
def test_rules(rule: dict, belongs: bool) -> None:
    """A rule takes an article by source, category or whole words, and a forbidden word refuses it."""
    topic = TopicSpec(key="t", title="T", **rule)
    assert classify(ARTICLE, [topic]) == (frozenset({"t"}) if belongs else frozenset())


def test_several_topics() -> None:
    """An article can be in several topics, and `all` is not one of them."""
    topics = [
        TopicSpec(key="all", title="All", sources=("harbour",)),
        TopicSpec(key="water", title="W", any_of=("water",)),
        TopicSpec(key="aid", title="A", categories=("Aid",)),
    ]
    assert classify(ARTICLE, topics) == {"water", "aid"}


@pytest.mark.parametrize("sign", ["\u00ad", "\u200b", "\u2060", "\ufeff"])
def test_signs_that_nobody_sees_hide_no_word(sign: str) -> None:
    """A soft hyphen or a zero-width space in a word does not keep the article out of its topic."""
    article = replace(ARTICLE, text=f"The val{sign}ley is dry.")
    assert classify(article, [TopicSpec(key="dry", title="D", all_of=("valley", "dry"), where="body")]) == {"dry"}
