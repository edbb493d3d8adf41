"""Read, normalize and strip: what the sandbox's child does with the bytes of one source. Pure.

Two steps, because pages may have to be fetched between them (`pages.py`): `read_payload` finds the entries, `prepare`
makes articles of them. Both are top-level functions of plain values, so that they can be sent to another process.
"""

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import partial

from syndicate.ingest.fingerprint import fingerprint, sketch
from syndicate.ingest.match import Prepared, superseded
from syndicate.ingest.pages import kept_by, with_page
from syndicate.ingest.readers import MOST_ENTRIES, read
from syndicate.ingest.reasons import told
from syndicate.model import Article, Entry, Failure, Payload, Reading, SourceSpec
from syndicate.normalize.article import normalize
from syndicate.normalize.identity import spare_keys
from syndicate.normalize.summary import summarize, without_link_lines
from syndicate.records import Rejected, Stage
from syndicate.strip.article import strip
from syndicate.strip.memory import Memory
from syndicate.strip.rulings import Rulings
from syndicate.text import plain, repair, squeeze

_LONGEST_SUMMARY = 10_000  # characters; what is longer is an article and announces nothing
_NOTHING_RULED = Rulings()
_WARM_SPEC = SourceSpec(key="warm", kind="folder", location="")


@dataclass(frozen=True, slots=True)
class Found:
    """One entry, the key it is known by, and the payload it came from (its digest)."""

    entry: Entry
    key: str
    payload: str
    page: Payload | None = None

    def at(self, link: str) -> "Found":
        """Return the same at another address."""
        return replace(self, entry=replace(self.entry, link=link))


def found_in(reading: Reading, payload: str) -> tuple[Found, ...]:
    """Return the entries of a reading of one payload, given by its digest."""
    return tuple(Found(entry, key, payload) for entry, key in zip(reading.entries, reading.keys, strict=True))


def context_of(reading: Reading) -> Reading:
    """Return what a reading tells of its source, without what was found in it."""
    return replace(reading, entries=(), keys=(), failures=(), announced=(), follow=())


@dataclass(frozen=True, slots=True)
class Job:
    """Entries of one source to be made articles, with what is known of the source.

    `context` is the reading that they came in, without its entries. `raws` are the fingerprints of what the source
    gave before: an entry among them is unchanged and costs nothing more. `learn` says whether the memory grows.
    """

    spec: SourceSpec
    context: Reading
    found: tuple[Found, ...]
    raws: frozenset[str] = frozenset()
    memory: bytes | None = None
    rulings: Rulings = field(default_factory=Rulings)
    hold_share: float = 0.6
    learn: bool = True


_Fresh = tuple[Found, Article, str]  # an entry that is new or has changed, its article, and its fingerprint


@dataclass(frozen=True, slots=True)
class Still:
    """An unchanged entry: its key, its fingerprint, and the payload (its digest) in which it came this time."""

    key: str
    raw: str
    payload: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a job: articles to be planned, entries that failed, what was unchanged, what was learned.

    `present` are the fingerprints of the unchanged, `still` says where they stand. `kills` is how many children it
    cost; `exhausted` is the reason why a poll was not finished: it has cost too many.
    """

    prepared: tuple[Prepared, ...] = ()
    rejected: tuple[Rejected, ...] = ()
    present: frozenset[str] = frozenset()
    still: tuple[Still, ...] = ()
    memory: bytes | None = None
    kills: int = 0
    exhausted: str = ""

    def plus(self, later: "Outcome") -> "Outcome":
        """Put this outcome and a later one of the same source together."""
        return Outcome(
            self.prepared + later.prepared,
            self.rejected + later.rejected,
            self.present | later.present,
            self.still + later.still,
            later.memory or self.memory,
            self.kills + later.kills,
        )


def warm() -> None:
    """Load everything that is loaded on first use, so that children forked later have it already."""
    words = "The ferry to the island sails again after the storm, and the harbour master has opened the pier. " * 3
    article = strip(normalize(Entry(title="Warm", body=f"<p>{words}</p>"), _WARM_SPEC, Reading("html")))
    fingerprint(article)
    sketch(article.text)


def read_payload(
    payload: Payload, spec: SourceSpec, rulings: Rulings = _NOTHING_RULED, most: int = MOST_ENTRIES
) -> Reading:
    """Find the entries of a payload, `most` of them. Raises UnreadableError."""
    return read(payload, spec, kept_by(rulings), most)


def losses(reading: Reading, payload: Payload) -> tuple[Failure, ...]:
    """The failures that cost an entry; what is said of a document as a whole does not, if any was read."""
    return tuple(f for f in reading.failures if f.where != payload.url or not reading.entries)


def prepare(job: Job) -> Outcome:
    """Make articles of the entries: normalize all, learn from those that are new, then strip them.

    An entry that fails is rejected with its reason; its neighbours go through.
    """
    read, rejected = _all_normalized(job)
    fresh: list[_Fresh] = []
    still: list[Still] = []
    for found, article in read:
        raw = fingerprint(article)
        if raw in job.raws:
            still.append(Still(found.key, raw, found.payload))
        else:
            fresh.append((found, article, raw))
    present = frozenset(one.raw for one in still)
    if not fresh:
        return Outcome(rejected=tuple(rejected), present=present, still=tuple(still))
    memory = Memory.from_bytes(job.memory) if job.memory else Memory()
    for _, article, _ in fresh if job.learn else ():
        memory = memory.learn(article)
    prepared, failed = _all_stripped(fresh, job, memory)
    learned = memory.forget().to_bytes() if job.learn else None
    return Outcome(tuple(prepared), (*rejected, *failed), present, tuple(still), learned)


def _all_normalized(job: Job) -> tuple[list[tuple[Found, Article]], list[Rejected]]:
    """Normalize the entries; gives the articles, of several versions in one document the latest, and what failed."""
    rejected: list[Rejected] = []
    read: list[tuple[Found, Article]] = []
    for found in job.found:
        try:
            read.append((found, _normalized(found, job)))
        except Exception as error:  # noqa: BLE001 - a bug met by one entry must not cost its neighbours
            rejected.append(reject(job, "normalize", found, error))
    old = superseded([(found.entry, article) for found, article in read])
    return [both for position, both in enumerate(read) if position not in old], rejected


def _all_stripped(fresh: Sequence[_Fresh], job: Job, memory: Memory) -> tuple[list[Prepared], list[Rejected]]:
    """Strip what is new; gives what is ready to be planned, and what failed."""
    prepared: list[Prepared] = []
    rejected: list[Rejected] = []
    site_name = job.spec.title or job.context.title
    stripped = partial(strip, memory=memory, rulings=job.rulings, site_name=site_name, hold_share=job.hold_share)
    for found, whole, raw in fresh:
        try:
            article = stripped(whole)
            article = replace(article, summary=_summary(found.entry, whole, article, stripped))
            content = fingerprint(article)
            spares = spare_keys(found.entry)
            prepared.append(Prepared(article, raw, found.payload, content, sketch(article.text), spares))
        except Exception as error:  # noqa: BLE001 - as above
            rejected.append(reject(job, "strip", found, error))
    return prepared, rejected


def recall(job: Job) -> bytes:
    """Return the job's memory with what it has forgotten of entries that are to be stripped again."""
    memory = Memory.from_bytes(job.memory)
    for found in job.found:
        with suppress(Exception):  # what fails here is rejected by `prepare`, which says why
            memory = memory.recall(_normalized(found, job))
    return memory.to_bytes()


def _normalized(found: Found, job: Job) -> Article:
    entry = found.entry if found.page is None else with_page(found.entry, found.page, job.spec, job.rulings)
    return replace(normalize(entry, job.spec, job.context, job.rulings.keeps), key=found.key)


def _summary(entry: Entry, whole: Article, article: Article, stripped: Callable[[Article], Article]) -> str:
    """The source's own summary without boilerplate (it carries the same footers as bodies do), else the beginning.

    What repeats the beginning of the whole article is no summary: the beginning of the cleaned one takes its place.
    """
    declared = repair(entry.summary) if entry.body and len(entry.summary) <= _LONGEST_SUMMARY else ""
    text = without_link_lines(article.text, article.html)
    if declared and _begins(whole.text, declared):
        declared = ""
    elif declared and not _begins(text, declared):
        teaser = stripped(replace(article, html=declared, text="", cuts=(), doubts=(), held=""))
        declared = "" if teaser.held else teaser.html
    return summarize(text, declared)


def _begins(text: str, summary: str) -> bool:
    """Whether a summary is only the article's beginning: `summarize` then takes its words from the article anyway.

    Most summaries are, and stripping one costs much more than looking.
    """
    opening = plain(summary[:1_000])[:40]
    return len(opening) >= 20 and squeeze(text[:600]).startswith(opening)


def reject(job: Job, stage: Stage, found: Found, error: Exception) -> Rejected:
    """Put down why an entry failed, for quarantine."""
    where = found.entry.title or found.entry.link or found.key
    return Rejected(job.spec.key, where[:300], told(error)[:500], found.payload, stage)
