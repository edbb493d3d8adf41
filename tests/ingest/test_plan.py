"""What is new, what really changed, what is a copy."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from syndicate.ingest.fingerprint import fingerprint, sketch
from syndicate.ingest.match import Prepared
from syndicate.ingest.plan import Basis, Plan, plan
from syndicate.model import Article, Cut, Entry, TopicSpec
from syndicate.normalize.identity import spare_keys
from syndicate.records import Change, Heir, Known

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
BASE = "https://wire.example"
TOLD: dict[str, Article] = {}  # what the articles say that are stored in these tests
TOPICS = (TopicSpec("all", "All"), TopicSpec("water", "Water", any_of=("ferry",)))


def text_of(name: str, words: int = 80) -> str:
    """A text that shares no four words in a row with one of another name."""
    return " ".join(f"{name}{n * n}" for n in range(words))


def article(name: str = "one", **fields: Any) -> Article:
    """An article with words, link and key of its own."""
    text = fields.pop("text", text_of(name))
    given = {"key": f"guid:{name}", "link": f"https://lake.example/{name}", "title": f"The {name}", "published": NOW}
    return Article(source=fields.pop("source", "lake"), html=f"<p>{text}</p>", text=text, **given | fields)


def prepared(*articles: Article) -> list[Prepared]:
    """The articles as the sandbox gives them."""
    return [Prepared(a, fingerprint(a), "0" * 64, fingerprint(a), sketch(a.text), spares(a)) for a in articles]


def spares(a: Article) -> tuple[str, ...]:
    """The names that its entry could have beside its guid."""
    return spare_keys(Entry(link=a.link, title=a.title, body=a.html))


def planned(
    *articles: Article,
    known: Iterable[Known] = (),
    twins: Iterable[Known] = (),
    now: datetime = NOW,
    present: Iterable[Known] = (),
    location: str = "https://lake.example/feed",
) -> Plan:
    """The plan for these articles; `present` are stored ones that the source still gives as they were."""
    by_key, told, still = {k.key: k for k in known}, dict(TOLD), frozenset(k.raw for k in present)
    return plan(prepared(*articles), Basis(by_key, tuple(twins), told, still, location), TOPICS, BASE, now)


def decide(*articles: Article, **basis: Any) -> list[Change]:
    """What the plan for these articles changes."""
    return list(planned(*articles, **basis).changes)


def stored(change: Change, **fields: Any) -> Known:
    """What the store knows of an article once a change is written."""
    a, p = change.article, change.published
    TOLD[a.id] = a
    values = {
        "id": a.id,
        "key": a.key,
        "link": a.link,
        "title": a.title,
        "raw": change.raw,
        "fingerprint": change.fingerprint,
        "guid": p.guid,
        "received": p.received,
        "revised": p.revised,
        "sketch": change.sketch,
        "status": "duplicate" if change.duplicate_of else "live",
        "source": a.source,
        "duplicate_of": change.duplicate_of,
        "location": f"https://{a.source}.example/feed",
    }
    return Known(**values | fields)


def known(*articles: Article, now: datetime = NOW) -> list[Known]:
    """What the store knows of articles that came some time ago."""
    return [stored(change) for change in decide(*articles, now=now)]


def test_what_was_never_seen_is_new() -> None:
    """A new article gets a guid of ours, its time of arrival, and the topics whose rules it matches."""
    [change] = decide(article(title="The ferry sails"))
    assert change.kind == "new"
    assert change.published.guid == f"{BASE}/a/{change.article.id}"
    assert change.published.received == NOW
    assert change.topics >= {"water"}


def test_what_is_as_it_was_gives_no_change() -> None:
    """The same article again, under other dates and a tracked link, changes nothing."""
    [before] = known(article())
    again = article(published=NOW - HOUR, updated=NOW)
    assert decide(again, known=[before], now=NOW + HOUR) == []


def test_an_edit_keeps_guid_and_arrival() -> None:
    """An edited article stays itself: guid and arrival for ever, revised by the source's word if it is newer."""
    [before] = known(article())
    told = decide(article(text=text_of("one") + " more", updated=NOW + HOUR), known=[before], now=NOW + 2 * HOUR)
    silent = decide(article(text=text_of("one") + " more"), known=[before], now=NOW + 2 * HOUR)
    for [change], revised in ((told, NOW + HOUR), (silent, NOW + 2 * HOUR)):
        assert change.kind == "edited"
        assert (change.published.guid, change.published.received) == (before.guid, before.received)
        assert change.published.revised == revised


def test_what_is_only_read_otherwise_is_the_same_as_told() -> None:
    """The source's words count, wherever rules cut: under another fingerprint, too, a person's word on them holds."""
    note = "Share this ferry with your friends."
    before = replace(known(article(text=text_of("one") + "\n" + note))[0], raw="as computed before")
    cut = article(cuts=(Cut(note, "share", "rule"),), rights="Ours")
    more = article(text=text_of("one") + "\n" + note + " Again.")
    assert [c.retold for c in decide(cut, known=[before])] == [True]
    assert [c.retold for c in decide(more, known=[before])] == [False]
    [released] = known(article(cuts=(Cut("Copyright 2026", "copyright", "rule"),), rights="2026"))
    next_year = article(cuts=(Cut("Copyright 2027", "copyright", "rule"),), rights="2027")
    assert [c.retold for c in decide(next_year, known=[released])] == [True]
    [nothing] = known(article(text="", cuts=(Cut("Copyright 2026", "copyright", "rule"),), rights="2026"))
    assert [c.retold for c in decide(replace(next_year, text="", html=""), known=[nothing])] == [False]
    assert [c.retold for c in decide(article("two"))] == [False]


def test_another_cut_is_put_down_anew() -> None:
    """Where only what is cut is something else, cuts and doubts are of now, and all that partners see is as it was."""
    [before] = known(article())
    share, call = Cut("Share this ferry with your friends.", "share", "rule"), Cut("Call us.", "contact", "scorer")
    again = article(cuts=(share,), doubts=(call,), published=NOW + HOUR)
    assert planned(article(published=NOW + HOUR), known=[before]).renewals == ()
    done = planned(again, known=[replace(before, raw="without the call to share")], now=NOW + HOUR)
    assert done.changes == ()
    [renewal] = done.renewals
    assert renewal.article == replace(TOLD[before.id], cuts=(share,), doubts=(call,))
    assert (renewal.raw, renewal.payload) == (fingerprint(again), "0" * 64)


def test_another_reason_to_hold_is_put_down_anew() -> None:
    """A released article of which more would be cut now is as it was for partners, and its new reason is told."""
    [before] = known(article(held="76% of the text would be cut"))
    more = article(held="80% of the text would be cut")
    done = planned(more, known=[replace(before, raw="with less around it")], now=NOW + HOUR)
    assert done.changes == ()
    assert [renewal.article.held for renewal in done.renewals] == [more.held]


def test_what_comes_without_its_text_keeps_it() -> None:
    """A source that gives an article's body empty for once takes nothing away; what shows something is an edit."""
    [before] = known(article())
    again = {"known": [before], "now": NOW + HOUR}
    bare = replace(article(text=""), html="")
    assert decide(bare, **again) == []
    assert decide(replace(bare, html="<p></p>", held="there is no text in it"), **again) == []
    assert [c.kind for c in decide(replace(bare, html="<img src='https://lake.example/1.jpg'>"), **again)] == ["edited"]
    assert [c.kind for c in decide(article("two", text="", updated=NOW), **again)] == ["new"]
    [headline] = known(bare)
    assert [c.kind for c in decide(article(), known=[headline], now=NOW + HOUR)] == ["edited"]


@pytest.mark.parametrize("year", [1, 2099, 9999])
def test_absurd_dates_do_not_rank(year: int) -> None:
    """A date in the future, or before there were feeds, is kept, and moves neither rank nor revision past now."""
    absurd = datetime(year, 1, 1, tzinfo=UTC)
    [change] = decide(article(published=absurd, updated=absurd))
    assert change.published.article.published == absurd
    assert change.published.ranked <= NOW
    assert change.published.revised == NOW


def test_time_never_runs_backwards() -> None:
    """An edit seen by a clock that was set back is still revised no earlier than the article was before."""
    [before] = known(article(), now=NOW)
    [change] = decide(article(title="Other words"), known=[before], now=NOW - 5 * HOUR)
    assert change.published.revised >= before.revised


def test_renumbered_guids_find_their_articles() -> None:
    """When a source renumbers its guids, each article is found by its link, and edits reach the right one."""
    old = known(*(article(name) for name in ("a", "b", "c")))
    renumbered = [article(name, key=f"guid:{n + 900}") for n, name in enumerate(("a", "b", "c"))]
    assert decide(*renumbered, known=old) == []
    edited = replace(renumbered[1], title="Corrected", html=renumbered[1].html + "<p>More.</p>")
    [change] = decide(renumbered[0], edited, known=old, now=NOW + HOUR)
    assert change.article.key == "guid:b"


def test_guids_that_count_positions_lose_nothing() -> None:
    """Where guids are positions, a new article at the top takes nobody's place and nobody's words."""
    old = known(article("a", key="guid:item-1"), article("b", key="guid:item-2"))
    shifted = [article("new", key="guid:item-1"), article("a", key="guid:item-2"), article("b", key="guid:item-3")]
    [change] = decide(*shifted, known=old, now=NOW + HOUR)
    assert (change.kind, change.article.title) == ("new", "The new")
    assert change.article.key not in {k.key for k in old}
    assert decide(*shifted, known=[*old, stored(change)], now=NOW + 2 * HOUR) == []


def test_one_guid_for_ever_new_articles_keeps_all() -> None:
    """A source that gives every article in its turn the same guid loses none of them."""
    first = known(article("a", key="guid:latest"))
    [second] = decide(article("b", key="guid:latest"), known=first, now=NOW + HOUR)
    assert second.kind == "new"
    assert second.article.id != first[0].id
    assert decide(article("b", key="guid:latest"), known=[*first, stored(second)], now=NOW + 2 * HOUR) == []


@pytest.mark.parametrize(
    "moved",
    [
        {"link": "https://lake.example/2026/11/one"},
        {"title": "A new headline"},
        {"text": text_of("other")},
        {"title": "Removed", "text": "This article was removed by the editors."},
        {"title": "A new headline", "link": "https://lake.example/new-headline"},
        {"text": text_of("other"), "link": "https://lake.example/moved"},
    ],
)
def test_a_guid_with_something_in_common_is_an_edit(moved: dict[str, str]) -> None:
    """Under its own guid an article may get a new address, headline or text, and stays the article it was."""
    [before] = known(article())
    [change] = decide(article(**moved), known=[before], now=NOW + HOUR)
    assert (change.kind, change.published.guid) == ("edited", before.guid)


def test_one_link_for_all_keeps_all() -> None:
    """Articles that all point to the front page stay apart by guid."""
    front = [article(name, link="https://lake.example/") for name in ("a", "b", "c")]
    assert [c.kind for c in decide(*front)] == ["new"] * 3
    assert decide(*front, known=known(*front)) == []
    fourth = article("d", link="https://lake.example/")
    assert [c.kind for c in decide(fourth, known=known(*front[:1]))] == ["new"]


def test_guids_that_count_from_the_top_lose_nothing_without_links() -> None:
    """New entries above the old ones take neither their guids nor their places, though nothing has an address."""
    old = known(*(article(name, key=f"guid:{n}", link="") for n, name in enumerate(("bridge", "aldermen"), 1)))
    fresh = [article(name, key=f"guid:{n}", link="", published=None) for n, name in enumerate(("dean", "choir"), 1)]
    changes = decide(*fresh, known=old, present=old, now=NOW + HOUR)
    assert [(c.kind, c.article.title) for c in changes] == [("new", "The dean"), ("new", "The choir")]
    assert len({c.article.key for c in changes} | {k.key for k in old}) == 4
    stored_all = [*old, *map(stored, changes)]
    assert decide(*fresh, known=stored_all, present=old, now=NOW + 2 * HOUR) == []


@pytest.mark.parametrize("key", ["guid:verse", "link:lake.example/today"])
@pytest.mark.parametrize("link", ["", "https://lake.example/", "https://lake.example/today"])
def test_one_place_for_ever_new_articles_keeps_all(key: str, link: str) -> None:
    """One guid or one address for what is new every day: each day's stays, and is recognized when it is edited."""
    kept: list[Known] = []
    for day in range(1, 5):
        now = NOW + day * 24 * HOUR
        today = article(f"day{day}", key=key, link=link, title=f"Verse {day * 11} explained", published=now)
        [new] = decide(today, known=kept, now=now)
        assert (new.kind, new.article.id in {k.id for k in kept}) == ("new", False)
        kept.append(stored(new))
        assert decide(today, known=kept, now=now + HOUR) == []
        edited = replace(today, title=f"Verse {day * 11}, explained better", html=today.html + "<p>More.</p>")
        assert [c.article.id for c in decide(edited, known=kept, now=now + HOUR)] == [new.article.id]
    assert len(kept) == 4


def test_entries_without_a_name_are_told_by_their_words() -> None:
    """Under one title every letter stays; one of which some words are corrected stays itself."""
    letter = article("a", key="text:letter", link="", title="Letter to the editor", published=None)
    [first] = known(letter)
    [second] = decide(replace(letter, html="<p>b</p>", text=text_of("b")), known=[first], now=NOW + HOUR)
    assert (second.kind, second.article.key) == ("new", spares(second.article)[0])
    [edit] = decide(replace(letter, html="<p>c</p>", text=text_of("a", 70)), known=[first], now=NOW + HOUR)
    assert (edit.kind, edit.article.id) == ("edited", first.id)


def test_several_that_are_new_in_one_place_share_no_key() -> None:
    """Two new articles whose guids belong to others, at one address, are both kept."""
    old = known(*(article(name, key=f"guid:{name}", link="https://lake.example/") for name in "ab"))
    fresh = [article(f"new {n}", key=f"guid:{n}", link="https://lake.example/", published=None) for n in "ab"]
    changes = decide(*fresh, known=old, present=old, now=NOW + HOUR)
    assert [c.kind for c in changes] == ["new", "new"]


def test_a_relaunched_site_publishes_nothing_twice() -> None:
    """Under new guid and address the same words are the same article: partners see its new link, no new item."""
    [before] = known(article())
    [change] = decide(article(key="guid:n77", link="https://new.lake.example/the-one"), known=[before], now=NOW + HOUR)
    assert (change.kind, change.published.guid, change.duplicate_of) == ("edited", before.guid, "")
    assert change.article.link == "https://new.lake.example/the-one"
    [other] = decide(article(key="guid:n78", link="https://new.lake.example/2", title="Part two"), known=[before])
    assert other.kind == "new"


def test_a_second_file_that_says_more_is_an_edit() -> None:
    """story-v2.txt, which has all of story.txt and more, is its next version, unless story.txt is still there."""
    file = article(key="guid:story.txt", link="", text=f"{text_of('one')}\n{text_of('two')}")
    more = replace(file, key="guid:story-v2.txt", html=file.html + "<p>More.</p>", text=f"{file.text}\nMore.")
    [before] = known(file)
    [edit] = decide(replace(more, published=NOW + HOUR), known=[before], now=NOW + HOUR)
    assert (edit.kind, edit.published.guid) == ("edited", before.guid)
    late = decide(replace(more, published=NOW + 24 * HOUR), known=[before], now=NOW + 24 * HOUR)
    kept = decide(replace(more, published=NOW + HOUR), known=[before], present=[before], now=NOW + HOUR)
    assert [(c.kind, c.duplicate_of) for c in (*late, *kept)] == [("new", "")] * 2
    [less] = decide(file, known=known(more), present=known(more), now=NOW + HOUR)
    assert less.duplicate_of == more.id


def test_copies_within_a_source_are_published_once() -> None:
    """Of two entries with the same title and words, in one reading or in two, the second is a copy; so it stays."""
    first, second = article(), article(key="guid:two", link="https://lake.example/two")
    one, two = decide(first, second)
    assert (one.duplicate_of, two.duplicate_of) == ("", one.article.id)
    kept = [stored(one), stored(two)]
    [edited] = decide(replace(second, rights="Ours"), known=kept, present=kept[:1], now=NOW + HOUR)
    assert edited.duplicate_of == one.article.id
    [late] = decide(second, known=kept[:1], present=kept[:1], now=NOW + HOUR)
    assert (late.kind, late.duplicate_of) == ("new", one.article.id)
    [apart] = decide(replace(second, title="Episode 2"), known=kept[:1], present=kept[:1])
    assert apart.duplicate_of == ""


LONG = "\n".join(map(text_of, "abc"))
SECOND: dict[str, Any] = {"key": "guid:two", "link": "https://lake.example/two"}


def test_a_corrected_copy_takes_its_originals_place() -> None:
    """Whichever of two copies within a source is corrected, partners see one article, under one guid, as told last."""
    kept = [stored(change) for change in decide(article(text=LONG), article(text=LONG, **SECOND))]
    for text in (f"{LONG}\nCorrection: it was the other ferry.", LONG.replace("a49", "a50")):
        done = planned(article(text=text, **SECOND), known=kept, present=kept[:1], now=NOW + HOUR)
        assert [(c.duplicate_of, c.published.guid) for c in done.changes] == [("", kept[0].guid)]
        assert done.heirs == (Heir(kept[1].id, kept[0].id, kept[1].guid),)
        other = planned(article(text=text), known=kept, present=kept[1:], now=NOW + HOUR)
        assert [c.duplicate_of for c in other.changes] == [""]
        assert (other.heirs, other.orphans) == ((), ())
        both = planned(article(text=text), article(text=text, **SECOND), known=kept, now=NOW + HOUR)
        assert [c.duplicate_of for c in both.changes] == ["", kept[0].id]
        assert (both.heirs, both.orphans) == ((), ())


@pytest.mark.parametrize(
    "fields", [{"published": NOW + 30 * HOUR}, {"title": "Another ferry"}, {"text": text_of("other", 240)}]
)
def test_a_copy_that_becomes_something_else_is_published(fields: dict[str, Any]) -> None:
    """With another date, title or text it is no correction: a form filled in anew, or an article of its own."""
    kept = [stored(change) for change in decide(article(text=LONG), article(text=LONG, **SECOND))]
    changed = article(**{"text": LONG.replace("a49", "a50"), **SECOND, **fields})
    done = planned(changed, known=kept, present=kept[:1], now=NOW + 40 * HOUR)
    assert [(c.duplicate_of, c.published.guid) for c in done.changes] == [("", kept[1].guid)]
    assert done.heirs == ()


def test_the_first_source_wins() -> None:
    """The same article from another source, by near-identical text, is recorded as a copy."""
    [first] = known(article())
    [change] = decide(
        article(source="sea", link="https://sea.example/copy", text=text_of("one") + " sea"), twins=[first]
    )
    assert change.duplicate_of == first.id


@pytest.mark.parametrize(
    ("text", "first_from", "copy"),
    [
        (text_of("other"), "https://blog.example/feed", False),  # somebody else's comment on our address
        (text_of("other"), "https://lake.example/all", True),  # our house tells it in two feeds
        (text_of("one", 20), "https://blog.example/feed", True),  # an excerpt
        (text_of("one", 4), "https://blog.example/feed", False),
    ],
)
def test_an_address_alone_makes_no_copy(text: str, first_from: str, copy: bool) -> None:
    """What links to an address first does not own it, unless its words are the article's or it is of that house."""
    [first] = known(article("one", source="first", key="guid:1", text=text))
    [ours] = decide(article("one"), twins=[replace(first, location=first_from)], now=NOW + HOUR)
    assert bool(ours.duplicate_of) is copy


@pytest.mark.parametrize("link", ["https://lake.example/", "https://lake.example/today"])
def test_an_address_that_many_share_makes_no_copy(link: str) -> None:
    """Two feeds of one house whose entries all link to one page keep their articles apart."""
    church = known(*(article(name, source="church", link=link) for name in "ab"))
    at_home = [replace(k, location="https://lake.example/church") for k in church]
    assert [c.duplicate_of for c in decide(*(article(name, link=link) for name in "cd"), twins=at_home)] == ["", ""]


@pytest.mark.parametrize("becomes", [{"text": "This article was removed by the editors."}, {"held": "too much cut"}])
def test_copies_of_what_turns_into_something_else_are_released(becomes: dict[str, str]) -> None:
    """The first of them is published again, the others become its copies; a small edit releases none."""
    [original] = known(article())
    copies = [
        stored(change)
        for hour, source in enumerate(("sea", "sky"), 1)
        for change in decide(article(source=source), twins=[original], now=NOW + hour * HOUR)
    ]
    assert {k.duplicate_of for k in copies} == {original.id}
    edited = planned(article(text=text_of("one") + " more"), known=[original], twins=copies, now=NOW + 3 * HOUR)
    assert edited.orphans == ()
    gone = planned(article(**becomes), known=[original], twins=copies, now=NOW + 3 * HOUR)
    assert [(r.article, r.duplicate_of) for r in gone.orphans] == [(copies[0].id, ""), (copies[1].id, copies[0].id)]


def test_what_came_first_stays() -> None:
    """An edit of the article that came first does not turn it into the copy of its copy."""
    [ours] = known(article())
    [theirs] = known(article(source="sea", key="guid:copy"), now=NOW + HOUR)
    [change] = decide(article(title="Corrected"), known=[ours], twins=[theirs], now=NOW + 2 * HOUR)
    assert change.duplicate_of == ""


def retired(a: Article, **fields: Any) -> Known:
    """What is stored of an article whose source is polled no more."""
    return replace(known(a)[0], retired=True, **fields)


def test_a_copy_takes_the_place_of_what_is_kept_up_no_more() -> None:
    """A retired source's article gives guid and arrival to its house's copy; an equal one keeps its revision, too."""
    [old] = known(article(source="press"))
    copy = stored(decide(article(), twins=[old], now=NOW + HOUR)[0])
    assert copy.duplicate_of == old.id
    left = retired(article(source="press"))
    edited = article(text=text_of("one") + " more")
    for ours, mine, later in ((edited, [copy], NOW + 3 * HOUR), (edited, [], NOW + 3 * HOUR), (article(), [], NOW)):
        done = planned(ours, known=mine, twins=[left], now=NOW + 3 * HOUR)
        [change] = done.changes
        shown = change.published
        assert (change.duplicate_of, shown.guid, shown.received, shown.revised) == ("", left.guid, NOW, later)
        assert done.heirs == (Heir(ours.id, left.id, f"{BASE}/a/{ours.id}"),)
    [second] = planned(article(), article(key="guid:two", link="https://lake.example/two"), twins=[left]).changes[1:]
    assert second.duplicate_of == article().id


@pytest.mark.parametrize(
    ("ours", "basis"),
    [
        ({}, {"location": "https://blog.example/feed"}),  # somebody else's copy
        ({"text": text_of("one", 20)}, {}),  # a mere teaser
        ({"held": "too much cut"}, {}),
    ],
)
def test_what_is_kept_up_no_more_is_not_given_to_anybody(ours: dict[str, str], basis: dict[str, str]) -> None:
    """Another house's copy gets nothing of it, nor does an excerpt or what is not published."""
    left = retired(article(source="press"), location="https://press.example/feed")
    [change] = planned(article(**ours), twins=[left], **basis).changes
    assert change.duplicate_of == left.id
    assert planned(article(**ours), twins=[left], **basis).heirs == ()


def test_copies_go_over_with_what_they_are_copies_of() -> None:
    """Copies of a retired source's article become those of its heir; one that says something else is published."""
    left = retired(article(source="press"))
    sea = {"twins": [left], "now": NOW + HOUR, "location": "https://sea.example/feed"}
    copy = stored(decide(article(source="sea"), **sea)[0])
    same = planned(article(), twins=[left, copy], now=NOW + 2 * HOUR)
    assert [(o.article, o.duplicate_of) for o in same.orphans] == [(copy.id, article().id)]
    apart = planned(article(text=text_of("other")), twins=[replace(left, location="https://lake.example/all"), copy])
    assert [(o.article, o.duplicate_of) for o in apart.orphans] == [(copy.id, "")]


def test_what_was_left_does_not_come_back() -> None:
    """However its heir is rewritten, a retired source's article is no news; nor is it when that source is rebuilt."""
    heir = stored(planned(article(), twins=[retired(article(source="press"))]).changes[0])
    left = retired(article(source="press"), status="duplicate", duplicate_of=heir.id)
    notice = article(title="Withdrawn", text="This report was wrong.")
    withdrawn = planned(notice, known=[heir], twins=[left], now=NOW + HOUR)
    assert ([c.kind for c in withdrawn.changes], withdrawn.orphans) == (["edited"], ())
    gone_on = stored(withdrawn.changes[0])
    again = article(source="press", text=text_of("one") + " under other rules")
    [rebuilt] = decide(again, known=[left], twins=[gone_on], now=NOW + 2 * HOUR)
    assert rebuilt.duplicate_of == heir.id


def test_each_form_goes_on_as_itself() -> None:
    """Of near-identical articles under a new key each takes the place of its own one; what is new beside them stays."""
    words = text_of("mass")

    def form(week: int, source: str = "lake", **fields: Any) -> Article:
        mass = {"title": f"Mass times for {7 * week} November", "text": f"{words} {week}", **fields}
        return article(f"mass-{week}", source=source, published=NOW - (5 - week) * 168 * HOUR, **mass)

    left = [retired(form(week, "press")) for week in (1, 2, 3)]
    corrected = form(2, text=f"{words} 2 and no rosary")
    done = planned(form(4), form(3), corrected, form(1), twins=left, now=NOW + HOUR)
    assert [c.duplicate_of for c in done.changes] == [""] * 4
    assert {(heir.article, heir.of) for heir in done.heirs} == {(form(n + 1).id, k.id) for n, k in enumerate(left)}
    sub = [replace(k, retired=False) for k in left]
    assert [c.duplicate_of for c in decide(form(3), form(2), twins=sub, now=NOW + HOUR)] == [left[2].id, left[1].id]


def test_short_or_different_texts_are_no_copies() -> None:
    """Two short notes with the same words, or long texts on the same matter, are two articles."""
    short = "The office is closed today."
    notes = known(article("n1", text=short))
    other = known(article("far"))
    [note] = decide(article("n2", source="sea", link="https://sea.example/n2", text=short), twins=notes)
    [long] = decide(article("near", source="sea", link="https://sea.example/near"), twins=other)
    assert note.duplicate_of == long.duplicate_of == ""


def test_one_article_twice_in_a_payload_is_one() -> None:
    """The same key twice in one reading gives one change: the last word counts."""
    changes = decide(article(), article(title="Corrected"))
    assert [change.article.title for change in changes] == ["Corrected"]


def test_undated_articles_keep_their_order() -> None:
    """Articles without a date rank in the order in which their source lists them."""
    changes = decide(*(article(name, published=None) for name in "abcd"))
    ranks = [change.published.ranked for change in changes]
    assert ranks == sorted(ranks, reverse=True)
    assert len(set(ranks)) == 4
