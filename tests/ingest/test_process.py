"""Entries become articles; what fails is rejected with its reason, and its neighbours go through."""

from syndicate.ingest.process import Found, Job, prepare
from syndicate.model import Entry, Reading, SourceSpec

SPEC = SourceSpec(key="lake", kind="feed", location="https://x.example/feed")


def test_summaries_are_stripped_too() -> None:
    """What a source appends to its bodies it appends to its summaries, and partners see neither."""
    footer = '<p>The post <a href="https://x.example/1">Otters return</a> appeared first on <a href="https://x.example">Blog</a>.</p>'
    entry = Entry(
        key="1",
        link="https://x.example/1",
        title="Otters return",
        body=f"<p>A camera caught three otters at dawn on Sunday near the old weir, the trust said.</p>{footer}",
        summary=f"<p>Otters were seen by the river for the first time in sixty years, say rangers.</p>{footer}",
    )
    job = Job(SPEC, Reading("rss20", title="Blog"), (Found(entry, "1", "digest"),))
    [prepared] = prepare(job).prepared
    assert prepared.article.summary == "Otters were seen by the river for the first time in sixty years, say rangers."
