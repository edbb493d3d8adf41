"""The editions of a topic: what its partners are served, built after its public feed and beside it."""

from collections.abc import Collection
from datetime import datetime

import structlog

from syndicate.errors import PublishError
from syndicate.publish.build import etag_of
from syndicate.publish.profiles import edition
from syndicate.records_served import Contract, Edition, Partner
from syndicate.render import Feed
from syndicate.store import Store

log = structlog.get_logger(__name__)


def in_use(partners: Collection[Partner], topic: str) -> frozenset[Contract]:
    """The contracts under which somebody is served this topic."""
    return frozenset(one.contract for one in partners if not one.paused and one.imports(topic))


def renew(
    store: Store, feed: Feed, used: Collection[Contract], base: str, now: datetime, lease: tuple[str, int]
) -> str:
    """Put a topic's editions in place of the last good ones where they differ; those of no contract in use go.

    One that fails keeps its last good bytes and hinders no other; gives which these are and why, "" if none is.
    Raises StoreError and LeaseLostError.
    """
    before = store.edition_etags(feed.key)
    made: list[Edition] = []
    failed: list[str] = []
    for contract in sorted(used):
        try:
            bodies = edition(feed, contract, base)
        except PublishError as error:
            failed.append(f"for partners under {contract[0]}: {error}")
            continue
        except Exception as error:  # as of topics: a bug that one profile wakes must not stop the others
            log.exception("edition not built", topic=feed.key, profile=contract[0])
            failed.append(f"for partners under {contract[0]}: bug: {error!r}")
            continue
        made += [Edition(feed.key, contract, name, etag_of(body), body, now) for name, body in bodies.items()]
    changed = [one for one in made if before.get((one.contract, one.format)) != one.etag]
    if changed or any(contract not in used for contract, _ in before):
        store.save_editions(feed.key, changed, used, lease=lease)
    return "; ".join(failed)
