"""Marks that a site's software left unfilled go, and what stands between them stays."""

from time import process_time

import pytest

from syndicate.normalize.shortcodes import filled


@pytest.mark.parametrize(
    ("markup", "left"),
    [
        ("<p>[vc_row][vc_column width='1/2']The mill turns.[/vc_column][/vc_row]</p>", "<p>The mill turns.</p>"),
        ("<p>[dropcap]T[/dropcap]he mill turns.</p>", "<p>The mill turns.</p>"),
        ('[et_pb_text admin="x"]\n<p>The mill turns.</p>\n[/et_pb_text]', "\n<p>The mill turns.</p>\n"),
        ("<p>[gallery ids=&#8221;1,2&#8221;]</p><p>So.</p>[/vc_row]", "<p>So.</p>"),
        (
            "<p>{% include top.html %}</p><p>{{&lt; figure src=&quot;/x.jpg&quot; &gt;}}</p><p>So.</p>",
            "<p>So.</p>",
        ),
        (
            '<p>[caption id="a5"]<a href="/c"><img src="c.jpg"></a> The mill in <i>May</i>[/caption]</p>',
            '<figure><a href="/c"><img src="c.jpg"></a><figcaption> The mill in <i>May</i></figcaption></figure>',
        ),
        ('[caption id="a5"]<img src="c.jpg">[/caption]', '<figure><img src="c.jpg"></figure>'),
    ],
)
def test_marks_go(markup, left):
    """Those that stand in pairs at a block's edge, and those that stand there alone and are no word."""
    assert filled(markup) == left


@pytest.mark.parametrize(
    ("markup", "left"),
    [
        (
            "<p>[audio:https://mill.example/may.mp3|titles=May] The mill turns.</p>",
            '<p><audio controls src="https://mill.example/may.mp3"></audio> The mill turns.</p>',
        ),
        (
            "<p>The mill turns. [audio mp3=&#8221;https://mill.example/may.mp3?x=1&amp;y=2&#8221;][/audio]</p>",
            '<p>The mill turns. <audio controls src="https://mill.example/may.mp3?x=1&amp;y=2"></audio></p>',
        ),
        (
            '[video width="6" mp4="https://mill.example/may.mp4"][/video]<p>So.</p>',
            '<video controls src="https://mill.example/may.mp4"></video><p>So.</p>',
        ),
        (
            "[video src='https://mill.example/may.mp4']",
            '<video controls src="https://mill.example/may.mp4"></video>',
        ),
        (
            "<p>[youtube=https://www.youtube.com/watch?v=abcdefghijk&amp;w=640]</p>",
            '<p><iframe src="https://www.youtube.com/watch?v=abcdefghijk&amp;w=640"></iframe></p>',
        ),
        (
            "<p>[embed]https://vimeo.com/1[/embed]</p>",
            '<p><iframe src="https://vimeo.com/1"></iframe></p>',
        ),
    ],
)
def test_marks_that_name_what_they_play_become_players(markup, left):
    """A recording of the sermon is part of the article: it is played where the mark stood."""
    assert filled(markup) == left


@pytest.mark.parametrize(
    "markup",
    [
        "<p>Write [audio:https://mill.example/may.mp3] where it is to be heard.</p>",
        "<p>[audio] It was recorded in May.</p><p>[video: the mill turns]</p>",
        "<p>[laughter]</p><p>She said [sic] it was [the mill's] turn [1].</p>",
        "<p>Write [quote]so[/quote] around it, or [gallery ids='1'] below, and {% raw %} above it.</p>",
        "<pre>[vc_row]\n[/vc_row]</pre><p><code>[caption id='1']x[/caption]</code></p>",
        "<p>[update] The mill turns again.</p>",
    ],
)
def test_words_in_brackets_stay(markup):
    """So does what is spoken of amid a line, or shown as code."""
    assert filled(markup) == markup


@pytest.mark.parametrize(
    "piece", ["[a_b ", "[ab]", "[/ab]", "<pre", "{{<", "{%", "[ab x=", "[caption]<img", "[video x", "[audio http://a"]
)
def test_any_number_of_marks_is_looked_through_once(piece):
    """However many never end."""
    began = process_time()
    filled(piece * 20_000 + "[/caption]" * 20_000)
    assert process_time() - began < 3
