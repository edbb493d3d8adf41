"""An admin's ruling on a block, by page or by program: written down at once, applied to what is stored by a worker."""

from typing import Literal

from syndicate.errors import QueueFullError
from syndicate.ingest.orders import REBUILD
from syndicate.records import Ruling, Run
from syndicate.store.rulings import EVERYWHERE
from syndicate.web.services import WebServices


def rule(services: WebServices, scope: str, block: str, text: str, verdict: Literal["cut", "keep"]) -> Run | None:
    """Rule on a block in a source, or everywhere; gives the run that applies it, as `rebuild` does."""
    services.store.rule(Ruling(scope, block, verdict, text, services.now()))
    return rebuild(services, scope)


def unrule(services: WebServices, scope: str, block: str) -> Run | None:
    """Take a ruling back; gives the run that applies that, as `rebuild` does."""
    services.store.unrule(scope, block)
    return rebuild(services, scope)


def rebuild(services: WebServices, scope: str) -> Run | None:
    """Queue that the stored articles of a source (or of all) are cleaned again; None while too many runs wait."""
    try:
        return services.enqueue(() if scope == EVERYWHERE else (scope,), REBUILD)
    except QueueFullError:
        return None
