"""The one tree of expected failures; a bug is never wrapped in one of these.

SyndicateError
+-- ConfigurationError     a setting is wrong: file, key, what was expected
+-- UsageError             a caller asked for something that does not exist or does not fit
+-- QueueFullError         so many runs wait that another has to be asked for later
+-- IngestError            one source (or one payload of it) failed; the others go on
|   +-- FetchError         nothing usable came over the wire or from the folder
|   |   +-- GoneError      410: the source has ended
|   |   +-- RefusedError   our own guard said no (address, scheme, size, redirect)
|   |   +-- OfflineError   our own network is down: nobody's fault but ours
|   |   +-- CrowdedError   our turn at this host did not come: it was not asked
|   +-- UnreadableError    bytes came, but they are not what the source's kind reads
|   +-- KilledError        the child that read the payload exceeded its CPU, memory or time
|   +-- LeaseLostError     somebody else took over this source; what we did is void
|   +-- BusyError          somebody else works on this source; we did nothing
+-- OutdatedError          what a plan goes by has changed before it was written: plan again
+-- StoreError             the database failed; doors answer 503
+-- PublishError           a feed could not be built; the last good one stays
"""


class SyndicateError(Exception):
    """An expected failure, worded for the person who has to act on it."""


class ConfigurationError(SyndicateError):
    """A setting is wrong; `problems` holds one line each: where, what was found, what was expected."""

    def __init__(self, problems: tuple[str, ...]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


class UsageError(SyndicateError):
    """A caller named something that does not exist or does not fit."""


class QueueFullError(SyndicateError):
    """So many runs wait already that another would only wait longer; `retry_after` is in seconds."""

    def __init__(self, reason: str, *, retry_after: int = 60) -> None:
        super().__init__(reason)
        self.retry_after = retry_after


class IngestError(SyndicateError):
    """One source, or one payload of it, failed; its neighbours go on."""


class FetchError(IngestError):
    """Nothing usable came; `retry_after` (seconds) is what the origin asked for, if it did."""

    def __init__(self, reason: str, *, status: int | None = None, retry_after: float | None = None) -> None:
        super().__init__(reason)
        self.status = status
        self.retry_after = retry_after

    def __reduce__(self) -> tuple[object, ...]:
        """Keep the keyword fields when the error crosses a process border."""
        return (_rebuild_fetch_error, (type(self), str(self), self.status, self.retry_after))


def _rebuild_fetch_error(
    kind: type[FetchError], reason: str, status: int | None, retry_after: float | None
) -> FetchError:
    return kind(reason, status=status, retry_after=retry_after)


class GoneError(FetchError):
    """The origin says 410: the source has ended and is not polled again."""


class RefusedError(FetchError):
    """Our guard refused an address, scheme, size or redirect."""


class OfflineError(FetchError):
    """Our own network is down; no source is blamed for it."""


class CrowdedError(FetchError):
    """We ask this host for so much already that our turn did not come; it was not asked, and is not blamed."""


class UnreadableError(IngestError):
    """The bytes are not what this kind of source reads."""


class KilledError(IngestError):
    """The child process exceeded its CPU, memory or time limit and was killed."""


class LeaseLostError(IngestError):
    """Another worker took the source over; nothing of this run is kept."""


class BusyError(IngestError):
    """Another worker has the source; nothing of this was begun."""


class OutdatedError(SyndicateError):
    """What a plan goes by has changed before it was written; nothing of it is kept, and it has to be made again."""


class StoreError(SyndicateError):
    """The database failed."""


class PublishError(SyndicateError):
    """A feed could not be built; the last good one stays."""
