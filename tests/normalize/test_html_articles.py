"""HTML bodies stand on their own afterwards: addresses, pictures, markup, head."""

import re
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import html as lxml_html

from syndicate.errors import UnreadableError
from syndicate.ingest.readers import folder
from syndicate.model import Dateline, Enclosure, Entry, Image, Original, Payload, Person, Reading, SourceSpec
from syndicate.normalize.article import normalize
from syndicate.normalize.tree import MAX_DEPTH, MAX_LENGTH, thin

SPEC = SourceSpec(key="s", kind="feed", location="https://e.example/f", language="en")
READING = Reading(format="rss20", title="Site", link="https://e.example/")


def _article(body, **fields):
    fields = {"title": "T", "link": "https://e.example/a/b", **fields}
    return normalize(Entry(body=body, **fields), SPEC, READING)


@pytest.mark.parametrize(
    ("body", "html"),
    [
        ('<p><a href="../x?utm_source=rss&id=3&fbclid=9">x</a></p>', '<p><a href="https://e.example/x?id=3">x</a></p>'),
        ('<p><a href="#n1">1</a></p>', '<p><a href="https://e.example/a/b#n1">1</a></p>'),
        ('<p><a href="mailto:a@e.example">m</a></p>', '<p><a href="mailto:a@e.example">m</a></p>'),
        ("&lt;p&gt;Twice &amp;amp; escaped&lt;/p&gt;", "<p>Twice &amp; escaped</p>"),
        ("one<br><br>two<br />three", "<p>one</p>\n<p>two<br>three</p>"),
        ("<b>one</b>\n\ntwo", "<p><b>one</b></p>\n<p>two</p>"),
        ("<b>one</b>\n\n- two\n- three\n1. four", "<p><b>one</b></p>\n<p>- two<br>- three<br>1. four</p>"),
        ("just words", "<p>just words</p>"),
        ("5 &lt; 6 &amp; 7", "<p>5 &lt; 6 &amp; 7</p>"),
        ("Press &lt;Enter&gt; or vector&lt;int&gt; v.", "<p>Press &lt;Enter&gt; or vector&lt;int&gt; v.</p>"),
        ("Set &lt;title&gt; and &lt;section&gt; in it.", "<p>Set &lt;title&gt; and &lt;section&gt; in it.</p>"),
        ("<p>Itâ€™s fine</p>", "<p>It’s fine</p>"),
        ("<p>a</p><!-- c --><p>b\x07</p>", "<p>a</p><p>b</p>"),
    ],
)
def test_markup_becomes_what_was_meant(body, html):
    """Addresses are absolute and clean, escapes resolved once, line breaks made paragraphs."""
    assert _article(body).html == html


@pytest.mark.parametrize(
    ("body", "html"),
    [
        ("It opens at <time>6 pm</time>.", "<p>It opens at <time>6 pm</time>.</p>"),
        ("No <nobr>more</nobr> ships.", "<p>No <nobr>more</nobr> ships.</p>"),
        ("Ships came.<!--more-->", "<p>Ships came.</p>"),
        ("Ships <!-- break\n\n -->came.", "<p>Ships came.</p>"),
        ("Ships came.<o:p></o:p>", "<p>Ships came.<o:p></o:p></p>"),
        ("<!DOCTYPE html>Ships came.", "<p>Ships came.</p>"),
        ("Steam<wbr>ships came.", "<p>Steam<wbr></wbr>ships came.</p>"),
        ("<our-text>Ships came.</our-text>", "<p><our-text>Ships came.</our-text></p>"),
        ("<details><summary>Ships</summary>They came.</details>",) * 2,
        ("A Map<Name, Age> of <ships>", "<p>A Map&lt;Name, Age&gt; of &lt;ships&gt;</p>"),
    ],
)
def test_a_body_of_rare_tags_is_markup(body, html):
    """A comment, or the end of any element, is no text of the article's, though no common tag stands beside it."""
    assert _article(body).html == html


@pytest.mark.parametrize(
    "image",
    [
        '<img src="data:image/gif;base64,R0" data-src="/p.jpg">',
        '<img src="/blank.gif" data-lazy-src="/p.jpg">',
        '<img data-srcset="/s.jpg 300w, /p.jpg 900w, /xl.jpg 4000w">',
        '<img src="data:x"><noscript><img src="/p.jpg"></noscript>',
        '<img src="/p.jpg"><noscript><img src="/p.jpg"></noscript>',
        '<noscript><img src="/p.jpg"></noscript><img data-src="/p.jpg">',
        '<picture><source data-srcset="/p.jpg 1x"><img src="data:x"></picture>',
    ],
)
def test_lazy_pictures_are_made_real(image):
    """Wherever a script keeps the address, it comes out once."""
    article = _article(f"<p>x</p>{image}")
    assert article.images == (Image("https://e.example/p.jpg"),)
    assert article.html.count("<img") == 1
    assert 'src="https://e.example/p.jpg"' in article.html


@pytest.mark.parametrize("name", ["nuclear-plant", "gray-whale", "clear-sky", "loading-dock", "gray"])
def test_a_picture_is_no_placeholder_for_a_part_of_its_name(name):
    """A lazy picture, and a set of them, keeps files in whose names a placeholder's word stands."""
    address = f"https://e.example/2024/{name}.jpg"
    assert _article(f'<p>x</p><img src="data:x" data-src="{address}">').images == (Image(address),)
    if "-" in name:
        several = _article(f'<p>x</p><img src="/s.jpg" srcset="/300/{name}.jpg 300w, /900/{name}.jpg 900w">')
        assert f"/300/{name}.jpg 300w, https://e.example/900/{name}.jpg 900w" in several.html


@pytest.mark.parametrize(
    "name",
    ["blank.gif", "img/1x1.trans.gif", "lazy_load.png", "site-placeholder-300x200.jpg", "ajax-loading.gif?v=2"],
)
def test_placeholders_give_way_to_the_picture(name):
    """A file that is named for being none is replaced by what the script would show."""
    article = _article(f'<p>x</p><img src="/{name}" data-src="/p.jpg">')
    assert article.images == (Image("https://e.example/p.jpg"),)


def test_addresses_are_published_in_one_form():
    """Blanks are encoded and tracking goes, in the body, in pictures and attached files alike."""
    article = _article(
        '<p><a href="/a b?utm_source=rss">a</a></p><img src="/my photo.jpg?utm_source=rss&amp;v=1" '
        'srcset="/s.jpg?utm_source=rss 300w"><video src="/v w.mp4?utm_source=rss" poster="/p.jpg?utm_source=rss">'
        '<source src="/v.webm?utm_source=rss"></video><audio src="/a.mp3?utm_source=rss"></audio>'
        '<picture><source srcset="/w.webp?utm_source=rss 2x"></picture><img src="data:image/gif,R0 ?utm_source=rss">',
        images=(Image("https://e.example/my photo.jpg?v=1&utm_medium=feed", width=900),),
        enclosures=tuple(Enclosure(f"https://e.example/my talk.mp3{query}") for query in ("", "?utm_source=rss")),
        original=Original("Else", "https://o.example/x y?utm_source=rss"),
    )
    for address in ("a%20b", "my%20photo.jpg?v=1", "v%20w.mp4", "p.jpg", "v.webm", "a.mp3", "w.webp"):
        assert f'"https://e.example/{address}"'.replace("&", "&amp;") in article.html
    assert 'srcset="https://e.example/s.jpg 300w"' in article.html
    assert article.html.count("utm_") == 1
    assert article.images == (Image("https://e.example/my%20photo.jpg?v=1", width=900),)
    assert article.enclosures == (Enclosure("https://e.example/my%20talk.mp3"),)
    assert article.original == Original("Else", "https://o.example/x%20y")


def test_picture_list():
    """The entry's picture leads, the body's follow with caption and credit, counters are no pictures."""
    article = _article(
        '<figure><img src="/one-300x200.jpg" alt="One" width="300"><figcaption>The one <span class="credit">Cy</span>'
        '</figcaption></figure><img src="/t.gif" width="1" height="1"><p>x</p><img src="/two.jpg">',
        images=(Image("https://e.example/one.jpg", width=900),),
    )
    assert article.images == (
        Image("https://e.example/one.jpg", caption="The one", credit="Cy", alt="One", width=900),
        Image("https://e.example/two.jpg"),
    )


@pytest.mark.parametrize("size", ["/s640/heron.jpg", "/w400-h300/heron.jpg"])
def test_bloggers_picture_has_a_caption(size):
    """Blogger's thumbnail is the picture in the body, small; the cell below a picture is its caption."""
    folder = "https://blogger.googleusercontent.com/img/b/R29/AVvX"
    article = _article(
        f'<table class="tr-caption-container"><tbody><tr><td><a href="{folder}/s1600/heron.jpg">'
        f'<img src="{folder}{size}"></a></td></tr><tr>'
        '<td class="tr-caption">The heron at the weir</td></tr></tbody></table><p>Ships came.</p>',
        images=(Image(f"{folder}/s72-c/heron.jpg", width=72, height=72),),
    )
    assert article.images == (Image(folder + size, caption="The heron at the weir"),)


def test_cards_of_other_pages():
    """A card's author and publisher are parted, and its icon and picture are the other page's."""
    article = _article(
        '<p>See:</p><figure class="kg-bookmark-card"><a href="https://m.example/x"><div class="kg-bookmark-metadata">'
        '<img class="kg-bookmark-icon" src="https://m.example/i.ico"><span class="kg-bookmark-author">Learn</span>'
        '<span class="kg-bookmark-publisher">Roy</span></div><div class="kg-bookmark-thumbnail">'
        '<img src="https://m.example/x.png"></div></a></figure><p><img src="https://e.example/own.png"></p>'
    )
    assert article.text == "See:\nLearn · Roy"
    assert article.images == (Image("https://e.example/own.png"),)


def test_head_moves_to_its_fields():
    """Repeated headline and byline leave the body with a record, the dateline stays."""
    article = _article(
        "<h1>The Title</h1><p>By <a href='/ada'>Ada Quay</a>, Editor</p><p>LEITH (Wire) – Ships came.</p><p>More.</p>",
        title="The title",
        authors=(Person("admin"), Person("Ada Quay", url="https://e.example/ada")),
    )
    assert article.html == "<p>LEITH (Wire) – Ships came.</p><p>More.</p>"
    assert article.authors == (Person("Ada Quay", "Editor", url="https://e.example/ada"),)
    assert article.dateline == Dateline(("LEITH",), "Wire")
    assert [(cut.family, cut.text) for cut in article.cuts] == [
        ("headline", "The Title"),
        ("byline", "By Ada Quay, Editor"),
    ]
    assert article.cuts[1].html.startswith("<p>By <a")


def test_authors_of_a_source_wrote_what_names_nobody():
    """A byline or the entry's own author stands alone; the source's author lends it no more than an address."""
    cy = Person("Cy Reed", url="https://e.example/cy")
    for fields, authors in [
        ({}, (cy,)),
        ({"authors": (Person("Ada Quay"),)}, (Person("Ada Quay"),)),
        ({"body": "<p>By Ada Quay</p><p>Ships came.</p>"}, (Person("Ada Quay"),)),
        ({"body": "<p>By Cy Reed</p><p>Ships came.</p>"}, (cy,)),
    ]:
        entry = Entry(**{"title": "T", "body": "<p>Ships came.</p>", **fields})
        assert normalize(entry, SPEC, replace(READING, authors=(cy,))).authors == authors


def test_a_line_that_says_what_the_authors_are_goes_with_their_byline():
    """The role below a byline becomes theirs, and leaves the body with a record, unless nothing else is left."""
    article = _article("<p>By Ada Quay</p><p>Reporter, <i>The Wire</i></p><p>Ships came.</p>", title="Ships")
    assert article.authors == (Person("Ada Quay", "Reporter", "The Wire"),)
    assert article.html == "<p>Ships came.</p>"
    assert [cut.text for cut in article.cuts] == ["By Ada Quay", "Reporter, The Wire"]
    assert _article("<p>By Ada Quay<br>Editor</p><p>Ships came.</p>", title="Ships").authors == (
        Person("Ada Quay", "Editor"),
    )
    assert _article("<p>By Ada Quay</p><p>Editor</p>", title="Ships").html == "<p>Editor</p>"


@pytest.mark.parametrize("start", ["<p>", "<div>", "", "<p>It was Monday.</p><p>"])
@pytest.mark.parametrize("line", ["By Ada Quay", "<b>By Ada Quay</b>", "By Ada Quay<br/>Staff Writer"])
def test_a_byline_may_be_parted_from_the_text_by_a_line_break(start, line):
    """It names the authors and goes, the text below it stays; a poem keeps its first line."""
    prose = "The council met on Monday evening in the old school to talk about the bridge that the storm took."
    article = _article(f"{start}{line}<br>{prose}")
    assert [author.name for author in article.authors] == ["Ada Quay"]
    assert article.text.endswith(prose)
    assert [cut.family for cut in article.cuts] == ["byline"]
    verse = _article(f"{start}By Ada Quay<br>the water is grey<br>and the boats are away")
    assert (verse.authors, verse.cuts) == ((), ())


@pytest.mark.parametrize(
    "head",
    [
        "By Ada Quay",
        "By Ada Quay<br>",
        "<center>By Ada Quay</center>",
        "<ul><li>By Ada Quay</li></ul>",
        "<table><tr><td>By Ada Quay</td></tr></table>",
        "<blockquote>By Ada Quay</blockquote>",
    ],
)
def test_a_byline_stands_in_anything(head):
    """Bare text, a cell, an item or a centred line above the story is its byline, and goes without an empty rest."""
    article = _article(f"{head}<p>LEITH (Wire) – Ships came.</p><p>More.</p>", title="Ships")
    assert article.authors == (Person("Ada Quay"),)
    assert article.html.removeprefix("<br>") == "<p>LEITH (Wire) – Ships came.</p><p>More.</p>"
    assert [(cut.family, cut.text) for cut in article.cuts] == [("byline", "By Ada Quay")]


def test_headline_that_says_less_than_the_block_stays():
    """A short post whose title is its shortened text loses nothing."""
    body = "<p>Everyone is living a life you know nothing about. Be kind.</p>"
    assert _article(body, title="Everyone is living a life...").html == body


def test_fields_are_filled_from_what_is_known():
    """Title is plain text, rights and language come from the nearest that has them."""
    article = normalize(
        Entry(title="A <b>b</b> &amp; c", body=f"<p>{'word ' * 100}</p>", rights=""),
        SPEC,
        Reading(format="rss20", rights="© Site", language="de-at"),
    )
    assert (article.title, article.rights, article.language) == ("A b & c", "© Site", "en")


def test_a_language_of_its_own_is_believed():
    """An entry's language holds whatever its words; the feed's, also where Atom hands it down, may be wrong for one."""
    body = (
        "De raad kwam dinsdagavond bijeen en sprak lang over de brug, die sinds het voorjaar is afgesloten. "
        "De burgemeester zei dat de werkzaamheden volgende week beginnen, en dat de kinderen tot die tijd met de "
        "veerpont naar school moeten. Niemand weet nog hoe lang dat zal duren, want het geld voor de brug is er niet."
    )
    feed, spec = replace(READING, language="en"), replace(SPEC, language="")
    languages = [normalize(Entry(title="T", body=body, language=own), spec, feed).language for own in ("", "en", "fr")]
    assert languages == ["nl", "nl", "fr"]
    assert normalize(Entry(title="T", body=body), SPEC, feed).language == "en"


def test_untitled_entry_is_named_by_its_first_words():
    """A note without a title gets one; nothing of its text is taken for it."""
    article = _article("<p>A short note about nothing.</p>", title="")
    assert (article.title, article.text) == ("A short note about nothing.",) * 2


@pytest.mark.parametrize("kind", ["html", "text"])
def test_note_in_a_feed_keeps_its_first_line(kind):
    """A feed has a place for titles: what stands in the body of an untitled entry is no headline."""
    article = _article("A short note.\n\nIt goes on.", title="", body_kind=kind)
    assert article.html == "<p>A short note.</p>\n<p>It goes on.</p>"


def test_source_that_names_itself_is_no_original():
    """`original` means another place, and no other is called what the article is."""
    assert _article("<p>x</p>", title="Ships &amp; more", original=Original("Ships & more")).original is None
    assert _article("<p>x</p>", original=Original("Site", "https://e.example/")).original is None
    assert _article("<p>x</p>", original=Original("Else", "https://o.example/")).original is not None


def test_an_empty_address_leads_nowhere():
    """A link to "" would lead to the page that the partner prints it on: its words stay without it."""
    article = _article('<p><a href="">Who pays?</a> The county does.</p>')
    assert "href" not in article.html
    assert "Who pays?" in article.html


def test_addresses_of_a_file_lead_nowhere():
    """Without a web address of its own, relative links and pictures of a file can't be published."""
    article = _article('<p><a href="b.html">b</a><img src="i.png"></p>', link="", base_url="file:///inbox/a.html")
    assert article.html == "<p><a>b</a></p>"


def test_sets_of_pictures_of_a_file_lead_nowhere():
    """Of several sizes and kinds of a picture those are published that can be reached; a browser takes no other."""
    sizes = '<img src="https://cdn.example/a.jpg" srcset="a2.jpg 2x, https://cdn.example/a3.jpg 3x">'
    others = '<source srcset="img/a.webp" type="image/webp"><source srcset="//cdn.example/a.avif">'
    kinds = f"<picture>{others}{sizes}</picture>"
    article = _article(kinds, link="", base_url="file:///inbox/a.html")
    assert re.findall(r'srcset="([^"]*)"', article.html) == ["https://cdn.example/a3.jpg 3x"]
    assert 'src="https://cdn.example/a.jpg"' in article.html
    linked = _article(kinds).html
    assert 'srcset="https://e.example/a/img/a.webp"' in linked
    assert 'srcset="https://e.example/a/a2.jpg 2x, https://cdn.example/a3.jpg 3x"' in linked


@pytest.mark.parametrize("tag", ["div", "b", "table", "ul><li", "p", "span", "blockquote"])
def test_deep_nesting_is_flattened(tag):
    """However deep the markup, the tree stays shallow and its words stay whole."""
    article = _article(f"<{tag}>" * 20_000 + "<p>deep down</p>")
    depth, element = (
        0,
        next(e for e in lxml_html.fromstring(f"<div>{article.html}</div>").iter() if "deep" in (e.text or "")),
    )
    while (element := element.getparent()) is not None:
        depth += 1
    assert depth <= 2 * MAX_DEPTH + 5
    assert "deep down" in article.text


def test_a_tag_with_thousands_of_attributes_loses_them():
    """What would cost libxml2 seconds is bare; long values, and as many attributes as anybody writes, stay."""
    crowded = "<p " + " ".join(f"a{number}=1" for number in range(25_000)) + ">Hello</p>"
    assert thin(crowded) == "<p>Hello</p>"
    assert _article(crowded).html == "<p>Hello</p>"
    picture = f'<img alt="{"a word " * 2_000}" src="data:image/png;base64,{"QUJD" * 2_000}">'
    busy = "<p " + " ".join(f'data-{number}="{"x" * 30}"' for number in range(200)) + ">Hello</p>"
    assert thin(picture + busy) == picture + busy
    for endless in ("<" + "a" * 300_000, "<p " + "a " * 300_000):  # minutes, if an end were looked for at each sign
        assert thin(endless) == endless


@pytest.mark.parametrize("tag", ["bgsound", "command", "embed", "keygen", "source", "track", "wbr"])
@pytest.mark.parametrize("end", [">", "/>", ' data-x="<">'])
def test_what_is_always_empty_holds_nothing(tag, end):
    """However many elements that HTML says are empty, what follows stands behind them, not in them."""
    body = lxml_html.fromstring(f"<div>{_article(f'<p>One</p><{tag} src=/x {end}<p>Two</p>').html}</div>")
    assert [(element.getparent().tag, element.text) for element in body.iter("p")] == [("div", "One"), ("div", "Two")]
    assert _article(f"<p>a<{tag}>" * 1_000 + "<p>the end</p>").text.endswith("the end")


@pytest.mark.parametrize("ends", ["</body></html>", "</body>", "</HTML >", "</body></html></body></html>"])
def test_a_stray_end_of_the_page_ends_nothing(ends):
    """What stands behind it stays, as it does in browsers."""
    assert _article(f"<p>One</p>{ends}<p>Two</p>").html == "<p>One</p><p>Two</p>"


def test_absurd_length_is_refused():
    """What no article is long enough to be goes to quarantine."""
    with pytest.raises(UnreadableError, match="characters"):
        _article("<p>" + "x" * MAX_LENGTH)


TAGS = st.sampled_from(
    ["<p>", "</p>", "<div>", "</div>", "<img src=x>", "<a href='//[x'>", "<br>", "&lt;b&gt;", "By A B", "\n\n"]
)


@given(st.lists(TAGS | st.text(max_size=20), max_size=25).map("".join))
@settings(max_examples=120, deadline=None)
def test_any_markup_is_harmless(body):
    """Whatever the markup, an article comes out, and its html is the same when normalized again."""
    once = _article(body)
    again = _article(once.html) if once.html else once
    assert again.text.split() == once.text.split() or once.cuts or again.cuts


@pytest.mark.parametrize(
    "body",
    [
        "<![CDATA[{0}<br><br>{1}]]>",
        "<p><![CDATA[{0}]]></p><p>{1}</p>",
        "&lt;![CDATA[&lt;p&gt;{0}&lt;/p&gt;&lt;p&gt;{1}&lt;/p&gt;]]&gt;",
        "<![CDATA[{0}\n\n{1}]]>",
    ],
)
def test_marks_of_sections_that_were_escaped_or_doubled_go(body: str) -> None:
    """A CDATA section within the text is no comment up to its first tag: its words stay, its marks go."""
    lines = ("The council closed the bridge for repairs until spring.", "It was late in the evening when they left.")
    found = normalize(Entry(title="Bridge", body=body.format(*lines)), SPEC, READING)
    assert found.text.split("\n") == list(lines)
    assert "CDATA" not in found.html


def test_formulas_are_spelled_with_raised_and_lowered_signs() -> None:
    """MathML, which importers don't show, becomes text in its line; its source code in TeX goes."""
    formula = (
        "<math><semantics><mrow><msub><mi>v</mi><mn>0</mn></msub><mo>=</mo><mfrac><mi>s</mi><mi>t</mi></mfrac>"
        "<msup><mi>c</mi><mn>2</mn></msup></mrow><annotation>v_0=st c^2</annotation></semantics></math>"
    )
    found = normalize(Entry(title="Light", body=f"<p>He wrote {formula} on the wall.</p>"), SPEC, READING)
    assert found.html == "<p>He wrote v<sub>0</sub>=s/tc<sup>2</sup> on the wall.</p>"
    assert found.text == "He wrote v0=s/tc2 on the wall."


@pytest.mark.parametrize(
    ("formula", "spelled"),
    [
        ("<math><mi>x</mi> and <math><msup><mi>y</mi><mn>2</mn></msup></math>", "x and y<sup>2</sup>"),
        ("<math><mi>x</mi><math><mi>y</mi><math><mi>z</mi></math></math></math>", "xyz"),
        (
            "<math><msup><mi>x</mi><msup><mi>y</mi><mfrac><mi>a</mi><mi>b</mi></mfrac></msup></msup></math>",
            "x<sup>y<sup>a/b</sup></sup>",
        ),
    ],
)
def test_formulas_within_formulas_are_spelled(formula: str, spelled: str) -> None:
    """One in another, one that is never closed, and an exponent with an exponent cost no article."""
    assert _article(f"<p>He wrote {formula}.</p>").html == f"<p>He wrote {spelled}.</p>"


@pytest.mark.parametrize(
    ("body", "html"),
    [
        ("<xmp><b>hi</b>\n\n a &amp; b</xmp>", "<pre>&lt;b&gt;hi&lt;/b&gt;\n\n a &amp;amp; b</pre>"),
        ('<p>x</p><XMP class="c">a < b</XMP ><p>y</p>', "<p>x</p><pre>a &lt; b</pre><p>y</p>"),
        ("<p>x</p><plaintext><i>hi</plaintext>", "<p>x</p><pre>&lt;i&gt;hi</pre>"),
        ("<p>x</p><listing><b>hi</b>\n &amp; b</listing>", "<p>x</p><pre><b>hi</b>\n &amp; b</pre>"),
        ("<p>x</p><noembed><b>no</b></noembed><noframes>no</noframes><p>y</p>", "<p>x</p><p>y</p>"),
    ],
)
def test_what_browsers_show_as_it_is_written_is_a_program(body: str, html: str) -> None:
    """Elements of old, whose content is no markup, become `pre`; what no browser shows is left out."""
    assert _article(body).html == html


@pytest.mark.parametrize("around", ["{}", "<div>{}</div>", "<!-- x --> <body><div class='a'>\n{}\n</div></body>"])
def test_text_that_was_typed_is_read_as_text(around: str) -> None:
    """A body of one `pre` with paragraphs in it has the lines of a plain text; a program keeps its white space."""
    lines = [f"The ferry to island {n} sails again after the storm, and the pier is open to all." for n in (1, 2, 3)]
    typed = around.format("<pre>{}</pre>".format("\n\n".join(lines)))
    assert _article(typed).html == "\n".join(f"<p>{line}</p>" for line in lines)
    program = "<pre>def sail(n):\n    return n + 1\n\nprint(sail(2))\n\n# all of the ferries have left</pre>"
    assert program in _article(around.format(program)).html


def test_a_headline_that_is_quoted_stays() -> None:
    """A quotation that begins with the headline's words is no repetition of the headline."""
    body = "<blockquote><p>Nobody sails</p><p>but the cook.</p></blockquote><p>So it was told in the harbour.</p>"
    assert _article(body, title="Nobody sails").text.split("\n")[0] == "Nobody sails"


def test_an_emoji_is_a_sign_and_no_picture() -> None:
    """Where a system shows signs as pictures, the text has the sign, and the article no such picture."""
    picture = '<img src="https://s.example/images/core/emoji/72x72/2122.png" alt="™" class="wp-smiley">'
    found = _article(f"<p>The Lamp{picture} is lit.</p>")
    assert (found.text, found.images) == ("The Lamp™ is lit.", ())


def test_stamps_and_avatars_lead_no_article():
    """An author's portrait is no picture of the article, and a thumbnail leads only where there is nothing larger."""
    thumbnail = Image("https://e.example/t.jpg", width=72, height=72)
    portrait = Image("https://e.example/p.jpg", width=40, height=40)
    article = _article('<p>Ships came.</p><p><img src="/ship.jpg"></p>', images=(portrait, thumbnail))
    assert [image.url for image in article.images] == ["https://e.example/ship.jpg", "https://e.example/t.jpg"]
    assert _article("<p>Ships came.</p>", images=(thumbnail,)).images == (thumbnail,)


def test_replaced_words_are_not_glued_to_the_new_ones():
    """What was struck out and what was put in for it are words apart wherever only text is shown."""
    article = _article("<p>It cost <del>500</del><ins>340</ins> pounds.</p>")
    assert article.text == "It cost 500 340 pounds."


@pytest.mark.parametrize(("user", "authors"), [("Mary Hale", (Person("Mary Hale"),)), ("admin", ())])
def test_the_fields_that_drupal_writes_above_a_text_leave_it(user, authors):
    """Title, user and day, bare and each on a line, are headline, author (unless it is a login) and date."""
    fields = {"title": "Ships came", "uid": f"<span>{user}</span>", "created": "<time>Tue, 11/24/2026 - 14:05</time>"}
    top = "".join(f'<span class="field field--name-{name}">{value}</span>\n' for name, value in fields.items())
    article = _article(f'{top}<div class="field field--name-body"><p>Nobody saw them.</p></div>', title="Ships came")
    assert (article.text, article.authors) == ("Nobody saw them.", authors)
    assert [cut.text for cut in article.cuts] == ["Ships came", user, "Tue, 11/24/2026 - 14:05"]
    assert article.cuts[0].start < article.cuts[1].start < article.cuts[2].start


@pytest.mark.parametrize(
    ("mark", "comment"),
    [
        (
            '<sup><a href="#cmnt1" id="cmnt_ref1">[a]</a></sup>',
            '<div><p><a href="#cmnt_ref1" id="cmnt1">[a]</a><span>Do not print.</span></p><p>Ask her.</p></div>',
        ),
        (
            '<span class="MsoCommentReference"><a class=msocomanchor href="#_msocom_1">[JW1]</a></span>',
            "<div style='mso-element:comment-list'><hr class=msocomoff><p class=msocomtxt>Do not print.</p></div>",
        ),
    ],
)
@pytest.mark.parametrize("page", [False, True])
def test_comments_of_editors_are_not_published(mark, comment, page):
    """What Google Docs and Word write of them into HTML goes with its marks, footnotes stay."""
    said = "The ferry sails again on Monday, and the pier is open, the harbour master said. " * 3
    note = '<div><p><a href="#ftnt_ref1" id="ftnt1">[1]</a> As the office counts them.</p></div>'
    body = f'<p>{said}{mark}</p><p>{said}<sup><a href="#ftnt1" id="ftnt_ref1">[1]</a></sup></p>{note}{comment}'
    text = (
        folder.read(Payload(f"<html><body><h1>Ferry</h1>{body}</body></html>".encode(), "file:///a.html")).body
        if page
        else _article(body).text
    )
    assert "[1]" in text
    assert "As the office counts them." in text
    assert not any(words in text for words in ("[a]", "[JW1]", "Do not print", "Ask her"))
