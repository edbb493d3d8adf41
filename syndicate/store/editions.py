"""What partners are served: the last good bytes of each topic under each contract that is in use."""

from collections.abc import Collection
from typing import cast

from sqlalchemy import and_, delete, select, tuple_

from syndicate.model import FeedFormat
from syndicate.records_served import Contract, Edition
from syndicate.store.database import Database, insert_into
from syndicate.store.tables import editions

_most = editions.c["items"]  # as an attribute it would be the collection's own method
_NAME = ("topic", "profile", "items", "format")


class Editions(Database):
    """Editions by topic, contract and format."""

    def save_editions(
        self, topic: str, made: Collection[Edition], used: Collection[Contract], *, lease: tuple[str, int]
    ) -> None:
        """Put what was made of a topic in place of the last good bytes; what is of no contract in use goes.

        So what is here is never older than the topic's last build, whoever comes to use it again. `lease` is as in
        `save_feed`.
        """
        of_topic = editions.c.topic == topic
        unused = tuple_(editions.c.profile, _most).not_in(sorted(used)) if used else of_topic
        with self.writing(f"save editions of {topic}") as connection:
            self.check_lease(connection, *lease)
            connection.execute(delete(editions).where(and_(of_topic, unused)))
            for one in made:
                profile, items = one.contract
                name = {"topic": topic, "profile": profile, "items": items, "format": one.format}
                told = {"etag": one.etag, "built": one.built, "body": one.body}
                upsert = insert_into(editions, self.is_sqlite).values(**name, **told)
                connection.execute(upsert.on_conflict_do_update(index_elements=_NAME, set_=told))

    def edition(self, topic: str, contract: Contract, format_: FeedFormat) -> Edition | None:
        """The last good bytes of one, or None if it was never built."""
        here = and_(
            editions.c.topic == topic,
            editions.c.profile == contract[0],
            _most == contract[1],
            editions.c.format == format_,
        )
        with self.reading(f"edition {topic}.{format_}") as connection:
            row = connection.execute(select(editions).where(here)).first()
            return None if row is None else Edition(topic, contract, format_, row.etag, row.body, row.built)

    def edition_etags(self, topic: str) -> dict[tuple[Contract, FeedFormat], str]:
        """The ETag of each edition of a topic, by contract and format."""
        columns = (editions.c.profile, _most, editions.c.format, editions.c.etag)
        with self.reading(f"editions of {topic}") as connection:
            rows = connection.execute(select(*columns).where(editions.c.topic == topic))
            return {((row.profile, row.items), cast("FeedFormat", row.format)): row.etag for row in rows}
