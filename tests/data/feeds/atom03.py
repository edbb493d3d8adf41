from datetime import UTC, datetime

from syndicate.model import Entry, Reading

EXPECTED = Reading(
    format="atom03",
    title="Early",
    link="http://early.example/",
    entries=(
        Entry(
            key="tag:early.example,2004:1",
            link="http://early.example/1",
            title="One",
            body="<p>Early days.</p>",
            base_url="http://early.example/1",
            published=datetime(2004, 1, 2, 3, 4, 5, tzinfo=UTC),
            updated=datetime(2004, 1, 3, 3, 4, 5, tzinfo=UTC),
        ),
    ),
)
