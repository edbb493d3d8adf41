"""The line at the end of a body that says who published the article first, in the article's language. Pure.

The owner's credit and link travel with the text wherever a partner copies it. Rights lines stay metadata: the
body is the article and this one line.
"""

import html
from urllib.parse import urlsplit

_FIRST_PUBLISHED = {
    "ar": "نُشر لأول مرة في {name}.",
    "da": "Først udgivet af {name}.",
    "de": "Zuerst erschienen bei {name}.",
    "en": "First published by {name}.",
    "es": "Publicado por primera vez en {name}.",
    "fi": "Julkaistu ensin: {name}.",
    "fr": "Première publication : {name}.",
    "he": "פורסם לראשונה ב־{name}.",
    "it": "Pubblicato per la prima volta da {name}.",
    "ja": "初出：{name}",
    "ko": "최초 게재: {name}",
    "nb": "Først publisert av {name}.",
    "nl": "Eerder verschenen bij {name}.",
    "no": "Først publisert av {name}.",
    "pl": "Pierwsza publikacja: {name}.",
    "pt": "Publicado pela primeira vez em {name}.",
    "ru": "Первая публикация: {name}.",
    "sv": "Först publicerad av {name}.",
    "tr": "İlk yayın: {name}.",
    "uk": "Перша публікація: {name}.",
    "zh": "首发：{name}",
}
_ANY_LANGUAGE = "→ {name}"  # no word is better than a word in a language that the reader may not know


def attribution(name: str, url: str, language: str) -> str:
    """One paragraph of HTML naming the first publisher and linking to the original; "" when neither is known."""
    name = name or (urlsplit(url).hostname or "").removeprefix("www.")
    if not name:
        return ""
    shown = html.escape(name, quote=False)
    if url:
        shown = f'<a href="{html.escape(url)}">{shown}</a>'
    sentence = _FIRST_PUBLISHED.get(language.split("-", maxsplit=1)[0].lower(), _ANY_LANGUAGE)
    return f"<p>{sentence.replace('{name}', shown)}</p>"
