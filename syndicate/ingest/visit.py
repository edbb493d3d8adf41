"""What a poll may do at a source: ask for pages, within bounds, keep what comes, and put down what does not."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime
from urllib.parse import urlsplit

from syndicate.errors import FetchError, IngestError, OfflineError, RefusedError
from syndicate.ingest.collect import TOO_MANY, Collector
from syndicate.ingest.sighting import Sighting
from syndicate.model import Failure, Payload, SourceSpec
from syndicate.normalize.urls import link_key
from syndicate.records import Known, Rejected
from syndicate.store import Store


@dataclass(slots=True, kw_only=True)
class Visit:
    """A poll's errand at one source; all that it brings to light goes into its `sighting`.

    `pages` is how many it may still fetch, and `late` says that it has taken long enough: slow pages of one source must
    not hold up the others. `renew` is called between slow steps, to keep the source's lease. `closed` are hosts that
    asked us to wait.
    """

    spec: SourceSpec
    store: Store
    collector: Collector
    pages: int
    now: Callable[[], datetime]
    renew: Callable[[], None]
    late: Callable[[], bool]
    closed: set[str] = field(default_factory=set)
    sighting: Sighting = field(default_factory=Sighting)

    def fetch(self, get: Callable[[str], Payload], link: str) -> Payload | None:
        """Fetch one more address, or defer it (None) when this visit has fetched enough. Raises FetchError."""
        host = urlsplit(link).hostname or ""
        if host in self.closed:
            self.sighting.deferred.append(Failure(link, f"left for a later run: {host} asked us to wait"))
            return None
        if self.pages <= 0 or self.late():
            self.sighting.deferred.append(Failure(link, "left for the next run: this one has fetched enough pages"))
            return None
        self.pages -= 1
        return get(link)

    def defer(self, name: str, error: FetchError) -> None:
        """Leave an address for a later poll; when its host says how long to wait, we do, and with all of its pages."""
        self.sighting.deferred.append(Failure(name, str(error)))
        wishes = self.sighting.wishes
        self.sighting.wishes = replace(wishes, wait=max(wishes.wait, error.retry_after or 0.0))
        if error.status == TOO_MANY or error.retry_after:
            self.closed.add(urlsplit(name).hostname or "")

    def deferring(self, load: Callable[[], Payload | None], name: str, beyond: int | None = None) -> Payload | None:
        """Load a document; one that can't be had now is deferred (None). Our own outage ends the visit.

        The status `beyond` says that there is no such document.
        """
        self.renew()
        try:
            return load()
        except OfflineError:
            raise
        except RefusedError as error:
            self.sighting.refused.append(Failure(name, str(error)))
            return None
        except FetchError as error:
            if beyond is None or error.status != beyond:
                self.defer(name, error)
            return None

    def keep(self, payload: Payload, name: str) -> str:
        """Keep a payload before it is read; gives its digest."""
        digest = self.store.keep_payload(payload, self.spec.key, self.now())
        self.sighting.names.setdefault(digest, set()).add(name)
        return digest

    def reject(self, name: str, error: IngestError, digest: str) -> None:
        """Put down why a document can't be read, for quarantine."""
        self.sighting.rejected.append(Rejected(self.spec.key, name, str(error), digest, "read"))

    def known(self, links: Iterable[str]) -> dict[str, Known]:
        """Return what is known of the source's articles at these addresses, by the address's key."""
        wanted = {key for link in links if (key := link_key(link))}
        return {link_key(k.link): k for k in self.store.known(self.spec.key, links=wanted).values()}
