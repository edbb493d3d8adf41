"""Looking at a feed as an importer does: what it would refuse, drop or show badly. Pure."""

from syndicate.publish.lint.findings import PROFILES, Finding, lint

__all__ = ["PROFILES", "Finding", "lint"]
