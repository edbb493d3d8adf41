"""Comments that editors left in a document, as Google Docs and Word write them into HTML: they are for no reader."""

import re

from lxml import etree

_CLASSES = re.compile(r"(?:^|\s)(?:mso(?:comanchor|comtxt|comoff)|msocommentreference)(?:\s|$)", re.IGNORECASE)
_LIST = re.compile(r"mso-element:\s*comment", re.IGNORECASE)
_DROPPED = "annotation-of-editors"
_MARK, _BACK = "#cmnt", "#cmnt_ref"  # where Docs' links lead: from the text to its comment, and back


def drop_annotations(root: etree._Element) -> None:
    """Take such comments out of a tree, and the marks in the text that lead to them."""
    found = []
    for element in root.iterdescendants(etree.Element):
        href = element.get("href", "") if element.tag == "a" else ""
        if href.startswith(_BACK):
            found.append(_opened_by(element))
        elif href.startswith(_MARK):
            parent = element.getparent()
            found.append(parent if parent is not None and parent.tag == "sup" and len(parent) == 1 else element)
        elif element.tag != "body" and _is_called(element):
            found.append(element)
    for element in found:
        element.tag = _DROPPED
    etree.strip_elements(root, _DROPPED, with_tail=False)


def _is_called(element: etree._Element) -> bool:
    names, style = element.get("class", ""), element.get("style", "")
    return bool((names and _CLASSES.search(names)) or (style and _LIST.search(style)))


def _opened_by(link: etree._Element) -> etree._Element:
    """The comment that a link back opens: what begins with it, up to the first box."""
    element = link
    while element.tag != "div":
        parent = element.getparent()
        if parent is None or parent.tag == "body" or parent.index(element) or (parent.text or "").strip():
            break
        element = parent
    return element
