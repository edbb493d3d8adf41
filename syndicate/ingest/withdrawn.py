"""Which of what is read tells a story again that a person has withdrawn: it must not come back by another way. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from syndicate.ingest.match import Prepared, versions
from syndicate.ingest.twins import Told, Twins, is_left
from syndicate.model import Article
from syndicate.records import Known

Edits = Sequence[tuple[Prepared, Known | None]]


class Withdrawn:
    """The killed among what is stored, as they were told till now, and as this reading (`edits`) tells them.

    A source may tell a story in other words, and in the same document once more in the old ones.
    """

    def __init__(
        self, stored: Iterable[Known], told: Mapping[str, Article], common: frozenset[str], location: str, edits: Edits
    ) -> None:
        killed = {known.id: known for known in stored if known.status == "killed"}
        self._common, self._location = common, location
        self._tellings = [(killed, told)] if killed else []
        if retold := {before.id: item for item, before in edits if before and before.id in killed}:
            known = {id_: _as_edited(killed[id_], item) for id_, item in retold.items()}
            self._tellings.append((known, {id_: item.article for id_, item in retold.items()}))
        self._twins = [Twins(known.values(), told, common, "killed") for known, told in self._tellings]

    def retold_by(self, item: Prepared, before: Known | None) -> str:
        """The id of the killed story that an entry tells, or "": it is one of its articles, a copy, or a version.

        What is stored as another article is no version of it, but can become a copy; which came first does not matter.
        """
        if before is not None and before.status == "killed":
            return before.duplicate_of or before.id
        copied = self.copied_by(Told(item.article, item.sketch, self._location))
        return copied or (self._version(item) if before is None else "")

    def copied_by(self, ours: Told) -> str:
        """The id of the killed article that another is a copy of, or ""."""
        return next((first for twins in self._twins if (first := twins.first(ours, None))), "")

    def _version(self, item: Prepared) -> str:
        """The killed article of its own source, or of one that it goes on with, that an entry is a version of."""
        for killed, told in self._tellings:
            own = [k for k in killed.values() if k.source == item.article.source or is_left(k, self._location)]
            if found := versions([item], own, told, frozenset(), self._common):
                return found[0].id
        return ""


def _as_edited(known: Known, item: Prepared) -> Known:
    return replace(known, link=item.article.link, title=item.article.title, sketch=item.sketch)
