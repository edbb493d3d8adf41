"""What stands in the place of an article that was withdrawn, in the feed's language and in importers' forms. Pure."""

from typing import Literal

# Importers that have to be given the item again, with an element that says so; each has its own.
Form = Literal["smartnews", "gunosy", "goo", "line", "msn"]

_WITHDRAWN = {
    "ar": "سُحب هذا المقال.",
    "da": "Denne artikel er trukket tilbage.",
    "de": "Dieser Artikel wurde zurückgezogen.",
    "en": "This article was withdrawn.",
    "es": "Este artículo ha sido retirado.",
    "fi": "Tämä artikkeli on vedetty pois.",
    "fr": "Cet article a été retiré.",
    "he": "כתבה זו הוסרה.",
    "it": "Questo articolo è stato ritirato.",
    "ja": "この記事は取り下げられました。",
    "ko": "이 기사는 철회되었습니다.",
    "nb": "Denne artikkelen er trukket tilbake.",
    "nl": "Dit artikel is ingetrokken.",
    "no": "Denne artikkelen er trukket tilbake.",
    "pl": "Ten artykuł został wycofany.",
    "pt": "Este artigo foi retirado.",
    "ru": "Эта статья отозвана.",
    "sv": "Den här artikeln har dragits tillbaka.",
    "tr": "Bu makale geri çekildi.",
    "uk": "Цю статтю відкликано.",
    "zh": "本文已撤回。",
}


def notice(language: str) -> str:
    """One sentence that says so; in English where we have none in that language, since it has to say something."""
    return _WITHDRAWN.get(language.split("-", maxsplit=1)[0].lower(), _WITHDRAWN["en"])
