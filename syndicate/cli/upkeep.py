"""Commands that mend: quarantine and rebuild."""

COMMANDS = ()
