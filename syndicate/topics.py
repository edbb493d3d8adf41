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
    if any(_pattern(phrase).search(text) for phrase in topic.none_of):
        return False
    if article.source in topic.sources:
        return True
    categories = {_fold(c) for c in article.categories}
    if any(_fold(c) in categories for c in topic.categories):
        return True
    if not topic.any_of and not topic.all_of:
        return False
    return (not topic.any_of or any(_pattern(p).search(text) for p in topic.any_of)) and all(
        _pattern(p).search(text) for p in topic.all_of
    )


def _fold(text: str) -> str:
    """Make spellings of one word equal: case, width, composed and decomposed letters, apostrophes, unseen signs."""
    text = unicodedata.normalize("NFKC", unseen(text)).replace("’", "'").replace("‘", "'").replace("ʼ", "'")
    return text.casefold()


@lru_cache(maxsize=4096)
def _pattern(phrase: str) -> re.Pattern[str]:
    """A pattern that finds the phrase as whole words, whatever white space stands between them."""
    words = _fold(phrase).split()
    if not words:
        return re.compile(r"(?!)")
    before = "" if re.match(f"[{_UNSPACED}]", words[0]) else r"(?<!\w)"
    after = "" if re.search(f"[{_UNSPACED}]$", words[-1]) else r"(?!\w)"
    return re.compile(before + r"\s+".join(re.escape(word) for word in words) + after)
