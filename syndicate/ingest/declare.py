"""A source as an admin declares it, tried on the parts that will poll it."""

from collections.abc import Iterator, Mapping

from syndicate.errors import RefusedError, UsageError
from syndicate.ingest.guard import parse
from syndicate.model import SourceSpec
from syndicate.normalize.language import source_language
from syndicate.settings import declared_source
from syndicate.settings_lists import LANGUAGE


def declared(values: Mapping[str, object]) -> SourceSpec:
    """Make a source that can be polled; raises UsageError that says what is wrong with it."""
    spec = declared_source(values)
    if problems := [f"{field}: {said}" for field, said in refused(spec)]:
        raise UsageError("; ".join(problems))
    return spec


def refused(spec: SourceSpec) -> Iterator[tuple[str, str]]:
    """What the guard and the readers say against a source: which of its fields, and what."""
    if spec.kind != "folder":
        try:
            parse(spec.location)
        except RefusedError as error:
            yield "location", str(error).removeprefix("refused: ")
    if spec.language and not source_language(spec.language):
        yield "language", f"{LANGUAGE} (found {spec.language!r})"
