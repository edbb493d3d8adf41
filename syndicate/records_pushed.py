"""What the store keeps of being told: our subscriptions to sources whose hubs tell of their changes (WebSub)."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal


@dataclass(frozen=True, slots=True)
class SourceSubscription:
    """What we ask of a source's hub (an address at `host`), or asked and it has confirmed: then until `expires`.

    `callback` is the end of the address at which the hub finds us, which nobody can guess. `due` is when the hub is to
    be asked (again), or until when somebody has taken that upon himself; `tries` is how often it was asked in vain on
    end, `error` why. `told` is when it last told of a change, `look` when the source is to be polled for that.
    """

    callback: str = field(repr=False)
    source: str
    hub: str
    topic: str
    host: str
    secret: str = field(repr=False)
    due: datetime
    mode: Literal["subscribe", "unsubscribe"] = "subscribe"
    tries: int = 0
    error: str = ""
    expires: datetime | None = None
    told: datetime | None = None
    look: datetime | None = None
    looked: datetime | None = None
    again: bool = False

    def holds(self, now: datetime) -> bool:
        """Whether its hub has confirmed it, and its lease goes on."""
        return self.mode == "subscribe" and self.expires is not None and self.expires > now

    def condition(self, now: datetime) -> str:
        """How it is with it, in a few words."""
        held = f"until {self.expires:%Y-%m-%d %H:%M} UTC" if self.expires and self.holds(now) else "not yet"
        reason = self.error or ("" if self.holds(now) else "its hub has yet to confirm that")
        return f"{held} ({reason})" if reason else held
