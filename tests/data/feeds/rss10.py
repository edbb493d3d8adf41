from datetime import UTC, datetime

from syndicate.model import Entry, Person, Reading

EXPECTED = Reading(
    format="rss10",
    title="Triples",
    link="https://rdf.example/",
    ttl=21_600,
    entries=(
        Entry(
            key="https://rdf.example/1",
            link="https://rdf.example/1",
            title="Ein Satz",
            body="Kurz.",
            summary="Kurz.",
            base_url="https://rdf.example/1",
            excerpt_only=True,
            authors=(Person("Eva Klee"),),
            published=datetime(2004, 5, 6, 5, 8, 9, tzinfo=UTC),
            updated=datetime(2004, 5, 6, 5, 8, 9, tzinfo=UTC),
            categories=("Sprache",),
            language="de",
            rights="CC BY",
        ),
    ),
)
