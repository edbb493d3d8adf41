"""Bytes become entries: one reader for each kind of source, all of them pure."""

from dataclasses import replace

from syndicate.errors import UnreadableError
from syndicate.ingest.readers import feed, folder, json_feed, page, wordpress
from syndicate.model import Entry, Failure, Payload, Reading, SourceSpec
from syndicate.normalize.identity import entry_key, keys
from syndicate.normalize.kept import Kept, nothing

__all__ = ["read"]

_MOST = 5_000  # entries of one document, whatever its format; `feed` stops there before its parser has to read them all


def read(payload: Payload, spec: SourceSpec, kept: Kept = nothing) -> Reading:
    """Find the entries in one payload, or the addresses to follow when it is a listing page or sitemap.

    A guid that a source gives to several of its articles is dropped (the link then tells them apart). Every
    entry is returned, of a flood the first 5,000, also one that holds too little for an article: `normalize` refuses
    that. What is `kept` is not left out of a page. Raises UnreadableError when the bytes are not what the source's kind
    reads.
    """
    if not payload.body.strip():
        raise UnreadableError(f"{payload.url}: the body is empty")
    if spec.kind == "page":
        return Reading(format="page", follow=page.links(payload, spec))
    if spec.kind == "folder":
        return Reading(format="folder", entries=(folder.read(payload, kept),))
    if spec.kind == "wordpress":
        reading = wordpress.read(payload, spec)
    elif json_feed.is_json(payload):
        reading = json_feed.read(payload)
    else:
        reading = feed.read(payload)
    return _settle(_without_flood(reading, payload.url))


def _without_flood(reading: Reading, url: str) -> Reading:
    """The reading with no more entries and failures than one document may hold; a failure says so."""
    floods = [
        Failure(url, f"{len(found)} {what}; only the first {_MOST} are {told}")
        for found, what, told in ((reading.entries, "entries", "read"), (reading.failures, "failures", "told"))
        if len(found) > _MOST
    ]
    return replace(reading, entries=reading.entries[:_MOST], failures=(*reading.failures[:_MOST], *floods))


def _settle(reading: Reading) -> Reading:
    """Drop guids that don't tell entries apart."""
    trusted = zip(reading.entries, keys(reading.entries), strict=True)
    return replace(reading, entries=tuple(_with_trusted_key(entry, key) for entry, key in trusted))


def _with_trusted_key(entry: Entry, key: str) -> Entry:
    """The entry with an id of its own that `entry_key` can go by without seeing its neighbours."""
    if key == entry_key(entry):
        return entry
    bare = replace(entry, key="")
    return bare if key == entry_key(bare) else replace(entry, key=key)
