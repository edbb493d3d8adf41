"""feedparser's strict parser with a short way for an entry's plain elements; what it finds stays the same.

Nine in ten elements of a feed are leaves of an entry: text, a few attributes, nothing inside. feedparser takes each of
them through four layers that are made for every oddity. Here a start tag is held back until it is known what follows.
When that is the end tag, and nothing is odd, the leaf is put where feedparser would put it; everything else goes
through feedparser's own code, as if it had never been held. All state is feedparser's, so the two ways can take turns.

Every `_leaf_*` says "no" (False) before it has changed anything.
"""

import re
from collections.abc import Callable, Mapping
from contextlib import suppress
from operator import attrgetter
from typing import Any

import feedparser.api
import feedparser.mixin
import feedparser.urls
from feedparser.datetimes import _parse_date
from feedparser.html import _cp1252
from feedparser.util import FeedParserDict

Name = tuple[str | None, str]  # namespace and local name
Attributes = Mapping[str, str]
Leaf = Callable[["WithLeaves", Attributes, str], bool]

_Strict: Any = feedparser.api.StrictFeedParser
_QUERY = re.compile("&([A-Za-z0-9_]+);")
_TEXTUAL = frozenset(("text/plain", "text/html"))
_SCOPED = frozenset(("base", "lang"))  # as good as xml:base and xml:lang, but seldom meant so
_XML = "http://www.w3.org/XML/1998/namespace"
_ELSEWHERE = attrgetter(  # where an element is no entry's own
    "incontent", "inauthor", "insource", "inimage", "intextinput", "incontributor", "inpublisher", "svgOK",
    "decls", "contentparams",
)  # fmt: skip
_C1 = re.compile("[\x80-\x9f]")


class WithLeaves(_Strict):  # type: ignore[misc]  # feedparser ships no types
    """The strict parser; give it to feedparser in place of its own."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._held: tuple[Name, Any] | None = None
        self._pieces: list[str] = []
        self._leaves: dict[Name, Leaf | None] = {}

    # --- what the XML parser calls

    def startPrefixMapping(self, prefix: str | None, uri: str) -> None:  # noqa: N802 - SAX's name
        """A declaration of a namespace, before the start tag that it stands in."""
        self._let_go()
        super().startPrefixMapping(prefix, uri)

    def startElementNS(self, name: Name, qname: str | None, attrs: Any) -> None:  # noqa: ARG002, N802 - SAX's name
        """A start tag."""
        self._let_go()
        self._held = (name, attrs)

    def characters(self, text: str) -> None:
        """Text, in one piece unless a comment or the like stands in it."""
        if self._held is None:
            self.handle_data(text)
        else:
            self._pieces.append(text)

    def endElementNS(self, name: Name, qname: str | None) -> None:  # noqa: N802 - SAX's name
        """An end tag."""
        if self._held is not None and self._is_plain() and self._took(*self._held):
            self._held = None
            self._pieces.clear()
            return
        self._let_go()
        super().endElementNS(name, qname)

    # --- which way to go

    def track_namespace(self, prefix: str | None, uri: str) -> None:
        """Names may mean something else from here on."""
        self._leaves.clear()
        super().track_namespace(prefix, uri)

    def _let_go(self) -> None:
        """Hand what was held back to feedparser's own code."""
        if self._held is None:
            return
        name, attrs = self._held
        pieces, self._pieces = self._pieces, []
        self._held = None
        super().startElementNS(name, None, attrs)
        for piece in pieces:
            self.handle_data(piece)

    def _is_plain(self) -> bool:
        """Whether we are in an entry and in nothing that gives its elements another meaning."""
        return bool(self.inentry) and not any(_ELSEWHERE(self))

    def _took(self, name: Name, attrs: Any) -> bool:
        if name not in self._leaves:
            self._leaves[name] = self._leaf_for(name)
        leaf = self._leaves[name]
        if leaf is None:
            return False
        given: dict[str, str] = {}
        for (namespace, local), value in attrs.items():
            key = local.lower()
            if namespace == _XML and leaf in _DESCRIBED:
                key = f"xml:{key}"
            elif namespace or key in _SCOPED:
                return False
            given[key] = value.lower() if key in ("rel", "type") else value
        return leaf(self, given, "".join(self._pieces))

    def _leaf_for(self, name: Name) -> Leaf | None:
        """The short way for a name, found as feedparser finds its handlers; None where there is none."""
        namespace, local = name
        prefix = self._matchnamespaces.get((namespace or "").lower())
        if prefix is None or ":" in local:
            return None
        prefix = self.namespacemap.get(prefix, prefix) if prefix else prefix
        handler = f"{prefix}_{local}".lower() if prefix else local.lower()
        if handler in _LEAVES:
            return _LEAVES[handler]
        unknown = not (hasattr(self, f"_start_{handler}") or hasattr(self, f"_end_{handler}"))
        return _plain(handler) if unknown else None

    # --- what a leaf becomes

    def _store(self, element: str, value: str) -> None:
        """Put a value into the entry, unless a less deeply nested element has said it already."""
        depth = self.depth + 1
        depths = self.property_depth_map.setdefault(self.entries[-1], {})
        if element not in depths or depth <= depths[element]:
            depths[element] = depth
            self.entries[-1][element] = value

    def _base(self, attrs: Attributes) -> str:
        base: str = self.baseuri
        own = attrs.get("xml:base") or base
        if not base:
            return str(feedparser.urls._urljoin(base, own))
        return feedparser.mixin.make_safe_absolute_uri(base, own) or base

    def _language(self, attrs: Attributes) -> str | None:
        language: str | None = attrs.get("xml:lang", self.lang) or None
        return language and language.replace("_", "-")

    def _resolved(self, attrs: Attributes, value: str) -> str:
        return str(feedparser.urls._urljoin(self._base(attrs), value)) if value else value

    def _described(self, attrs: Attributes, default: str, text: str) -> Any:
        """The text with its type, language and base, as feedparser keeps them; None where its type needs more care."""
        media_type = self.map_content_type(attrs.get("type", default))
        if media_type not in _TEXTUAL or "mode" in attrs or "src" in attrs:
            return None
        value = text.strip()
        if media_type == "text/plain" and not self.version.startswith("atom") and self.looks_like_html(value):
            media_type = "text/html"
        return FeedParserDict(
            type=media_type, language=self._language(attrs), base=self._base(attrs), value=_mended(value)
        )

    def _leaf_title(self, attrs: Attributes, text: str) -> bool:
        if not self._took_title(attrs, text):
            return False
        if text.strip():
            self.title_depth = self.depth + 1
        return True

    def _took_title(self, attrs: Attributes, text: str) -> bool:
        """Also Media RSS's title, after which another one may come."""
        found = self._described(attrs, "text/plain", text)
        if found is None:
            return False
        if not -1 < self.title_depth <= self.depth + 1:
            self._store("title", found["value"])
            self.entries[-1]["title_detail"] = found
        return True

    def _leaf_description(self, attrs: Attributes, text: str) -> bool:
        return self._took_summary(attrs, "text/html", text)

    def _leaf_summary(self, attrs: Attributes, text: str) -> bool:
        return self._took_summary(attrs, "text/plain", text)

    def _took_summary(self, attrs: Attributes, default: str, text: str) -> bool:
        """A second summary is taken for the content, if there is none yet."""
        if dict.__contains__(self.entries[-1], "summary") and not self.hasContent:
            return self._leaf_content(attrs, text)
        found = self._described(attrs, default, text)
        if found is None:
            return False
        self._store("summary", found["value"])
        self.entries[-1]["summary_detail"] = found
        return True

    def _leaf_content(self, attrs: Attributes, text: str) -> bool:
        if not self._took_content(attrs, "text/plain", text):
            return False
        self.push("content", 1)  # feedparser pushes twice and pops once
        return True

    def _leaf_encoded(self, attrs: Attributes, text: str) -> bool:
        return self._took_content(attrs, "text/html", text)

    def _took_content(self, attrs: Attributes, default: str, text: str) -> bool:
        found = self._described(attrs, default, text)
        if found is None:
            return False
        self.hasContent = 1
        dict.setdefault(self.entries[-1], "content", []).append(found)
        dict.setdefault(self.entries[-1], "summary", found["value"])
        return True

    def _leaf_link(self, attrs: Attributes, text: str) -> bool:
        if "url" in attrs or "uri" in attrs or ("href" in attrs and text):
            return False
        entry = self.entries[-1]
        link = FeedParserDict({"rel": "alternate", **attrs})
        dict.setdefault(link, "type", "application/atom+xml" if link["rel"] == "self" else "text/html")
        dict.setdefault(entry, "links", []).append(link)
        if "href" in attrs:
            link["href"] = str(feedparser.urls._urljoin(self._base(attrs), attrs["href"]))
            if link["rel"] == "alternate" and self.map_content_type(link["type"]) in self.html_types:
                entry["link"] = link["href"]
            return True
        address = _QUERY.sub(r"&\g<1>", _mended(self._resolved(attrs, text.strip())).replace("&amp;", "&"))
        entry["link"] = address
        if address:
            link["href"] = address
        return True

    def _leaf_guid(self, attrs: Attributes, text: str) -> bool:
        self.guidislink = attrs.get("ispermalink", "true") == "true"
        value = text.strip()
        value = _mended(self._resolved(attrs, value) if self.guidislink else value)
        self._store("id", value)
        entry = self.entries[-1]
        dict.setdefault(entry, "guidislink", self.guidislink and not dict.__contains__(entry, "link"))
        if self.guidislink:
            dict.setdefault(entry, "link", value)
        return True

    def _leaf_category(self, attrs: Attributes, text: str) -> bool:
        self._start_category(dict(attrs))
        self.elementstack[-1][2].append(text)
        self._end_category()
        return True

    def _leaf_author(self, attrs: Attributes, text: str) -> bool:  # noqa: ARG002 - every leaf is given both
        entry = self.entries[-1]
        dict.setdefault(entry, "authors", []).append(FeedParserDict())
        self._store("author", _mended(text.strip()))
        self._sync_author_detail()
        return True

    def _leaf_enclosure(self, attrs: Attributes, text: str) -> bool:
        if text:
            return False
        self._start_enclosure(dict(attrs))
        return True

    def _leaf_media(self, attrs: Attributes, text: str) -> bool:
        if text:
            return False
        self._start_media_content(dict(attrs))
        return True


def _plain(element: str) -> Leaf:
    """The short way for what is kept under a name, without attributes."""
    address = element in WithLeaves.can_be_relative_uri

    def leaf(parser: WithLeaves, attrs: Attributes, text: str) -> bool:
        if attrs:
            return False
        value = text.strip()
        parser._store(element, _mended(parser._resolved(attrs, value) if address else value))
        return True

    return leaf


def _date(element: str) -> Leaf:
    """The short way for a date."""
    plain = _plain(element)

    def leaf(parser: WithLeaves, attrs: Attributes, text: str) -> bool:
        if not plain(parser, attrs, text):
            return False
        parser._save(f"{element}_parsed", _parse_date(_mended(text.strip())), overwrite=True)
        return True

    return leaf


def _mended(text: str) -> str:
    """The text without the two mistakes that feedparser corrects: UTF-8 taken for Latin-1, and Windows' C1 letters."""
    if text.isascii():
        return text
    with suppress(UnicodeError):
        text = text.encode("iso-8859-1").decode("utf-8")
    return text.translate(_cp1252) if _C1.search(text) else text


# These keep the language and base of their text.
_DESCRIBED = (
    WithLeaves._leaf_title,
    WithLeaves._leaf_description,
    WithLeaves._leaf_summary,
    WithLeaves._leaf_content,
    WithLeaves._leaf_encoded,
)
_BY_NAME = (
    (WithLeaves._leaf_title, "title dc_title"),
    (WithLeaves._took_title, "media_title"),
    (WithLeaves._leaf_description, "description dc_description media_description"),
    (WithLeaves._leaf_summary, "summary itunes_summary"),
    (WithLeaves._leaf_content, "content"),
    (WithLeaves._leaf_encoded, "content_encoded"),
    (WithLeaves._leaf_link, "link"),
    (WithLeaves._leaf_guid, "guid id"),
    (WithLeaves._leaf_category, "category dc_subject"),
    (WithLeaves._leaf_author, "author dc_creator itunes_author"),
    (WithLeaves._leaf_enclosure, "enclosure"),
    (WithLeaves._leaf_media, "media_content"),
    (_date("published"), "pubdate published dcterms_issued"),
    (_date("updated"), "updated dc_date dcterms_modified"),
    (_date("created"), "dcterms_created"),
    (_plain("language"), "language dc_language"),
)
_LEAVES: Mapping[str, Leaf] = {name: leaf for leaf, names in _BY_NAME for name in names.split()}
