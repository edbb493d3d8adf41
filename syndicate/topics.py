"""Which topics an article belongs to. Pure: an article and the rules in, topic keys out."""

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

from syndicate.model import Article, TopicSpec
from syndicate.text import unseen

# Scripts written without spaces between words: there, a word is wherever it stands.
_UNSPACED = r"\u0e00-\u0e7f\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af"


def classify(article: Article, topics: Iterable[TopicSpec]) -> frozenset[str]:
    """Name the topics that the article belongs to; `all` is never among them, since it holds every article."""
    choosy = [topic for topic in topics if topic.key != "all"]
    if not choosy:
        return frozenset()
    title, body = _fold(article.title), _fold(article.text)
    return frozenset(topic.key for topic in choosy if _belongs(article, title, body, topic))


def _belongs(article: Article, title: str, body: str, topic: TopicSpec) -> bool:
    text = {"title": title, "body": body, "both": f"{title}\n{body}"}[topic.where]
    if any(_stands_in(text, phrase) for phrase in topic.none_of):
        return False
    if article.source in topic.sources:
        return True
    categories = {_fold(c) for c in article.categories}
    if any(_fold(c) in categories for c in topic.categories):
        return True
    if not topic.any_of and not topic.all_of:
        return False
    return (not topic.any_of or any(_stands_in(text, p) for p in topic.any_of)) and all(
        _stands_in(text, p) for p in topic.all_of
    )


def _fold(text: str) -> str:
    """Make spellings of one word equal: case, width, composed and decomposed letters, apostrophes, unseen signs."""
    text = unicodedata.normalize("NFKC", unseen(text)).replace("’", "'").replace("‘", "'").replace("ʼ", "'")
    return text.casefold()


def _stands_in(text: str, phrase: str) -> bool:
    """Whether the phrase stands in the text; most don't, and to see that one word is missing takes next to no time."""
    words = _words(phrase)
    return bool(words) and all(word in text for word in words) and _pattern(words).search(text) is not None


@lru_cache(maxsize=65_536)
def _words(phrase: str) -> tuple[str, ...]:
    return tuple(_fold(phrase).split())


@lru_cache(maxsize=4_096)
def _pattern(words: tuple[str, ...]) -> re.Pattern[str]:
    """A pattern that finds the words as whole ones, whatever white space stands between them."""
    before = "" if re.match(f"[{_UNSPACED}]", words[0]) else r"(?<!\w)"
    after = "" if re.search(f"[{_UNSPACED}]$", words[-1]) else r"(?!\w)"
    return re.compile(before + r"\s+".join(re.escape(word) for word in words) + after)
