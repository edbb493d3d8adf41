"""Which of the addresses that pages give themselves are theirs alone. Pure."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from syndicate.ingest.likeness import words
from syndicate.ingest.process import Found
from syndicate.normalize.identity import canonical_link, keys, link_key
from syndicate.records import Known


@dataclass(frozen=True, slots=True)
class Had:
    """An article's page that was had: the address it was had at, and the id of what is known of it ("" for nothing)."""

    address: str
    found: Found
    before: str = ""


def own(pages: Sequence[Had], known: Iterable[Known]) -> list[Found]:
    """The entries of pages, each at the address that its page gives itself, if no other article has it.

    A template's canonical address stands on all of its pages, and leads readers to another's article or to none;
    one article's pages (for print, with a tracking parameter) have a title in common. `known` may be at such addresses.
    """
    titles: dict[str, dict[str, str]] = defaultdict(dict)
    for stored in known:
        titles[link_key(stored.link)][stored.id] = words(stored.title)
    for had in pages:
        entry = had.found.entry
        titles[link_key(entry.link)][had.before or had.address] = words(entry.title)
    shared = {link for link, said in titles.items() if len(set(said.values())) > 1}
    return [_at_its_address(had) if link_key(had.found.entry.link) in shared else had.found for had in pages]


def _at_its_address(had: Had) -> Found:
    entry = replace(had.found.entry, link=canonical_link(had.address))
    return replace(had.found, entry=entry, key=keys((entry,))[0])
