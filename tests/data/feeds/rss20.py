from datetime import UTC, datetime

from syndicate.model import Enclosure, Entry, Hub, Image, Original, Person, Reading

EXPECTED = Reading(
    format="rss20",
    title="Harbour Wire",
    link="https://harbour.example/",
    language="en-gb",
    rights="© Harbour Wire",
    ttl=5400,
    skip_hours=(0, 1, 3),
    hub=Hub("https://hub.example/", "https://harbour.example/feed.xml"),
    entries=(
        Entry(
            key="harbour-1",
            link="https://harbour.example/cranes",
            title="Cranes & gulls: a quiet week",
            body="<p>The cranes stood still all week, and the gulls took notice of it.</p>"
            "<p>On Friday work went on.</p>",
            base_url="https://harbour.example/cranes",
            summary="A short look at the week.",
            authors=(Person("Ada Quay"), Person("Ben Mole")),
            published=datetime(2020, 3, 3, 13, 5, 6, tzinfo=UTC),
            categories=("Ports", "Birds"),
            original=Original("Other Paper"),
            images=(Image("https://harbour.example/crane.jpg", "A crane at dawn", "Cy Lens", width=800, height=600),),
            enclosures=(Enclosure("https://harbour.example/talk.mp3", "audio/mpeg", 1234),),
        ),
        Entry(
            body="No title here, but a text that stands on its own.",
            summary="No title here, but a text that stands on its own.",
            base_url="https://feed.example/f",
            excerpt_only=True,
        ),
        Entry(
            title="Only a title", authors=(Person("The Desk"),), base_url="https://feed.example/f", excerpt_only=True
        ),
    ),
)
