"""The paragraphs below a body that say what was put right of it, in the article's language. Pure."""

import html
from collections.abc import Iterable

from syndicate.model import Correction
from syndicate.render.text import line

_CORRECTION = {
    "ar": "تصحيح ({date}): {note}",
    "da": "Rettelse ({date}): {note}",
    "de": "Korrektur ({date}): {note}",
    "en": "Correction ({date}): {note}",
    "es": "Corrección ({date}): {note}",
    "fi": "Oikaisu ({date}): {note}",
    "fr": "Rectificatif ({date}) : {note}",
    "he": "תיקון ({date}): {note}",
    "it": "Correzione ({date}): {note}",
    "ja": "訂正（{date}）：{note}",
    "ko": "정정 ({date}): {note}",
    "nb": "Rettelse ({date}): {note}",
    "nl": "Correctie ({date}): {note}",
    "no": "Rettelse ({date}): {note}",
    "pl": "Sprostowanie ({date}): {note}",
    "pt": "Correção ({date}): {note}",
    "ru": "Исправление ({date}): {note}",
    "sv": "Rättelse ({date}): {note}",
    "tr": "Düzeltme ({date}): {note}",
    "uk": "Виправлення ({date}): {note}",
    "zh": "更正（{date}）：{note}",
}


def paragraphs(corrections: Iterable[Correction], language: str) -> str:
    """One paragraph of HTML for each note, with its date; in English where we have no word in that language."""
    sentence = _CORRECTION.get(language.split("-", maxsplit=1)[0].lower(), _CORRECTION["en"])
    return "\n".join(
        f"<p>{sentence.format(date=one.at.date().isoformat(), note=html.escape(line(one.note), quote=False))}</p>"
        for one in corrections
    )
