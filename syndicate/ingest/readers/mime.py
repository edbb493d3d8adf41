"""What mails and web archives ("single file web pages") carry, decoded from how it travelled. Nobody is trusted."""

import quopri
import re
from collections.abc import Iterator
from dataclasses import dataclass
from email import policy
from email.message import Message
from email.parser import BytesParser
from itertools import islice
from typing import Literal

from syndicate.errors import UnreadableError
from syndicate.ingest.readers.charset import decode

_HEAD = re.compile(
    r"(?:[!-9;-~]{1,80}:[^\n]*\n(?:[ \t][^\n]*\n){0,200}){0,100}?"
    r"(?:mime-version|content-type|content-transfer-encoding):",
    re.IGNORECASE,
)
_PART = re.compile(r"^content-type:", re.IGNORECASE | re.MULTILINE)
_HOLDER = re.compile(r"^content-type:\s*(?:multipart|message)/", re.IGNORECASE | re.MULTILINE)
_MOST_PARTS, _MOST_HOLDERS = 100, 20  # each line is compared with the ends of all holders that are open
# The package takes long to read long fields.
_LONG = re.compile(r"^content-[a-z-]{1,30}:(?:[^\n]|\n[ \t]){2000}", re.IGNORECASE | re.MULTILINE)
_KINDS: dict[str, Literal["text", "html"]] = {"text/plain": "text", "text/html": "html"}
_ENCODED_WORD = re.compile(r"=\?[\w-]{1,40}\?[bq]\?", re.IGNORECASE)
_SOFT_END = re.compile(r"^[^\n]{60,75}=$", re.MULTILINE)
_NOT_QUOTED = re.compile(r"=(?![0-9A-F]{2}|[ \t]*(?:\n|\Z))")
_LONGEST_FIELD = 1_000


@dataclass(frozen=True, slots=True)
class Part:
    """The part of a mail that is read, and the lines that head the mail."""

    head: str
    text: str
    kind: Literal["text", "html"]


def unpacked(text: str, name: str) -> Part | None:
    """Find the first text or HTML that a mail shows, never an attachment; None for what does not begin as one.

    Raises UnreadableError for a mail that has none, or can't be read.
    """
    if _HEAD.match(text) is None:
        return None
    many = len(_PART.findall(text)) > _MOST_PARTS or len(_HOLDER.findall(text)) > _MOST_HOLDERS
    if many or _LONG.search(text):
        raise UnreadableError(f"{name}: a mail with so many parts, or such long fields, is not read")
    try:
        parts = [one for one in islice(_shown(text), _MOST_PARTS) if one.text.strip()]
    except Exception as error:  # whatever the package meets in a broken mail
        raise UnreadableError(f"{name}: its mail can't be read ({type(error).__name__})") from error
    if not parts:
        raise UnreadableError(f"{name}: there is no text in this mail, attachments are not read")
    return parts[0]


def _shown(text: str) -> Iterator[Part]:
    message = BytesParser(policy=policy.default).parsebytes(text.encode("utf-8", "replace"))
    head = text.partition("\n\n")[0]
    for part in message.walk():
        kind = _KINDS.get(part.get_content_type())
        attached = part.get_content_disposition() == "attachment" or part.get_filename()
        if kind and not part.is_multipart() and not attached:
            yield Part(head, _text(part), kind)


def _text(part: Message) -> str:
    content = part.get_payload(decode=True)
    body = content if isinstance(content, bytes) else b""
    label = part.get_content_charset() or ""
    return decode(body, f"{part.get_content_type()}; charset={label}").text.replace("\r\n", "\n").replace("\r", "\n")


def spelled_out(field: str) -> str:
    """A field of a mail's head as its readers see it: "=?UTF-8?Q?Caf=C3=A9?=" is "Café"."""
    field = field[:_LONGEST_FIELD]
    if not _ENCODED_WORD.search(field):
        return field
    try:
        return str(policy.default.header_factory("subject", field))
    except Exception:  # noqa: BLE001 - as above; then it stays as it came
        return field


def without_soft_ends(text: str) -> str:
    """Decode a text that was left quoted-printable: lines end in "=", and no such sign in it means anything else."""
    if len(_SOFT_END.findall(text)) < 3 or _NOT_QUOTED.search(text):
        return text
    return decode(quopri.decodestring(text.encode("utf-8"))).text
