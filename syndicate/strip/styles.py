"""Style sheets that leaked into a text: nobody wrote them for readers, unless they write of such things."""

import re
from collections.abc import Sequence

from syndicate.normalize.tree import BLOCK_TAGS, INLINE
from syndicate.strip.verdicts import Judged, Scene

_CODE = ("pre", "code", "kbd", "samp", "textarea")
_ABOUT_STYLES = re.compile(r"\bcss|style\s?sheet|\bselectors?\b|\bhtml\b", re.IGNORECASE)
_COMMENT = re.compile(r"/\*.{0,5000}?\*/", re.DOTALL)
# An innermost one; tried behind a brace only, or text without any would be searched from each of its characters.
_RULE = re.compile(r"(?:\A|(?<=[{}]))([^{}]*+)\{([^{}]*+)\}")
_IMPORT = re.compile(r"@(?:import|charset|namespace)\b[^{};]{0,500};")
_AT = re.compile(r"@[a-z-]+\b[^{};]{0,500}", re.IGNORECASE)
_SELECTOR = re.compile(r"(?:(?P<tag>[a-z][\w-]*)|\*)?(?:[.#:\[].*)?|\d{1,3}%", re.ASCII)
_BETWEEN = re.compile(r"[\s,>+~]+")
_TAGS = (
    BLOCK_TAGS | INLINE | {"html", "body", "button", "input", "label", "picture", "video", "audio", "iframe", "from"}
)
_DECLARED = re.compile(r"-?-?[a-z][\w-]*\s*:\s*\S", re.IGNORECASE)
_PROPERTY = re.compile(
    r"(?:^|[;{])\s*(?:-(?:webkit|moz|ms|o)-)?(?:color|background|margin|padding|border|display|font|text-|line-height|"
    r"(?:max-|min-)?(?:width|height)|position|float|overflow|opacity|visibility|top|left|right|bottom|z-index|list-style|"
    r"content|transform|transition|animation|flex|grid|box-|cursor|fill|--\w)[\w-]*\s*:",
    re.IGNORECASE,
)
_MOST_BLOCKS, _MOST_DEPTH = 200, 4
_LONGEST = 50_000  # characters; a longer one is no accident


def leaked(judged: Sequence[Judged], scene: Scene) -> None:
    """Cut the blocks that make a style sheet, together or each for itself; an article about style sheets keeps them."""
    if not any("{" in item.block.text for item in judged):
        return
    code = next(judged[0].block.container.getroottree().getroot().iter(*_CODE), None) is not None
    said = (scene.title, *(item.block.text for item in judged if "{" not in item.block.text))
    if code or any(map(_ABOUT_STYLES.search, said)):
        return
    at = 0
    while at < len(judged):
        size = _sheet_from([item.block.text for item in judged[at : at + _MOST_BLOCKS]])
        for item in judged[at : at + size]:
            if not (item.kept or item.family):
                item.cut("template", "form", "style sheet", "rules of a style sheet, which readers were not to see")
                item.sure = True
        at += size or 1


def _sheet_from(texts: Sequence[str]) -> int:
    """How many of these texts, from the first on, make a whole style sheet or rules of one."""
    if not ("{" in texts[0] or texts[0].startswith((".", "#", "@", "/*")) or texts[0].endswith((",", "{"))):
        return 0
    depth, opened = 0, False
    for size, text in enumerate(texts, 1):
        depth += text.count("{") - text.count("}")
        opened = opened or "{" in text
        if opened and depth <= 0:
            return size if is_style_sheet("\n".join(texts[:size])) else 0
        if not opened and size > _MOST_DEPTH:
            return 0
    return 0


def is_style_sheet(text: str) -> bool:
    """Whether a text is nothing but rules of a style sheet, one of them with a property that such have."""
    left = _COMMENT.sub(" ", text) if len(text) < _LONGEST else ""
    if not _PROPERTY.search(left):
        return False
    for _ in range(_MOST_DEPTH):
        if not all(_is_rule(*found.groups()) for found in _RULE.finditer(left)):
            return False
        left, found = _RULE.subn(" ", left)
        if not found:
            break
    return not _IMPORT.sub("", left).strip()


def _is_rule(selectors: str, declared: str) -> bool:
    selectors = _IMPORT.sub("", selectors).strip()
    if not all(_DECLARED.match(one.strip()) for one in declared.split(";") if one.strip()):
        return False
    names = [name for name in _BETWEEN.split(selectors) if name]
    return bool(names) and (_AT.fullmatch(selectors) is not None or all(map(_is_selector, names)))


def _is_selector(name: str) -> bool:
    found = _SELECTOR.fullmatch(name)
    return found is not None and (not found["tag"] or found["tag"] in _TAGS or "-" in found["tag"])
