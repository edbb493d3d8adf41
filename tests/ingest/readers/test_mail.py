"""Mails that somebody saved as files are read as what they carry."""

import base64
import quopri
import time
from datetime import UTC, datetime

import pytest

from syndicate.errors import UnreadableError
from syndicate.ingest.readers import read
from syndicate.model import Payload, Person, Reading, SourceSpec
from syndicate.normalize.article import normalize

SPEC = SourceSpec(key="desk", kind="folder", location="inbox")
STORY = "The ferry to the island sails again on Monday, the harbour master said – at last.\n\nThe pier is mended."
HEAD = "From: Ada Quay <ada@quay.example>\nTo: desk@quay.example\nSubject: Ferry sails again\nDate: "
HEAD += "Mon, 12 Oct 2026 18:04:11 -0400\n"
SENT = datetime(2026, 10, 12, 22, 4, 11, tzinfo=UTC)
MINUTE = datetime(2026, 10, 12, 18, 4, tzinfo=UTC)


def _entry(text, name="ferry.txt", **keywords):
    body = text if isinstance(text, bytes) else text.encode()
    (entry,) = read(Payload(body, f"file:///inbox/{name}"), SPEC, **keywords).entries
    return entry


def _article(text, name="ferry.txt"):
    return normalize(_entry(text, name), SPEC, Reading("folder"))


@pytest.mark.parametrize(
    ("head", "sent"),
    [
        (HEAD, SENT),
        ("Subject: FW: Ferry sails again\nFrom: Ada Quay <ada@quay.example>\nDate: 12 Oct 2026 22:04:11\n", SENT),
        ("From: Ada Quay\nSent: Monday, October 12, 2026 6:04 PM\nTo: Desk\nSubject: Ferry sails again\n", MINUTE),
        ("Von: Ada Quay\nGesendet: Montag, 12. Oktober 2026 18:04\nAn: Desk\nBetreff: WG: Ferry sails again\n", MINUTE),
        (f"From ada@quay.example Mon Oct 12 18:04:11 2026\nReceived: by x\n\t12 Oct 2026\n{HEAD}", SENT),
        (f"Please run this.\n\n-----Original Message-----\n{HEAD}", SENT),
        (f"FYI\n\nBegin forwarded message:\n\n{HEAD}", SENT),
        (
            f"From: Jo Desk\nSubject: Fwd: Ferry\nDate: 13 Oct 2026\n\n---------- Forwarded message ---------\n{HEAD}",
            SENT,
        ),
    ],
)
@pytest.mark.parametrize("name", ["ferry.txt", "ferry.md"])
def test_a_mails_head_fills_the_fields(head, sent, name):
    """Subject, date and sender of the innermost mail are the article's, a note above goes, addresses are dropped."""
    article = _article(f"{head}\n{STORY}", name)
    assert (article.title, article.published, article.authors) == ("Ferry sails again", sent, (Person("Ada Quay"),))
    assert article.text == STORY.replace("\n\n", "\n")
    assert "@" not in repr(article)


def test_a_head_needs_no_empty_line_below_it():
    """It ends behind the last line that is surely its own."""
    article = _article(f"{HEAD}Harbour: {STORY}")
    assert (article.title, article.published) == ("Ferry sails again", SENT)
    assert article.text.startswith("Harbour: The ferry")


def test_a_note_to_the_desk_is_recorded_and_can_be_kept():
    """Whoever restores it gets the whole text back."""
    note = "Please run this.\n\n-----Original Message-----"
    (cut,) = _entry(f"{note}\n{HEAD}\n{STORY}").cuts
    assert (cut.text, cut.family) == (note, "email")
    kept = _entry(f"{note}\n{HEAD}\n{STORY}", kept=lambda text, _: text == note)
    assert kept.body.startswith(note)


@pytest.mark.parametrize(
    "text",
    [
        f"{STORY * 6}\n\n-----Original Message-----\n{HEAD}\nPlease write about the ferry.",
        f"Harbour master resigns\n\nBy Jo Mole\n\nHe wrote:\n\n{HEAD}\n{STORY * 6}",
        f"Harbour master resigns\n\n{'He had been asked about the ferry. ' * 5}\n\n{HEAD}\n{STORY * 6}",
        "From: the island\nTo: the shore\n\nThe ferry sails again.",
        "Title: The ferry\nFrom: Ada Quay\nDate: 12 Oct 2026\n\nIt sails again.",
        "Ferry sails again\n\nAsked what the subject: line meant, she smiled.",
        f"x = 1\ny = 2\n{'a=b, ' * 14}=\n{'a=b, ' * 14}=\n{'a=b, ' * 14}=\n",
    ],
)
def test_what_is_no_mail_stays(text):
    """An article above the mail that it answers, or lines with colons, are nobody's head."""
    assert _entry(text).body == text.strip("\n")


def test_a_headline_in_the_text_is_the_headline():
    """Where one stands above a byline the subject is only what the desk was told; so it is above a mail without one."""
    article = _article(
        f"{HEAD.replace('Ferry sails again', 'For Monday')}\nThe pier is mended\n\nBy Jo Mole\n\n{STORY}"
    )
    assert (article.title, article.authors) == ("The pier is mended", (Person("Jo Mole"),))
    article = _article(f"The pier is mended\n\n-----Original Message-----\nFrom: Jo\nTo: Al\nSent: Monday\n\n{STORY}")
    assert article.title == "The pier is mended"


def test_the_signature_of_a_mail_goes():
    """What stands below two dashes is recorded; a line that says whose the article is stays."""
    entry = _entry(f"{HEAD}\n{STORY}\n\n-- \nAda Quay\nStaff Writer\n(555) 010-4477\n\nThis mail is confidential.\n")
    assert [cut.text for cut in entry.cuts] == ["-- \nAda Quay\nStaff Writer\n(555) 010-4477"]
    assert entry.body.startswith(STORY)
    assert entry.body.endswith("This mail is confidential.")
    assert _entry(f"{HEAD}\n{STORY}\n\n-- \n© 2026 Quay News\n").body.endswith("Quay News")


@pytest.mark.parametrize("coding", ["base64", "quoted-printable", "8bit"])
@pytest.mark.parametrize("charset", ["utf-8", "windows-1252", "no-such-charset"])
def test_a_mail_is_decoded_as_it_travelled(coding, charset):
    """Transfer codings, charsets, whatever they are called, and encoded words in the head are read."""
    body = STORY.encode("cp1252" if charset == "windows-1252" else "utf-8")
    packed = {"base64": base64.encodebytes, "quoted-printable": quopri.encodestring, "8bit": bytes}[coding](body)
    head = HEAD.replace("Ferry sails", "=?utf-8?Q?Ferry_=E2=80=93?= sails").encode()
    kind = f"Content-Type: text/plain; charset={charset}\nContent-Transfer-Encoding: {coding}\n\n".encode()
    article = _article(head + b"MIME-Version: 1.0\n" + kind + packed)
    assert article.title == "Ferry – sails again"
    assert article.text == STORY.replace("\n\n", "\n")


def test_of_several_parts_the_text_is_taken():
    """The first that is shown counts; attachments are not read, whatever they hold."""
    parts = [
        'Content-Type: text/plain; name="notes.txt"\nContent-Disposition: attachment\n\nDo not print.',
        f"Content-Type: text/plain\n\n{STORY}",
        f"Content-Type: text/html\n\n<p>{STORY}</p>",
    ]
    whole = f'{HEAD}Content-Type: multipart/mixed; boundary="b"\n\n--b\n' + "\n\n--b\n".join(parts) + "\n--b--\n"
    assert _article(whole).text == STORY.replace("\n\n", "\n")


def test_a_single_file_web_page_is_a_page():
    """What Word and browsers save so is read as the HTML in it."""
    page = f"<html><body><h1>Ferry sails again</h1><p>{STORY}</p></body></html>"
    packed = quopri.encodestring(page.encode("cp1252")).decode()
    kind = 'Content-Type: text/html; charset="windows-1252"\nContent-Transfer-Encoding: quoted-printable'
    whole = (
        f'MIME-Version: 1.0\nContent-Type: multipart/related; boundary="b"\n\nNote\n\n--b\n{kind}\n\n{packed}\n--b--\n'
    )
    article = _article(whole, "ferry.html")
    assert "at last" in article.text
    assert "=20" not in article.html


def test_a_text_left_quoted_printable_is_decoded():
    """Also without a head: every sign of that coding in it is one, and lines end in it."""
    long = f"{STORY} " * 4
    assert _entry(quopri.encodestring(long.encode())).body == long.strip("\n")


def test_an_outlook_page_is_a_mail():
    """Its first paragraph is the head, and a note may stand above it."""
    lines = HEAD.replace("<", "&lt;").replace(">", "&gt;").strip().replace("\n", "<br>")
    page = f"<html><body><div><p>Please run this.</p><p><b>{lines}</b></p><p>{STORY}</p></div></body></html>"
    article = _article(page, "ferry.htm")
    assert (article.title, article.published, article.authors) == ("Ferry sails again", SENT, (Person("Ada Quay"),))
    assert article.text == " ".join(STORY.split())


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (f"{HEAD}Content-Type: image/png\n\nAAAA", "there is no text in this mail"),
        (f"{HEAD}Content-Type: text/plain\n\n" + "Content-Type: text/html\n" * 200, "so many parts"),
        (f"{HEAD}Content-Type: text/plain;{' a=b;' * 2000}\n\n{STORY}", "such long fields"),
        (f"{HEAD}Content-Type: text/plain\nContent-Transfer-Encoding: base64\n\n====", "there is no text in this mail"),
    ],
)
def test_a_mail_that_is_not_read_says_why(text, reason):
    """One clear reason, whatever somebody put into it."""
    with pytest.raises(UnreadableError, match=f"ferry.txt: .*{reason}"):
        _entry(text)


@pytest.mark.parametrize("count", [20, 21])
def test_parts_nested_deeply_do_no_harm(count):
    """Each may hold the next, up to a number that no mail program comes near."""
    nested = "".join(f"Content-Type: multipart/mixed; boundary=b{n}\n\n--b{n}\n" for n in range(count))
    whole = f"{HEAD}{nested}Content-Type: text/plain\n\n{STORY}"
    if count > 20:
        with pytest.raises(UnreadableError, match="so many parts"):
            _entry(whole)
    else:
        assert _entry(whole).body == STORY


@pytest.mark.parametrize("sign", "-_*")
def test_a_long_line_of_signs_is_looked_through_once(sign):
    """A form's line of a hundred thousand signs is no mail's head, and costs no more than its length."""
    start = time.process_time()
    assert _entry(f"Ferry sails\n\n{sign * 100_000}x\n\n{STORY}").body.endswith(STORY)
    assert time.process_time() - start < 2  # seconds; two thousand signs took four
