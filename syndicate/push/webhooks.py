"""Webhooks as admins keep them: where a partner is sent what changed, the secret, how it goes, and a try of it."""

import secrets
import time
from base64 import b64encode
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from syndicate.errors import FetchError, RefusedError, UsageError
from syndicate.ingest.guard import Guard
from syndicate.push import rules
from syndicate.push.messages import SECRET_MARK, headers_of, ping
from syndicate.push.sender import Sender
from syndicate.records_served import Posting, Webhook
from syndicate.store import Store


@dataclass(frozen=True, slots=True)
class Progress:
    """What a webhook was sent of a topic: whether it has all there is, when it took something last, how it fails."""

    topic: str
    complete: bool
    sent: datetime | None
    failures: int
    failing: datetime | None
    error: str
    next_try: datetime | None


@dataclass(frozen=True, slots=True)
class Report:
    """How it is with a partner's webhook; the secret is not told."""

    url: str
    ended: datetime | None
    topics: tuple[Progress, ...]


@dataclass(frozen=True, slots=True)
class Answered:
    """What became of a try: the answer's status (0 where none came), the same in words, and how long it took."""

    ok: bool
    status: int
    said: str
    seconds: float


def put(store: Store, allow_private: Iterable[str], key: str, url: str, now: datetime) -> str:
    """Have what changes sent to this address; gives the secret if it is a new one, which nobody can be told again.

    An address in the place of another keeps the secret, and goes on where that was. Raises UsageError.
    """
    url, target = rules.address("webhook", url.strip())
    try:
        if target.address is not None:
            Guard.of(allow_private).admit(target, (target.address,))  # a name is judged when it is connected to
    except RefusedError as error:
        raise UsageError(f"webhook: {error}") from error
    before = store.webhook(key)
    secret = before.secret if before else _new_secret()
    store.put_webhook(Webhook(key, url, target.host, secret), now)
    return "" if before else secret


def renew_secret(store: Store, key: str, now: datetime) -> str:
    """Sign with another secret from now on, and give it; raises UsageError if there is no webhook."""
    webhook = replace(_existing(store, key), secret=_new_secret())
    store.put_webhook(webhook, now)
    return webhook.secret


def drop(store: Store, key: str) -> None:
    """Send nothing any more; raises UsageError if there is no webhook."""
    if not store.drop_webhook(key):
        raise _missing(key)


def report(store: Store, key: str) -> Report | None:
    """How it is with a partner's webhook, topic by topic; None if there is none."""
    webhook = store.webhook(key)
    if webhook is None:
        return None
    return Report(webhook.url, webhook.ended, tuple(_progress(one) for one in store.postings(key)))


def try_out(store: Store, sender: Sender, key: str, now: datetime) -> Answered:
    """Send a ping and tell what was answered; raises UsageError if there is no webhook."""
    webhook = _existing(store, key)
    body = ping(key, now)
    headers = headers_of(webhook.secret, f"msg_{secrets.token_hex(16)}", now, body)
    began = time.monotonic()
    try:
        answer = sender.exchange(webhook.url, headers, body)
    except FetchError as error:
        return Answered(False, 0, str(error), round(time.monotonic() - began, 3))
    taken = rules.outcome_of(answer.status) == "delivered"
    return Answered(taken, answer.status, f"answered {answer.status}", round(time.monotonic() - began, 3))


def _progress(of: Posting) -> Progress:
    next_try = of.due if of.failures and not of.webhook.ended else None
    return Progress(of.topic, of.delivered == of.owed, of.sent, of.failures, of.failing, of.error, next_try)


def _existing(store: Store, key: str) -> Webhook:
    found = store.webhook(key)
    if found is None:
        raise _missing(key)
    return found


def _missing(key: str) -> UsageError:
    return UsageError(f"partner {key!r} has no webhook")


def _new_secret() -> str:
    return SECRET_MARK + b64encode(secrets.token_bytes(32)).decode()
