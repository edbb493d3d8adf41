"""Which entries are the same article, through the whole house: distinct ones are kept, copies are published once."""

from collections import Counter

from syndicate.bootstrap import Services
from syndicate.model import SourceSpec, TopicSpec
from tests.e2e.conftest import Clock, OpenHouse
from tests.e2e.house import Origin, ingest
from tests.e2e.papers import Story, rss, sentences


def feed(origin: Origin, key: str = "lake") -> SourceSpec:
    """A source at /KEY of the origin."""
    return SourceSpec(key, "feed", f"{origin.url}/{key}")


def counts(parts: Services, key: str = "lake") -> tuple[int, int, int]:
    """Ingest one source: how many articles were new, edited, unchanged."""
    line = ingest(parts, key).report[0]
    assert line["failures"] == ()
    return line["new"], line["edited"], line["unchanged"]


def titles(parts: Services) -> Counter[str]:
    """The headlines that partners see, and how often."""
    return Counter(p.article.title for p in parts.store.newest("all", 100))


def bare(title: str, body: str, more: str = "") -> str:
    """An item without a link, and without a guid unless there is one in `more`."""
    return f"<item><title>{title}</title><description>{body}</description>{more}</item>"


def test_one_guid_for_all_that_is_new(origin: Origin, open_house: OpenHouse, clock: Clock) -> None:
    """Under a guid that never changes, without links, every day's article is kept, and is edited in its place."""
    guid = '<guid isPermaLink="false">latest</guid>'
    days = {
        "Vines wake early": "Mild nights have woken the vines three weeks ahead of the calendar.",
        "Warehouse fire contained": "Nobody was hurt in Dunmore, the brigade said, and the smoke has gone.",
        "Choir on tour": "Forty singers left for the south on Tuesday with two buses.",
    }
    with open_house(feed(origin)) as parts:
        for title, body in days.items():
            origin.feed("/lake", rss(bare(title, body, guid)))
            assert counts(parts) == (1, 0, 0)
            origin.feed("/lake", rss(bare(title, body, guid), head="<ttl>5</ttl>"))
            assert counts(parts) == (0, 0, 1)
            origin.feed("/lake", rss(bare(title, body.replace("the", "all the"), guid)))
            clock.pass_by(days=1)
            assert counts(parts) == (0, 1, 0)
        assert titles(parts) == Counter(list(days))


def test_entries_without_guid_and_link(origin: Origin, open_house: OpenHouse, clock: Clock) -> None:
    """Letters under one title stay apart, and dates that move every day make nothing new."""
    letters = ["The pier is too short.", "Our bells ring early.", "Who feeds the swans?", "More trees, please!"]
    with open_house(feed(origin)) as parts:
        for day in (1, 2, 3):
            date = f"<pubDate>Thu, {day:02} Oct 2026 00:00:00 GMT</pubDate>"
            origin.feed("/lake", rss(*(bare("Letter to the editor", letter, date) for letter in letters)))
            assert counts(parts) == ((4, 0, 0) if day == 1 else (0, 0, 4))
            clock.pass_by(days=1)
        assert titles(parts) == {"Letter to the editor": 4}


def test_a_feed_that_moves_keeps_its_articles(origin: Origin, open_house: OpenHouse) -> None:
    """A guid that looks like a relative address is no address, and none other behind a redirect."""
    item = bare("The pier opens", "It has been closed since the storm.", "<guid>na</guid>")
    origin.feed("/lake", rss(item))
    with open_house(feed(origin)) as parts:
        assert counts(parts) == (1, 0, 0)
        origin.answers["/lake"] = (301, {"Location": "/new/feed"}, b"")
        origin.feed("/new/feed", rss(item, head="<ttl>5</ttl>"))
        assert counts(parts) == (0, 0, 1)
        assert [p.article.link for p in parts.store.newest("all", 9)] == [""]


def test_a_relaunched_site(origin: Origin, open_house: OpenHouse, clock: Clock) -> None:
    """New guids and addresses for what was published make no second items; rebuilding finds the articles, too."""
    origin.feed("/lake", rss("pier", "mill"))
    with open_house(feed(origin)) as parts:
        assert counts(parts) == (2, 0, 0)
        guids = {p.article.title: p.guid for p in parts.store.newest("all", 9)}
        moved = [Story(name, guid=f"n-{name}", link=f"https://new.example/{name}.html") for name in ("pier", "mill")]
        origin.feed("/lake", rss(*moved))
        clock.pass_by(days=1)
        assert counts(parts) == (0, 2, 0)
        assert {p.article.title: p.guid for p in parts.store.newest("all", 9)} == guids
        assert {p.article.link for p in parts.store.newest("all", 9)} == {story.link for story in moved}
        origin.feed("/lake", rss(*moved, head="<ttl>5</ttl>"))
        assert counts(parts) == (0, 0, 2)
        done = parts.redo.rebuild("lake", "tester", dry_run=False)
        assert (done.articles, done.differences, done.failures) == (2, (), ())


def test_one_page_at_two_addresses(origin: Origin, open_house: OpenHouse, clock: Clock) -> None:
    """A page that is listed a second time under another address is one article, whose address doesn't swing."""
    page = Story("pier").page()
    for path in ("/news/2026/the-pier-opens", "/news/harbour/the-pier-opens"):
        origin.feed(path, page, "text/html")
    listing = "<html><body>{}</body></html>"
    links = [f'<p><a href="{path}">News of the pier, all of it</a></p>' for path in sorted(origin.answers)]
    origin.feed("/list", listing.format(links[0]), "text/html")
    with open_house(SourceSpec("lake", "page", f"{origin.url}/list")) as parts:
        assert counts(parts) == (1, 0, 0)
        clock.pass_by(days=3)
        origin.feed("/list", listing.format("".join(links)), "text/html")
        seen = []
        for day in range(3):
            counts(parts)
            clock.pass_by(days=3)
            origin.feed("/list", listing.format("".join(links) + f"<p>{day}</p>"), "text/html")
            seen.append([(p.article.link, p.revised) for p in parts.store.newest("all", 9)])
        assert len(seen[0]) == 1
        assert seen[0] == seen[1] == seen[2]


def test_nobody_suppresses_an_article_by_its_address(origin: Origin, open_house: OpenHouse) -> None:
    """A comment that links to a story first doesn't make the story its copy."""
    comment = "<p>Worth your time: what a week it has been for all who love small harbours and their people.</p>"
    origin.feed("/blog", rss(Story("x", title="Worth reading", link="https://lake.example/pier", body=comment)))
    origin.feed("/lake", rss("pier"))
    with open_house(feed(origin, "blog"), feed(origin)) as parts:
        counts(parts, "blog")
        counts(parts)
        assert titles(parts) == {"Worth reading": 1, "News of the pier": 1}


def test_a_copy_stands_in_for_what_is_withdrawn(origin: Origin, open_house: OpenHouse, clock: Clock) -> None:
    """When its source takes the first article back, another source's copy is published, though nobody edits it."""
    origin.feed("/lake", rss("pier"))
    origin.feed("/sea", rss("pier", site="https://sea.example"))
    with open_house(feed(origin), feed(origin, "sea")) as parts:
        counts(parts)
        counts(parts, "sea")
        assert [p.article.source for p in parts.store.newest("all", 9)] == ["lake"]
        clock.pass_by(hours=1)
        origin.feed("/lake", rss(Story("pier", body="<p>This article was removed by the editors.</p>")))
        counts(parts)
        assert {p.article.source for p in parts.store.newest("all", 9)} == {"lake", "sea"}
        assert b"https://sea.example/pier" in parts.store.feed("all", "atom").body


def test_a_story_stands_in_the_topics_of_all_who_give_it(origin: Origin, open_house: OpenHouse, clock: Clock) -> None:
    """Which of a house's feeds is polled first decides nothing about topics by source or category."""
    topics = (TopicSpec("sport", "Sport", sources=("sport",)), TopicSpec("row", "Rowing", categories=("Rowing",)))
    told = Story("pier").item("https://lake.example")
    rowing = told.replace("</item>", "<category>Rowing</category></item>")
    origin.feed("/lake", rss("pier", "mill"))
    origin.feed("/sport", rss(rowing))
    with open_house(feed(origin), feed(origin, "sport"), topics=topics) as parts:
        counts(parts)
        counts(parts, "sport")
        bodies = [parts.store.feed(topic, "atom").body for topic in ("sport", "row")]
        assert all(b"/pier" in body and b"/mill" not in body for body in bodies)
        origin.feed("/sport", rss(rowing, head="<ttl>5</ttl>"))
        counts(parts, "sport")
        assert [parts.store.feed(topic, "atom").body for topic in ("sport", "row")] == bodies
        origin.feed("/sport", rss(told))
        counts(parts, "sport")
        assert [p.article.source for p in parts.store.newest("sport", 9)] == ["lake"]
        assert b"/pier" not in parts.store.feed("row", "atom").body


def test_a_source_that_was_renamed_goes_on(origin: Origin, open_house: OpenHouse, clock: Clock) -> None:
    """Removed and added under another key, it corrects its articles under the guids that partners know."""
    origin.feed("/lake", rss("pier", "mill"))
    press = SourceSpec("press", "feed", f"{origin.url}/lake")
    with open_house(feed(origin)) as parts:
        parts.store.add_source(press, parts.now())
        counts(parts, "press")
        before = {p.article.title: (p.guid, p.received, p.revised) for p in parts.store.newest("all", 9)}
        bodies = parts.store.feed("all", "atom").body
        parts.store.remove_source("press")
        clock.pass_by(hours=1)
        assert counts(parts) == (2, 0, 0)
        assert parts.store.feed("all", "atom").body == bodies
        origin.feed("/lake", rss(Story("pier", body=Story("pier").html() + "<p>It reopens in May.</p>"), "mill"))
        assert counts(parts) == (0, 1, 1)
        assert {p.article.title: (p.guid, p.received, p.revised) for p in parts.store.newest("all", 9)} == before | {
            "News of the pier": (*before["News of the pier"][:2], clock())
        }
        assert b"reopens in May" in parts.store.feed("all", "atom").body


def test_two_versions_in_one_document(origin: Origin, open_house: OpenHouse, clock: Clock) -> None:
    """The correction above the story that it corrects is published in its place, and rebuilding leaves it there."""
    old, told = Story("pier"), Story("pier").html()
    for words in ("<p>It reopens in May.</p>", "".join(f"<p>{s}</p>" for s in sentences("mill"))):
        new = Story("pier", body=words if "mill" in words else told + words)
        origin.feed("/lake", rss(old))
        with open_house(feed(origin)) as parts:
            counts(parts)
            for document in (rss(new, old), rss(new, old, head="<ttl>5</ttl>")):
                clock.pass_by(hours=1)
                origin.feed("/lake", document)
                counts(parts)
                [shown] = parts.store.newest("all", 9)
                assert words in shown.article.html
            done = parts.redo.rebuild("lake", "tester", dry_run=False)
            assert (done.articles, done.differences, done.failures) == (1, (), ())


def test_copies_within_one_source(origin: Origin, open_house: OpenHouse, clock: Clock) -> None:
    """An article that its source gives twice, under two guids and links, is published once, today and later."""
    twice = [Story("pier"), Story("pier", guid="pier-2", link="https://lake.example/pier-2")]
    origin.feed("/lake", rss(*twice))
    with open_house(feed(origin)) as parts:
        assert counts(parts) == (2, 0, 0)
        for n in range(2):
            clock.pass_by(hours=1)
            origin.feed("/lake", rss(*twice, head=f"<ttl>{n + 5}</ttl>"))
            assert counts(parts) == (0, 0, 2)
            assert titles(parts) == {"News of the pier": 1}
