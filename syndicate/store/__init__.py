"""The store: everything that must not be forgotten, on SQLite or PostgreSQL.

`Store` is put together from small rooms, one for each kind of thing; each room is a class over `Database`, which
knows connections and transactions. Values in, values out (`syndicate.records`): no row, connection or driver error
leaves this package. Every method raises StoreError when the database fails.
"""

from syndicate.store.articles import Articles
from syndicate.store.editions import Editions
from syndicate.store.feeds import Feeds
from syndicate.store.health import Health
from syndicate.store.ingest import Ingest
from syndicate.store.leases import Leases
from syndicate.store.notes import Notes
from syndicate.store.partners import Partners
from syndicate.store.payloads import Payloads
from syndicate.store.runs import Runs
from syndicate.store.source_subscriptions import SourceSubscriptions
from syndicate.store.subscriptions import Subscriptions
from syndicate.store.topics import Topics
from syndicate.store.webhooks import Webhooks


class Store(
    Ingest,
    Articles,
    Topics,
    Partners,
    Payloads,
    SourceSubscriptions,
    Leases,
    Feeds,
    Editions,
    Subscriptions,
    Webhooks,
    Runs,
    Notes,
    Health,
):
    """One open store at `sqlite:///PATH` or `postgresql://...`; safe to share between threads, not between processes.

    Opening it connects to nothing yet; `upgrade` makes or renews the tables. Raises ConfigurationError for any
    other address.
    """


__all__ = ["Store"]
