"""What a block's form tells, whatever it sounds like: the end of a letter, a programme, a passage, a motto.

Such blocks are the article's own, however short they are and wherever they stand.
"""

import re

from syndicate.normalize.credits import parted
from syndicate.strip.neighbours import REACHED
from syndicate.strip.programmes import is_appointed
from syndicate.strip.verdicts import Judged
from syndicate.strip.words import SENTENCE

PRESS = "press-contact"  # the rule for what a release calls whom to call
_TWICE = 2  # articles
_ALL_LINK = 0.9  # share of links
_LOUD, _LOUDER = 2.0, 3.0  # log odds
_CALLS = frozenset({"share", "give"})
_TURNING = frozenset({"send", "contact", "comments", "subscribe"})  # what readers may do, wherever they turn
_OFFERED = frozenset({"us", "control", "nav", "notice"})  # what houses speak of: themselves, their pages, what is free
_STATED = 5  # words of a sentence, two of them an address
_ANYBODY = frozenset({"contact-address", "publisher-address"})  # rules for any address
ADDRESS = re.compile(  # of a mailbox, a page or a host
    r"(?:[\w.+-]{1,40}@|\bhttps?://|\bwww\.)[\w-]{1,60}(?:\.[\w-]{1,60}){0,4}"
    r"|\b[^\W_][\w-]{1,40}(?:\.[a-z-]{2,12}){1,3}(?![\w@])"
)
_MAY_BE_ADDRESS = re.compile(r"[@.:][\w/-]")  # which is quicker to see
# Who is called: two words of a name behind a label.
_NAME = r"(?:(?!\d)[^\W_a-z][\w.'’-]*\s){1,4}(?!\d)[^\W_a-z][\w.'’-]+"
_CALLED = re.compile(rf"(?:[:：,–-]\s?|[a-zà-ÿа-яё]\s){_NAME}|[:：]\s?[一-鿿가-힣]{{2,4}}")
_PLACE_AND_DAY = re.compile(
    r"[^\W\d][^\d,:|/•·]{1,40},\s(?:the\s|am\s|den\s|le\s|el\s|il\s|em\s)?\d{1,2}(?:st|nd|rd|th|\.|º)?\s"
    r"(?:de\s|of\s)?[^\W\d]{3,12}\.?(?:,?\s(?:de\s)?\d{4})?\.?"
)
_SIGNATURE = re.compile(r"[-–—]{1,3}\s?(?:(?!\d)[^\W_a-z][\w.'’-]*[\s.,;]{0,2}){1,3}")
# "Read: Matthew 5:3-12", "See also: The Code, canons 1055 to 1165", "See: Ada Lund, The Quay (Tern Press, 2011)".
_VERSES = r"(?:\s?[-–]\s?|\s?[:.,;]\s?)\d{1,3}[a-c]?"
_BOOK = r"(?:\d\.?\s)?[^\W\d_]+\.?"
_LONG_NAME = rf"{_BOOK}(?:\s[^\W\d_]+\.?){{1,3}}\s\d{{1,3}}\s?[:.,]\s?\d{{1,3}}"
_PASSAGE = rf"(?:{_BOOK}\s\d{{1,3}}|{_LONG_NAME})(?:{_VERSES}){{0,8}}"
_PARTS = (
    r"(?:canons?|cann?\.|cc\.|chapters?|paragraphs?|sections?|articles?|verses?|vv\.|pages?|pp\.|nos?\.|nn\.|§+"
    r"|kapitel|absatze?|verse|strophen?|seiten?|canones|capitul[oa]s?|versiculos?|paginas?|chapitres?|versets?|versetti)"
)
_REFERENCE = re.compile(
    rf"(?:[^:：|]{{2,30}}[:：|]\s*(?:{_PASSAGE}(?:[;,]?\s(?:[^\W\d_]{{1,4}}\s)?{_PASSAGE}){{0,4}}"
    rf"|.{{2,90}}\b{_PARTS}\s\d{{1,4}}(?:\s?(?:[-–,]|[^\W\d_]{{1,3}})\s?\d{{1,4}}){{0,3}}"
    r"|[^()]{4,90}\([^()]{2,60},\s?(?:1[5-9]|20)\d\d\))"
    r"|[^。『《]{0,40}[『《][^』》]{1,60}[』》][^。]{0,40}(?:1[5-9]|20)\d\d年?)\W*"
)
# A quotation with who said it, and one that ends in chapter and verse (no day, whose year has four digits).
_QUOTATION = re.compile(r"""\W?["“”„«»「『‹‘].{12,}["“”«»」』›’]\W{0,2}(?:\s?[-–—(（\[].{2,60})?""", re.DOTALL)
_VERSE = re.compile(
    r"(?:[(（\[–—]|\s-)\s?(?:[1-4I]{1,3}\.?\s?)?[^\W\d_]+(?:\.?\s[^\W\d_]+){0,3}\.?\s?\d{1,3}[:,.]\d{1,3}(?!\d)"
    r"(?:[-–,;.\s]{1,2}\d{1,3}(?!\d))*[a-f]?\W*$"
)


def tells(item: Judged) -> bool:
    """Whether its form tells what no sound can: a letter's end, a programme's line, a caption, a passage, a motto.

    It is asked for again in each reading, when nothing of this changes any more.
    """
    if item.formed is None:
        told = (is_signed, is_appointed, is_caption, is_reference, is_motto, is_charge, is_directed, is_press_contact)
        item.formed = any(form(item) for form in told)
    return item.formed


def is_signed(item: Judged) -> bool:
    """Whether it is the place and the day at the end of a letter, or the name of who wrote it behind a dash."""
    text = item.block.text
    if not item.before > 0 == item.after:
        return False
    dated = "," in text and _PLACE_AND_DAY.fullmatch(text) is not None
    return dated or (text[0] in "-–—" and _SIGNATURE.fullmatch(text) is not None)


def is_reference(item: Judged) -> bool:
    """Whether it says what to read, and that is a passage of a book, or one with its year; no page of the house."""
    text = item.reading.folded
    return item.reading.kinds <= {"out"} and any(map(str.isdigit, text)) and _REFERENCE.fullmatch(text) is not None


def is_charge(item: Judged) -> bool:
    """Whether it quietly bids the reader share or give what is not the house's: a meal, a coat, the Good News."""
    reading = item.reading
    calls = not reading.concepts.keys().isdisjoint(_CALLS)
    return calls and _is_calm(item, _LOUD) and reading.asks_for_another(_CALLS)


def is_directed(item: Judged) -> bool:
    """Whether it quietly gives an address of somebody else's: where tickets are sold, or the council is written to.

    What speaks of the house, or of what houses offer, is a call of the house.
    """
    reading = item.reading
    if _MAY_BE_ADDRESS.search(reading.folded) is None or not _is_calm(item, _LOUDER) or not reading.kinds <= {"out"}:
        return False
    if not all(rule.name in _ANYBODY or rule.row for rule in item.rules):
        return False
    address = ADDRESS.search(reading.folded)
    if address is None or reading.size < _STATED or not _OFFERED.isdisjoint(reading.concepts):
        return False
    country = address[0].rpartition(".")[2]  # shared by many houses
    own = any(reading.words[at] != country for at in reading.named)
    return not own and all(concept in _TURNING for concept, _, _ in reading.cues)


def _is_calm(item: Judged, loudest: float) -> bool:
    """Whether it is a single sentence that does not shout, nor sounds like nothing but boilerplate."""
    text = item.block.text
    return text.endswith((".", "。")) and item.loudness <= loudest and SENTENCE.search(text) is None


def is_press_contact(item: Judged) -> bool:
    """Whether it names, in one line, whom a release's readers may call: a label, a name, a number or an address."""
    text = item.block.text
    if not any(rule.name == PRESS for rule in item.rules) or REACHED.search(text) is None:
        return False
    return "us" not in item.reading.concepts and _CALLED.search(text) is not None


def is_caption(item: Judged) -> bool:
    """Whether it says what a picture shows: a caption that is no mere credit or link and has not stood elsewhere."""
    if "figcaption" not in item.block.tags or item.block.linked >= _ALL_LINK or comes_back(item):
        return False
    return bool(parted(item.block.text)[0])


def names_nobody(item: Judged) -> bool:
    """Whether it links to another page of the site, as credits may do to somebody's, and names nobody."""
    return item.reading.kinds == {"in"} and not parted(item.block.text, certain=True)[1]


def is_motto(item: Judged) -> bool:
    """Whether it is a quotation above an article: in quotation marks but for who said it, or with chapter and verse."""
    text = item.block.text
    if item.before or item.rules or item.block.links:
        return False
    return _QUOTATION.fullmatch(text) is not None or _VERSE.search(text) is not None


def comes_back(item: Judged) -> bool:
    """Whether it has stood in several articles of its source: it is listened to, and read again, whatever it says."""
    return item.trace is not None and item.trace.seen > _TWICE
