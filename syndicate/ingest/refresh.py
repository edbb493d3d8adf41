"""Pages that say nothing but where their readers are sent to by themselves. Pure."""

import re

from syndicate.text import plain, unescape

_MOST, _SAID = 20_000, 300  # bytes of such a page, and characters that it shows ("You are being redirected")
_SILENT = re.compile(r"<(script|style|title|head)\b.*?</\1\s*>", re.IGNORECASE | re.DOTALL)
_META = re.compile(r"<meta\b[^<>]{0,2000}>", re.IGNORECASE)
_REFRESH = re.compile(r"http-equiv\s*=\s*[\"']?\s*refresh\b", re.IGNORECASE)
_SOON = re.compile(
    r"content\s*=\s*(?P<quote>[\"']?)\s*\d{0,2}(?:\.\d{0,3})?\s*[;,]\s*url\s*=\s*[\"']?(?P<url>[^\"'<>\s]{1,2000})",
    re.IGNORECASE,
)
_SCRIPT = re.compile(
    r"\blocation(?:\.href)?\s*(?:=|\.(?:replace|assign)\s*\()\s*[\"'](?P<url>[^\"'<>\s]{1,2000})[\"']", re.IGNORECASE
)


def refresh_of(body: bytes) -> str:
    """The address to which a page that says nothing else refreshes within a minute or two; "" for any other page."""
    markup = _sole(body) if b"refresh" in body.lower() else ""
    tags = (tag[0] for tag in _META.finditer(markup) if _REFRESH.search(tag[0]))
    return next((unescape(told["url"]) for tag in tags if (told := _SOON.search(tag))), "")


def leads_to(body: bytes) -> str:
    """The same, also where a script says it plainly: it is told, and not followed."""
    told = _SCRIPT.search(_sole(body))
    return refresh_of(body) or (unescape(told["url"]) if told else "")


def _sole(body: bytes) -> str:
    """A page's markup if it shows next to nothing, else ""."""
    if len(body) > _MOST or b"<" not in body:
        return ""
    markup = body.decode("utf-8", "replace")
    return markup if len(plain(_SILENT.sub(" ", markup))) <= _SAID else ""
