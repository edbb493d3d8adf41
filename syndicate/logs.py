"""Structured logs: events with keys, for people on a terminal, as JSON lines elsewhere."""

import logging
import re
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from io import RawIOBase
from typing import Any, TextIO, cast

import structlog

_SELDOM_SECONDS = 60.0
_QUERY = re.compile(r"""(\b[a-z][a-z0-9+.-]{0,20}://[^\s?#"'<>\\]{0,1000}\?)[^\s#"'<>\\\x1b]+""", re.IGNORECASE)
_TALKATIVE = ("dramatiq", "apscheduler")  # they say again and again what is known already
_REMEMBERED = 1_000  # lines; what fails in more ways than that within a minute may be said twice


class Lossy:
    """A stream that loses what it can't write: no work stops for a log whose disk is full, or whose reader is gone.

    Lines go to the descriptor whole, past the stream's buffer: what that could not write it would try again when the
    program ends, which would then have failed.
    """

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._raw: RawIOBase | None = getattr(getattr(stream, "buffer", None), "raw", None)
        self._begun = ""

    def write(self, text: str) -> int:
        """Write what can be written."""
        with suppress(OSError):
            if self._raw is None:
                self._stream.write(text)
            elif text.endswith("\n"):
                line, self._begun = self._begun + text, ""
                self._raw.write(line.encode(self._stream.encoding, "backslashreplace"))
            else:
                self._begun += text
        return len(text)

    def flush(self) -> None:
        """Hand on what can be handed on."""
        with suppress(OSError):
            self._stream.flush()


class Once:
    """Drops a warning or an error of ours that was said in the very same words within the last minute.

    What fails all night is tried again all night, and its log is to be read in the morning.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._said: dict[str, float] = {}

    def __call__(self, logger: Any, name: str, event: structlog.typing.EventDict) -> structlog.typing.EventDict:
        """The event, unless it is such a repetition; tracebacks always."""
        del logger
        if name not in {"warning", "error"} or event.get("exc_info"):
            return event
        now, said = self._clock(), repr(event)
        if now - self._said.get(said, float("-inf")) < _SELDOM_SECONDS:
            raise structlog.DropEvent
        if len(self._said) >= _REMEMBERED:
            self._said.clear()
        self._said[said] = now
        return event


class Seldom(logging.Filter):
    """Lets through what the queue's and the scheduler's library say of one thing once a minute, tracebacks always.

    A Redis that is away is a warning, as it is for ourselves: the queue goes on when it is back.
    """

    def __init__(self) -> None:
        super().__init__()
        self._said: dict[str, float] = {}

    def filter(self, record: logging.LogRecord) -> bool:
        """Whether to log the record."""
        if record.name.partition(".")[0] not in _TALKATIVE or record.exc_info:
            return True
        said = str(record.msg)
        if record.levelno == logging.CRITICAL and "connection error" in said:
            record.levelno, record.levelname = logging.WARNING, "WARNING"
        if record.created - self._said.get(said, float("-inf")) < _SELDOM_SECONDS:
            return False
        self._said[said] = record.created
        return True


def configure(level: str, form: str) -> None:
    """Set up logging of this process; called once by the program's entry, never by an import.

    `form` is "console", "json", or "auto": console on a terminal, JSON otherwise.
    """
    pretty = form == "console" or (form == "auto" and sys.stderr.isatty())
    stream = cast("TextIO", Lossy(sys.stderr))
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    rendered: list[structlog.typing.Processor] = (
        [_for_people(colors=sys.stderr.isatty())]
        if pretty
        else [structlog.processors.format_exc_info, structlog.processors.JSONRenderer()]
    )
    structlog.configure(
        processors=[Once(), *shared, *rendered, _without_queries],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelName(level.upper())),
        logger_factory=structlog.PrintLoggerFactory(stream),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(stream)
    handler.addFilter(Seldom())
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *rendered, _without_queries],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    # Libraries speak up only when something is wrong; our own level is for our own events.
    root.setLevel(logging.WARNING)


def _without_queries(logger: Any, name: str, line: Any) -> str:
    """The rendered line without what stands behind "?" in addresses: keys of sources and partners, passwords."""
    del logger, name
    return _QUERY.sub(r"\1...", line)


def _for_people(*, colors: bool) -> structlog.typing.Processor:
    """Lines with tracebacks, but without the variables in them: these hold tokens, and addresses with passwords."""
    traceback = structlog.dev.RichTracebackFormatter("truecolor" if colors else None, show_locals=False)
    return structlog.dev.ConsoleRenderer(colors=colors, exception_formatter=traceback)
