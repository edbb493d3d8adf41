"""What Flask's views answer with: problem documents, and values as JSON."""

from typing import Any

from flask import Response
from pydantic import TypeAdapter

from syndicate.web.problems import problem

_VALUES: TypeAdapter[Any] = TypeAdapter(Any)


def refusal(status: int, detail: str, *extra: tuple[str, str]) -> Response:
    """A problem document as Flask's response."""
    _, headers, body = problem(status, detail, extra)
    return Response(body, status, headers)


def document(value: Any, status: int = 200, *extra: tuple[str, str]) -> Response:
    """A value (dataclasses, dates, tuples and all) as a JSON document that nobody caches."""
    headers = {"Content-Type": "application/json", "Cache-Control": "no-store", **dict(extra)}
    return Response(_VALUES.dump_json(value), status, headers)
