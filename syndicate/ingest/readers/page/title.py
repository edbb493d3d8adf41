"""The title of a page's article: what the page declares, without the site's name, checked by its headings."""

import re
from collections.abc import Collection, Iterable
from itertools import islice

from lxml import etree

from syndicate.ingest.likeness import is_own_place, words
from syndicate.normalize.tree import text_of
from syndicate.normalize.urls import absolute
from syndicate.text import legal, squeeze

_SEPARATED = re.compile(r"\s+(?:[|•·»—–:-]|::|\|\|)\s+|\s*\|\s*")
_BEFORE = re.compile(r"[|•·»›—–:_-]\s*$")  # what divides a headline from a name before it, and from one behind it
_BEHIND = re.compile(r"\s*[|•·«‹—–:_(\[-]")
_WORD = re.compile(r"\w+")
_MOST_HEADINGS = 40
# What Word and its like write where nobody named a document: a number, or the name of its file.
_DOCUMENT = re.compile(
    r"microsoft word\b.*|untitled(?: document| page)?|(?:do[ck]|do[ck]ument\w{0,2})\s?\d{1,3}|"
    r".*\.(?:docx?|docm|dotx?|odt|rtf|wpd|pdf|txt|html?)",
    re.IGNORECASE,
)
_NO_TITLE = frozenset(
    """
    home homepage index start startseite accueil inicio início news nachrichten noticias notícias actualités notizie
    article artikel newpage blog post document página page
    """.split()  # noqa: SIM905 - twenty words read better as a sentence
)


def headings(root: etree._Element, url: str, *tags: str) -> list[tuple[etree._Element, str]]:
    """Return a page's first headings of these kinds with what they say; one that links to the front page is a logo."""
    found = islice((one for one in root.iter(*tags) if not _is_logo(one, url)), _MOST_HEADINGS)
    return [(one, text) for one in found if (text := legal(text_of(one)))]


def title_of(
    root: etree._Element, url: str, declared: Iterable[str], site: Collection[str], sections: Iterable[str]
) -> str:
    """Choose the article's title: what is `declared` first, then the page's own title, then its headings.

    The names of the `site` leave it. What is nothing but such a name, a section's, "Home" or a file's name is no title.
    """
    names = {bare(name) for name in site} - {""}
    main = headings(root, url, "h1")
    no_title = names | _NO_TITLE | ({bare(section) for section in sections} - {bare(text) for _, text in main[:1]})
    others = headings(root, url, "h2", "h3")
    page = legal(squeeze(root.findtext(".//title") or ""))
    told = [_trimmed(title, main, others, names) for title in map(legal, declared) if title and not _is_file(title)]
    if not any(bare(title) not in no_title for title in told) and page and not _is_file(page):
        title = _trimmed(page, main, others, names)
        told.append(_shown(title, main, others) or title)
    told += [text for _, text in main]
    told += _opening(root)
    return next((title for title in told if bare(title) not in no_title), told[0] if told else "")


def _is_file(title: str) -> bool:
    return _DOCUMENT.fullmatch(title) is not None


def _opening(root: etree._Element) -> list[str]:
    """What Word calls the title, and what the page begins with if that is a heading."""
    lines = ((one, legal(squeeze("".join(map(str, one.itertext()))))) for one in root.iter("p", "h1", "h2", "h3"))
    said = [(one, text) for one, text in islice(lines, _MOST_HEADINGS) if text]
    titled = [text for one, text in said if one.get("class") == "MsoTitle"]
    return titled[:1] + [text for one, text in said[:1] if one.tag != "p"]


def bare(text: str) -> str:
    """Return a name as names are compared: its letters and digits, without an article."""
    return "".join(_WORD.findall(text.lower())).removeprefix("the")


def _is_logo(heading: etree._Element, url: str) -> bool:
    links = [*heading.iter("a"), *heading.iterancestors("a")]
    return any(not is_own_place(absolute(href, url)) for link in links if (href := link.get("href")))


def _trimmed(
    title: str, main: list[tuple[etree._Element, str]], others: list[tuple[etree._Element, str]], names: set[str]
) -> str:
    """The title without the site's name at its end or beginning; a heading that says the same shows what is title."""
    known = [text for _, text in main if (len(text) > 10 or 2 * len(text) >= len(title)) and bare(text) not in names]
    known += [text for _, text in others if 2 * len(text) >= len(title) and bare(text) not in names]
    for text in sorted(known, key=len, reverse=True):
        size = len(text)
        if title.lower().startswith(text.lower()) and _BEHIND.match(title[size:]):
            return title[:size]
        if title.lower().endswith(text.lower()) and _BEFORE.search(title[:-size]):
            return title[-size:]
    borders = list(_SEPARATED.finditer(title))
    if borders and bare(title[borders[-1].end() :]) in names:
        return title[: borders[-1].start()].strip()
    if borders and bare(title[: borders[0].start()]) in names:
        return title[borders[0].end() :].strip()
    return title


def _shown(title: str, main: list[tuple[etree._Element, str]], others: list[tuple[etree._Element, str]]) -> str:
    """The only first heading inside the page's article, if no heading has a word of that title: it is the site's."""
    said = set(words(title).split())
    if len(main) != 1 or any(said & set(words(text).split()) for _, text in (*main, *others)):
        return ""
    heading, text = main[0]
    return text if next(heading.iterancestors("article", "main"), None) is not None else ""
