from datetime import UTC, datetime

from syndicate.model import Enclosure, Entry, Failure, Hub, Image, Person, Reading

EXPECTED = Reading(
    format="json11",
    title="Braces",
    link="https://json.example/",
    language="en-US",
    authors=(Person("House"),),
    hub=Hub("https://hub.example/", "https://feed.example/f"),
    failures=(Failure("entry 3", "the item is no JSON object"),),
    entries=(
        Entry(
            key="7",
            link="https://json.example/a",
            title="A & B",
            body="<p>Curly but brave.</p>",
            base_url="https://json.example/a",
            summary="Brave.",
            published=datetime(2022, 2, 2, 7, 2, 2, tzinfo=UTC),
            categories=("x",),
            images=(Image("https://json.example/i.png"),),
            enclosures=(Enclosure("https://json.example/a.mp3", "audio/mpeg", 9),),
        ),
        Entry(
            key="https://json.example/b",
            link="https://json.example/b",
            title="",
            body="Just < text",
            body_kind="text",
            base_url="https://json.example/b",
            authors=(Person("Solo"),),
        ),
    ),
)
