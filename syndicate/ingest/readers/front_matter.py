"""The fields above a file's text: YAML between lines of dashes, TOML between lines of pluses, or lines of their own."""

import json
import re
import tomllib
from typing import Any

import yaml

from syndicate.errors import UnreadableError
from syndicate.text import legal, squeeze

Fields = dict[str, tuple[str, ...]]

_FENCED = re.compile(r"\A(-{3}|\+{3})[ \t]*\n(.{0,20000}?)\n(?:\1|\.{3})[ \t]*(?:\n|\Z)", re.DOTALL)
_LINES = re.compile(r"\A(?:[^\W\d][\w -]{1,20}:[ \t]+\S[^\n]{0,300}(?:\n|\Z)){2,20}(?=\n|\Z)")
# A value of one line that YAML takes for more than words: it begins with a sign, or holds a colon.
_UNQUOTED = re.compile(
    r"^([A-Za-z][\w -]{0,40}):[ \t]+(?!\"[^\"\n]*\"$|'[^'\n]*'$)"
    r"((?:[\"'@`%&*!-]|\[[^\]\n]*\][ \t]*[^\s#]|[^\[{>|\n].*:[ \t]).*)$",
    re.MULTILINE,
)
_NAMES = {"tags": "categories", "keywords": "categories", "category": "categories", "author": "authors"}
_NAMES |= {"byline": "authors", "date": "published", "lang": "language", "url": "link", "canonical": "link"}
_NAMES |= {"copyright": "rights", "license": "rights", "description": "summary", "headline": "title", "guid": "id"}
_NAMES |= {"lastmod": "updated", "modified": "updated", "last_modified_at": "updated", "tag": "categories"}
_OURS = frozenset({*_NAMES.values(), "image", "caption", "credit"})
_JOINED = {"categories": ",", "authors": ", "}  # what several fields may tell, and what parts several in one text
_YES, _NO = frozenset({"true", "yes", "on"}), frozenset({"false", "no", "off"})


def front_matter(text: str, name: str) -> tuple[Fields, str]:
    """Part a file's text into its fields, by our names for them, and the rest.

    Raises UnreadableError where the fields can't be read, and where they say that this is a draft.
    """
    text = text.lstrip("\n")
    match = _FENCED.match(text)
    if match is None:
        return _lines(text)
    try:
        found = tomllib.loads(match[2]) if match[1] == "+++" else _yaml(match[2])
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise UnreadableError(f"{name}: its front matter can't be read: {squeeze(str(error))[:200]}") from error
    if not isinstance(found, dict):
        return {}, text
    fields = {str(key).strip().lower(): _values(value) for key, value in found.items()}
    switch = {key: values[0].lower() for key, values in fields.items() if values}
    if switch.get("draft") in _YES or switch.get("published") in _NO or switch.get("status") == "draft":
        raise UnreadableError(f"{name}: its front matter says that it is a draft")
    if switch.get("published") in _YES:  # Jekyll's switch, and no date
        del fields["published"]
    return _ours(fields), text[match.end() :]


def _lines(text: str) -> tuple[Fields, str]:
    """The fields of a first paragraph that is nothing else: "Title: ...", "Author: ...", each on a line of its own."""
    match = _LINES.match(text)
    parts = [line.split(":", 1) for line in match[0].rstrip("\n").split("\n")] if match else []
    fields: Fields = {name.strip().lower(): (value.strip(),) for name, value in parts}
    known = {_NAMES.get(name, name) for name in fields}
    if match is None or "title" not in known or not known <= _OURS:
        return {}, text
    return _ours(fields), text[match.end() :]


def _ours(fields: Fields) -> Fields:
    """Fields by our names for them: members of several are joined, else our own name counts, then the first."""
    found: Fields = {}
    for key, values in sorted(fields.items(), key=lambda field: field[0] in _NAMES):
        name = _NAMES.get(key, key)
        if name in _JOINED:
            several = values[0].split(_JOINED[name]) if len(values) == 1 else values  # one text may list them
            found[name] = tuple(dict.fromkeys((*found.get(name, ()), *several)))
        else:
            found.setdefault(name, values)
    return {name: values for name, values in found.items() if values}


def _yaml(text: str) -> Any:
    """YAML's lists, mappings and texts, and nothing else: the base loader makes no dates, truths or objects of them.

    People write headlines without quotation marks, and tabs; where YAML refuses that, it gets quotes and spaces.
    """
    try:
        return yaml.load(text, yaml.BaseLoader)  # noqa: S506 - see above
    except yaml.YAMLError:
        spaced = text.expandtabs(2)
        quoted = _UNQUOTED.sub(lambda line: f"{line[1]}: {json.dumps(line[2].rstrip(), ensure_ascii=False)}", spaced)
        return yaml.load(quoted, yaml.BaseLoader)  # noqa: S506 - see above


def _values(value: Any) -> tuple[str, ...]:
    """A field's words: one text, or those of a list; of a mapping (an author's) its name."""
    several = value if isinstance(value, list) else [value]
    named = (one.get("name", "") if isinstance(one, dict) else one for one in several)
    return tuple(filter(None, (legal(str(one)).strip() for one in named if not isinstance(one, dict | list))))
