"""The command line: parses, calls, prints. Every failure is one clear line; exit codes are 0, 1 (failed), 2 (usage)."""

import errno
import os
import sys
from collections.abc import Sequence
from importlib import import_module
from importlib.metadata import version
from io import TextIOWrapper

import click

from syndicate.cli.saying import say
from syndicate.errors import ConfigurationError, SyndicateError, UsageError

# The rooms of the commands: one is entered, and what it needs is loaded, when its command is called.
ROOMS = {
    "roles": ("up", "serve", "serve-feeds", "serve-pages", "schedule", "work"),
    "articles": ("ingest", "read"),
    "clean": ("clean",),
    "lint": ("lint",),
    "sources": ("sources",),
    "topics": ("topics",),
    "listings": ("runs", "check", "doctor"),
    "rebuild": ("rebuild",),
    "upkeep": ("quarantine", "held"),
    "cuts": ("cuts",),
    "withdrawal": ("kill", "correct"),
    "partners": ("partners",),
}
_NOT_TAKEN = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO, errno.EBADF)
COMMANDS = {command: room for room, commands in ROOMS.items() for command in commands}


class _Commands(click.Group):
    """All commands by name, each loaded when it is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        del ctx
        return sorted(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        del ctx
        if cmd_name not in COMMANDS:
            return None
        room = import_module(f"{__name__}.{COMMANDS[cmd_name]}")
        command: click.Command = getattr(room, cmd_name.replace("-", "_"))
        return command


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(version("syndicate"), prog_name="syndicate")
def cli() -> None:
    """Syndicate: take articles in, make them clean, publish them as feeds for partner sites."""


def main() -> None:
    """Run the program; never shows a traceback unless the log level is debug."""
    _open_what_is_closed()
    _replace_what_has_no_letter()
    known: dict[str, str] = {}  # what a command tells us of its settings, as soon as it has them
    try:
        _refuse_what_is_no_text(sys.argv[1:])
        sys.exit(cli.main(standalone_mode=False, obj=known) or 0)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except click.exceptions.Abort:
        sys.exit(130)
    except ConfigurationError as error:
        _complain(error.problems)
        sys.exit(1)
    except UsageError as error:
        _complain([str(error)])
        sys.exit(2)
    except SyndicateError as error:
        _complain([str(error)])
        sys.exit(1)
    except BrokenPipeError:
        _print_no_more()  # who read our output has gone, as `head` does; there is nobody left to tell
        sys.exit(1)
    except Exception as error:
        if _is_of_output(error):
            _print_no_more()
            _complain([f"output can't be written: {error}"])
        elif known.get("log_level", os.environ.get("SYNDICATE_LOG_LEVEL", "").lower()) == "debug":
            raise
        else:
            said = str(error).partition("\n")[0]  # a database's further lines may hold what is stored
            _complain([f"unexpected {type(error).__name__}: {said} (a bug; SYNDICATE_LOG_LEVEL=debug shows where)"])
        sys.exit(1)


def _refuse_what_is_no_text(words: Sequence[str]) -> None:
    """Raise UsageError for a word that is not UTF-8: only files can be called so, and only those that are there."""
    for word in words:
        try:
            word.encode()
        except UnicodeEncodeError:
            if not os.access(word, os.F_OK):
                raise UsageError(f"{os.fsencode(word)!r}: not UTF-8, and no file is called so") from None


def _open_what_is_closed() -> None:
    """Let output that nobody wants go nowhere: without its stream Python has none, and a file could get its number."""
    for number, name in ((1, "stdout"), (2, "stderr")):
        if getattr(sys, name) is None:
            os.dup2(os.open(os.devnull, os.O_WRONLY), number)
            os.set_inheritable(number, True)
            setattr(sys, name, os.fdopen(number, "w"))


def _replace_what_has_no_letter() -> None:
    """Print "?" for what the terminal's encoding lacks; programs get it escaped in JSON."""
    if isinstance(sys.stdout, TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")


def _is_of_output(error: Exception) -> bool:
    """Whether a stream took no more: files are named in their errors, and of other things these numbers don't come."""
    return isinstance(error, OSError) and error.filename is None and error.errno in _NOT_TAKEN


def _print_no_more() -> None:
    """Let what waits to be written go nowhere, or Python tries again at its end and complains in its own words."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _complain(lines: list[str] | tuple[str, ...]) -> None:
    for line in lines:
        say(f"syndicate: {line}", err=True)
