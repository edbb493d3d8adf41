"""`python -m syndicate`: the same as the command `syndicate`."""

from syndicate.cli import main

main()
