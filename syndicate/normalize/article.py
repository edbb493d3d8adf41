"""An entry, whatever its source's habits, becomes an article of one shape."""

import re
from dataclasses import dataclass, replace

from syndicate.errors import UnreadableError
from syndicate.model import Article, Cut, Dateline, Enclosure, Entry, Image, Original, Person, Reading, SourceSpec
from syndicate.normalize.bounds import bounded
from syndicate.normalize.credits import with_credit
from syndicate.normalize.head import read_head
from syndicate.normalize.identity import entry_key
from syndicate.normalize.initials import with_initial
from syndicate.normalize.kept import Kept, nothing
from syndicate.normalize.language import detect, source_language, spoken
from syndicate.normalize.markup import read_markup
from syndicate.normalize.page_numbers import without_pages
from syndicate.normalize.pictures import unique
from syndicate.normalize.shape import blocks, is_prose, render
from syndicate.normalize.shortcodes import filled
from syndicate.normalize.tree import is_bare_text, prepare
from syndicate.normalize.urls import absolute, canonical_link, is_web, link_key
from syndicate.text import exported, legal, plain, plain_text, repair, shorten, uncased, unescape, unseen

# A body that is nothing but text as it was typed, which is how some systems pass on plain text, in whatever it stands.
_AROUND = "html|body|main|article|section|div"
_PREFORMATTED = re.compile(
    rf"(?:\s*(?:<(?:{_AROUND})\b[^<>]*>|<!--[^<>]*-->))*\s*<pre\b[^<>]*>([^<]*)</pre>(?:\s*</(?:{_AROUND})\s*>)*\s*",
    re.IGNORECASE,
)
_MEDIA = re.compile(r"<(?:img|video|audio|iframe|embed|object)\b")


@dataclass(frozen=True, slots=True)
class _Body:
    title: str
    html: str
    text: str
    images: tuple[Image, ...] = ()
    caption: str = ""
    authors: tuple[Person, ...] = ()
    dateline: Dateline | None = None
    cuts: tuple[Cut, ...] = ()
    categories: tuple[str, ...] = ()


def normalize(entry: Entry, spec: SourceSpec, reading: Reading, kept: Kept = nothing) -> Article:
    """Make an article of an entry; its body is not stripped of boilerplate yet.

    What is moved out of the body into a field (byline, repeated headline, leaked caption) is recorded as a cut, and
    stays where it is `kept`. No field holds more than `bounds` lets it.
    Raises UnreadableError for an entry with neither title nor body, and for a body of absurd length.
    """
    link = canonical_link(absolute(entry.link, entry.base_url)) if entry.link else ""
    link = link if is_web(link) else ""
    body = _body(entry, link, spec, spec.title or reading.title, kept)
    title = unseen(body.title or shorten(body.text.split("\n", 1)[0], 110)).strip()
    if not title and not entry.images and not _MEDIA.search(body.html):
        raise UnreadableError(f"{link or entry.key or 'an entry'}: it has no title and no body")
    pictures = _pictures(entry, body)
    published, updated = entry.published, entry.updated
    article = Article(
        source=spec.key,
        key=entry_key(entry),
        link=link,
        title=title or spec.title or reading.title or link,
        html=body.html,
        text=body.text,
        authors=_authors(
            entry.authors,
            body.authors,
            entry.presumed or (() if entry.nameless else reading.authors),
            (spec.title, reading.title),
        ),
        dateline=body.dateline,
        published=published,
        updated=None if updated and published and updated < published else updated,
        categories=tuple(dict.fromkeys((*entry.categories, *body.categories))),
        language=_language(entry, spec, reading, body.text),
        rights=plain(entry.rights or reading.rights or spec.rights),
        original=_original(entry.original, link, title, reading),
        images=pictures,
        enclosures=_enclosures(entry.enclosures),
        cuts=(*entry.cuts, *body.cuts),
    )
    return bounded(article)


def _body(entry: Entry, link: str, spec: SourceSpec, organization: str, kept: Kept) -> _Body:
    title = plain_text(uncased(repair(entry.title)))
    markup = entry.body or entry.summary
    base = entry.base_url or link
    if not markup.strip():
        return _Body(title, "", "")
    if entry.body_kind == "text" and entry.body:
        return _from_text(exported(repair(legal(markup))), title, organization, kept, headed=spec.kind != "feed")
    markup = filled(uncased(markup))
    if drawn := _PREFORMATTED.fullmatch(markup):
        text = unescape(drawn[1])
        if is_prose(text):
            return _from_text(repair(text), title, organization, kept, headed=False)
    if is_bare_text(markup):
        prepare(markup)  # refuses what is absurdly long
        return _from_text(legal(unescape(repair(markup))), title, organization, kept, headed=False)
    return _from_markup(markup, base, title, organization, kept, headed=spec.kind != "feed")


def _from_text(text: str, title: str, organization: str, kept: Kept, *, headed: bool) -> _Body:
    head = read_head(with_initial(blocks(text)), title, organization, headed=headed, kept=kept)
    body, pages = without_pages(head.body, head.title, organization, head.cuts, kept)
    return _Body(
        title=head.title,
        html=render(body),
        text="\n".join(line for block in body for line in block.lines),
        caption=head.caption,
        authors=head.authors,
        dateline=head.dateline,
        cuts=(*head.cuts, *pages),
        categories=head.rubrics,
    )


def _from_markup(markup: str, base: str, title: str, organization: str, kept: Kept, *, headed: bool) -> _Body:
    read = read_markup(markup, base, title, organization, kept, headed=headed)
    return _Body(
        title=read.title,
        html=read.html,
        text=legal(read.text),
        images=read.images,
        authors=read.authors,
        dateline=read.dateline,
        cuts=read.cuts,
    )


def _pictures(entry: Entry, body: _Body) -> tuple[Image, ...]:
    """The article's pictures, the lead first; a leaked caption belongs to the lead."""
    declared = (with_credit(replace(image, url=canonical_link(image.url))) for image in entry.images)
    pictures = unique((*declared, *body.images))
    if body.caption and pictures and not pictures[0].caption:
        pictures = (replace(pictures[0], caption=body.caption), *pictures[1:])
    return pictures


def _enclosures(declared: tuple[Enclosure, ...]) -> tuple[Enclosure, ...]:
    """The attached files, each once by the address that is published."""
    files: dict[str, Enclosure] = {}
    for file in declared:
        url = canonical_link(file.url)
        files.setdefault(url, replace(file, url=url))
    return tuple(files.values())


def _authors(
    declared: tuple[Person, ...], named: tuple[Person, ...], shared: tuple[Person, ...], houses: tuple[str, ...]
) -> tuple[Person, ...]:
    """The byline's people first, for it knows roles; a login or the site's own name gives way to it.

    `shared` are the source's own authors, or those presumed: they wrote what names nobody.
    """
    if not named:
        return declared or shared
    known = {person.name.casefold(): person for person in (*shared, *declared)}
    byline = tuple(
        replace(person, url=known[person.name.casefold()].url) if person.name.casefold() in known else person
        for person in named
    )
    names = {person.name.casefold() for person in byline}
    others = {house.casefold() for house in houses}
    rest = (p for p in declared if p.name.casefold() not in names | others and " " in p.name)
    return (*byline, *rest)


def _language(entry: Entry, spec: SourceSpec, reading: Reading, text: str) -> str:
    """As the entry says, else as the source is declared; what a feed says of all its entries may be wrong for one.

    Atom's xml:lang of a feed is handed down to its entries, so that theirs is their own where it differs.
    """
    own = entry.language if entry.language != reading.language else ""
    for declared in (own, spec.language):
        if tag := source_language(declared):
            return tag
    tag = source_language(reading.language)
    return spoken(text, tag) if tag else detect(text)


def _original(original: Original | None, link: str, title: str, reading: Reading) -> Original | None:
    """Where it first appeared, unless a source merely names itself, or the article (as Discourse's RSS does)."""
    if original is None:
        return None
    own = {link_key(link), link_key(reading.link)}
    if original.name and original.name.casefold() in {reading.title.casefold(), title.casefold()}:
        return None
    if original.url and link_key(original.url) in own:
        return None
    return replace(original, url=canonical_link(original.url))
