"""An article on several pages as one payload, by which it is kept, rebuilt and replayed like any other. Pure."""

import json
from collections.abc import Sequence
from dataclasses import replace

from syndicate.errors import UnreadableError
from syndicate.model import Payload
from syndicate.normalize.urls import host_of, site_of

MOST_LEAVES = 10
MOST_BYTES = 20_000_000  # of all pages together
_TYPE = "application/x-syndicate-leaves"


def bound(leaves: Sequence[Payload]) -> Payload:
    """Bind pages into one payload, which goes by the first one's address; a single page stays as it is.

    The body is a line of JSON that lists address, media type and length in bytes of each page, then their bodies.
    """
    first, *others = leaves
    if not others:
        return first
    contents = [[leaf.url, leaf.content_type, len(leaf.body)] for leaf in leaves]
    head = json.dumps(contents, separators=(",", ":")).encode() + b"\n"
    return replace(first, body=head + b"".join(leaf.body for leaf in leaves), content_type=_TYPE)


def are_of_one_site(url: str, other: str) -> bool:
    """Whether pages at these addresses may be bound together: one may be at www, the other not."""
    return site_of(host_of(url)) == site_of(host_of(other))


def unbound(payload: Payload) -> tuple[Payload, ...]:
    """The pages of a payload in their order; a payload that is not bound is its own only page.

    Whoever answers with our media type speaks for the page that was asked for, and for its own site.
    Raises UnreadableError where what it lists is not what it holds.
    """
    if payload.content_type != _TYPE:
        return (payload,)
    head, _, bodies = payload.body.partition(b"\n")
    try:
        contents = [(str(url), str(kind), int(size)) for url, kind, size in json.loads(head)]
    except (ValueError, TypeError, RecursionError) as broken:
        raise UnreadableError(f"{payload.url} says that it holds several pages, and lists none") from broken
    sound = 0 < len(contents) <= MOST_LEAVES and sum(size for _, _, size in contents) == len(bodies)
    if not sound or contents[0][0] != payload.url or any(size < 0 for _, _, size in contents):
        raise UnreadableError(f"{payload.url} holds other pages than it lists")
    if not all(are_of_one_site(url, payload.url) for url, _, _ in contents):
        raise UnreadableError(f"{payload.url} holds other pages than it lists")
    leaves, start = [], 0
    for url, kind, size in contents:
        leaves.append(Payload(bodies[start : start + size], url, kind, payload.modified))
        start += size
    return tuple(leaves)
