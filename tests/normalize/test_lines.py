"""Bylines and datelines are recognized, and what only looks like one is left alone."""

import pytest

from syndicate.model import Dateline, Person
from syndicate.normalize.byline import byline, signature, with_role
from syndicate.normalize.datelines import dateline


@pytest.mark.parametrize(
    ("line", "people"),
    [
        ("By Jane Doe", (Person("Jane Doe"),)),
        ("BY JOHN SMITH", (Person("JOHN SMITH"),)),
        ("By Jane Doe and John Roe", (Person("Jane Doe"), Person("John Roe"))),
        ("By A. One, B. Two and C. Three", (Person("A. One"), Person("B. Two"), Person("C. Three"))),
        ("By Jane Doe, Example Press", (Person("Jane Doe", organization="Example Press"),)),
        ("By Jane Doe, Chief Editor Example Press", (Person("Jane Doe", "Chief Editor", "Example Press"),)),
        ("By Jane Doe, staff writer for The Post", (Person("Jane Doe", "staff writer", "The Post"),)),
        ("Von Hans von der Au, Redakteur", (Person("Hans von der Au", "Redakteur"),)),
        ("Por María José Pérez", (Person("María José Pérez"),)),
        ("Von Petra Lind\nRedakteurin", (Person("Petra Lind", "Redakteurin"),)),
        ("By Jane Doe\nLune Post\nPublished 3 May 2026", (Person("Jane Doe", organization="Lune Post"),)),
        ("By Jane Doe\nBERLIN – It was dark.", ()),
        ("Par Zoé L'Été | 3 mai 2024", (Person("Zoé L'Été"),)),
        ("Posted by Jane Doe on March 12, 2024 at 5:00 pm", (Person("Jane Doe"),)),
        ("Posted on March 12, 2024 by Jane Doe", (Person("Jane Doe"),)),
        ("Published by Jane Doe, March 12, 2024", (Person("Jane Doe"),)),
        ("Submitted by Jane Doe on Tue, 03/12/2024 - 14:05", (Person("Jane Doe"),)),
        ("Enviado por Jane Doe el Mar, 12/03/2024 - 14:05", (Person("Jane Doe"),)),
        ("Verfasst von Petra Lind am 12. März 2024 - 14:05", (Person("Petra Lind"),)),
        ("12.03.2024 14:05 von Petra Lind (Kommentare: 0)", (Person("Petra Lind"),)),
        ("Posted by Jane Doe at 2:05 PM 3 comments:", (Person("Jane Doe"),)),
        ("Last updated on March 12, 2024 by Jane Doe", (Person("Jane Doe"),)),
        ("12.03.2024 von Rom", ()),
        ("文 / 王小明", (Person("王小明"),)),
        ("作者：斯特凡·博斯，首席国际记者 Lune Wire", (Person("斯特凡·博斯", "首席国际记者", "Lune Wire"),)),
        ("Lune Wire 首席国际记者 斯特凡·博斯 报道", (Person("斯特凡·博斯", "首席国际记者", "Lune Wire"),)),
        (
            "بقلم ستيفان بوس، كبير المراسلين الدوليين، Lune Wire",
            (Person("ستيفان بوس", "كبير المراسلين الدوليين", "Lune Wire"),),
        ),
        (
            "Автор: Анна Ковальская, главный редактор Lune Wire",
            (Person("Анна Ковальская", "главный редактор", "Lune Wire"),),
        ),
        ("文：下一篇文章在这里", ()),
        ("ავტორი: ნინო ბერიძე", (Person("ნინო ბერიძე"),)),
        ("ავტორი: ნინო", ()),
        ("Story by Jane Doe, photos by John Roe", (Person("Jane Doe"), Person("John Roe", "photos"))),
        ("Text: Jane Doe, Fotos: John Roe", (Person("Jane Doe"), Person("John Roe", "Fotos"))),
        ("Text und Fotos: Jane Doe", (Person("Jane Doe"),)),
        ("By Jane Doe | Photos by John Roe", (Person("Jane Doe"), Person("John Roe", "Photos"))),
        (
            "Por Jane Doe, corresponsal internacional jefe de Lune Wire",
            (Person("Jane Doe", "corresponsal internacional jefe", "Lune Wire"),),
        ),
        (
            "By Jane Doe, Staff Writer and John Roe, Correspondent",
            (Person("Jane Doe", "Staff Writer"), Person("John Roe", "Correspondent")),
        ),
        ("By Jane Doe, staff reporter, and John Roe", (Person("Jane Doe", "staff reporter"), Person("John Roe"))),
        (
            "By Jane Doe, Lune News, and John Roe, Leith Post",
            (Person("Jane Doe", "", "Lune News"), Person("John Roe", "", "Leith Post")),
        ),
        (
            "Von Petra Lind, Redakteurin, und Jens Rabe, Fotograf",
            (Person("Petra Lind", "Redakteurin"), Person("Jens Rabe", "Fotograf")),
        ),
        ("By Jane Doe, Ada Post and John Roe", (Person("Jane Doe"), Person("Ada Post"), Person("John Roe"))),
        ("By Jane Doe, Editor of News and Public Affairs", (Person("Jane Doe", "Editor", "News and Public Affairs"),)),
        ("By Jane Doe, correspondent in Rome", (Person("Jane Doe", "correspondent in Rome"),)),
        ("By Jane Doe for Lune Wire", (Person("Jane Doe", "", "Lune Wire"),)),
        ("By Jane Doe, Editor. Feb. 9, 2025 at 5:00 a.m. PT", (Person("Jane Doe", "Editor"),)),
        ("Von Petra Lind (lwn)", (Person("Petra Lind", "", "lwn"),)),
        ("Par Zoé L'Été (avec Lune Wire)", (Person("Zoé L'Été", "", "Lune Wire"),)),
        ("Von unserer Mitarbeiterin Petra Lind", (Person("Petra Lind", "Mitarbeiterin"),)),
        ("De notre correspondant à Rome, Jean Loup", (Person("Jean Loup", "correspondant à Rome"),)),
        ("Story and photos by Jane Doe", (Person("Jane Doe"),)),
        ("Tekst en foto's: Piet Maas", (Person("Piet Maas"),)),
        ("Teksti ja kuvat: Aino Salo", (Person("Aino Salo"),)),
        ("Текст: Ганна Лис. Фото: Іван Яр", (Person("Ганна Лис"), Person("Іван Яр", "Фото"))),
        ("Reporter: Jane Doe", (Person("Jane Doe"),)),
        ("Szerző: Nagy Éva", (Person("Nagy Éva"),)),
        ("Oleh Siti Rahayu", (Person("Siti Rahayu"),)),
        ("Napisał Jan Wilk", (Person("Jan Wilk"),)),
        ("Беседовала Анна Лис", (Person("Анна Лис"),)),
        ("लेखक: गीता राय", (Person("गीता राय"),)),
        ("โดย มานี ใจงาม", (Person("มานี ใจงาม"),)),
        ("كتبت: ليلى نجار", (Person("ليلى نجار"),)),
        ("이하늘 기자 sky@lune.example", (Person("이하늘", "기자"),)),
        ("글·사진 이하늘", (Person("이하늘"),)),
        ("文・山川花子", (Person("山川花子"),)),
        ("本报记者 王小明 通讯员 李大力", (Person("王小明"), Person("李大力"))),
        ("Texto: Redacción", ()),
        ("Oleh karena itu", ()),
        ("De notre temps", ()),
        ("by The Lune Post (Jane Doe)", ()),
        ("By Jane Doe (née Roe)", ()),
        ("By Reuters", (Person("Reuters"),)),
        ("By The Associated Press", (Person("The Associated Press"),)),
        ("By Dorothy Day", (Person("Dorothy Day"),)),
        ("By Sunday Adelaja", (Person("Sunday Adelaja"),)),
        ("By Grace Order-Lund", (Person("Grace Order-Lund"),)),
        ("BY ADA QUAY", (Person("ADA QUAY"),)),
        ("By Grace Alone", ()),
        ("By Popular Demand", ()),
        ("By Monday Night", ()),
        ("By Order Of The Bishop", ()),
        ("By The Rivers Of Babylon", ()),
        ("By Night", ()),
        ("By My Side", ()),
        ("BY THE SEA", ()),
        ("Von Guten Mächten", ()),
        ("By the time he came", ()),
        ("By accident, the car fell", ()),
        ("By Monday it was over.", ()),
        ("Byron Smith", ()),
        ("", ()),
    ],
)
def test_byline(line, people):
    """Names, role and organization come out of the line, and of those below it."""
    assert byline(line) == people


@pytest.mark.parametrize(
    ("line", "people"),
    [
        ("Jane Doe, Lune Wire", (Person("Jane Doe", "", "Lune Wire"),)),
        (
            "— Jane Doe and John Roe, Lune Wire",
            (Person("Jane Doe", "", "Lune Wire"), Person("John Roe", "", "Lune Wire")),
        ),
        ("— Jane Doe", (Person("Jane Doe"),)),
        ("Анна Ковальская, главный редактор Lune Wire", (Person("Анна Ковальская", "главный редактор", "Lune Wire"),)),
        ("Jane Doe", ()),
        ("Latest News", ()),
        ("Lune Wire, with our reporter in Leith", ()),
        ("Leith, Lune Wire", ()),
        ("Grace Church, Harbour Town", ()),
        ("Jane Doe, who saw it", ()),
        ("Chief Editor, Lune Wire", ()),
        ("-----Original Message-----", ()),
        ("--- Further Notices", ()),
    ],
)
def test_a_signature(line, people):
    """A line without a word for it names its people by a role, the house's name or a dash, and two words of a name."""
    assert signature(line, {"Lune Wire"}.__contains__) == people


@pytest.mark.parametrize(
    ("line", "role", "house"),
    [
        ("Staff writer", "Staff writer", ""),
        ("Chief Maritime Correspondent", "Chief Maritime Correspondent", ""),
        ("Senior reporter, The Lune Post", "Senior reporter", "The Lune Post"),
        ("Reporter for the Lune Post", "Reporter", "the Lune Post"),
        ("Reporter at the Diario de Lune", "Reporter", "the Diario de Lune"),
        ("Staff Writer Lune Wire", "Staff Writer", "Lune Wire"),
        ("Redakteurin", "Redakteurin", ""),
    ],
)
def test_a_role_below_a_byline(line, role, house):
    """A line that says what its authors are gives them role and house."""
    people = (Person("Jane Doe"), Person("John Roe"))
    assert with_role(people, line, organization="Lune Wire") == tuple(
        Person(person.name, role, house) for person in people
    )


@pytest.mark.parametrize(
    "line",
    [
        "Chief suspect denies guilt",
        "Editor Quits Post",
        "The perfect host",
        "Capital Wire Bureau",
        "Staff at the school were told on Monday.",
        "The reporter for the Post, who was there",
        "Where the water went",
        "A long way home for every editor, reporter and writer of the old house staff",
        "",
    ],
)
def test_what_is_no_role_below_a_byline(line):
    """A subhead or a sentence below a byline is text, whatever profession is in it."""
    assert with_role((Person("Jane Doe"),), line) == ()


def test_a_role_that_the_byline_gave_stays():
    """Authors whose byline says what they are get no other role."""
    assert with_role((Person("Jane Doe", "Editor"),), "Staff writer") == ()


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("NEW DELHI/BUDAPEST (Example News) – U.S. officials", Dateline(("NEW DELHI", "BUDAPEST"), "Example News")),
        ("LONDON (XY) - A man", Dateline(("LONDON",), "XY")),
        ("BERLIN, Germany — The", Dateline(("BERLIN, Germany",))),
        ("MOSCOW, March 3 (XY) — It", Dateline(("MOSCOW",), "XY")),
        ("Berlin (dpa) – Der", Dateline(("Berlin",), "dpa")),
        ("WASHINGTON -- The", Dateline(("WASHINGTON",))),
        ("Lune, 3 may (EFW).- El puente", Dateline(("Lune",), "EFW")),
        ("CASA CENTRAL, 03 May. 24 (ACW Prensa).- El", Dateline(("CASA CENTRAL",), "ACW Prensa")),
        ("Lune City, May 3, 2026 / 08:15 am (CNW). It", Dateline(("Lune City",), "CNW")),
        ("Köln (epw). Der Dom", Dateline(("Köln",), "epw")),
        ("(ANW) - ROMA, 03 MAG - Il ponte", Dateline(("ROMA",), "ANW")),
        ("МОСКВА, 3 мая. /ТАМ/. Мост", Dateline(("МОСКВА",), "ТАМ")),
        ("القاهرة (رويتر) - قال", Dateline(("القاهرة",), "رويتر")),
        ("(서울=연합통신) 다리가", Dateline(("서울",), "연합통신")),
        ("【ロンドン＝共通】橋が", Dateline(("ロンドン",), "共通")),
        ("新新社北京5月3日电 大桥", Dateline(("北京",), "新新社")),
        ("CNW Staff, May 3, 2026 / 08:15 am (CNW). It", None),
        ("Merkur (CDU). Er sagte", None),
        ("Berlin – Hauptstadt der Brücken", None),
        ("WARNING: the bridge", None),
        ("UPDATE — This story", None),
        ("He said — and meant it — that", None),
        ("The man (56) - said", None),
        ("I — a man", None),
        ("LONDON – ", None),
    ],
)
def test_dateline(line, expected):
    """Places and agency come out of the paragraph's first words."""
    assert dateline(line) == expected
