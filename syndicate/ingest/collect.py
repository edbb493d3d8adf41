"""Collecting: what a source has to offer now, by the road that its kind needs."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial
from hashlib import sha256
from http import HTTPStatus
from pathlib import Path

from syndicate.errors import CrowdedError, FetchError, OfflineError, RefusedError
from syndicate.ingest.fetch import Fetched, Fetcher
from syndicate.ingest.folders import Folder, Waiting
from syndicate.ingest.readers.wordpress import corrected_url, posts_url
from syndicate.model import Failure, Payload
from syndicate.records import SourceState

_HTML = "text/html, application/xhtml+xml;q=0.9, */*;q=0.5"
TOO_MANY = 429
_PATIENCE = 2  # polls that may fail at an address that a source moved to
_JSON = "application/json, */*;q=0.1"


@dataclass(frozen=True, slots=True)
class Document:
    """Something to be read: its name for reports, and how to get its payload (raises FetchError).

    Of one that is `known_only` nothing counts but corrections of articles that are known.
    """

    name: str
    load: Callable[[], Payload]
    known_only: bool = False


@dataclass(frozen=True, slots=True)
class Collected:
    """What a source offers: documents, and the source's state with the validators for the next poll.

    `before` is the state as it was. Without documents there is nothing new. `wait` (seconds) is what the origin
    asked for. `settle` is called after everything is written, with the reasons why documents failed, by name, and the
    names of those that were left for the next time: a folder moves its files, and gives those that can't be moved.
    `overlooked` names what lies there and is no document, or can't be had and is not needed.
    """

    before: SourceState
    state: SourceState
    documents: tuple[Document, ...] = ()
    wait: float = 0.0
    overlooked: tuple[Failure, ...] = ()
    settle: Callable[[Mapping[str, str], Collection[str]], tuple[Failure, ...]] = field(default=lambda *_: ())


class Collector:
    """Collects from the web and from folders."""

    def __init__(self, fetcher: Fetcher) -> None:
        self._fetcher = fetcher

    def collect(self, state: SourceState, now: datetime) -> Collected:
        """Collect what the source offers now. Raises FetchError and its kin."""
        match state.spec.kind:
            case "folder":
                return _listed(state, now)
            case "wordpress":
                posts = _answered(state, state.location, self._posts(state))
                return self._with_corrections(posts) if _begins_an_hour(state, now) else posts
            case _:
                return self._asked(state)

    def page(self, url: str) -> Payload:
        """Fetch an article's page. Raises FetchError."""
        return _document(self._fetcher.get(url, accept=_HTML))

    def part(self, url: str) -> Payload:
        """Fetch a further part of an API's answer. Raises FetchError."""
        return _document(self._fetcher.get(url, accept=_JSON))

    def _posts(self, state: SourceState) -> Fetched:
        try:
            return self._get(state, posts_url(state.location), _JSON)
        except FetchError as error:
            if error.status != HTTPStatus.NOT_FOUND or "rest_route" in state.location:
                raise
            hint = f"{error}; a WordPress site without pretty permalinks is given with ?rest_route=/ behind its address"
            raise FetchError(hint, status=error.status, retry_after=error.retry_after) from error

    def _with_corrections(self, posts: Collected) -> Collected:
        """The posts, and those beyond them that were changed last: a part is not asked for once it is known.

        A site that can't tell costs nothing else.
        """
        url = corrected_url(posts.state.location)
        try:
            payload = self.part(url)
        except OfflineError:
            raise
        except FetchError as error:
            wait = max(posts.wait, error.retry_after or 0.0)
            reason = f"what was corrected can't be asked for: {error}"
            return replace(posts, wait=wait, overlooked=(*posts.overlooked, Failure(url, reason)))
        corrected = Document(url, lambda: payload, known_only=True)
        return replace(posts, documents=(*posts.documents, corrected))

    def _asked(self, state: SourceState) -> Collected:
        """Ask where the source has moved to; when that leads nowhere any more, where it was declared."""
        try:
            fetched = self._get(state, state.location, "")
            return _answered(state, fetched.moved_to or state.location, fetched)
        except (OfflineError, CrowdedError):
            raise
        except FetchError as error:
            declared = state.spec.location
            if state.location == declared or not (_is_lost(error) or state.failures >= _PATIENCE):
                raise
        fetched = self._fetcher.get(declared)
        return _answered(state, fetched.moved_to or declared, fetched)

    def _get(self, state: SourceState, url: str, accept: str) -> Fetched:
        asked = {"accept": accept} if accept else {}
        return self._fetcher.get(url, etag=state.etag, modified=state.modified, **asked)


def _listed(state: SourceState, now: datetime) -> Collected:
    """The files that wait in a folder. A folder whose files stay is unchanged for as long as its listing is."""
    folder = Folder(Path(state.location))
    waiting = folder.waiting(now)
    documents = tuple(Document(w.name, partial(folder.read, w)) for w in waiting)
    overlooked = folder.overlooked()
    if not state.spec.keep_files:
        return Collected(state, state, documents, overlooked=overlooked, settle=partial(_move, folder, waiting))
    listing = sha256(repr(waiting).encode()).hexdigest()
    if listing == state.payload:
        return Collected(state, state, overlooked=overlooked)
    return Collected(state, replace(state, payload=listing), documents, overlooked=overlooked)


def _answered(state: SourceState, location: str, fetched: Fetched) -> Collected:
    wait = float(max(fetched.max_age or 0, fetched.retry_after or 0))
    after = replace(state, location=location, etag=fetched.etag, modified=fetched.modified)
    payload = fetched.payload
    if payload is None or payload.digest == state.payload:
        return Collected(state, after, wait=wait)
    after = replace(after, payload=payload.digest)
    return Collected(state, after, (Document(payload.url, lambda: payload),), wait=wait)


def _begins_an_hour(state: SourceState, now: datetime) -> bool:
    """Whether a source that was asked before is asked for the first time in this hour of the clock."""
    return state.last_checked is not None and state.last_checked < now.replace(minute=0, second=0, microsecond=0)


def _is_lost(error: FetchError) -> bool:
    """Whether there is nothing at an address any more, or nothing that we may fetch."""
    return isinstance(error, RefusedError) or error.status in {404, 410}


def is_final(error: FetchError) -> bool:
    """Whether asking again is pointless: our refusals, and the client's errors but for time-outs and rate limits."""
    if isinstance(error, RefusedError):
        return True
    return error.status is not None and 400 <= error.status < 500 and error.status not in {408, TOO_MANY}


def _document(fetched: Fetched) -> Payload:
    if fetched.payload is None:
        raise FetchError("answered without a document")
    return fetched.payload


def _move(
    folder: Folder, taken: Sequence[Waiting], failed: Mapping[str, str], left: Collection[str]
) -> tuple[Failure, ...]:
    """Move every file to where it belongs: to `failed/`, with the reason beside it, or to `done/`.

    A file that was left, or that somebody has written to since it was listed, stays: it comes with the next listing.
    So does one that can't be moved; gives those.
    """
    stuck = []
    for file in taken:
        try:
            if file.name in left or not folder.holds(file):
                continue
            if file.name in failed:
                folder.failed(file.name, failed[file.name])
            else:
                folder.done(file.name)
        except FetchError as error:
            stuck.append(Failure(file.name, str(error)))
    return tuple(stuck)
