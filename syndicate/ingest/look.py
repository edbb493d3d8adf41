"""From what was collected to entries ready to be prepared: payloads kept, read, and their pages fetched."""

from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial

from syndicate.errors import (
    CrowdedError,
    FetchError,
    IngestError,
    KilledError,
    OfflineError,
    UnreadableError,
)
from syndicate.ingest import teasers
from syndicate.ingest.addresses import Had, own
from syndicate.ingest.collect import Document, is_final
from syndicate.ingest.flood import read_in
from syndicate.ingest.leaves import MOST_BYTES, MOST_LEAVES, are_of_one_site, bound
from syndicate.ingest.pages import follow, read_listed
from syndicate.ingest.process import Found, context_of, found_in, losses
from syndicate.ingest.readers.page import goes_on
from syndicate.ingest.readers.wordpress import posts_url
from syndicate.ingest.sandbox import Sandbox
from syndicate.ingest.sighting import Sighting
from syndicate.ingest.teasers import Seen
from syndicate.ingest.visit import Visit
from syndicate.model import NO_HUB, Entry, Failure, Payload, Reading
from syndicate.normalize.identity import entry_key
from syndicate.normalize.urls import link_key
from syndicate.records import Known, Rejected
from syndicate.strip.rulings import Rulings

_NO_SUCH_PART = 400  # WordPress's answer to a page after the last
_AGES = tuple(timedelta(minutes=15 * 2**n) for n in range(8))  # at which a page is looked at again for corrections
STILL_YOUNG = 2 * _AGES[-1]  # older ones are not looked at any more


@dataclass(slots=True, kw_only=True)
class Look(Visit):
    """One look at one source: keeps every payload before it is read, reads it in the sandbox, fetches further pages.

    `rulings` are what people said of the source's blocks: boxes of its pages may be among them. `checked` is when the
    source was last asked, and `go_on` the part of an API's answer that could not be had then.
    """

    sandbox: Sandbox
    rulings: Rulings
    checked: datetime | None = None
    go_on: int = 0

    def at(self, documents: Iterable[Document]) -> Sighting:
        """Read all documents, and what they lead to."""
        for document in documents:
            payload = self.deferring(document.load, document.name)
            reading = self._read(payload, document.name, known_only=document.known_only) if payload else None
            if reading is None or document.known_only:
                continue
            if self.spec.kind == "page":
                self._articles(reading)
            elif self.spec.kind == "wordpress":
                self._follow_parts(reading)
                if self.go_on:
                    self._follow_parts(self._part(posts_url(self.spec.location, self.go_on)), through=True)
        return self.sighting

    def _read(self, payload: Payload, name: str, *, known_only: bool = False) -> Reading | None:
        """Keep and read one payload; what it holds goes into the sighting. None when it can't be read.

        With `known_only` no more of it than corrections of articles that are known, and that did not come already.
        """
        digest = self.keep(payload, name)
        try:
            reading = read_in(self.sandbox, payload, self.spec, self.rulings)
        except IngestError as error:
            self.reject(name, error, digest)
            return None
        sighting = self.sighting
        lost = losses(reading, payload)
        sighting.rejected += [Rejected(self.spec.key, f.where, f.reason, digest, "read") for f in lost]
        sighting.noticed += [f for f in reading.failures if f not in lost]
        wishes = sighting.wishes
        ttl, hours = max(wishes.ttl or 0, reading.ttl or 0), reading.skip_hours or wishes.skip_hours or ()
        hub = reading.hub if wishes.hub is None else wishes.hub  # the first document's word: others are parts of it
        sighting.wishes = replace(wishes, ttl=ttl, skip_hours=hours, hub=hub if self.spec.push else NO_HUB)
        found = list(found_in(reading, digest))
        if known_only:
            found = self._corrections(found)
        if self.spec.full_text:
            found = self._whole(found, reading.link)
        sighting.batches.append((context_of(reading), tuple(found)))
        return reading

    def _corrections(self, found: list[Found]) -> list[Found]:
        known = self.known(f.entry.link for f in found)
        seen = {f.key for _, batch in self.sighting.batches for f in batch}
        return [f for f in found if f.key not in seen and link_key(f.entry.link) in known]

    def _follow_parts(self, part: Reading | None, *, through: bool = False) -> None:
        """Follow an API's further parts, newest first, for as long as a part does not end with what is known.

        With `through` also over what is known, until something new comes: parts move down as posts are published. A
        site that gives the same part whichever is asked for is not followed.
        """
        told: list[str] = []
        while part and part.follow:
            links = [link_key(entry.link) for entry in part.entries]
            if links and links == told:
                return
            told = links
            known = self.known(links)
            through = through and all(link in known for link in links)
            if links and links[-1] in known and not through:
                return
            part = self._part(part.follow[0])

    def _part(self, link: str) -> Reading | None:
        """Read a further part; None when there is none, or when it can't be had now."""
        payload = self.deferring(partial(self.fetch, self.collector.part, link), link, beyond=_NO_SUCH_PART)
        reading = self._read(payload, link) if payload else None
        if payload and reading is None:
            self.sighting.deferred.append(Failure(link, "it can't be read, so that what comes after it is left"))
        return reading

    def _articles(self, listing: Reading) -> None:
        """Fetch the articles that a listing names: new ones first, then young ones again, for their corrections.

        What could not be had before comes last, so that it holds up nothing, and is asked for as long as it is listed.
        """
        listed = {link_key(entry.link): entry for entry in reversed(listing.announced)}
        remembered = teasers.parse(self.store.meta(teasers.note(self.spec.key)))
        seen = {key: remembered.get(key, Seen()) for key in reversed(listed)}
        stored = self.known([*(entry.link for entry in listed.values()), *(said.mark for said in seen.values())])
        known = {key: stored.get(key) or stored.get(link_key(said.mark)) for key, said in seen.items()}
        pages: dict[str, Had] = {}
        for key in sorted(seen, key=lambda key: (seen[key].failing is not None, known[key] is not None)):
            before, had = known[key], None
            if before is None or self._is_due(before):
                seen[key], had = self._article(listed[key], before, seen[key])
            if had is not None:
                pages[key] = had
            elif before is not None:
                self.sighting.leave_out(before)
        for key, link in zip(pages, self._own([*pages.values()], listing.link), strict=True):
            found = pages[key].found.at(link)
            self.sighting.batches.append((context_of(listing), (replace(found, key=entry_key(found.entry)),)))
            seen[key] = Seen(mark=link if link_key(link) != key else "")
        # What failed before and was had now has to be written, too, or it would be taken for failing for ever.
        self.sighting.teasers |= {key: said for key, said in seen.items() if key in remembered or said != Seen()}

    def _own(self, pages: Sequence[Had], listing: str) -> list[str]:
        """The addresses of pages that were had, none of which is another's, or that of their listing."""
        called = self.known(had.found.entry.link for had in pages)
        return own(pages, called.values(), (self.spec.location, listing))

    def _is_due(self, before: Known) -> bool:
        """Whether a page has come to an age, since its source was last asked, at which it is looked at again."""
        age, then = self.now() - before.received, (self.checked or before.received) - before.received
        return age < STILL_YOUNG and any(then < mark <= age for mark in _AGES)

    def _article(self, listed: Entry, before: Known | None, seen: Seen) -> tuple[Seen, Had | None]:
        """Fetch and read one article's page; what to remember of it if it fails, and the page if it was had."""
        left, link = self.pages, listed.link
        page = self.deferring(partial(self._page, link, seen), link)
        if page is None:
            return seen.fails(self.now()) if self.pages < left else seen, None
        try:
            stored = self.store.told([before.id]).get(before.id) if before else None
            entry = self.sandbox.run(read_listed, listed, stored, page, self.spec, self.rulings)
        except IngestError as error:
            if before is None:
                self.reject(link, error, page.digest)
            else:  # what is known stays as it is
                self.sighting.noticed.append(Failure(link, str(error)))
            return seen.fails(self.now()), None
        return Seen(), Had(page.url, Found(entry, entry_key(entry), page.digest), before.id if before else "")

    def _whole(self, found: list[Found], home: str) -> list[Found]:
        """Give teasers the page they point to; a teaser of a known, unchanged article is left out."""
        remembered = teasers.parse(self.store.meta(teasers.note(self.spec.key)))
        given = {link_key(f.entry.link): f.key for f in found if self._is_teaser(f.entry)}
        known = teasers.known(self.store.known(self.spec.key, keys=set(given.values()), links=given), given, remembered)
        whole: dict[int, Found | None] = {}
        wanted: list[tuple[int, int]] = []
        for place, item in enumerate(found):
            entry, key = item.entry, link_key(item.entry.link)
            before, seen = known.get(key), remembered.get(key)
            urgency = teasers.urgency(entry, before, seen)
            if not self._is_teaser(entry):
                whole[place] = item
            elif urgency is not None:
                wanted.append((urgency, place))
            elif before is not None:
                self.sighting.teasers[key] = seen or Seen(teasers.mark(entry), whole=True)
                self.sighting.leave_out(before)
        for _, place in sorted(wanted):
            key = link_key(found[place].entry.link)
            before, seen = known.get(key), remembered.get(key) or Seen(whole=key in known)
            whole[place], self.sighting.teasers[key] = self._with_page(found[place], seen, known=before is not None)
            if before is not None and whole[place] is None:
                self.sighting.leave_out(before)
        whole |= self._moved(found, whole, known, home)
        return [item for _, item in sorted(whole.items()) if item is not None]

    def _moved(
        self, found: list[Found], whole: dict[int, Found | None], known: dict[str, Known], home: str
    ) -> dict[int, Found]:
        """Those whose pages give themselves another address than their teasers did, each at the one that is its own."""
        moved = {
            place: Had(link, item, known[key].id if (key := link_key(link)) in known else "")
            for place, item in whole.items()
            if item is not None and item.entry.link != (link := found[place].entry.link)
        }
        return {
            place: moved[place].found.at(link)
            for place, link in zip(moved, self._own([*moved.values()], home), strict=True)
        }

    def _is_teaser(self, entry: Entry) -> bool:
        return teasers.is_teaser(entry, self.spec.location)

    def _with_page(self, item: Found, seen: Seen, *, known: bool) -> tuple[Found | None, Seen]:
        """Give a teaser with its page, or alone, or (None) leave what is known of it; and what to remember."""
        link, now, said = item.entry.link, self.now(), Seen(teasers.mark(item.entry), whole=seen.whole)
        self.renew()
        try:
            whole = self._followed(item, seen)
            if whole is not None:
                return whole, replace(said, whole=True)
        except OfflineError:
            raise
        except UnreadableError as error:  # as if it were not there: the teaser is all there is
            self.sighting.noticed.append(Failure(link, str(error)))
            return (None if known and seen.whole else item), said
        except KilledError as error:  # for want of memory, perhaps
            self.sighting.deferred.append(Failure(link, str(error)))
            seen = seen.fails(now)
        except FetchError as error:
            if is_final(error):
                return (None if known and seen.whole else item), said
            self.defer(link, error)
            seen = seen if isinstance(error, CrowdedError) else seen.fails(now)
        if seen.is_hopeless(now):
            return (None if known else item), said
        if seen.is_overdue(now) and not known:
            return item, replace(said, failing=seen.failing)
        return None, seen

    def _followed(self, item: Found, seen: Seen) -> Found | None:
        """Give a teaser the body of its page; None when it was left for later. Raises IngestError."""
        page = self._page(item.entry.link, seen)
        if page is None:
            return None
        whole = self.sandbox.run(follow, item.entry, page, self.spec, self.rulings)
        return item if whole == item.entry else replace(item, entry=whole, payload=page.digest)

    def _page(self, link: str, seen: Seen) -> Payload | None:
        """Fetch and keep an article's page, bound with those on which it goes on; None when one was left for later.

        Of an article that has waited long enough it is the pages that can be had. Raises FetchError.
        """
        first = self.fetch(self.collector.page, link)
        if first is None:
            return None
        self.keep(first, link)
        leaves = [first]
        while address := self._goes_on(leaves):
            try:
                leaf = self.fetch(self.collector.page, address)
            except OfflineError:
                raise
            except FetchError as error:
                if is_final(error) or seen.is_overdue(self.now()):
                    break
                raise
            if leaf is None:
                return None
            if not are_of_one_site(leaf.url, first.url):
                break  # it was led away
            leaves.append(leaf)
        whole = bound(leaves)
        if whole is not first:
            self.keep(whole, link)
        return whole

    def _goes_on(self, leaves: list[Payload]) -> str:
        """Where an article goes on behind these pages; what can't be read goes on nowhere, and nothing for ever."""
        self.renew()
        if len(leaves) >= MOST_LEAVES or sum(len(leaf.body) for leaf in leaves) > MOST_BYTES:
            return ""
        with suppress(IngestError):
            return self.sandbox.run(goes_on, bound(leaves))
        return ""
