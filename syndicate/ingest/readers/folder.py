"""Files of a folder: one file is one article, as plain text, Markdown or HTML, or as a mail that holds one of them."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from pathlib import PurePosixPath
from urllib.parse import unquote, urlsplit

from markdown_it import MarkdownIt

from syndicate.errors import UnreadableError
from syndicate.ingest.readers import page
from syndicate.ingest.readers.charset import Decoded, decode
from syndicate.ingest.readers.dates import parse_date, told_dates
from syndicate.ingest.readers.footnotes import with_notes
from syndicate.ingest.readers.front_matter import Fields, front_matter
from syndicate.ingest.readers.mail import Mail, read_mail
from syndicate.ingest.readers.people import people
from syndicate.ingest.refresh import leads_to
from syndicate.model import Entry, Image, Payload, SourceSpec
from syndicate.normalize.head import read_head
from syndicate.normalize.kept import Kept, nothing
from syndicate.normalize.shape import blocks
from syndicate.normalize.urls import absolute, is_web
from syndicate.text import plain, plain_text, squeeze

_LINE_END = re.compile(r"\r{1,3}\n|\r")  # also where a program has made "\r\n" of "\n" twice
_HEADING = re.compile(r"\A\s*(?:#\s+(.{1,300}?)\s*#*[ \t]*(?:\n+|\Z)|([^\n]{1,300})\n=+[ \t]*(?:\n+|\Z))")
_WHOLE_PAGE = re.compile(r"<(?:html|head|body)[\s>]", re.IGNORECASE)
_HTML_HEADING = re.compile(r"\A\s*<h1\b[^<>]*>(.{1,600}?)</h1\s*>", re.IGNORECASE | re.DOTALL)
_TEXT_BYTES = bytes([*b"\t\n\x0b\x0c\r\x1b", *range(32, 256)])  # what text in any narrow encoding is made of
_BODY = re.compile(r"<body\b[^<>]*>(.*?)(?:</body|\Z)", re.IGNORECASE | re.DOTALL)
_TOP = 2000  # characters of a text in which its head stands
_FIELD = re.compile(r"\s*+(?:(?:---|\+\+\+)[ \t]*+\n?)?[^\W\d][\w -]{1,20}[:=]")  # a rule in a text begins no fields
_DATED = re.compile(r"((?:19|20)\d\d-[01]\d-[0-3]\d)(?:[-_ ]+|$)")
_TITLE = re.compile(r"<title\b[^<>]*>([^<]{1,600})", re.IGNORECASE)
_BINARY = (b"%PDF-", b"PK\x03\x04", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"\xd0\xcf\x11\xe0", b"{\\rtf")


def read(payload: Payload, kept: Kept = nothing) -> Entry:
    """Read one file. Its path is the article's id; its kind follows from its ending.

    What is `kept` stays in the body where a saved page is read.
    Raises UnreadableError for an ending that is not read here, for bytes that are no text, and for a draft.
    """
    path = PurePosixPath(unquote(urlsplit(payload.url).path))
    reader = _READERS.get(path.suffix.lower())
    if reader is None:
        raise UnreadableError(f"{path.name}: only {', '.join(sorted(_READERS))} files are read")
    found = decoded(payload, path.name)
    mail = read_mail(found.text, path.name, kept)
    entry = _mailed(mail, payload, path, kept) if mail else reader(found.text, payload, path, kept)
    if not plain(entry.body) and not entry.images and "<img" not in entry.body:
        raise UnreadableError(f"{path.name}: there is no text in it")
    dated = _DATED.match(path.stem)
    published = entry.published or (parse_date(dated[1]) if dated else None) or payload.modified
    return replace(entry, key=entry.key or path.name, published=published, doubt=found.doubt)


def decoded(payload: Payload, name: str) -> Decoded:
    """Decode a file, its lines ending in one way; raises UnreadableError for bytes that are no text."""
    if payload.body.startswith(_BINARY):
        raise UnreadableError(f"{name}: this is a document or picture, not a text file")
    found = decode(payload.body, payload.content_type)
    wide = found.encoding.startswith(("utf-16", "utf-32"))
    head = payload.body[:4096]
    if not wide and 50 * len(head.translate(None, _TEXT_BYTES)) > len(head):
        raise UnreadableError(f"{name}: the bytes are no text in any encoding")
    text = _LINE_END.sub("\n", found.text)
    if text.count("\ufffd") * 10 > len(text):
        raise UnreadableError(f"{name}: the bytes are no text in any encoding")
    return replace(found, text=text)


def _mailed(mail: Mail, payload: Payload, path: PurePosixPath, kept: Kept) -> Entry:
    """Read what a mail carries; it tells the headline, the day and its sender where the article doesn't."""
    suffix = {"text": ".txt", "html": ".html", "": path.suffix.lower()}[mail.kind]
    body = replace(payload, body=mail.body.encode("utf-8", "replace"), content_type="text/html; charset=utf-8")
    entry = _READERS[suffix](mail.body, body, path, kept)
    return replace(
        entry,
        title=mail.title if mail.title and entry.title in ("", _named(path)) else entry.title,
        published=entry.published or parse_date(mail.told.get("date", "")),
        presumed=entry.presumed or mail.senders,
        cuts=(*mail.cuts, *entry.cuts),
    )


def _plain_text(text: str, _payload: Payload, path: PurePosixPath, _kept: Kept) -> Entry:
    fields, rest = front_matter(text, path.name) if _FIELD.match(text) else ({}, text)
    entry = replace(_with_fields(Entry(), fields), body=rest.strip("\n"), body_kind="text")
    return replace(entry, published=entry.published or _told_at_the_top(entry))


def _told_at_the_top(entry: Entry) -> datetime | None:
    """When a text appeared, as the lines around its headline and byline say."""
    told = read_head(blocks(entry.body[:_TOP]), entry.title).dated
    return next((date for line in told for _, date in told_dates(line)), None)


def _markdown(text: str, payload: Payload, path: PurePosixPath, _kept: Kept) -> Entry:
    fields, rest = front_matter(text, path.name)
    entry = _with_fields(Entry(base_url=payload.url), fields)
    entry = replace(entry, base_url=entry.link or payload.url)
    heading = _HEADING.match(rest)
    if heading and not entry.title:
        rest = rest[heading.end() :]
        entry = replace(entry, title=plain(_render_inline(heading[1] or heading[2])))
    return replace(entry, title=entry.title or _named(path), body=_render(rest), body_kind="html")


def _html(text: str, payload: Payload, path: PurePosixPath, kept: Kept) -> Entry:
    if _WHOLE_PAGE.search(text[:5000]):
        try:
            entry = page.article(payload, SourceSpec(key="folder", kind="folder", location=""), kept)
        except UnreadableError:
            if leads_to(payload.body):
                raise
            # Too little to tell an article from its surroundings; but somebody laid this file down on purpose.
            inner, name = _BODY.search(text), _TITLE.search(text)
            title = plain(name[1]) if name else ""
            return Entry(title=title, body=inner[1] if inner else text, base_url=payload.url)
        # A document's head often names whose computer it was written on.
        return replace(entry, key=entry.key if is_web(entry.link) else "", authors=(), presumed=entry.authors)
    heading = _HTML_HEADING.match(text)
    title = plain(heading[1]) if heading else _named(path)
    body = text[heading.end() :] if heading else text
    return Entry(title=title, body=body, body_kind="html", base_url=payload.url)


def _named(path: PurePosixPath) -> str:
    """The headline that a file's name tells: without its date, as Jekyll and others put it in front."""
    stem = _DATED.sub("", path.stem) or path.stem
    return stem.replace("-", " ").replace("_", " ").strip()


_READERS: dict[str, Callable[[str, Payload, PurePosixPath, Kept], Entry]]
_READERS = {".txt": _plain_text, ".text": _plain_text, ".md": _markdown, ".markdown": _markdown}
_READERS |= {".html": _html, ".htm": _html, ".xhtml": _html}


def _render(markdown: str) -> str:
    return str(MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"]).render(with_notes(markdown)))


def _render_inline(markdown: str) -> str:
    return str(MarkdownIt("commonmark").renderInline(markdown))


def _with_fields(entry: Entry, fields: Fields) -> Entry:
    told = {name: values[0] for name, values in fields.items()}
    link = told.get("link", "")
    image = absolute(told.get("image", ""), link)
    caption = told.get("caption", "")
    return replace(
        entry,
        key=told.get("id", ""),
        title=plain_text(told.get("title", "")),
        link=link if is_web(link) else "",
        summary=told.get("summary", ""),
        authors=people(fields.get("authors", ())),
        published=parse_date(told.get("published", "")),
        updated=parse_date(told.get("updated", "")),
        categories=tuple(filter(None, map(squeeze, fields.get("categories", ())))),
        language=told.get("language", ""),
        rights=plain(told.get("rights", "")),
        images=(Image(url=image, caption=plain(caption), credit=plain(told.get("credit", ""))),)
        if is_web(image)
        else (),
    )
