"""How something is sent to somebody else's address: one guarded exchange, within small limits, under our name."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Self

from syndicate.ingest.guard import Guard, parse
from syndicate.ingest.transport import Answer, Transport, agent_line
from syndicate.settings import FetchSettings

LIMITS = FetchSettings(total_seconds=10, wire_bytes=4_096, decoded_bytes=4_096, encodings=1)  # of one exchange
OFFLINE_PAUSE = timedelta(seconds=30)


@dataclass(frozen=True, slots=True)
class Sender:
    """Sends; `agent` is how we call ourselves."""

    transport: Transport
    agent: str

    @classmethod
    def of(cls, allow_private: Iterable[str], agent: str) -> Self:
        """One that reaches public addresses and these; raises ConfigurationError as `Guard.of`."""
        return cls(Transport(LIMITS, Guard.of(allow_private)), agent_line(agent))

    def exchange(self, url: str, headers: Mapping[str, str], sent: bytes | None = None) -> Answer:
        """As `Transport.exchange`."""
        told = {"User-Agent": self.agent, **headers}
        return self.transport.exchange(parse(url), told, self.transport.budget(), sent=sent)
