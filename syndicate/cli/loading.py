"""How a command gets its settings. No table, no database: the roles are as small as what they run."""

import click

from syndicate import logs
from syndicate import settings as configuration
from syndicate.settings import Settings, Trial


def load_settings(trial: Trial | None = None, *, quiet: bool = False) -> Settings:
    """Read the settings, set up logs by them, and let `main` know how much to say of a bug.

    `quiet` is for commands whose output is for people: only what is wrong is logged.
    """
    settings = configuration.load(trial)
    level = settings.log_level
    click.get_current_context().ensure_object(dict)["log_level"] = level
    logs.configure("error" if quiet and level != "debug" else level, settings.log_format)
    return settings
