"""What makes two readings of an article the same: exact fingerprints and similarity sketches. Pure."""

import re
from hashlib import blake2b, sha256
from heapq import nsmallest
from zlib import crc32

from syndicate.model import Article
from syndicate.normalize.pictures import any_host
from syndicate.normalize.urls import link_key

_TAG = re.compile(r"<(/?[a-z][a-z0-9]*)([^>]*)>", re.IGNORECASE)
_TARGET = re.compile(r"""\b(?:href|src)\s*=\s*(?:"([^"]*)"|'([^']*)')""", re.IGNORECASE)
_FAR_SIGNS = re.compile(r"[^\x00-\x7f\w]+")
_NEAR_SIGNS = bytes(code if code > 127 or chr(code).isalnum() or chr(code) == "_" else 32 for code in range(256))

_SKETCH = 16  # values
_SHORTEST = 40  # words; below, similarity says nothing
_ALIKE = 11  # of the 16 smallest values of both texts' union: a Jaccard similarity of about 0.7


def fingerprint(article: Article) -> str:
    """Hash what a reader of the article would notice, in 32 hexadecimal digits.

    Dates, white space, the order and choice of attributes, the order of categories, and how the article's address is
    spelled (scheme, `www.`, tracking) are left out: sources change them without changing the article. Words, structure,
    link and picture targets, title, people, rights and attachments count.
    """
    pieces = _TAG.split(article.html)  # text, tag, attributes, text, tag, attributes, ... text
    words = " ".join(" ".join(pieces[::3]).split())
    shape = [
        (tag.lower(), *(a or b for a, b in _TARGET.findall(attributes))) if attributes else (tag.lower(),)
        for tag, attributes in zip(pieces[1::3], pieces[2::3], strict=True)
    ]
    parts = (
        " ".join(article.title.split()),
        words,
        shape,
        link_key(article.link),
        [(p.name, p.role, p.organization) for p in article.authors],
        " ".join(article.rights.split()),
        sorted(article.categories),
        [(any_host(i.url), " ".join(i.caption.split()), i.credit) for i in article.images],
        [(e.url, e.type) for e in article.enclosures],
        article.original and (article.original.name, article.original.url),
        "held" if article.held else "",  # how much would be cut says nothing of what stays
    )
    return sha256(repr(parts).encode("utf-8", "surrogatepass")).hexdigest()[:32]


def sketch(text: str) -> tuple[int, ...]:
    """Reduce a text to the 16 smallest hashes of its overlapping word quadruples, as signed 64-bit integers.

    Broder's bottom-k sketch ("On the resemblance and containment of documents", 1997). Empty for texts under 40
    words, which have too little to compare.
    """
    words = _words(text)
    if len(words) < _SHORTEST:
        return ()
    shingles = set(map(b" ".join, zip(words, words[1:], words[2:], words[3:], strict=False)))
    # The order comes from a cheap checksum, which every quadruple needs; only the chosen ones get a longer hash.
    smallest = nsmallest(_SKETCH, zip(map(crc32, shingles), shingles, strict=True))
    return tuple(
        int.from_bytes(crc.to_bytes(4) + blake2b(s, digest_size=4).digest(), signed=True) for crc, s in smallest
    )


def _words(text: str) -> list[bytes]:
    r"""The words of a text, without case, in UTF-8: what `\w+` finds, in half the time."""
    line = text.casefold()
    near = line if line.isascii() else _FAR_SIGNS.sub(" ", line)
    return near.encode().translate(_NEAR_SIGNS).split()


def alike(one: tuple[int, ...], other: tuple[int, ...]) -> bool:
    """Say whether two sketches belong to near-identical texts."""
    common = set(one) & set(other)
    if not common or len(common) < least_common(len(set(one) | set(other))):
        return False
    union = nsmallest(_SKETCH, set(one) | set(other), key=_order)
    return len(common.intersection(union)) >= least_common(len(union))


def least_common(values: int) -> float:
    """How many values two sketches must have in common to be alike, when one or both have so many."""
    return _ALIKE * min(_SKETCH, values) / _SKETCH


def _order(value: int) -> bytes:
    """Sketches are ordered by the hashes' bytes; the sign is only for databases without unsigned integers."""
    return value.to_bytes(8, signed=True)
