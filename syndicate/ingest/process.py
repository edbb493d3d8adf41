"""Read, normalize and strip: what the sandbox's child does with the bytes of one source. Pure.

Two steps, because pages may have to be fetched between them: `read_payload` finds the entries, `prepare` makes
articles of them. Both are top-level functions of plain values, so that they can be sent to another process.
"""

import re
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import partial
from urllib.parse import urlsplit

from syndicate.errors import UnreadableError
from syndicate.ingest.fingerprint import fingerprint, sketch
from syndicate.ingest.likeness import is_own_place, is_told
from syndicate.ingest.match import Prepared, superseded
from syndicate.ingest.readers import MOST_ENTRIES, named, page, read
from syndicate.ingest.reasons import told
from syndicate.model import Article, Entry, Failure, Payload, Reading, SourceSpec
from syndicate.normalize import normalize
from syndicate.normalize.identity import spare_keys
from syndicate.normalize.kept import Kept, nothing
from syndicate.normalize.summary import summarize, without_link_lines
from syndicate.normalize.urls import link_key
from syndicate.records import Rejected, Stage
from syndicate.strip import Memory, Rulings, strip
from syndicate.text import plain, repair, squeeze

_LONGEST_SUMMARY = 10_000  # characters; what is longer is an article and announces nothing
_NOTHING_RULED = Rulings()
_NO_WORD = re.compile(r"\.\w{2,5}$|[\W\d_]+")
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
    return read(payload, spec, _kept(rulings), most)


def read_page(payload: Payload, spec: SourceSpec, rulings: Rulings = _NOTHING_RULED) -> Reading:
    """Take a page for one article: a reading with one entry. Raises UnreadableError."""
    return named(Reading(format="page", entries=(page.article(payload, spec, _kept(rulings)),)))


def read_listed(
    announced: Entry, stored: Article | None, payload: Payload, spec: SourceSpec, rulings: Rulings = _NOTHING_RULED
) -> Entry:
    """Take a page for the article that a listing announced; `stored` is what is known of it.

    Raises UnreadableError for a page that tells neither: a login page, "not found", the listing itself.
    """
    if _leads_away(announced, payload.url, spec.location):
        raise UnreadableError(f"{announced.link} leads to {payload.url}, which is no article")
    whole = page.article(payload, spec, _kept(rulings))
    said = _said(whole)
    known = stored is not None and is_told(stored.title, stored.text, said)
    if not known and not (_is_announced(announced, said) if announced.title else stored is None):
        raise UnreadableError(f"{payload.url} does not tell what was announced: a login page, perhaps")
    dated = whole.published or (stored and stored.published) or announced.published
    return replace(whole, published=dated)


def _leads_away(announced: Entry, url: str, location: str) -> bool:
    """Whether an article's address was redirected to its listing, a front page, a login and the like."""
    if link_key(url) == link_key(announced.link):
        return False
    lists = {link_key(location), link_key(announced.base_url)}
    return link_key(url) in lists or not is_own_place(url) or page.is_no_article(url)


def _is_announced(announced: Entry, said: str) -> bool:
    """Whether a page tells what its listing said of it, or what its address says.

    A link may say something else than the headline that it leads to, and then the address is often made of that.
    """
    slug = _NO_WORD.sub(" ", urlsplit(announced.link).path.rstrip("/").rpartition("/")[2]).strip()
    return is_told(announced.title, announced.title, said) or (" " in slug and is_told(slug, "", said))


def _said(whole: Entry) -> str:
    return "\n".join((whole.title, plain(whole.summary), plain(whole.body)))


def losses(reading: Reading, payload: Payload) -> tuple[Failure, ...]:
    """The failures that cost an entry; what is said of a document as a whole does not, if any was read."""
    return tuple(f for f in reading.failures if f.where != payload.url or not reading.entries)


def prepare(job: Job) -> Outcome:
    """Make articles of the entries: normalize all, learn from those that are new, then strip them.

    An entry that fails is rejected with its reason; its neighbours go through.
    """
    rejected: list[Rejected] = []
    read: list[tuple[Found, Article]] = []
    fresh: list[tuple[Found, Article, str]] = []
    still: list[Still] = []
    for found in job.found:
        try:
            read.append((found, _normalized(found, job)))
        except Exception as error:  # noqa: BLE001 - a bug met by one entry must not cost its neighbours
            rejected.append(reject(job, "normalize", found, error))
    old = superseded([(found.entry, article) for found, article in read])
    for found, article in (both for position, both in enumerate(read) if position not in old):
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
    prepared = []
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
    learned = memory.forget().to_bytes() if job.learn else None
    return Outcome(tuple(prepared), tuple(rejected), present, tuple(still), learned)


def recall(job: Job) -> bytes:
    """Return the job's memory with what it has forgotten of entries that are to be stripped again."""
    memory = Memory.from_bytes(job.memory)
    for found in job.found:
        with suppress(Exception):  # what fails here is rejected by `prepare`, which says why
            memory = memory.recall(_normalized(found, job))
    return memory.to_bytes()


def with_page(entry: Entry, payload: Payload, spec: SourceSpec, rulings: Rulings = _NOTHING_RULED) -> Entry:
    """Give a feed's teaser the body of its article's page; what the feed said of the article still counts."""
    return _joined(entry, page.article(payload, spec, _kept(rulings, entry.title)))


def follow(entry: Entry, payload: Payload, spec: SourceSpec, rulings: Rulings = _NOTHING_RULED) -> Entry:
    """Give a teaser its page as `with_page` does, and its page's address, if that says more.

    Raises UnreadableError for a login page, or any other article's.
    """
    whole = page.article(payload, spec, _kept(rulings, entry.title))
    said = plain(entry.body or entry.summary)
    if not is_told(entry.title, said, _said(whole)):
        raise UnreadableError(f"{payload.url} has neither the headline's words nor the teaser's: a login page, perhaps")
    if len(plain(whole.body)) <= len(said):
        return entry
    return replace(_joined(entry, whole), link=whole.link or entry.link)


def _joined(entry: Entry, whole: Entry) -> Entry:
    return replace(
        entry,
        body=whole.body,
        body_kind=whole.body_kind,
        cuts=whole.cuts,
        goes_on=whole.goes_on,
        base_url=whole.base_url,
        excerpt_only=False,
        title=entry.title or whole.title,
        authors=entry.authors or whole.authors,
        published=entry.published or whole.published,
        updated=entry.updated or whole.updated,
        categories=entry.categories or whole.categories,
        language=entry.language or whole.language,
        rights=entry.rights or whole.rights,
        images=entry.images or whole.images,
    )


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


def _kept(rulings: Rulings, known: str = "") -> Kept:
    """What a page's reader must not leave out; `known` is the article's title if it is not the page's that counts."""
    return (lambda text, title: rulings.keeps(text, known or title)) if rulings else nothing


def reject(job: Job, stage: Stage, found: Found, error: Exception) -> Rejected:
    """Put down why an entry failed, for quarantine."""
    where = found.entry.title or found.entry.link or found.key
    return Rejected(job.spec.key, where[:300], told(error)[:500], found.payload, stage)
