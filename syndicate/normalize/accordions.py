"""The questions of accordions are text: each is a button there, and what stands below it answers it."""

import re

from lxml import etree

from syndicate.normalize.tree import BLOCK_TAGS, HEADINGS

_OPENING = re.compile(r"accordion|collaps|faq|spoiler|toggle", re.IGNORECASE)
_SIGN = "sign"  # no element of HTML
_ASKED = 3  # words: a heading that is a button and says less may be no more than one
_ENDS = tuple(".!?…。！？।۔؟")


def unfold(root: etree._Element) -> None:
    """Make text of the buttons that are questions: all that a heading says, or a line above what they open."""
    for heading in list(root.iter(*HEADINGS, "dt", "summary")):
        button = next(heading.iter("button"), None)
        if button is not None:
            _drop_signs(heading)
            asked = _words(button)
            button.tag = "span" if asked == _words(heading) and (_opens(button) or len(asked) >= _ASKED) else "button"
    for button in list(root.iter("button", "div", "span")):
        pressed = button.tag == "button" or button.get("role") == "button"
        if pressed and _opens(button) and _is_answer(button.getnext()) and not _holds_blocks(button):
            _drop_signs(button)
            button.tag = "h4"


def _words(element: etree._Element) -> list[str]:
    return "".join(map(str, element.itertext())).split()


def _holds_blocks(button: etree._Element) -> bool:
    return next(button.iterdescendants(*BLOCK_TAGS), None) is not None


def _drop_signs(element: etree._Element) -> None:
    """Take out the signs that tell whether it is open, which are read out to nobody."""
    for sign in element.iterdescendants("span", "i", "div", "svg"):
        if sign.get("aria-hidden") == "true" or not (len(sign) or (sign.text or "").strip()):
            sign.tag = _SIGN
    etree.strip_elements(element, _SIGN, with_tail=False)


def _opens(button: etree._Element) -> bool:
    """Whether a button says that it opens what stands below."""
    told = button.get("aria-expanded") is not None or button.get("aria-controls") is not None
    return told or _OPENING.search(button.get("class", "")) is not None


def _is_answer(below: etree._Element | None) -> bool:
    """Whether what stands below a button is a box of text that ends as sentences do."""
    if below is None or below.tag not in BLOCK_TAGS:
        return False
    return bool(said := _words(below)) and said[-1].endswith(_ENDS)
