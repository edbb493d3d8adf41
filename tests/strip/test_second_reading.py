"""The second reading: what a forest of decision trees sees of an article, what it may change, and what it may not."""

import math
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syndicate.model import Article
from syndicate.strip.article import set_scene
from syndicate.strip.document import Document
from syndicate.strip.engine import judge, read
from syndicate.strip.forest import Forest, Node, parse_forest, shipped_forest
from syndicate.strip.memory import Memory, fingerprint
from syndicate.strip.readings import look_again
from syndicate.strip.rulings import Rulings
from syndicate.strip.scorer import Scorer
from syndicate.strip.surroundings import NAMES, View
from syndicate.strip.verdicts import Doubt, Judged, Scene

PROSE = [
    "The mill stopped at noon, and for the first time in a century one could hear the weir from the square.",
    "Nobody had told the baker, who went on carrying flour sacks across the bridge until it was dark.",
]
CREDIT = "(Reporting by Ada Lund; editing by Ben Hale)"
AT_ONCE, NEVER = Forest((9.0,), 0.9, 0.5), Forest((-9.0,), 0.9, 0.5)
OPEN_TO_ALL = Scorer({"#bias": -1.0}, cut=0.9, doubt=0.9)  # every block is read again
QUESTION = NAMES.index("words")


def at_chance(chance: float) -> Forest:
    """A forest that gives every block the same chance of being boilerplate, and cuts as the shipped one does."""
    return Forest((math.log(chance / (1 - chance)),), 0.67, 0.5)


def seen(*words: int) -> View:
    """A view in which nothing but the number of words is known, at its place."""
    return tuple(float(words[0]) if place == QUESTION else 0.0 for place in range(len(NAMES)))


def staged(blocks: Sequence[str], chosen: Forest, rulings: Rulings | None = None) -> tuple[Document, Scene]:
    html = "".join(f"<p>{block}</p>" for block in blocks)
    article = Article("s", "k", "https://mill.example/1", "The mill stops", html, "")
    scene = set_scene(article, Memory(), rulings or Rulings(), "")
    return Document(html), replace(scene, forest=chosen)


def seen_by(judged: list[Judged], scene: Scene) -> list[View]:
    seen = look_again(judged, scene)
    return [seen.view(at) for at in range(len(judged))]


def judged_by(chosen: Forest, *blocks: str, rulings: Rulings | None = None, **others: Any) -> dict[str, Judged]:
    document, scene = staged(blocks, chosen, rulings)
    scene = replace(scene, **others)
    return {item.text: item for item in judge(document.blocks, scene)}


def test_chance_is_the_logistic_of_the_sum_of_all_trees() -> None:
    """Each tree is walked by its own questions; what they end in is added up."""
    table = {"cut": 0.9, "restore": 0.5, "trees": [["words", 8, 0.1, ["words", 3, 0.4, 1.5, 0.5], -1.0], 0.25]}
    grown = parse_forest(table)
    for words, total in ((2, 1.75), (3, 1.75), (4, 0.75), (8, 0.75), (9, -0.75)):
        assert grown.chance(seen(words)) == pytest.approx(1 / (1 + math.exp(-total)))
    assert grown.reasons(seen(2)) == "words +1.4"
    assert grown.reasons(seen(9)) == ""


@given(numbers=st.lists(st.floats(-50, 50), min_size=len(NAMES), max_size=len(NAMES)))
def test_all_trees_at_once_say_what_a_walk_down_each_says(numbers: list[float]) -> None:
    """However a view answers the questions of the shipped forest, the odds are the sum of where each tree ends."""
    grown, view = shipped_forest(), tuple(numbers)
    limits = [most for tree in grown.trees for most in limits_of(tree)]
    on_the_limit = tuple(limits[int(abs(number) * 1e6) % len(limits)] for number in numbers)
    for each in (view, on_the_limit):
        assert grown.odds(each) == sum(walk(tree, each) for tree in grown.trees)


def limits_of(node: Node) -> list[float]:
    return [] if isinstance(node, float) else [node[1], *limits_of(node[3]), *limits_of(node[4])]


def walk(node: Node, view: View) -> float:
    if isinstance(node, float):
        return node
    at, most, _, left, right = node
    return walk(left if view[at] <= most else right, view)


def test_a_tree_with_too_many_leaves_is_refused() -> None:
    """A tree has a byte for its leaves: one with nine does not load."""
    tree: list[Any] | float = 1.0
    for most in range(8):
        tree = ["words", most, 0.0, tree, 2.0]
    with pytest.raises(ValueError, match="9 leaves"):
        parse_forest({"cut": 0.9, "restore": 0.5, "trees": [0.5, tree]})


def test_a_question_that_no_view_answers_is_refused() -> None:
    """A forest grown for other views than these does not load."""
    with pytest.raises(ValueError, match="moon"):
        parse_forest({"cut": 0.9, "restore": 0.5, "trees": [["moon", 1, 0.0, 1.0, 2.0]]})


def test_the_shipped_forest_answers_every_view() -> None:
    """It has trees, its limits are chances, and each block of an article gets a chance between 0 and 1."""
    document, scene = staged([*PROSE, "Share this story", CREDIT, "Old net, new owner"], shipped_forest())
    judged = read(document.blocks, scene)
    views = seen_by(judged, scene)
    assert len(views) == len(judged) == 5
    assert {len(view) for view in views} == {len(NAMES)}
    assert len(shipped_forest().trees) > 50
    assert 0 < shipped_forest().restore < shipped_forest().cut < 1
    chances = [shipped_forest().chance(view) for view in views]
    assert all(0 < chance < 1 for chance in chances)
    assert max(chances[:2]) < chances[2]


def test_views_tell_what_stands_around() -> None:
    """A view holds its block's own numbers, its neighbours', and shares of what went above and below."""
    document, scene = staged([*PROSE, "Share this story", "All rights reserved."], NEVER)
    judged = read(document.blocks, scene)
    first, _, third, last = (dict(zip(NAMES, view, strict=True)) for view in seen_by(judged, scene))
    assert (first["cut"], third["cut"], last["cut"]) == (0, 1, 1)
    assert (first["share cut after"], third["share cut before"], third["share cut after"]) == (2 / 3, 0, 1)
    assert (third["cut +1"], third["cut -1"], last["cut +1"]) == (1, 0, 1)
    assert third["loudness +1"] == last["loudness"]
    assert first["loudest after"] == max(item.loudness for item in judged[1:])


@pytest.mark.parametrize(
    ("paragraph", "of_it", "other"),
    [
        (PROSE[0], "The weir and the square", "Tonight: five cheap hotels"),
        (
            "水車は正午に止まり、百年ぶりに堰の音が広場まで聞こえた。パン屋だけはそれを知らず、日が暮れるまで小麦の袋を運び続けた。",
            "堰の音が広場まで",
            "今夜泊まれる格安旅館五選",
        ),
    ],
    ids=["English", "Japanese"],
)
def test_views_tell_how_new_the_words_are(paragraph: str, of_it: str, other: str) -> None:
    """A view tells what share of a block's words no paragraph has, also where signs are words."""
    document, scene = staged([paragraph, of_it, other], NEVER)
    _, first, second = (view[NAMES.index("new words")] for view in seen_by(read(document.blocks, scene), scene))
    assert first <= 0.1
    assert second >= 0.8


def test_views_tell_what_comes_back() -> None:
    """A view tells in how many of its source's articles a block stood, and whether the article's prose did, too."""
    line, memory = "The Mill Letter, by Ada Lund", Memory()
    for week in ("one", "two", "three", "four", "five"):
        html = f"<p>In week {week} the wheel stood still.</p><p>{line}</p>"
        memory = memory.learn(Article("s", week, f"https://mill.example/{week}", "A wheel", html, ""))
    document, scene = staged([*PROSE, line], NEVER)
    scene = replace(scene, memory=memory)
    views = seen_by(read(document.blocks, scene), scene)
    first, second, last = (dict(zip(NAMES, view, strict=True)) for view in views)
    assert (last["seen"], last["seen often"], last["articles"], last["prose seen"]) == (5, 1, 5, 0)
    assert (first["seen"], first["seen below"], second["seen below"]) == (0, 0, 1)


def test_a_few_articles_do_not_tell_what_never_comes_back() -> None:
    """That a line stood in one of two or three articles speaks neither for nor against it; of four, it does."""
    line, memory, at = "The Mill Letter, by Ada Lund", Memory(), NAMES.index("articles")
    for number in range(4):
        html = f"<p>{PROSE[0]} {'abcd'[number]}</p>" + (f"<p>{line}</p>" if number == 0 else "")
        article = Article("s", f"k{number}", f"https://mill.example/{number}", f"Mill {number}", html, "")
        memory = memory.learn(article)
        document, scene = staged([*PROSE, line], NEVER)
        scene = replace(scene, memory=memory)
        view = seen_by(read(document.blocks, scene), scene)[-1]
        assert view[at] == (memory.articles if memory.articles > 3 else 0)


def test_views_tell_how_a_block_is_marked_up() -> None:
    """A view tells small print, lines drawn above, what a colon introduces, and what is marked up unlike paragraphs."""
    paragraphs = "".join(f"<p>{line}</p>" for line in PROSE)
    below = "<p>The wheels were:</p><ul><li>Old Ada</li><li>Ben</li></ul><hr><p><em>The Mill Letter, by Ada</em></p>"
    document, scene = Document(paragraphs + below), staged(PROSE, NEVER)[1]
    views = [dict(zip(NAMES, view, strict=True)) for view in seen_by(read(document.blocks, scene), scene)]
    first, _, colon, ada, ben, last = views
    assert [view["introduced"] for view in views] == [0, 0, 0, 1, 1, 1]
    assert (first["unlike paragraphs"], colon["unlike paragraphs"], ada["unlike paragraphs"]) == (0, 0, 1)
    assert (last["emphasized"], last["line above"], last["last line above"]) == (1, 1, 1)
    assert (ben["emphasized"], ben["line above"], ben["last line above"]) == (0, 0, 0)


@pytest.mark.parametrize(("frame", "told"), [("<b>{}</b>", 0), ("<font>{}</font>", 0), ("{}", 1), ("<i>A</i> {}", 1)])
def test_an_article_in_bold_tells_nothing_by_bold(frame: str, told: int) -> None:
    """What is emphasized is told only where most paragraphs of the article are not."""
    document, scene = staged([*map(frame.format, PROSE), "<b>The mill of Ada Lund</b>"], NEVER)
    *_, last = (dict(zip(NAMES, view, strict=True)) for view in seen_by(read(document.blocks, scene), scene))
    assert last["emphasized"] == told


def test_paragraphs_that_are_all_made_otherwise_tell_nothing() -> None:
    """A class of its own for each paragraph makes none of them, nor what stands beside them, unlike the others."""
    document = Document(
        "".join(f'<p class="{kind}">{line}</p>' for kind, line in zip(("ada", "ben"), PROSE, strict=True))
    )
    scene = staged(PROSE, NEVER)[1]
    views = [dict(zip(NAMES, view, strict=True)) for view in seen_by(read(document.blocks, scene), scene)]
    assert [view["unlike paragraphs"] for view in views] == [0, 0]


def test_views_tell_a_list_of_links() -> None:
    """Each item of a list knows how much of the list are links to the same site, and how much to others."""
    own = [f'<a href="https://mill.example/{number}">Wheel number {number}</a>' for number in (2, 3)]
    other = '<a href="https://quay.example/">Quay Herald</a>'
    document, scene = staged([*PROSE, *own, other, "Old wheels"], NEVER)
    *_, item, _ = (dict(zip(NAMES, view, strict=True)) for view in seen_by(read(document.blocks, scene), scene))
    assert (item["run"], item["run inward"], item["run outward"]) == (4, 0.5, 0.25)


def test_what_is_open_goes_and_says_why() -> None:
    """A line that the first reading left open is cut by the second, with a family and a reason."""
    line = "Thanks for reading"
    assert judged_by(NEVER, *PROSE, line)[line].family == ""
    gone = judged_by(AT_ONCE, *PROSE, line)[line]
    assert (gone.reason, bool(gone.family)) == ("second reading", True)


def test_another_storys_title_amid_a_text_needs_less() -> None:
    """A long line of new words between paragraphs goes by a chance by which no subhead, number or last line goes."""
    doubtful = Forest((0.0,), 0.67, 0.4)  # a chance of a half for every block
    open_to_all = Scorer({"#bias": -1.0}, cut=0.9, doubt=0.9)
    below = "By evening the wheel turned again, and the miller's daughter brought bread to all who had waited."
    title = "Hikers rescued from crater rim after they ignored warnings"
    others = [
        "Hikers rescued from crater rim",
        "The mill that stopped at noon and the baker on the bridge",
        "Call Hikers Rescue at the crater rim on 0800 555 1234",
    ]
    for line in (title, *others):
        found = judged_by(doubtful, *PROSE, line, below, scorer=open_to_all)
        assert bool(found[line].family) == (line == title), line
    for blocks in ([*PROSE, below, title], [title, *PROSE, below], [PROSE[0], title, PROSE[1], below]):
        assert judged_by(doubtful, *blocks, scorer=open_to_all)[title].family == ""


@pytest.mark.parametrize("block", [PROSE[0], PROSE[1], CREDIT, "let share_count = create_signal(0);"])
def test_what_is_certain_to_stay_is_not_read_again(block: str) -> None:
    """Prose, notes and code stay, however sure the forest is."""
    assert judged_by(AT_ONCE, *PROSE, CREDIT, "let share_count = create_signal(0);")[block].family == ""


def test_a_paragraph_that_begins_as_prose_is_not_cut_whole() -> None:
    """Where a notice is glued to a sentence of the article, the paragraph is not given up by a forest."""
    glued = f"{PROSE[1]} Subscribe to our newsletter and follow us on Facebook, Twitter and Instagram!"
    paragraph = judged_by(at_chance(0.8), PROSE[0], glued, scorer=OPEN_TO_ALL)[glued]
    assert (paragraph.family, paragraph.by) == ("", "")  # nor is it cut and taken back by somebody else


def test_a_sure_second_reading_minds_no_first_sentence() -> None:
    """A block that begins as the article goes where the second reading is sure; not for the call it ends in alone."""
    call = "Subscribe to our newsletter and follow us on Facebook, Twitter and Instagram!"
    appeal, glued = f"{PROSE[1]} {call} You won't regret it.", f"{PROSE[1]} {call}"
    assert judged_by(at_chance(0.8), PROSE[0], appeal, scorer=OPEN_TO_ALL)[appeal].family == ""
    assert judged_by(at_chance(0.9), PROSE[0], appeal, scorer=OPEN_TO_ALL)[appeal].by == "forest"
    assert judged_by(at_chance(0.9), PROSE[0], glued, scorer=OPEN_TO_ALL)[glued].family == ""


def test_little_more_than_even_chances_do_where_something_else_speaks_for_a_cut() -> None:
    """In a text without links that is how a line sounds, elsewhere the same of a link with nothing below it."""
    loud, quiet = "Seven stories every Saturday, sent to you", "Old net, new owner"
    link = f'<a href="https://mill.example/2">{loud}</a>'

    def goes(line: str, *blocks: str) -> bool:
        return judged_by(at_chance(0.6), *blocks, scorer=OPEN_TO_ALL)[line].by == "forest"

    assert goes(loud, *PROSE, loud)
    assert not goes(quiet, *PROSE, quiet)
    assert goes(loud, *PROSE, link)
    linked = '<a href="https://other.example/weir">The weir</a> is open again on Mondays and on Fridays, says Ada.'
    assert not goes(loud, linked, *PROSE, loud)


@pytest.mark.parametrize("end", ["… Continue reading →", "... Read more »", "…Continue reading"])
def test_only_the_end_goes_where_only_the_end_is_a_call(end: str) -> None:
    """A block that begins as the article is not given up for its last words: they go alone, wherever it stands."""
    said = "Nobody told the baker, who went on until dark"
    document, scene = staged([f"{said}{end}", *PROSE], AT_ONCE)
    scene = replace(scene, scorer=Scorer({"#bias": -1.0}, cut=0.9, doubt=0.9))  # every block is read again
    first, *_, part = judge(document.blocks, scene)
    assert (first.family, first.doubt.evidence) == ("", "only its end is a call")
    assert (part.block, part.family, part.text) == (first.block, "readmore", end.lstrip("…. "))


def test_an_admins_word_stands() -> None:
    """What an admin ruled is not read again, whichever way it went."""
    kept = Rulings(keep=frozenset({fingerprint("Share this story")}))
    assert judged_by(AT_ONCE, *PROSE, "Share this story", rulings=kept)["Share this story"].family == ""
    cut = Rulings(cut=frozenset({fingerprint("Old net, new owner")}))
    assert judged_by(NEVER, *PROSE, "Old net, new owner", rulings=cut)["Old net, new owner"].family == "ruling"


def test_what_is_taken_back_becomes_a_doubt() -> None:
    """A rule's cut that the article around it speaks against is put before an admin."""
    line = "Follow us on all our channels"
    item = judged_by(NEVER, *PROSE, line)[line]
    why = "the article around it speaks against it"
    assert (item.family, item.doubt) == ("", Doubt("follow", "rule", "rule follow-us", why))


def test_a_heading_that_heads_nothing_is_not_taken_back() -> None:
    """A heading of furniture stays cut when nothing of the article stands below it."""
    heading = judged_by(NEVER, *PROSE, "More news:")["More news:"]
    assert heading.family
    assert heading.by == "rule"  # it was never taken back


def test_what_has_more_blocks_than_any_article_is_read_once() -> None:
    """A body of thousands of lines costs no second reading."""
    line = "Thanks for reading"
    lines = [f"Line {number} of a very long list" for number in range(600)]
    assert judged_by(AT_ONCE, *PROSE, line)[line].reason == "second reading"
    assert not any(item.reason == "second reading" for item in judged_by(AT_ONCE, *PROSE, *lines, line).values())
