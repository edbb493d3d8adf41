from datetime import UTC, datetime

from syndicate.model import Entry, Image, Original, Person, Reading

EXPECTED = Reading(
    format="atom10",
    title="Le <Journal>",
    link="https://atom.example/",
    language="fr",
    entries=(
        Entry(
            key="urn:x:1",
            link="https://atom.example/stories/1",
            title="A plain title",
            body="<p>First &amp; foremost.</p>",
            base_url="https://atom.example/",
            authors=(Person("Noa Pen", url="https://atom.example/noa"),),
            published=datetime(2021, 2, 3, 4, 5, 6, tzinfo=UTC),
            updated=datetime(2021, 2, 3, 23, 0, tzinfo=UTC),
            categories=("Topic One",),
            language="en",
            rights="All mine",
            original=Original("Planet", "https://planet.example/"),
            images=(Image("https://atom.example/p.png", type="image/png"),),
        ),
        Entry(
            key="https://atom.example/2",
            link="https://atom.example/2",
            title="Sans corps",
            body="Tom & Léa < tous",
            body_kind="text",
            base_url="https://atom.example/",
            published=datetime(2021, 1, 1, tzinfo=UTC),
            updated=datetime(2021, 1, 1, tzinfo=UTC),
            language="fr",
        ),
    ),
)
