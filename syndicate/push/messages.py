"""What webhooks are sent: what they lack of a partner's feed, signed as standardwebhooks.com has it. Pure.

What a webhook has is known by digests alone, of each article's id and of what was sent of it. So a message is made of
the edition of now and of these, and whoever was away for long gets what he lacks, piece by piece, what has left the
feed meanwhile from its archive.
"""

import hmac
import json
from base64 import b64decode, b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import blake2b
from typing import Any, Literal

from syndicate.delta import DIGEST_BYTES, digests
from syndicate.formats import partner_path
from syndicate.publish.build import etag_of
from syndicate.publish.profiles import addressed
from syndicate.push.rules import pause_after
from syndicate.records_served import Edition, Posting
from syndicate.render.text import rfc3339, second

LONGEST = 100_000  # bytes of a message, about: more is refused by frameworks that were told nothing else
SECRET_MARK = "whsec_"  # noqa: S105 - what every secret begins with
REMEMBERED = 1_000  # articles; a feed and what it tells of withdrawn ones are 600 at most
LONG_FAILING = timedelta(days=3)
LONG_PAUSE = 86_400.0
_TITLE = 300
_GONE = bytes(DIGEST_BYTES)  # what a webhook has of an article that it was told to delete

Status = Literal["new", "changed", "withdrawn"]


@dataclass(frozen=True, slots=True)
class Message:
    """What is sent, what the webhook has once it took that, and whether this is then all that there is for it."""

    body: bytes
    known: bytes
    whole: bool


def message(edition: Edition, partner: str, base: str, known: bytes, archived: bytes = b"") -> Message | None:
    """What a partner's webhook lacks of an edition, as far as it fits; None if it lacks nothing.

    Withdrawals come first, then articles, the oldest first. `base` is the public URL. `archived` is a feed of what has
    left this one and is live by now, as JSON: if there is one, its articles are told instead of the edition's.
    """
    has = _unpacked(known)
    there = _read(archived or edition.body)
    if archived:
        revived = {name for name, _, _ in there}
        there += [one for one in _read(edition.body) if one[1] == _GONE and one[0] not in revived]
    lacking = [one for one in there if has.get(one[0]) != one[1]]
    if not lacking:
        return None
    told: list[dict[str, Any]] = []
    size = 0
    for name, mark, item in reversed(lacking):  # an edition has the newest article first, and withdrawals at its end
        said = _fitting({"status": _status(has.get(name), mark), **item})
        size += len(_json(said))
        if told and size > LONGEST:
            break
        told.append(said)
        has.pop(name, None)  # so that it is the latest
        has[name] = mark
    whole = len(told) == len(lacking)
    data = {
        "partner": partner,
        "topic": edition.topic,
        "feed": base + partner_path(partner, edition.topic, "json"),
        "edition": etag_of(addressed(edition.body, "json", edition.topic, partner)),
        "items": told,
        "more": not whole or bool(archived),
    }
    present = [name for name, _, _ in there]
    return Message(_body("feed.changed", edition.built, data), _packed(has, present), whole and not archived)


def is_behind(edition: Edition, known: bytes) -> bool:
    """Whether a webhook has none of the feed's articles: others may have come and left it since."""
    has = _unpacked(known)
    return all(has.get(name, _GONE) == _GONE for name, _, _ in _read(edition.body))


def ping(partner: str, now: datetime) -> bytes:
    """A message that says nothing, to try whether it arrives."""
    return _body("ping", now, {"partner": partner})


def id_of(to: Posting, body: bytes) -> str:
    """The message's name: the same when the same is sent again, since it may have arrived after all, else another."""
    return f"msg_{blake2b(f'{to.id} {to.sent} '.encode() + body, digest_size=16).hexdigest()}"


def headers_of(secret: str, name: str, now: datetime, body: bytes) -> dict[str, str]:
    """The headers that a message comes with, besides those that every request of ours has."""
    stamp = str(int(now.timestamp()))
    key = b64decode(secret.removeprefix(SECRET_MARK))
    signature = hmac.digest(key, f"{name}.{stamp}.".encode() + body, "sha256")
    return {
        "Content-Type": "application/json",
        "webhook-id": name,
        "webhook-timestamp": stamp,
        "webhook-signature": f"v1,{b64encode(signature).decode()}",
    }


def pause(to: Posting, now: datetime) -> timedelta:
    """How long after a failure it is tried again: as the hub does, once it has failed for days once a day."""
    if now - (to.failing or now) > LONG_FAILING:
        return timedelta(seconds=LONG_PAUSE)
    return timedelta(seconds=pause_after(to.failures + 1, f"{to.webhook.url} {to.topic}"))


def _read(body: bytes) -> list[tuple[bytes, bytes, dict[str, Any]]]:
    """The articles of a JSON feed, in its order, each with the digests of its id and of what is said of it."""
    read = zip(json.loads(body)["items"], digests(body, "json"), strict=True)
    return [(_name(item), _GONE if _is_withdrawn(item) else digest, item) for item, digest in read]


def _is_withdrawn(item: Mapping[str, Any]) -> bool:
    return bool(item.get("_syndicate", {}).get("status") == "withdrawn")


def _status(before: bytes | None, mark: bytes) -> Status:
    if mark == _GONE:
        return "withdrawn"
    return "new" if before in {None, _GONE} else "changed"


def _fitting(item: dict[str, Any]) -> dict[str, Any]:
    """The article, or of one that no message can hold what has to be known to fetch it."""
    if len(_json(item)) <= LONGEST:
        return item
    kept = {name: item[name] for name in ("status", "id", "url")}
    return {**kept, "title": item.get("title", "")[:_TITLE], "omitted": True}


def _body(type_: str, at: datetime, data: Mapping[str, Any]) -> bytes:
    return _json({"type": type_, "timestamp": rfc3339(second(at)), "data": data})


def _json(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


def _name(item: Mapping[str, Any]) -> bytes:
    return blake2b(item["id"].encode(), digest_size=DIGEST_BYTES).digest()


def _unpacked(known: bytes) -> dict[bytes, bytes]:
    pairs = (known[at : at + 2 * DIGEST_BYTES] for at in range(0, len(known), 2 * DIGEST_BYTES))
    return {pair[:DIGEST_BYTES]: pair[DIGEST_BYTES:] for pair in pairs}


def _packed(has: Mapping[bytes, bytes], present: list[bytes]) -> bytes:
    """What is to be remembered: of articles that are no longer in the feed those that were sent last."""
    there = set(present)
    others = [name for name in has if name not in there]
    kept = there.union(others[max(0, len(others) + len(there) - REMEMBERED) :])
    return b"".join(name + mark for name, mark in has.items() if name in kept)
