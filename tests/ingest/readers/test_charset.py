"""Letters come out right although nobody declared how they are written; what is not sure is told."""

import pytest

from syndicate.ingest.readers import read
from syndicate.ingest.readers.charset import decode
from syndicate.ingest.reasons import remarks
from syndicate.model import Payload, SourceSpec

POLISH = (
    "Most na rzece zamknięty na trzy miesiące. Gmina przeprasza mieszkańców za utrudnienia i prosi, żeby "
    "jeździć objazdem przez Łęg. Strażacy sprawdzą, czy można przejść pieszo. Dzieci pojadą do szkoły łodzią."
)
CZECH = (
    "Most přes řeku je od pondělí uzavřen. Město se obyvatelům omlouvá a prosí, aby jezdili přes Žďár. "
    "Hasiči ještě zjišťují, zda se dá přejít pěšky. Děti zatím pojedou do školy lodí a učitelé s nimi."
)
HUNGARIAN = (
    "A folyó hídját hétfőtől lezárják. A város elnézést kér a lakóktól, és arra kéri őket, hogy a déli úton "
    "menjenek. A tűzoltók ellenőrzik, átkelhetnek-e a gyalogosok. A gyerekek csónakkal mennek az iskolába."
)
TURKISH = (
    "Irmağın üstündeki köprü pazartesiden başlayarak kapalı. Belediye başkanı halktan özür diledi ve güney "
    "yolunu kullanmalarını istedi. İtfaiye, yayaların geçip geçemeyeceğini araştırıyor. Çocuklar kayıkla gidecek."
)
LITHUANIAN = (
    "Tiltas per upę nuo pirmadienio uždarytas. Miestas atsiprašo gyventojų ir prašo važiuoti pietiniu keliu. "
    "Ugniagesiai tikrina, ar galima pereiti pėsčiomis. Vaikai į mokyklą kol kas plauks valtimi su mokytojais."
)
RUSSIAN = "Мост через реку закрыт с понедельника. Город просит жителей ездить южной дорогой через посёлок."
GREEK = "Η γέφυρα του ποταμού κλείνει από τη Δευτέρα. Ο δήμος ζητά συγγνώμη από τους κατοίκους."
HEBREW = "הגשר מעל הנהר נסגר החל מיום שני. העירייה מתנצלת בפני התושבים ומבקשת לנסוע בדרך הדרומית."
ARABIC = "أغلق الجسر فوق النهر ابتداء من يوم الاثنين. وتعتذر البلدية للسكان وتطلب منهم استخدام الطريق الجنوبي."
CHINESE = "河上的桥从星期一起关闭。市政府向居民道歉，请大家走南边的路。孩子们暂时坐船去上学，老师陪着他们。"
TAIWANESE = "河上的橋從星期一起關閉。市政府向居民道歉，請大家走南邊的路。孩子們暫時坐船去上學，老師陪著他們。"
JAPANESE = "川にかかる橋は月曜日から通れません。市は住民に謝罪し、南の道を使うよう求めています。"
KOREAN = "강 위의 다리는 월요일부터 닫힌다. 시는 주민들에게 사과하고 남쪽 길로 다니라고 부탁했다."
GERMAN = "Die Brücke über den Fluss ist ab Montag gesperrt. Die Stadt bittet um Verständnis; Fußgänger dürfen gehen."
ENGLISH = "The bridge over the river closes on Monday for repairs, and the council’s own ferry costs £2 a head. © 2026"


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        (POLISH, "cp1250"),
        (POLISH, "iso8859_2"),
        (CZECH, "cp1250"),
        (CZECH, "iso8859_2"),
        (HUNGARIAN, "cp1250"),
        (TURKISH, "cp1254"),
        (LITHUANIAN, "cp1257"),
        (RUSSIAN, "cp1251"),
        (RUSSIAN, "koi8_r"),
        (GREEK, "cp1253"),
        (HEBREW, "cp1255"),
        (ARABIC, "cp1256"),
        (CHINESE, "gbk"),
        (TAIWANESE, "big5"),
        (JAPANESE, "cp932"),
        (JAPANESE, "euc_jp"),
        (KOREAN, "euc_kr"),
        (GERMAN, "cp1252"),
        (ENGLISH, "cp1252"),
    ],
)
def test_what_nobody_declared_is_read_in_its_own_letters(text, encoding):
    """Text in the encodings that are still met is read as it was written."""
    assert decode(text.encode(encoding)).text == text


@pytest.mark.parametrize(
    ("text", "encoding"),
    [(ENGLISH, "utf-16-le"), (ENGLISH, "utf-16-be"), (GERMAN, "utf-16-le"), (JAPANESE, "iso2022_jp")],
)
@pytest.mark.parametrize("label", ["", "text/plain; charset=utf-8"])
def test_what_the_bytes_prove_is_not_guessed(text, encoding, label):
    """UTF-16 without a mark shows itself by its NULs, ISO-2022-JP by its escapes, whatever is declared."""
    found = decode(text.encode(encoding), label)
    assert (found.text, found.encoding, found.doubt) == (text, encoding, "")


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("The council wrote: “We can’t wait, and we won’t.” The mayor wasn’t there – nobody was.", "mac_roman"),
        (GERMAN, "mac_roman"),
        (GERMAN, "cp850"),
        ("A câmara pede perdão às crianças: não há solução até amanhã, disse o João.", "cp850"),
    ],
)
def test_letters_of_old_computers_are_read_where_no_others_have_a_place(text, encoding):
    """Where most signs stand where none is written, and each has its place in one old encoding, it is that one."""
    found = decode(text.encode(encoding))
    assert (found.text, found.encoding) == (text, encoding)
    assert "guessed" in found.doubt
    assert decode(text.encode("cp1252")).text == text
    for other in ("We can’t.", "Ça va, même à Noël?"):
        assert decode(other.encode("cp1252")).text == other


@pytest.mark.parametrize("body", [b"\0a\0b" + b"a\0b\0" * 9, b"\x1b$B\xff and more", b"\x1b$B!"])
def test_what_only_looks_like_a_proof_is_none(body):
    """NULs in both places, or escapes beside what they can't stand with, are read as before."""
    assert decode(body).encoding not in ("utf-16-le", "utf-16-be", "iso2022_jp")


def test_what_is_declared_is_not_guessed():
    """A declaration that fits wins, though the bytes look like another language's."""
    body = GERMAN.encode("cp1252")
    assert decode(body, "text/plain; charset=windows-1251").text == body.decode("cp1251")


def test_a_declaration_of_escapes_that_does_not_fit_is_dropped():
    """What hides its letters behind ASCII is no such text if it can't be read so, and nothing else is in doubt."""
    decoded = decode(b"The ferry \x1b$Z sails.", "text/plain; charset=iso-2022-jp")
    assert (decoded.encoding, decoded.override, decoded.doubt) == ("utf-8", "iso-2022-jp", "")


def test_a_line_that_was_pasted_in_another_encoding_spoils_no_other():
    """UTF-8 stays UTF-8 where one line of it, or one text between tags, is none; and that is told."""
    lines = ("Die Brücke über die Förde ist gesperrt.", "Für alle gilt: früher wäre schöner.", "Das Café öffnet.")
    for between in ("\n", "</p><p>"):
        parts = [line.encode("cp1252" if line.startswith("Für") else "utf-8") for line in lines]
        decoded = decode(between.encode().join(parts))
        assert decoded.text == between.join(lines)
        assert "1 line" in decoded.doubt


def test_damaged_letters_are_told():
    """A letter of which a byte is missing becomes the sign for that, and the others stay."""
    decoded = decode("Wir öffnen früh, sagt der Bürgermeister über die Brücke in M".encode() + b"\xc3nchen")
    assert decoded.text.endswith("über die Brücke in M\ufffdnchen")
    assert "damaged" in decoded.doubt


def test_a_guess_that_is_not_sure_is_told():
    """Whoever looks after a folder learns that a file's letters may be wrong; of what is sure there is no word."""
    spec = SourceSpec(key="s", kind="folder", location="/a")

    def told(text: str) -> list[str]:
        found = read(Payload(text.encode("cp1250"), "file:///a/one.txt"), spec)
        return [f"{remark.where}: {remark.reason}" for entry in found.entries for remark in remarks(entry)]

    assert told("Most\n\nŁęg tonie.") == ["one.txt: its encoding had to be guessed; windows-1250 is not sure"]
    assert told(f"Most\n\n{POLISH}") == []


def test_a_feeds_guess_that_is_not_sure_is_told():
    """So it is of a feed, whatever it declares."""
    xml = '<?xml version="1.0" encoding="utf-8"?><rss><channel><item><title>Łęg tonie</title></item></channel></rss>'
    found = read(Payload(xml.encode("cp1250"), "https://feed.example/f"), SourceSpec("s", "feed", ""))
    assert [failure.reason.partition(" ")[0] for failure in found.failures] == ["the", "its"]
