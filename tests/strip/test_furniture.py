"""What stands in a body without being text: players become links, frames and counters go, fallbacks stay."""

from dataclasses import replace

import pytest
from lxml import html as lxml_html

from syndicate.model import Image
from syndicate.strip.article import strip
from syndicate.strip.links import is_tracker
from syndicate.strip.memory import fingerprint
from syndicate.strip.rulings import Rulings
from tests.strip.bodies import PROSE, article


def test_well_known_players_become_links() -> None:
    """A frame of a well-known player is a link afterwards; any other frame is gone, with a record."""
    cleaned = strip(
        article(
            '<p>Watch it.</p><iframe src="//www.youtube.com/embed/abcdefgh"></iframe><iframe src="https://evil.example/"></iframe>'
        )
    )
    assert '<a href="https://www.youtube.com/watch?v=abcdefgh"' in cleaned.html
    assert "evil.example" not in cleaned.html
    assert [cut.family for cut in cleaned.cuts] == ["embed"]


@pytest.mark.parametrize(
    "address",
    [
        "https://open.spotify.com/embed/episode/4rOoJ6Egrf8K2IrywzwOMk",
        "https://www.tiktok.com/embed/v2/7000000000000000000",
        "https://www.youtube.com/embed/abcdefgh",
        "https://www.blogger.com/video.g?token=AD6v5dy",
    ],
)
@pytest.mark.parametrize("title", ["", "Subscribe to our podcast", "Follow us on Facebook", "Share this story"])
def test_a_player_is_not_judged_by_its_words(address: str, title: str) -> None:
    """Wherever it stands and whatever it is called, a player's link stays; an admin may cut it."""
    prose = PROSE.split("</p>")
    vimeo = '<iframe src="https://player.vimeo.com/video/12345"></iframe>'
    frame = f'<iframe title="{title}" src="{address}"></iframe>'
    for at in range(len(prose)):
        html = "</p>".join([*prose[:at], *([""] if at else []), vimeo + frame + prose[at], *prose[at + 1 :]])
        cleaned = strip(article(html))
        assert cleaned.html.count("<a href") == 2
        assert "Player" not in cleaned.html
    shown = title or address.split("/")[2].removeprefix("www.").removeprefix("open.")
    assert strip(article(html), rulings=Rulings(cut=frozenset({fingerprint(shown)}))).html.count("<a href") == 1


@pytest.mark.parametrize(
    ("title", "shown"),
    [
        ("YouTube video player", "youtube.com"),
        ("Embed Player", "youtube.com"),
        ("Lecteur vidéo YouTube", "youtube.com"),
        ("YouTube 動画プレーヤー", "youtube.com"),
        ("Spotify Embed: The Piano at Sea", "The Piano at Sea"),
        ("Ferries: a video of the fog", "Ferries: a video of the fog"),
    ],
)
def test_a_player_is_called_by_what_it_plays(title: str, shown: str) -> None:
    """A title that only names a player, in any language, is no name; its host is told instead."""
    cleaned = strip(article(f'{PROSE}<iframe title="{title}" src="https://www.youtube.com/embed/abcdefgh"></iframe>'))
    assert cleaned.text.split("\n")[-1] == shown


@pytest.mark.parametrize(("a", "href"), [("a", "href"), ("A", "HREF")])
def test_a_player_leads_to_the_page_that_its_frame_names(a: str, href: str) -> None:
    """A link that is all a frame says to who does not see it tells page and name of what is played."""
    page = f'<{a} {href}="https://band.example/track/x?utm_source=a">A Fool &amp; His Ferry</{a}>'
    cleaned = strip(article(f'{PROSE}<iframe src="https://bandcamp.com/EmbeddedPlayer/track=38/">{page}</iframe>'))
    assert '<a href="https://band.example/track/x" rel="noopener noreferrer">A Fool &amp; His Ferry</a>' in cleaned.html
    assert not cleaned.cuts


def test_a_page_that_is_embedded_is_not_judged_by_its_words() -> None:
    """The link that WordPress shows as the other page stays, whatever it says; any other link is judged."""
    link = '<p><a href="https://quay.example/2">Read more: The pier</a></p>'
    cleaned = strip(article(f'{PROSE}<blockquote class="wp-embedded-content">{link}</blockquote>'))
    assert cleaned.text.endswith("The pier")
    assert "Player" not in cleaned.html
    assert not strip(article(f"{PROSE}<blockquote>{link}</blockquote>")).text.endswith("The pier")


def test_no_source_can_mark_a_player() -> None:
    """A line that merely bears the mark is judged like any other."""
    cleaned = strip(article(PROSE + '<p Player="">Share this story on Facebook</p>'))
    assert "Share" not in cleaned.html


@pytest.mark.parametrize(
    "address",
    [
        "https://www.facebook.com/plugins/like.php?href=https://quay.example/1",
        "https://platform.twitter.com/widgets/follow_button.html?screen_name=quay",
        "https://open.spotify.com/follow/1/?uri=spotify:artist:1",
    ],
)
def test_a_frame_of_buttons_is_no_player(address: str) -> None:
    """What a player's host frames to be liked or followed goes, with a record."""
    cleaned = strip(article(f'{PROSE}<iframe src="{address}"></iframe>'))
    assert "<a " not in cleaned.html
    assert [cut.family for cut in cleaned.cuts] == ["embed"]


def test_an_object_gives_way_to_what_it_holds() -> None:
    """The player inside an unknown object becomes a link, and what an open object swallowed stays."""
    old = '<object width="1"><param name="movie" value="x"><embed src="https://www.youtube.com/v/abcdefgh" /></object>'
    cleaned = strip(article(f"<p>Watch it.</p>{old}<p><object data='x'><param></object></p>"))
    assert '<a href="https://www.youtube.com/watch?v=abcdefgh"' in cleaned.html
    assert "<p></p>" not in cleaned.html
    assert strip(article(f"<p>Watch it.</p><object>{PROSE}")).text.endswith(strip(article(PROSE)).text)


def test_what_stands_for_readers_without_scripts_stays() -> None:
    """Partners get no scripts, so they get what stands for them, unless it is a mere line."""
    cleaned = strip(article(f"<p>It runs.</p><script src='/x.js'></script><noscript>{PROSE}</noscript>"))
    assert "nine passengers" in cleaned.text
    assert not cleaned.held
    cleaned = strip(article(f"{PROSE}<noscript>Please enable JavaScript to see the poll.</noscript>"))
    assert "JavaScript" not in cleaned.html


@pytest.mark.parametrize("frame", ["iframe src=https://www.youtube.com/embed/abcdefgh", "iframe src=x"])
def test_words_that_go_with_a_frame_are_told_and_counted(frame: str) -> None:
    """What a frame that nobody ended swallows stands on record, and holds the article; a fallback's line does not."""
    cleaned = strip(article(f"<p>The ferry sails again.</p><{frame}>{PROSE}"))
    assert any("nine passengers" in cut.text for cut in cleaned.cuts)
    assert "of the text would be cut" in cleaned.held
    name = frame.split(maxsplit=1)[0]
    ended = strip(article(f"<p>The ferry sails.</p><{frame}>Your browser shows no frames.</{name}>"))
    assert [cut.text for cut in ended.cuts] == ["Your browser shows no frames."]
    assert not ended.held


def test_what_a_player_says_to_who_cannot_play_it_goes() -> None:
    """A film keeps its files and loses its fallback; one without a file, or without an end, keeps what it holds."""
    said, file = (
        "Your browser does not support the <b>video</b> tag.",
        '<source src="https://quay.example/f.mp4"></source>',
    )
    cleaned = strip(article(f"{PROSE}<video controls>{file}{said}</video>{PROSE[:103]}"))
    assert "support" not in cleaned.html + cleaned.text
    assert file.removesuffix("</source>") in cleaned.html
    assert "support" in cleaned.cuts[0].text
    assert "See it at the quay" in strip(article(f"{PROSE}<video>See it at the quay on Monday.</video>{PROSE}")).text
    assert "nine passengers" in strip(article(f"<p>Look.</p><video>{file}{PROSE}")).text


def test_a_program_for_readers_without_scripts_stays() -> None:
    """Its lines are the article's, however few they are."""
    code = "<pre><code>&lt;li&gt;Eswt&lt;/li&gt;</code></pre>"
    cleaned = strip(article(f"{PROSE}<script src='https://quay.example/1.js'></script><noscript>{code}</noscript>"))
    assert cleaned.text.endswith("<li>Eswt</li>")


def test_a_title_inside_a_body_is_not_shown() -> None:
    """HTML and text agree that it is none of the article's words."""
    cleaned = strip(article(PROSE + "<title>The page</title>"))
    assert "The page" not in cleaned.html
    assert "The page" not in cleaned.text


def test_pictures_of_what_was_cut_are_not_the_articles() -> None:
    """A share button's picture goes from the list, too; what the body shows, or never showed, stays."""
    buttons = (
        '<p><a href="https://twitter.com/home?status=x"><img src="https://quay.example/t.png?a=1&amp;b=2"></a></p>'
    )
    shown = Image("https://quay.example/ferry.jpg?w=1&h=2")
    declared, button = Image("https://quay.example/lead.jpg"), Image("https://quay.example/t.png?a=1&b=2")
    body = f'{PROSE}<p><img src="https://quay.example/ferry.jpg?w=1&amp;h=2"></p>{buttons}'
    cleaned = strip(replace(article(body), images=(declared, shown, button)))
    assert cleaned.images == (declared, shown)
    kept = strip(
        replace(article(f'<p><img src="{declared.url}"></p><p>Photo: Ada Lund</p>{PROSE}'), images=(declared,))
    )
    assert kept.images == (replace(declared, credit="Ada Lund"),)


@pytest.mark.parametrize(
    ("address", "size", "stays"),
    [
        ("https://twitter.com/quaypress", 16, False),
        ("https://www.linkedin.com/in/quay-press/", 32, False),
        ("https://www.facebook.com/pages/Quay/123", 24, False),
        ("https://twitter.com/quaypress", 640, True),
        ("https://twitter.com/quaypress/status/123", 32, True),
        ("https://harbour.example/quaypress", 16, True),
    ],
)
def test_an_icon_that_leads_to_a_profile_is_a_button(address: str, size: int, *, stays: bool) -> None:
    """Without any text, a small picture in a link to a network's page asks to follow; a photograph shows something."""
    picture = f'<img width="{size}" height="{size}" src="https://quay.example/t.png">'
    cleaned = strip(article(f'{PROSE}<p><a href="{address}">{picture}</a></p>'))
    assert ("<img" in cleaned.html) is stays
    assert [cut.family for cut in cleaned.cuts] == ([] if stays else ["follow"])


def test_controls_beside_a_picture_leave_it_where_it_is() -> None:
    """A gallery's button and a page builder's marks go without the picture that they stand beside."""
    picture = '<img src="https://quay.example/ferry.jpg">'
    for line in (f"[fusion_text columns=”2”]{picture}[/fusion_text]", f'<a href="/f.jpg">View fullsize {picture}</a>'):
        cleaned = strip(article(f"{PROSE}<p>{line}</p>{PROSE}"))
        assert len(cleaned.cuts) == 4  # the line, and the paragraphs that are said again
        assert picture.strip(">") in cleaned.html


@pytest.mark.parametrize(
    ("file", "counted"),
    [
        ("nuclear.gif", False),
        ("point1x1.jpg", False),
        ("beacon-hill.jpg", False),
        ("beacon/2026/hill.jpg", False),
        ("beacon.gif", True),
        ("beacon/9f2", True),
        ("pixel?id=1", True),
        ("t_1x1.gif", True),
        ("clear.gif", True),
    ],
)
def test_a_picture_is_no_counter_for_a_part_of_its_name(file: str, counted: bool) -> None:
    """Only a whole name gives a counting picture away."""
    image = lxml_html.fragment_fromstring(f'<img src="https://quay.example/{file}">')
    assert is_tracker(image) is counted


@pytest.mark.parametrize("style", ["width:1px;height:1px;", "border:0; height: 1px !important", "width:0;height:0"])
def test_a_picture_that_style_makes_a_dot_is_counted(style: str) -> None:
    """A picture of a pixel goes and is none of the article's, whether its size or its style makes it one."""
    body = f'{PROSE}<img src="https://count.example/a.php?post=5" style="{style}">'
    assert strip(article(body)).html == strip(article(PROSE)).html
    shown = f'{PROSE}<img src="https://quay.example/a.jpg" style="max-width:1px0;line-height:1px;width:100%">'
    assert "<img" in strip(article(shown)).html


def test_a_player_of_a_system_leaves_no_time_and_no_empty_picture() -> None:
    """What plays a film or sound goes: the time behind its slash, and a picture without an address."""
    times = "<div><span>0:00</span><div>/<span>{}</span></div></div>"
    thumb = '<img src="" alt="audio-thumbnail">'
    for shown, time in (("<video", "0:31"), ("<audio", "96.45"), ("<video", "1:02:07")):
        player = f'{shown} src="https://quay.example/a"></{shown[1:]}>'
        cleaned = strip(article(f"{PROSE}<div>{thumb}{player}{times.format(time)}</div>{PROSE.replace('n', 'm')}"))
        assert time not in cleaned.text
        assert shown in cleaned.html
        assert "<img" not in cleaned.html


def test_a_drawing_goes_with_a_record_of_its_words() -> None:
    """What the sanitizer would not let through is in neither form of the text, and once in the cuts."""
    drawing = "<svg><title>Icon</title><text>Fares by year</text></svg>"
    cleaned = strip(
        article(f"{PROSE}<p>The fares rose{drawing} again, though the sea was calm for most of the summer.</p>")
    )
    assert "Fares by year" not in cleaned.text + cleaned.html
    assert [cut.family for cut in cleaned.cuts] == ["embed"]
    assert "Fares by year" in cleaned.cuts[0].text
    assert cleaned.text.endswith("The fares rose again, though the sea was calm for most of the summer.")


def test_a_link_that_shows_nothing_is_none() -> None:
    """Links without text, picture or player go, those that share with a record; what they stood in goes with them."""
    share = '<a href="https://www.addtoany.com/add_to/{0}?linkurl=x" title="{0}"></a>'
    buttons = f"<p>{share.format('facebook')}{share.format('x')}</p>"
    cleaned = strip(article(f'<p><a name="top"></a></p>{PROSE}<div><a href="/give"><i></i></a></div>{buttons}'))
    assert cleaned.html == strip(article(PROSE)).html
    assert [cut.family for cut in cleaned.cuts] == ["share", "share"]
    assert "facebook" in cleaned.cuts[0].html
    assert '<img src="/a.jpg"></a>' in strip(article(f'{PROSE}<p><a href="/a"><img src="/a.jpg"></a></p>')).html


def test_a_sentence_that_a_click_would_share_stays() -> None:
    """The sentence of such a box stands nowhere else: it stays, without its link; the button beside it goes."""
    tweet = '<a href="https://x.com/intent/tweet?url=x&amp;text=y">'
    quote = "A lighthouse is a promise made of stone."
    for box in (
        f"<span><span>{tweet}{quote}</a></span>{tweet}Click To Tweet</a></span>",
        f"<div>{tweet}{quote}</a></div><p>{tweet}Click To Tweet</a></p>",
        f"<p>{tweet}{quote}</a> {tweet}Click To Tweet</a></p>",
    ):
        cleaned = strip(article(PROSE + box + PROSE.replace("Monday", "Tuesday")))
        assert quote in cleaned.text.splitlines()
        assert "<a" not in cleaned.html
    assert "stone" not in strip(article(f"{PROSE}<p>{tweet}Share this promise of stone.</a></p>")).text


def test_a_button_that_was_cut_leaves_no_empty_link() -> None:
    """A link, an item or a list without text or picture goes with the words that were all it held."""
    icon = '<a href="https://quay.example/1?share={0}"><span></span><span>Click to share on {0}</span></a>'
    items = "".join(f"<li>{icon.format(name)}</li>" for name in ("Facebook", "X"))
    cleaned = strip(article(f"{PROSE}<h3>Share this:</h3><ul>{items}<li></li></ul>"))
    assert not any(tag in cleaned.html for tag in ("<a", "<li", "<ul"))
    assert {cut.family for cut in cleaned.cuts} == {"share"}
    logo = '<a href="https://x.com/intent/tweet?url=x"><img src="https://quay.example/x.png">Tweet</a>'
    assert strip(article(PROSE + logo)).html == strip(article(PROSE)).html


@pytest.mark.parametrize(
    "frame",
    [
        '<iframe src="https://cdn.embedly.com/widgets/media.html?src=https%3A%2F%2Fwww.youtube.com%2Fembed%2Fabcdefgh">{}</iframe>',
        '<noscript><iframe src="https://www.youtube.com/embed/abcdefgh"></iframe></noscript>',
    ],
)
def test_a_player_in_a_wrapper_is_a_player(frame: str) -> None:
    """What a service shows in a frame of its own, or a page to who runs no script, becomes a link as any player."""
    inside = "<a href='https://medium.com/media/0/href'>https://medium.com/media/0/href</a>"
    html = strip(article(PROSE + frame.format(inside))).html
    assert '<a href="https://www.youtube.com/watch?v=abcdefgh"' in html


def test_a_post_on_a_server_of_mastodons_is_a_link() -> None:
    """Such servers are many: the address tells, and leads to the post; another page's frame goes."""
    frame = '<iframe src="https://{}/embed" class="mastodon-embed"></iframe>'
    post = "social.quay.example/@pilot/112233445566"
    assert f'<a href="https://{post}"' in strip(article(PROSE + frame.format(post))).html
    assert "<a" not in strip(article(PROSE + frame.format("social.quay.example/pilot"))).html


def test_a_box_is_known_by_a_word_within_its_name() -> None:
    """A name written in humps has words, too; where a small letter follows, it is another word."""
    box = '<div class="{}"><ul><li>Harbour</li><li>Piano</li></ul></div>'
    assert {cut.family for cut in strip(article(PROSE + box.format("K2FeedTags"))).cuts} == {"tags"}
    assert not strip(article(PROSE + box.format("FeedTagsy"))).cuts


@pytest.mark.parametrize(
    ("player", "shown"),
    [
        (
            '<lite-youtube videoid="abcdefgh" playlabel="Play: The fog"><a>Play</a></lite-youtube>',
            "youtube.com/watch?v=",
        ),
        ('<amp-youtube data-videoid="abcdefgh" width="4" height="3"></amp-youtube>', "youtube.com/watch?v=abcdefgh"),
        ('<lite-vimeo videoid="3644"></lite-vimeo>', "vimeo.com/3644"),
    ],
)
def test_an_element_that_a_script_makes_a_player_is_one(player: str, shown: str) -> None:
    """A film that loads when somebody clicks becomes a link, as any player does; one without its name goes."""
    assert shown in strip(article(PROSE + player)).html
    assert strip(article(f"{PROSE}<lite-youtube></lite-youtube>")).html == strip(article(PROSE)).html
