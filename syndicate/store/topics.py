"""Topics that admins have added beside those of the configuration."""

from collections.abc import Collection, Sequence

from sqlalchemy import Connection, and_, delete, func, select, update

from syndicate.errors import UsageError
from syndicate.model import TopicSpec
from syndicate.store.codec import dump_topic, load_topic
from syndicate.store.database import Turn, insert_into
from syndicate.store.feeds import Feeds
from syndicate.store.notes import Notes, note
from syndicate.store.outbox import Outbox
from syndicate.store.tables import article_topics, leases, topics

MARK = "topics"  # the note that counts how often they were changed
_ALL = select(topics.c.spec).order_by(topics.c.key)


def feed_lease(topic: str) -> str:
    """The name of the lease under which a topic's feeds are built."""
    return f"feed:{topic}"


class Topics(Outbox, Feeds, Notes):
    """Added topics by key. Whatever changes one counts on `MARK`, so that no plan made by the old rule is written."""

    def added_topics(self) -> tuple[TopicSpec, ...]:
        """All of them by key."""
        return self.topics_to_plan_by()[0]

    def topics_to_plan_by(self) -> tuple[tuple[TopicSpec, ...], str]:
        """All of them by key, and the mark that stands for their rules (see `Looked`)."""
        with self.reading("added topics") as connection:
            found = tuple(load_topic(text) for text in connection.execute(_ALL).scalars())
            return found, note(connection, MARK) or ""

    def added_topic(self, key: str) -> TopicSpec | None:
        """One of them, or None."""
        with self.reading(f"topic {key}") as connection:
            text = connection.execute(select(topics.c.spec).where(topics.c.key == key)).scalar()
            return None if text is None else load_topic(text)

    def add_topic(self, topic: TopicSpec, most: int) -> None:
        """Add a topic; raises UsageError if there is one of this key, or if there are as many as may be."""
        with self.writing(f"add topic {topic.key}", durable=True) as connection:
            self._count_change(connection)
            fresh = insert_into(topics, self.is_sqlite).values(key=topic.key, spec=dump_topic(topic), classified=False)
            if connection.execute(fresh.on_conflict_do_nothing().returning(topics.c.key)).first() is None:
                raise UsageError(f"topic {topic.key!r} exists already")
            if connection.execute(select(func.count()).select_from(topics)).scalar_one() > most:
                raise UsageError(f"{most} topics were added already: no more may be")
            self.touch(connection, {topic.key})

    def change_topic(self, topic: TopicSpec) -> bool:
        """Put a topic in the place of that of its key; says whether that is another. Raises UsageError if none is."""
        here = topics.c.key == topic.key
        with self.writing(f"change topic {topic.key}", durable=True) as connection:
            self._count_change(connection)
            row = connection.execute(select(topics).where(here)).first()
            if row is None:
                raise _missing(topic.key)
            before = load_topic(row.spec)
            if before == topic:
                return False
            classified = row.classified and before.rule == topic.rule
            connection.execute(update(topics).where(here).values(spec=dump_topic(topic), classified=classified))
            self.touch(connection, {topic.key})
            return True

    def remove_topic(self, key: str) -> None:
        """Forget a topic, its feeds and who is in it; raises UsageError if there is none.

        Who is building its feeds loses the lease: what he read of it can be saved no more.
        """
        with self.writing(f"remove topic {key}", durable=True) as connection:
            self._count_change(connection)
            if not connection.execute(delete(topics).where(topics.c.key == key)).rowcount:
                raise _missing(key)
            connection.execute(delete(article_topics).where(article_topics.c.topic == key))
            connection.execute(update(leases).where(leases.c.name == feed_lease(key)).values(holder=""))
            self.drop(connection, lambda topic: topic == key)

    def unclassified_topics(self) -> tuple[TopicSpec, ...]:
        """Those by whose rules of now the stored articles were not classified yet."""
        with self.reading("unclassified topics") as connection:
            return tuple(map(load_topic, connection.execute(_ALL.where(topics.c.classified.is_(False))).scalars()))

    def topics_classified(self, done: Sequence[TopicSpec]) -> None:
        """The stored articles are classified by these; one that was changed meanwhile still waits."""
        with self.writing("topics classified") as connection:
            for topic in done:
                rows = connection.execute(select(topics).where(topics.c.key == topic.key).with_for_update()).all()
                if rows and load_topic(rows[0].spec).rule == topic.rule:
                    connection.execute(update(topics).where(topics.c.key == topic.key).values(classified=True))

    def members(self, keys: Collection[str]) -> frozenset[str]:
        """The articles (by id), whatever their status, that are in one of these topics by themselves."""
        of_topics = and_(article_topics.c.topic.in_(keys), article_topics.c.own)
        with self.reading("members of topics") as connection:
            return frozenset(connection.execute(select(article_topics.c.article).where(of_topics)).scalars())

    def _count_change(self, connection: Connection) -> None:
        """Take the turn of those who write articles: they see the change, or who classifies sees what they wrote."""
        self.take_turn(connection, Turn.DECIDING_COPIES)
        self.put_note(connection, MARK, str(int(note(connection, MARK) or 0) + 1))


def still_there(connection: Connection, keys: Collection[str]) -> frozenset[str]:
    """Those of these topics that admins have added, and not removed."""
    return frozenset(connection.execute(select(topics.c.key).where(topics.c.key.in_(keys))).scalars())


def _missing(key: str) -> UsageError:
    return UsageError(f"topic {key!r} does not exist")
