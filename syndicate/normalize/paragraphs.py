"""Paragraphs that only line breaks part become elements, and what is one line stands in one element."""

import re

from lxml.html import HtmlElement

from syndicate.normalize.tree import BLOCK_TAGS, INLINE

# What may hold paragraphs; one that holds several is no paragraph itself.
_HOLDERS = frozenset({"body", "p", "div", "section", "article", "main", "center", "blockquote", "td"})

_MARK = re.compile(r"\W{0,2}(?:\d{1,3}|[*†‡§]{1,3})\W{0,2}")


def part_paragraphs(body: HtmlElement) -> None:
    """Make an element of each run of text between empty lines, which may hold a blank."""
    empty = [line for line in body.iter("br") if _is_empty(line, line.getnext())]
    for holder in dict.fromkeys(line.getparent() for line in empty):
        if holder.tag in _HOLDERS:
            _part(holder)


def join_marks(body: HtmlElement) -> None:
    """Put the mark of a footnote, which links back to where it is called for, in front of the note's first words."""
    for mark in list(body.iter("a")):
        note = mark.getnext()
        alone = mark.getprevious() is None and not (mark.getparent().text or "").strip() + (mark.tail or "").strip()
        if note is None or note.tag not in {"div", "p"} or not alone or "#" not in mark.get("href", ""):
            continue
        line = next(note.iter("p"), note)
        if _MARK.fullmatch("".join(mark.itertext()).strip()) and (line.text or len(line)):
            mark.tail, line.text = f" {(line.text or '').lstrip()}", None
            line.insert(0, mark)


def _is_empty(line: HtmlElement, following: HtmlElement | None) -> bool:
    """Whether nothing stands between two line breaks."""
    return following is not None and line.tag == following.tag == "br" and not (line.tail or "").strip()


def _part(holder: HtmlElement) -> None:
    if holder.tag == "p":
        holder.tag = "div"
    run = [_line(holder, holder.text)]
    holder.text = None
    for child in list(holder):
        if not _is_inline(child):
            _close(holder, run)
            run = [_line(holder, child.tail)]
            child.tail = None
            holder.append(child)
        elif _is_empty(run[-1], child):
            _close(holder, run)
            run = [child]
        else:
            run.append(child)
    _close(holder, run)


def _line(holder: HtmlElement, text: str | None) -> HtmlElement:
    line = holder.makeelement("br")
    line.tail = text
    return line


def _is_inline(element: HtmlElement) -> bool:
    return element.tag in {"br", *INLINE} and next(element.iter(*BLOCK_TAGS), None) is None


def _close(holder: HtmlElement, run: list[HtmlElement]) -> None:
    """Move a run behind what the holder has, as a paragraph without the line breaks at its ends."""
    paragraph = holder.makeelement("p")
    paragraph.extend(run)
    while len(paragraph) and paragraph[-1].tag == "br" and not (paragraph[-1].tail or "").strip():
        paragraph.remove(paragraph[-1])
    while len(paragraph) and paragraph[0].tag == "br" and not (paragraph.text or "").strip():
        paragraph.text = (paragraph[0].tail or "").lstrip()
        paragraph.remove(paragraph[0])
    if len(paragraph) or paragraph.text:
        holder.append(paragraph)
