"""What Flask's views answer with: problem documents, and values as JSON."""

from typing import Any

from flask import Response
from pydantic import TypeAdapter

from syndicate.errors import QueueFullError, UsageError
from syndicate.records import Run
from syndicate.web.problems import problem
from syndicate.web.services import WebServices

_VALUES: TypeAdapter[Any] = TypeAdapter(Any)


def refusal(status: int, detail: str, *extra: tuple[str, str]) -> Response:
    """A problem document as Flask's response."""
    _, headers, body = problem(status, detail, extra)
    return Response(body, status, headers)


def document(value: Any, status: int = 200, *extra: tuple[str, str]) -> Response:
    """A value (dataclasses, dates, tuples and all) as a JSON document that nobody caches."""
    headers = {"Content-Type": "application/json", "Cache-Control": "no-store", **dict(extra)}
    return Response(_VALUES.dump_json(value), status, headers)


def queued(services: WebServices, trigger: str, *sources: str) -> Response:
    """Queue a run of these sources (none means all) and say where it can be followed."""
    try:
        return followed(services, services.enqueue(sources, trigger))
    except QueueFullError as error:
        return refusal(429, str(error), ("Retry-After", str(error.retry_after)))
    except UsageError as error:
        return refusal(404, str(error))


def followed(services: WebServices, run: Run) -> Response:
    """A run that waits for a worker, and its address."""
    return document({"run": run}, 202, ("Location", f"{services.settings.public_url}/api/v1/runs/{run.id}"))
