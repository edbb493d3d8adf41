"""Addresses: absolute, without tracking noise, and in a form by which two of them can be compared."""

import re
from functools import cache, lru_cache
from urllib.parse import quote, unquote, urljoin, urlsplit, urlunsplit

from publicsuffixlist import PublicSuffixList

from syndicate.text import legal

# Parameters that say how a reader came to a page, never which page it is.
_TRACKING = re.compile(
    r"(?:utm_\w+|hsa_\w+|mtm_\w+|pk_(?:campaign|kwd|source|medium|content)|at_(?:medium|campaign|custom\d|link_\w+)|"
    r"vero_\w+|oly_\w+|ns_(?:mchannel|source|campaign|linkname|fee)|__hs\w+|_hs\w+|ga_(?:source|medium|campaign)|"
    r"fbclid|gclid|gclsrc|dclid|gbraid|wbraid|msclkid|yclid|ysclid|twclid|ttclid|igshid|igsh|li_fat_id|mc_cid|mc_eid|"
    r"mkt_tok|_openstat|wt_mc|wt\.mc_id|xtor|cmpid|cmp|icid|ito|ncid|sr_share|smid|spm|scid|s_cid|s_kwcid|ef_id|"
    r"trk|trkcampaign|_ga|_gl|rss_?id|rb_clickid|feature=youtu\.be|__twitter_impression|guccounter|guce_\w+|"
    r"ocid|soc_src|soc_trk|traffic_source|partner_source|amp_js_v|amp_gsa|usqp)(?:=.*)?",
    re.IGNORECASE | re.DOTALL,
)
_TRACKING_PAIR = re.compile(r"(?:ref|source|from|via|src)=(?:rss[\w-]*|feeds?|feedburner|atom)", re.IGNORECASE)
_TRACKING_FRAGMENT = re.compile(r"(?:utm_|xtor=|ref=|rss|feed|comments?$|respond$|at_|intcid|ftag=)", re.IGNORECASE)
# Addresses that only count who follows them, and name in a parameter where they lead.
_DETOUR = re.compile(
    r"https?://(?:(?:www\.)?google\.[a-z]{2,3}(?:\.[a-z]{2})?/url\?(?:[^#]*&)?(?:url|q)|lm?\.(?:facebook|instagram)\.com/"
    r"(?:l\.php)?\?(?:[^#]*&)?u|(?:www\.)?youtube\.com/redirect\?(?:[^#]*&)?q)=(https?(?:://|%3a%2f%2f)[^&#]+)",
    re.IGNORECASE,
)
# What a server checks an address by: of such a one nothing may be left out.
_SIGNED = re.compile(r"[?&](?:x-[a-z]+-signature|signature|sig|hmac|hdnts|hdnea)=", re.IGNORECASE)
_HINT = re.compile(r"[?#]")
_ODD = re.compile(r"[\s\x00-\x1f<>\"`{}|\\^]")
# Houses that give each of their writers a host name, and did not say so to the Public Suffix List.
_OF_MANY = frozenset({
    "beehiiv.com", "blogs.com", "buttondown.email", "canalblog.com", "exblog.jp", "ghost.io", "hatenablog.com",
    "home.blog", "jimdo.com", "livejournal.com", "medium.com", "micro.blog", "naver.com", "neocities.org",
    "over-blog.com", "pixnet.net", "posterous.com", "skyrock.com", "squarespace.com", "substack.com", "tistory.com",
    "tumblr.com", "typepad.com", "ucoz.ru", "webnode.com", "weebly.com", "wordpress.com", "yolasite.com",
})  # fmt: skip
_PORTS = {"http": ":80", "https": ":443"}


def is_web(url: str) -> bool:
    """Whether the address is one that a partner may be sent to: http or https with a host."""
    try:
        parts = urlsplit(url)
        return parts.scheme in {"http", "https"} and bool(parts.hostname)
    except ValueError:
        return False


def host_of(url: str) -> str:
    """The host an address names, "" where it names none."""
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""


@lru_cache(maxsize=4096)
def site_of(host: str) -> str:
    """The part of a host name that one publisher owns: "news.example.co.uk" is of "example.co.uk".

    After the Public Suffix List (publicsuffix.org), houses that lend a name to each writer included.
    """
    if host.rpartition(".")[2].isdigit():
        return host  # an address of IPv4
    owned = _suffixes().privatesuffix(host) or host
    if owned in _OF_MANY and host != owned:
        return f"{host.removesuffix(f'.{owned}').rpartition('.')[2]}.{owned}"
    return str(owned)


@cache
def _suffixes() -> PublicSuffixList:
    return PublicSuffixList()


def absolute(url: str, base: str) -> str:
    """The address as seen from `base`; unchanged where that can't be said."""
    url = legal(url).strip()
    if "\n" in url or "\t" in url or "\r" in url:
        url = re.sub(r"[\t\r\n]+", "", url)  # browsers drop them, WHATWG URL section 4.4
    if url[:8].lower().startswith(("https://", "http://")):
        return url
    if not url or re.match(r"[a-zA-Z][a-zA-Z0-9+.\-]*:", url):
        return url
    try:
        return urljoin(base, url)
    except ValueError:
        return url


def clean(url: str, base: str) -> str:
    """The address as it is published: seen from `base`, without tracking; a picture that it holds itself stays so."""
    address = absolute(url, base)
    return address if address[:5].lower() == "data:" else canonical_link(address)


@lru_cache(maxsize=4096)
def canonical_link(url: str) -> str:
    """The address without tracking parameters or a detour; characters that no address may hold are percent-encoded.

    One that is signed keeps its parameters.
    """
    url = legal(url).strip()
    while detour := _DETOUR.match(url):
        url = legal(unquote(detour[1]))
    if _ODD.search(url):
        url = _ODD.sub(lambda found: quote(found[0]), url)
    if not _HINT.search(url) or _SIGNED.search(url):
        return url
    try:
        parts = urlsplit(url)
    except ValueError:
        return url
    query = "&".join(
        part
        for part in parts.query.split("&")
        if part and not _TRACKING.fullmatch(part) and not _TRACKING_PAIR.fullmatch(part)
    )
    fragment = "" if _TRACKING_FRAGMENT.match(parts.fragment) else parts.fragment
    if query == parts.query and fragment == parts.fragment:
        return url
    return urlunsplit((parts.scheme, parts.netloc, parts.path, query, fragment))


@lru_cache(maxsize=4096)
def link_key(url: str) -> str:
    """The form in which two addresses of one article are equal; "" for no address.

    No scheme, `www.`, default port, trailing slash or tracking; host in lower case, parameters sorted, percent
    encoding undone where that is safe.
    """
    url = canonical_link(url)
    if not url:
        return ""
    try:
        parts = urlsplit(url)
        host = (parts.hostname or "").rstrip(".")
        port = f":{parts.port}" if parts.port else ""
    except ValueError:
        return url
    if parts.scheme not in {"http", "https"}:
        return url
    if port == _PORTS.get(parts.scheme):
        port = ""
    path = unquote(re.sub("%2f", "%252F", parts.path, flags=re.IGNORECASE), errors="replace").rstrip("/")
    query = "&".join(sorted(parts.query.split("&"))) if parts.query else ""
    key = host.removeprefix("www.") + port + path
    if query:
        key += f"?{query}"
    return legal(f"{key}#{parts.fragment}" if parts.fragment else key)
