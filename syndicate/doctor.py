"""What `syndicate doctor` finds: how each part of the service is, and what to do where something is wrong."""

import shutil
from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from syndicate.cache import Cache
from syndicate.current_topics import current_topics
from syndicate.errors import StoreError
from syndicate.model import FEED_FORMATS
from syndicate.private_redis import PrivateRedis
from syndicate.records import SourceState, StoreReport
from syndicate.records_served import WebhookState
from syndicate.settings import Settings
from syndicate.store import Store
from syndicate.store.errors import RESTORE
from syndicate.store.health import FREE_AT_LEAST
from syndicate.store.probe import Probe

ROLE_SILENT = timedelta(minutes=2)
_ROLES = {"scheduler": "no source is polled", "worker": "no run is carried out"}
STORE_SECONDS = 5.0
_AHEAD = timedelta(minutes=1)  # clocks of several machines are never quite the same
_MOST_DAMAGE = 5  # lines
_UNREACHED = timedelta(hours=1)
_START = "start `syndicate up`, or `syndicate schedule` and `syndicate work`"


@dataclass(frozen=True, slots=True)
class Finding:
    """How a part of the service is; `advice` says what to do, and is "" where nothing is wrong."""

    part: str
    found: str
    advice: str = ""

    @property
    def ok(self) -> bool:
        """Whether nothing is wrong."""
        return not self.advice


def examine(
    store: Store, cache: Cache, private: PrivateRedis | None, settings: Settings, now: datetime
) -> Iterator[Finding]:
    """Look at everything, and change nothing; what the store knows is left out where it can't be asked.

    `private` is the private Redis if it is the one that is used.
    """
    report = yield from _store(store)
    yield _redis(cache, private)
    yield _disk(report, settings.data_dir)
    if report is not None and report.revision == report.head:
        yield _clock(report, now)
        missing = tuple(_missing(store, now))
        yield from missing
        yield from _sources(store.sources(), now, polled=not missing)
        yield from _feeds(store, settings)
        yield from _webhooks(store.webhooks(), now)


def _store(store: Store) -> Generator[Finding, None, StoreReport | None]:
    if not store.is_there:
        yield Finding("store", f"{store.where}: there is none yet", "check the address; `syndicate up` makes one")
        return None
    try:
        Probe(store).ping(STORE_SECONDS)
        report = store.health()
        damage = store.check_integrity()
    except StoreError as error:
        yield Finding("store", str(error), "mend the store first: clock, sources and feeds could not be looked at")
        return None
    for problem in report.problems:
        what, _, advice = problem.rpartition(": ")
        yield Finding("store", what, advice)
    for line in damage[:_MOST_DAMAGE]:
        yield Finding("store", f"it is damaged: {line}", RESTORE)
    if not report.problems and not damage:
        size = f", {report.size / 1_048_576:.0f} MB" if report.size else ""
        waiting = f", {report.quarantined} in quarantine" if report.quarantined else ""
        yield Finding("store", f"{report.where}: {report.articles} articles{waiting}{size}")
    return report


def _redis(cache: Cache, private: PrivateRedis | None) -> Finding:
    if cache.takes():
        return Finding("redis", "it answers")
    why = cache.failure
    away = f"it can't be used ({why}): feeds come from the store, and no run can be queued"
    return Finding("redis", away, _advice_on_redis(why, cache, private))


def _advice_on_redis(why: str, cache: Cache, private: PrivateRedis | None) -> str:
    if "No space" in why:
        return "free some space where its data is: it goes on by itself then"
    if "Permission denied" in why:
        return "ask as the user that the service runs as"
    if private is None:
        if cache.ping():
            return "it answers, but takes nothing: give it memory, or name the one that leads in SYNDICATE_REDIS_URL"
        return "check that it runs and SYNDICATE_REDIS_URL"
    if private.occupied:
        return "the private one runs, but hangs or can't write: see the log of `syndicate up`, then start that again"
    return "the private one runs while `syndicate up` does: start that"


def _disk(report: StoreReport | None, folder: Path) -> Finding:
    """The room on the disks of the store and of the data folder, whichever has less."""
    here = next(place for place in (folder.absolute(), *folder.absolute().parents) if place.exists())
    free = shutil.disk_usage(here).free
    if report is not None and report.free is not None:
        free = min(free, report.free)
    found = f"{free / 1_073_741_824:.1f} GB are free"
    return Finding("disk", found, "" if free >= FREE_AT_LEAST else "free some space: nothing can be taken in soon")


def _clock(report: StoreReport, now: datetime) -> Finding:
    ahead = report.written - now if report.written else timedelta()
    if ahead <= _AHEAD:
        return Finding("clock", f"it is {now:%Y-%m-%d %H:%M:%S} UTC, and nothing was stored later")
    found = f"it is {now:%Y-%m-%d %H:%M:%S} UTC, but something was stored at {report.written:%Y-%m-%d %H:%M:%S}"
    return Finding("clock", found, "set the clocks of all machines right; one is behind, or was ahead")


def _missing(store: Store, now: datetime) -> Iterator[Finding]:
    """A role that was never there is no fault: `syndicate ingest` may be called by something else."""
    beats = store.beats()
    for role, harm in _ROLES.items():
        last = beats.get(role)
        if last is not None and now - last > ROLE_SILENT:
            yield Finding(role, f"it was last alive at {last:%Y-%m-%d %H:%M:%S}: {harm}", _START)


def _sources(states: Sequence[SourceState], now: datetime, *, polled: bool) -> Iterator[Finding]:
    """Which sources fail or are silent; that one is silent which nobody polls says nothing of it."""
    active = [state for state in states if state.status == "active"]
    well = True
    for state in states:
        if state.status == "gone":
            key, said = state.spec.key, state.last_error
            found = f"{key} is not polled any more since {state.last_checked or now:%Y-%m-%d %H:%M}: {said}"
            yield Finding("sources", found, f"`syndicate ingest {key}` if that was a slip; else remove or pause it")
        elif state.status != "active":
            continue
        elif state.failures:
            found = f"{state.spec.key} failed {state.failures} times on end: {state.last_error}"
            yield Finding("sources", found, f"check {state.location}, or `syndicate sources pause {state.spec.key}`")
        elif polled and state.is_silent(now):
            found = f"{state.spec.key} has had nothing new since {state.rhythm[-1]:%Y-%m-%d}, far longer than usual"
            yield Finding("sources", found, f"check whether {state.location} has moved or ended")
        else:
            continue
        well = False
    if well:
        yield Finding("sources", f"{len(active)} active, none fails or is silent")


def _feeds(store: Store, settings: Settings) -> Iterator[Finding]:
    versions = store.feed_versions()
    waiting = {topic for _, topic in store.pending_topics(10_000)}
    well = True
    topics = current_topics(settings, store)
    for topic in topics:
        missing = [name for name in FEED_FORMATS if (topic.key, name) not in versions]
        if missing:
            found = f"{topic.key} was never built as {', '.join(missing)}"
        elif topic.key in waiting:
            found = f"{topic.key} is older than its articles: it waits to be built"
        else:
            continue
        well = False
        yield Finding("feeds", found, f"{_START}; where these run, their log says why under `feed not built`")
    if well:
        yield Finding("feeds", f"{len(versions)} feeds of {len(topics)} topics, all built")


def _webhooks(states: Sequence[WebhookState], now: datetime) -> Iterator[Finding]:
    """Which partners are not reached: at once if their webhook has ended, else if it has failed for a while."""
    well = True
    for one in states:
        if one.ended:
            found = f"{one.partner} is sent nothing since {one.ended:%Y-%m-%d %H:%M}: {one.host} said that it is gone"
            advice = f"ask the partner, then `syndicate partners webhook {one.partner} URL`, or --off"
        elif one.failing and now - one.failing > _UNREACHED:
            found = f"{one.partner} is not reached since {one.failing:%Y-%m-%d %H:%M} at {one.host}: {one.error}"
            advice = f"`syndicate partners ping {one.partner}`, and ask the partner"
        else:
            continue
        well = False
        yield Finding("webhooks", found, advice)
    if well and states:
        yield Finding("webhooks", f"{len(states)} webhooks, all reached")
