"""Publishing: which articles a feed holds, its bytes, and how they replace the last good ones."""

from syndicate.publish.flow import Outcome, Report, drain, insist, publish

__all__ = ["Outcome", "Report", "drain", "insist", "publish"]
