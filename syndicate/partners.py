"""Partners as admins keep them: contracts that hold, and tokens, which are made here and shown once."""

import secrets
from collections.abc import Mapping, Sequence
from datetime import datetime
from hashlib import sha256
from typing import Any

from syndicate.current_topics import current_topics
from syndicate.errors import UsageError
from syndicate.formats import partner_path
from syndicate.model import FEED_FORMATS, TopicSpec
from syndicate.publish.profiles import PROFILES
from syndicate.records_served import Partner
from syndicate.settings import Settings
from syndicate.settings_lists import usable_key
from syndicate.store import Store

NAME_LENGTH = 200
MOST_ITEMS = 500
_SERVED = frozenset({"profile", "topics", "items", "paused"})  # whatever else changes, feeds are as they were
_MARK = "syn_"  # by which people, and programs that look for secrets in the wrong places, know what it is


def digest(token: str) -> str:
    """What is kept of a token. No salt, no slow hash: a guess would have to hit 32 random bytes."""
    return sha256(token.encode(errors="replace")).hexdigest()


def add(store: Store, settings: Settings, key: str, values: Mapping[str, Any], now: datetime) -> tuple[Partner, str]:
    """Add a partner; gives it with its token, which nobody can be told again. `values` are as in `change`.

    Raises UsageError for what can't be a partner, and if there is one of this key.
    """
    try:
        usable_key(key)
    except ValueError as error:
        raise UsageError(str(error)) from error
    topics = current_topics(settings, store)
    partner = Partner(key, created=now, **checked(topics, {"name": "", **values}))
    token = _new_token()
    store.add_partner(partner, digest(token), topics_of(partner, topics))
    return partner, token


def change(store: Store, settings: Settings, key: str, values: Mapping[str, Any]) -> Partner:
    """Change what is named of a partner (some of name, profile, topics, items, paused); raises UsageError."""
    if not values:
        raise UsageError("expected something to change")
    topics = current_topics(settings, store)
    kept = checked(topics, values)
    touched = kept.get("topics") or [topic.key for topic in topics]
    served = bool(kept.keys() & _SERVED) and not kept.get("paused")
    return store.change_partner(key, kept, touched if served else ())


def renew_token(store: Store, key: str) -> tuple[Partner, str]:
    """Give a partner another token; the one before opens nothing any more. Raises UsageError if there is none."""
    token = _new_token()
    return store.change_partner(key, {"token_hash": digest(token)}, ()), token


def checked(topics: Sequence[TopicSpec], values: Mapping[str, Any]) -> dict[str, Any]:
    """The values as they are stored; raises UsageError that says what is wrong with them."""
    kept = dict(values)
    if "name" in kept:
        kept["name"] = name = " ".join(kept["name"].split())
        if not 0 < len(name) <= NAME_LENGTH or not name.isprintable():
            raise UsageError(f"name: expected 1 to {NAME_LENGTH} characters that can be printed")
    if kept.get("profile", "plain") not in PROFILES:
        raise UsageError(f"profile {kept['profile']!r}: expected one of {', '.join(PROFILES)}")
    there = {topic.key for topic in topics}
    kept |= {"topics": tuple(dict.fromkeys(kept["topics"]))} if "topics" in kept else {}
    if unknown := [topic for topic in kept.get("topics", ()) if topic not in there]:
        raise UsageError(f"topic {unknown[0]!r}: there is none; `syndicate topics` lists them")
    if not 0 <= kept.get("items", 0) <= MOST_ITEMS:
        raise UsageError(f"items {kept['items']}: expected 1 to {MOST_ITEMS}, or 0 for as many as the profile lets")
    return kept


def topics_of(partner: Partner, topics: Sequence[TopicSpec]) -> list[str]:
    """The topics that a partner imports, of those that there are."""
    return [topic.key for topic in topics if partner.imports(topic.key)]


def addresses(partner: Partner, topics: Sequence[TopicSpec], base: str) -> dict[str, dict[str, str]]:
    """The addresses of a partner's feeds, by topic and format; they begin with `base`."""
    return {
        topic: {form: base + partner_path(partner.key, topic, form) for form in FEED_FORMATS}
        for topic in topics_of(partner, topics)
    }


def _new_token() -> str:
    return _MARK + secrets.token_urlsafe(32)
