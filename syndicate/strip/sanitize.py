"""The last step: only markup that is safe and useful in a partner's page leaves this room.

nh3 decides, by a list of what is allowed. It comes after everything else so that nothing can be put together
behind its back. Its time grows with depth as well as with size: `Document` has capped both before.
"""

from functools import cache

import nh3

from syndicate.strip.links import markup

_GONE_WITH_CONTENT = {"script", "style", "noscript", "template", "svg", "math", "iframe", "object", "embed", "select"}


@cache
def _cleaner() -> nh3.Cleaner:
    allowed = markup().allowed
    return nh3.Cleaner(
        tags=set(allowed["tags"].split()),
        clean_content_tags=_GONE_WITH_CONTENT,
        attributes={tag: set(names.split()) for tag, names in allowed["attributes"].items()},
        url_schemes=set(allowed["schemes"].split()),
        link_rel="noopener noreferrer",
        strip_comments=True,
    )


def sanitize(html: str) -> str:
    """Return the HTML with only what is allowed; running it again changes nothing."""
    return _cleaner().clean(html).strip()
