"""What one poll of a source brings to light: plain values, from looking to writing."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from syndicate.ingest.pace import Wishes
from syndicate.ingest.process import Found
from syndicate.ingest.teasers import Seen
from syndicate.model import Failure, Reading
from syndicate.records import Known, Rejected


@dataclass(slots=True)
class Sighting:
    """All that one poll of a source brought to light, before anything is decided.

    `batches` pair a reading (without its entries) with the entries found in it; `names` say which documents a payload
    (by digest) came from. `rejected` could not be read and wait in quarantine; `refused` will never be had as they
    are; `deferred` could not be had this time and are tried again at the next poll; `noticed` is only worth telling.
    `passed` counts articles that were left out because they are known and as they were; `present` are the fingerprints
    of these. `teasers` are what to remember of the teasers that were seen.
    """

    batches: list[tuple[Reading, tuple[Found, ...]]] = field(default_factory=list)
    names: dict[str, set[str]] = field(default_factory=dict)
    rejected: list[Rejected] = field(default_factory=list)
    refused: list[Failure] = field(default_factory=list)
    deferred: list[Failure] = field(default_factory=list)
    noticed: list[Failure] = field(default_factory=list)
    wishes: Wishes = field(default_factory=Wishes)
    passed: int = 0
    present: set[str] = field(default_factory=set)
    teasers: dict[str, Seen] = field(default_factory=dict)

    def leave_out(self, known: Known) -> None:
        """Pass over an article that is known and as it was."""
        self.passed += 1
        self.present.add(known.raw)

    def verdicts(self, rejected: Iterable[Rejected]) -> dict[str, str]:
        """Why documents failed, by name: `rejected` is all that came to nothing of what was in them."""
        said = {name: r.reason for r in rejected for name in self.names.get(r.payload, ())}
        return said | {failure.where: failure.reason for failure in self.refused}
