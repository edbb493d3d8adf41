"""What the parts of a page are called, and so which of them are furniture.

People who build pages name their boxes for themselves, but they draw on the same few hundred words. A class or id
is read as a row of words ("ArticlePage-relatedLinks" is article page related links), and families of words are
looked for in that row.
"""

import re
from functools import lru_cache

from lxml import etree

_PART = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")

# Strong families name things that are never the article, whoever builds the page.
_STRONG = {
    "ad": """
    ads? adverts? advertisements? advertising advertiser adsense adsbygoogle adslot adunit adbox adspot adwrap
    adwrapper adcontainer dfp gpt mpu sponsors? sponsored outbrain taboola revcontent zergnet teads criteo
    publicidade? anzeige werbung reklama reklame pubblicita publicite annonce
    """,
    "share": """
    share shares shared sharing sharebar sharebox sharedaddy sharethis sharer shareline sharetools
    sharebuttons? sharelinks addthis addtoany socials? socialize socialmedia follow-us like-box like-button
    jp-post-flair compartir compartilh[a-z]* teilen partag[a-z]* condividi udostepnij delen podeli[a-z]*
    """,
    "related": """
    related relatedposts? relatedarticles? relatedcontent relatedstories relatedlinks recirc recirculation
    recommended recommendations? trending most-popular mostpopular most-read mostread most-viewed
    popular-posts more-from more-stories more-news more-posts more-articles read-also read-next also-read
    also-like you-may see-also further-reading up-next next-article next-post next-story prev-post
    previous-post latest-news latest-posts latest-stories recent-posts recent-news yarpp teaser-list post-nav
    read-more-box relacionad[ao]s? leia-tambem leia-mais veja-tambem ver-tambien tambien tambem lee-tambien
    verwandte weitere-artikel mehr-zum-thema similaires? a-lire lire-aussi leggi-anche correlat[ie] lees-ook
    podobne pohozhie pohozie interessant empfehlungen siehe-auch related[a-z]*
    """,
    "newsletter": """
    newsletters? signup sign-up subscribe subscription subscriptions optin mailchimp mailinglist email-capture
    """,
    "comments": """
    comment(?!ary ator)[a-z]* disqus respond livefyre viafoura coral-talk comentarios? comentar
    kommentar[a-z]* commentaires? commenti reacties komentarze? otzyvy
    """,
    "nav": """
    nav navbar navigation menu submenu breadcrumbs? pagination pager pagenav masthead topbar toolbar
    site-header site-footer skip-link tagcloud tag-cloud
    """,
    "notice": """
    rollover-people-block rollover-block hovercard popover cookie[a-z]* consent gdpr modal popup pop-up
    lightbox tooltip sr-only visually-hidden visuallyhidden screen-reader-text print-only noprint no-print
    """,
    "appeal": """
    donate donation donations paywall regwall membership
    """,
    "bio": """
    author-bio author-box authorbox author-info author-profile author-description author-details author-card
    author-block about-the-author about-author bio biography contributor-bio
    """,
    "tags": """
    tags taglist tag-list tag-links post-tags article-tags cat-links filed-under
    """,
}
# Soft families name things that are mostly furniture, but whose names are also given to parts of articles.
_SOFT = {
    "byline": """
    byline bylines by-line authors? author-name vcard contributors? pubdate pub-date publish-date date
    datetime dateline timestamp time published posted-on post-date post-meta entry-meta article-meta postmeta
    meta metadata postinfo post-info reading-time read-time     """,
    "tags": """
    tag category categories topics? keywords labels? kicker eyebrow rubric
    """,
    "promo": """
    promo promos promotion promoted cta widget widgets sidebar siderail right-rail rail teasers? cards?
    popular latest recent read-more readmore more links disclaimer disclosure print rating ratings poll quiz
    entry-footer post-footer article-footer footer tools actions buttons? btn player carousel slider gallery
    """,
}
_CAPTION = """
    captions? figcaption image-caption wp-caption-text caption-text photo-credit image-credit imgcaption
    """
_BODY = """
    article-body articlebody article-content articlecontent article-text articletext story-body storybody
    story-content story-text post-body post-content postcontent entry-content entrycontent body-copy body-text
    bodytext body-content rich-text richtext field-name-body post-entry news-text newstext text-content
    main-text article-main articlemain single-content content-body contentbody td-post-content article-copy
    page-content
    """


def _row(words: str) -> re.Pattern[str]:
    return re.compile(f"(?:^|-)(?:{'|'.join(words.split())})(?=-|$)")


_STRONG_ROWS = {family: _row(words) for family, words in _STRONG.items()}
_SOFT_ROWS = {family: _row(words) for family, words in _SOFT.items()}
_ANY_STRONG = _row(" ".join(_STRONG.values()))
_ANY_SOFT = _row(" ".join(_SOFT.values()))
_CAPTION_ROW = _row(_CAPTION)
_BODY_ROW = _row(_BODY)


@lru_cache(maxsize=8192)
def _called(names: str) -> str:
    return "-".join(part.lower() for part in _PART.findall(names[:400]))


def called(element: etree._Element) -> str:
    """The words by which an element is called, joined by hyphens."""
    kind = element.get("class")
    name = element.get("id")
    if kind is None and name is None:
        return ""
    return _called(f"{kind or ''} {name or ''}")


@lru_cache(maxsize=8192)
def strong(names: str) -> str:
    """The strong family that a row of words belongs to, or ""."""
    return _family(names, _STRONG_ROWS) if _ANY_STRONG.search(names) else ""


@lru_cache(maxsize=8192)
def soft(names: str) -> str:
    """The soft family that a row of words belongs to, or ""."""
    return _family(names, _SOFT_ROWS) if _ANY_SOFT.search(names) else ""


@lru_cache(maxsize=8192)
def is_caption(names: str) -> bool:
    """Whether these words name a picture's caption or credit."""
    return _CAPTION_ROW.search(names) is not None


@lru_cache(maxsize=8192)
def is_body(names: str) -> bool:
    """Whether these words name the body of an article."""
    return _BODY_ROW.search(names) is not None


def _family(names: str, rows: dict[str, re.Pattern[str]]) -> str:
    return next(family for family, row in rows.items() if row.search(names))
