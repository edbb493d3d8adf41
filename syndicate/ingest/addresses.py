"""Which of the addresses that pages give themselves are theirs alone. Pure."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from syndicate.ingest.likeness import words
from syndicate.ingest.process import Found
from syndicate.normalize.urls import canonical_link, link_key
from syndicate.records import Known


@dataclass(frozen=True, slots=True)
class Had:
    """An article's page that was had: under which address, and the id of what is known of it ("" for nothing)."""

    address: str
    found: Found
    before: str = ""


def own(pages: Sequence[Had], known: Iterable[Known], lists: Iterable[str]) -> list[str]:
    """The addresses of pages: those that they give themselves, or if other articles have these, where they were had.

    A template's canonical address stands on all of its pages, and leads readers to another's article or to none, as do
    those of `lists`. One article's pages (for print, with a tracking parameter) have a title in common. `known` may be
    at such addresses.
    """
    titles: dict[str, dict[str, str]] = defaultdict(dict)
    for stored in known:
        titles[link_key(stored.link)][stored.id] = words(stored.title)
    for had in pages:
        entry = had.found.entry
        titles[link_key(entry.link)][had.before or had.address] = words(entry.title)
    shared = {link for link, said in titles.items() if len(set(said.values())) > 1}.union(map(link_key, lists))
    given = [(had, had.found.entry.link) for had in pages]
    return [canonical_link(had.address) if link_key(link) in shared else link for had, link in given]
