"""A body of prose to put things beside, and an article with a body."""

from syndicate.model import Article

PROSE = (
    "<p>The ferry sailed again on Monday at six in the morning with nine passengers and a piano on board.</p>"
    "<p>By noon it had reached the outer islands, where the whole school stood on the quay and sang for the crew.</p>"
    "<p>The captain, who is seventy-one, said that he had never been so cold nor so glad to see a lighthouse.</p>"
)


def article(html: str) -> Article:
    """An article of no particular source with this body."""
    return Article("s", "k", "https://quay.example/1", "A title that nothing repeats", html, "")


# A whole menu, as it stands around the text of a page: twelve lines.
MENU = [
    "About us",
    "Contact us",
    "Privacy policy",
    "Terms of use",
    "Cookie settings",
    "Sitemap",
    "Advertise with us",
    "Impressum",
    "Datenschutz",
    "AGB",
    "Mediadaten",
    "Mentions légales",
]
