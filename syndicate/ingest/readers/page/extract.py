"""The article inside a web page: its main container, with structure kept and the page's furniture gone."""

from dataclasses import dataclass

import trafilatura

from syndicate.errors import UnreadableError


@dataclass(frozen=True, slots=True)
class Extracted:
    """The article found on a page: its body as an HTML fragment and its headline as plain text."""

    html: str
    title: str = ""


def extract(page_html: str, url: str) -> Extracted:
    """Find the article in a page.

    Raises UnreadableError when the page holds none.
    """
    html = trafilatura.extract(
        page_html,
        url=url or None,
        output_format="html",
        include_comments=False,
        include_tables=True,
        include_images=True,
        include_links=True,
        include_formatting=True,
    )
    if not html:
        raise UnreadableError(f"no article text was found on the page {url}")
    return Extracted(html=html.removeprefix("<html><body>").removesuffix("</body></html>"))
