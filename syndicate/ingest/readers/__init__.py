"""Bytes become entries: one reader for each kind of source, all of them pure."""

from dataclasses import replace

from syndicate.errors import UnreadableError
from syndicate.ingest.readers import feed, folder, json_feed, page, wordpress
from syndicate.ingest.readers.hubs import hub_of
from syndicate.model import Entry, Failure, Payload, Reading, SourceSpec
from syndicate.normalize.identity import entry_key, keys, link_or_text_key
from syndicate.normalize.kept import Kept, nothing

__all__ = ["MOST_ENTRIES", "named", "read"]

MOST_ENTRIES = 5_000  # of one document: a flood; the largest archives in one feed have some hundreds


def read(payload: Payload, spec: SourceSpec, kept: Kept = nothing, most: int = MOST_ENTRIES) -> Reading:
    """Find the entries in one payload with their keys, or what it announces when it is a listing page or sitemap.

    A guid that a source gives to several of its articles is dropped (the link then tells them apart). Every
    entry is returned, of a flood the first `most`, also one that holds too little for an article: `normalize` refuses
    that. What is `kept` is not left out of a page. Raises UnreadableError when the bytes are not what the source's kind
    reads.
    """
    return replace(_read(payload, spec, kept, most), hub=hub_of(payload, spec.kind))


def _read(payload: Payload, spec: SourceSpec, kept: Kept, most: int) -> Reading:
    if not payload.body.strip():
        raise UnreadableError(f"{payload.url}: the body is empty")
    if spec.kind == "page":
        return Reading(format="page", announced=page.announced(payload, spec), link=payload.url)
    if spec.kind == "folder":
        return named(Reading(format="folder", entries=(folder.read(payload, kept),)))
    if spec.kind == "wordpress":
        reading = wordpress.read(payload, spec)
    elif json_feed.is_json(payload):
        reading = json_feed.read(payload)
    else:
        reading = feed.read(payload, most)  # which stops there before its parser has to read them all
    return named(_without_flood(reading, payload.url, most))


def _without_flood(reading: Reading, url: str, most: int) -> Reading:
    """The reading with no more than `most` entries and failures; a failure says so."""
    floods = [
        Failure(url, f"{len(found)} {what}; only the first {most} are {told}")
        for found, what, told in ((reading.entries, "entries", "read"), (reading.failures, "failures", "told"))
        if len(found) > most
    ]
    return replace(reading, entries=reading.entries[:most], failures=(*reading.failures[:most], *floods))


def named(reading: Reading) -> Reading:
    """Return the reading with its entries' keys, and without guids that don't tell entries apart."""
    found = keys(reading.entries)
    entries = tuple(_with_trusted_id(entry, key) for entry, key in zip(reading.entries, found, strict=True))
    return replace(reading, entries=entries, keys=found)


def _with_trusted_id(entry: Entry, key: str) -> Entry:
    """Return the entry with an id that tells it from its neighbours: the source's, the link (""), else its key."""
    if key == entry_key(entry):
        return entry
    return replace(entry, key="" if key == link_or_text_key(entry) else key)
