"""Structured logs: events with keys, for people on a terminal, as JSON lines elsewhere."""

import logging
import sys

import structlog


def configure(level: str, form: str) -> None:
    """Set up logging of this process; called once by the program's entry, never by an import.

    `form` is "console", "json", or "auto": console on a terminal, JSON otherwise.
    """
    pretty = form == "console" or (form == "auto" and sys.stderr.isatty())
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
        processors=[*shared, *rendered],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelName(level.upper())),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *rendered],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    # Libraries speak up only when something is wrong; our own level is for our own events.
    root.setLevel(logging.WARNING)


def _for_people(*, colors: bool) -> structlog.typing.Processor:
    """Lines with tracebacks, but without the variables in them: these hold tokens, and addresses with passwords."""
    traceback = structlog.dev.RichTracebackFormatter("truecolor" if colors else None, show_locals=False)
    return structlog.dev.ConsoleRenderer(colors=colors, exception_formatter=traceback)
