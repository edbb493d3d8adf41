"""Whose address it is that a page gives itself."""

import pytest

from syndicate.ingest.addresses import Had, own
from syndicate.ingest.process import Found
from syndicate.model import Entry
from syndicate.records import Known
from tests.ingest.test_plan import NOW

SITE = "https://lake.example"


def had(name: str, title: str, link: str, before: str = "") -> Had:
    """A page of that name, title and canonical address."""
    return Had(f"{SITE}/{name}", Found(Entry(link=f"{SITE}/{link}", title=title), "link:x", "d"), before)


def known(id_: str, title: str) -> Known:
    """An article that is known at the address of all these pages."""
    return Known(id_, f"link:{id_}", f"{SITE}/story", title, "raw", "content", "guid", NOW, NOW, (), "live")


@pytest.mark.parametrize(
    ("pages", "stored", "links"),
    [
        ([had("one?from=top", "Mill turns", "story")], [], ["story"]),
        ([had("one", "Mill turns", "story"), had("two", "Pier opens", "story")], [], ["one", "two"]),
        ([had("one", "Mill turns", "story"), had("one?print=1", "Mill turns!", "story")], [], ["story", "story"]),
        ([had("one", "Mill turns", "story")], [known("a", "Pier opens")], ["one"]),
        ([had("one", "Mill turns again", "story", "a")], [known("a", "Mill turns")], ["story"]),
        ([had("one", "Mill turns", "news")], [], ["one"]),
        ([had("story", "Mill turns", "story"), had("two", "Pier opens", "story")], [], ["story", "two"]),
    ],
    ids=[
        "its own",
        "a template's",
        "two forms of a page",
        "another's",
        "an edited headline",
        "the listing's",
        "one of them",
    ],
)
def test_a_shared_address_is_nobodys(pages: list[Had], stored: list[Known], links: list[str]) -> None:
    """A canonical address that stands on pages with different titles is not theirs; then each is where it was had."""
    assert own(pages, stored, (f"{SITE}/news/",)) == [f"{SITE}/{link}" for link in links]
