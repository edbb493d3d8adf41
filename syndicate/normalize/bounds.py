"""How much an article's fields may hold: more than honest publishers ever write, less than would choke a feed.

Everything here is repeated in every feed that the article is in, and in every format. The body has a bound of its own
(`tree.MAX_LENGTH`).
"""

from dataclasses import replace

from syndicate.model import Article, Enclosure, Image, Original, Person
from syndicate.text import shorten

MOST = 100  # categories, people or files
MOST_PICTURES = 500
NAME = 200  # characters of a category, a person, a role, a house
TITLE = 1_000
NOTICE = 5_000  # of rights
CAPTION = 10_000  # videos have 5,000
CREDIT = 300
ADDRESS = 8_000  # no server takes longer ones


def bounded(article: Article) -> Article:
    """Return the article with no more in its fields than anybody means: texts are shortened, long lists end.

    What is no name any more (a category of 200 characters), and what can't be fetched, is left out.
    """
    categories = tuple(name for name in article.categories if len(name) <= NAME)
    pictures = tuple(image for image in article.images if len(image.url) <= ADDRESS)
    files = tuple(file for file in article.enclosures if len(file.url) <= ADDRESS)
    return replace(
        article,
        link=_address(article.link),
        title=shorten(article.title, TITLE),
        authors=tuple(map(_person, article.authors[:MOST])),
        categories=categories[:MOST],
        rights=shorten(article.rights, NOTICE),
        original=article.original and _original(article.original),
        images=tuple(map(_picture, pictures[:MOST_PICTURES])),
        enclosures=tuple(map(_file, files[:MOST])),
    )


def _person(person: Person) -> Person:
    name, role, house = (shorten(text, NAME) for text in (person.name, person.role, person.organization))
    return Person(name, role, house, _address(person.url))


def _original(original: Original) -> Original:
    return Original(shorten(original.name, NAME), _address(original.url))


def _picture(image: Image) -> Image:
    return replace(
        image,
        caption=shorten(image.caption, CAPTION),
        credit=shorten(image.credit, CREDIT),
        alt=shorten(image.alt, CAPTION),
        type=image.type[:NAME],
    )


def _file(file: Enclosure) -> Enclosure:
    return replace(file, type=file.type[:NAME])


def _address(url: str) -> str:
    return url if len(url) <= ADDRESS else ""
