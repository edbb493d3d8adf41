from syndicate.model import Entry, Reading

EXPECTED = Reading(
    format="rss091n",
    title="Old Mill",
    link="http://mill.example/",
    language="en",
    entries=(
        Entry(
            link="http://mill.example/wheel",
            title="The wheel turns",
            body="It has turned for a hundred years.",
            summary="It has turned for a hundred years.",
            base_url="http://mill.example/wheel",
            excerpt_only=True,
        ),
    ),
)
