"""Mails that were saved as text or HTML: their first lines say who wrote what and when, and are no part of the article.

Addresses are read over: they are not ours to publish. Of a forwarded mail the innermost head counts.
"""

import re
from dataclasses import dataclass, field, replace
from typing import Literal

from syndicate.ingest.readers.dates import parse_date
from syndicate.ingest.readers.mime import spelled_out, unpacked, without_soft_ends
from syndicate.ingest.readers.people import person
from syndicate.model import Cut, Person
from syndicate.normalize.byline import byline
from syndicate.normalize.datelines import dateline
from syndicate.normalize.kept import Kept, nothing
from syndicate.text import plain, plain_text

_FIELD_WORDS = {
    "from": "from von de da van fra från od от від expéditeur mittente absender nadawca",
    "subject": "subject betreff objet asunto assunto oggetto onderwerp emne ämne temat předmět тема",
    "date": "date sent datum gesendet envoyé enviado inviato data fecha verzonden skickat sendt wysłano дата",
    "to": "to an à para a aan til till do komu кому cc bcc kopie copie kopia копия",
}
_FIELDS = {word: name for name, words in _FIELD_WORDS.items() for word in words.split()}
_LINE = re.compile(r"([^\W\d_][\w-]{0,40}(?: [\w-]{1,20}){0,2})[ \t]{0,2}:[ \t]*(.*)", re.DOTALL)
_MAILBOX = re.compile(r"\AFrom \S+ [^\n]*\n(?=[!-9;-~]+:)")  # how a mail begins in a file of many
_SENTENCE = re.compile(r"[.!?…][\"”’)]?\s*$")
_QUOTE = re.compile(r"^(?:>[ \t]?)+", re.MULTILINE)
_DASHES = re.compile(r"[>\s]*+(?:[-_*]{6,}+|[-_*]{3,}+[^\n]{1,60}?(?<![-_*])[-_*]{3,}+)\s*")
_RULE = re.compile(rf"{_DASHES.pattern}|[>\s]*[^\n]{{4,60}}:\s*")  # what leads over to a mail
_PASSED_ON = re.compile(r"(?:(?:re|fwd?|wg|aw|tr|rv|sv|vs|vb|odp|pd|antw|enc)\s*(?:\[\d+\])?\s*:\s*)+", re.IGNORECASE)
_ANSWERED = re.compile(r"\s*(?:re|aw|sv|odp|antw)\b[^:\n]{0,4}:", re.IGNORECASE)
_ADDRESS = re.compile(r"\s*[<\[(].*", re.DOTALL)
_SIGNATURE = re.compile(r"^-- ?\n(?:[^\n]{1,200}(?:\n|\Z)){1,10}(?=\n|\Z)", re.MULTILINE)
_OWNED = re.compile(r"©|\(c\)|copyright", re.IGNORECASE)
_BLOCK = re.compile(r"<(p|div)\b[^<>]*>((?:(?!</?(?:p|div)\b).){1,5000})</\1\s*>", re.IGNORECASE | re.DOTALL)
_BREAK = re.compile(r"<br\b[^<>]*>", re.IGNORECASE)
_MOST_LINES, _MOST_HEADS, _LONGEST_NOTE, _SHORT_NOTE = 60, 5, 400, 160
_LONGEST_HEADLINE = 200
_MOST_BELOW = 2  # paragraphs: notices of the house that are set below every mail


@dataclass(frozen=True, slots=True)
class Mail:
    """What a text says as a mail, and its body; `kind` is "" where it is what the file's name says."""

    body: str
    kind: Literal["", "text", "html"] = ""
    told: dict[str, str] = field(default_factory=dict)
    cuts: tuple[Cut, ...] = ()

    @property
    def title(self) -> str:
        """The subject, without what mail programs put before it; "" where the text has a headline of its own."""
        own = self.kind != "html" and _is_headed(self.body)
        return "" if own else plain_text(_PASSED_ON.sub("", self.told.get("subject", ""), count=1))

    @property
    def senders(self) -> tuple[Person, ...]:
        """Who sent it, by first and last name."""
        name = _ADDRESS.sub("", self.told.get("from", "")).strip(" \"'")
        one = person(name) if " " in name and "@" not in name and len(name) <= 80 else None
        return (one,) if one else ()


def read_mail(text: str, name: str, kept: Kept = nothing) -> Mail | None:
    """Take the head of a mail off a text, with a note above it and the signature below; None for what is no mail.

    A note or signature that is `kept` stays. Raises UnreadableError for a mail that can't be read.
    """
    text = _MAILBOX.sub("", text.lstrip("\n"))
    part = unpacked(text, name)
    mail = Mail(part.text, part.kind, _told(part.head.split("\n")) or {}) if part else Mail(without_soft_ends(text))
    mail = _without_heads(mail, kept)
    if not part and not mail.told:
        return mail if mail.body is not text else None
    return mail if mail.kind == "html" else _without_signature(mail, kept)


def _without_heads(mail: Mail, kept: Kept) -> Mail:
    for _ in range(_MOST_HEADS):
        if _ANSWERED.match(mail.told.get("subject", "")):
            break  # what it answers stands below it
        is_markup = mail.kind == "html" or mail.body[:1] == "<"
        taken = _in_markup(mail.body) if is_markup else _in_text(mail.body)
        if taken is None:
            break
        told, note, rest = taken
        if "subject" not in told and not is_markup:
            note, rest = "", f"{_said(note)}\n\n{rest}"  # then the headline stands above
        if note and kept(note, ""):
            break
        cuts = (Cut(note, "email", "a note above a mail that was passed on"),) if note else ()
        mail = replace(mail, body=rest, told=mail.told | told, cuts=(*mail.cuts, *cuts))
    return mail


def _in_text(text: str) -> tuple[dict[str, str], str, str] | None:
    """The fields of the first head in a text, what stands above it, and what stands below."""
    lines = text.split("\n", _MOST_LINES)
    bare = [_QUOTE.sub("", line) for line in lines[:_MOST_LINES]]
    for start, line in enumerate(bare):
        opens = start == 0 or not bare[start - 1].strip() or _RULE.fullmatch(bare[start - 1])
        if not (opens and (_named(line) or (start == 0 and _LINE.fullmatch(line)))):
            continue
        end = _end(bare, start)
        told = _told(bare[start:end])
        note = "\n".join(lines[:start]).strip()
        rest = "\n".join(lines[end:])
        if told and _is_note(note, rest):
            return told, note, _QUOTE.sub("", rest) if lines[start].startswith(">") else rest
    return None


def _end(lines: list[str], start: int) -> int:
    """Where a head ends: at an empty line, but behind the last line that surely belongs to it where prose follows."""
    end = start
    while end < len(lines) and (_LINE.match(lines[end]) or lines[end][:1] in (" ", "\t")) and lines[end].strip():
        end += 1
    if _SENTENCE.search(lines[end - 1]) or (end < len(lines) and lines[end].strip()):
        end = max((at + 1 for at in range(start, end) if _named(lines[at]) or lines[at][0] in " \t"), default=end)
    return end


def _in_markup(markup: str) -> tuple[dict[str, str], str, str] | None:
    """The same in HTML, where the head is a paragraph or box of its own."""
    start = max(0, markup.lower().find("<body"))
    note: list[str] = []
    blocks: list[re.Match[str]] = []
    for block in _BLOCK.finditer(markup, start):
        lines = [plain(line) for line in _BREAK.split(block[2])]
        opens = next((at for at, line in enumerate(lines) if _named(line)), len(lines))
        told = _told([line for line in lines[opens:] if line])
        note += [line for line in lines[:opens] if line]
        blocks += [block] if any(lines) else []
        if told:
            gone = markup
            for one in reversed(blocks):
                gone = gone[: one.start()] + gone[one.end() :]
            above = "\n".join(note)
            return (told, above, gone) if _is_note(above, plain(gone[start:])) else None
        if sum(map(len, note)) > 2 * _LONGEST_NOTE or len(blocks) > _MOST_LINES:
            return None
    return None


def _named(line: str) -> bool:
    found = _LINE.match(line)
    return found is not None and found[1].lower() in _FIELDS


def _told(lines: list[str]) -> dict[str, str] | None:
    """What lines say that are a mail's head and nothing else; None for others."""
    unfolded: list[str] = []
    for line in lines:
        if unfolded and line[:1] in (" ", "\t"):
            unfolded[-1] += " " + line.strip()
        else:
            unfolded.append(line)
    told: dict[str, str] = {}
    for line in unfolded:
        found = _LINE.fullmatch(line)
        if found is None:
            return None
        told.setdefault(_FIELDS.get(found[1].lower(), found[1].lower()), spelled_out(found[2].strip()))
    return told if _is_head(told) else None


def _is_head(told: dict[str, str]) -> bool:
    """Whether these are a mail's: who wrote it, beside a subject, a recipient with a date, or a date or address."""
    if "from" not in told or not told.keys().isdisjoint({"title", "headline"}):
        return False
    dated = parse_date(told.get("date", "")) is not None
    return "subject" in told or dated or ("date" in told and ("to" in told or "@" in told["from"]))


def _is_note(above: str, below: str) -> bool:
    """Whether what stands above a head is no more than a note to the desk: short, beside the article below.

    Below no line of dashes, where a story may quote a mail, it has to be shorter still.
    """
    said, lines = _said(above), above.split("\n")
    most = _LONGEST_NOTE if any(_DASHES.fullmatch(line) for line in lines) else _SHORT_NOTE
    return len(said) <= min(most, len(below) // 3) and not any(byline(line) or dateline(line) for line in lines)


def _said(above: str) -> str:
    return "\n".join(line for line in above.split("\n") if not _RULE.fullmatch(line))


def _is_headed(text: str) -> bool:
    """Whether a text opens with a headline, for a byline stands below it."""
    head, _, below = text.strip().partition("\n\n")
    return len(head) <= _LONGEST_HEADLINE and bool(byline(below.lstrip().partition("\n")[0]))


def _without_signature(mail: Mail, kept: Kept) -> Mail:
    """The mail without what stands below its line of two dashes, as mail programs set it (RFC 3676)."""
    *_, found = (None, *_SIGNATURE.finditer(mail.body))
    below = len(mail.body[found.end() :].strip().split("\n\n")) if found else 0
    if found is None or below > _MOST_BELOW or _OWNED.search(found[0]) or kept(found[0].strip(), mail.title):
        return mail
    cut = Cut(found[0].strip(), "email", "the signature of a mail")
    return replace(mail, body=mail.body[: found.start()] + mail.body[found.end() :], cuts=(*mail.cuts, cut))
