"""The bytes of each format for a small hand-written wire.

Golden files stand in tests/data/golden. When a change to them is meant, write them anew and read the difference:

    python -m tests.render.test_golden
"""

from dataclasses import replace
from pathlib import Path

import pytest

from syndicate.model import FEED_FORMATS, FeedFormat
from syndicate.render import render
from tests.render.articles import BEES, CORRECTED, FOLDER, LAST_PAGE, PAGE, WITHDRAWN, feed_of

GOLDEN = Path(__file__).resolve().parents[1] / "data" / "golden"
NAMES = {
    "full": feed_of(),
    "empty": feed_of(()),
    "withdrawn": feed_of((BEES,), withdrawn=WITHDRAWN, language="de"),
    "corrected": feed_of((CORRECTED, replace(FOLDER, corrections=CORRECTED.corrections[1:]))),
    "archived": feed_of((FOLDER,), older=LAST_PAGE),
    "archive": feed_of((BEES,), withdrawn=WITHDRAWN[:1], **PAGE),
    "bare": feed_of((), description="", language="", rights="", contact="", hub=""),
}


def shown(body: bytes) -> bytes:
    """The bytes with a line break before each item, so that a difference can be read."""
    for opening in (b"<item>", b"<entry", b"<at:deleted-entry", b'{"id":'):
        body = body.replace(opening, b"\n" + opening)
    return body


@pytest.mark.parametrize("format_", FEED_FORMATS)
@pytest.mark.parametrize("name", NAMES)
def test_golden_bytes(name: str, format_: FeedFormat):
    """A feed comes out in exactly the bytes that were agreed on."""
    assert shown(render(NAMES[name], format_)) == (GOLDEN / f"{name}.{format_}").read_bytes()


if __name__ == "__main__":
    for name, feed in NAMES.items():
        for format_ in FEED_FORMATS:
            (GOLDEN / f"{name}.{format_}").write_bytes(shown(render(feed, format_)))
