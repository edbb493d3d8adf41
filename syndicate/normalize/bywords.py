"""The words by which a byline is known, in many languages; what names are is told in `byline`."""

import re

_TEXTS = r"text|story|words|texte|texto|testo|tekst|teksti|текст"
_ANDS = r"and|und|y|et|e|en|i|och|og|ja|и|та"
_PICTURES = (
    r"photo(?:graph)?s?|photography|pictures?|images?|illustrations?|video|foto(?:['’]?s)?|bilder|fotografías?|"
    r"photographies|(?:valo)?kuvat?|zdjęcia|фото"
)
# Words that subheads open with, too: a name of two words has to follow.
_BEFORE_COLON = (
    r"byline|author|writer|reporter|journalist|skribent|verfasser(?:in)?|autrice|autorka|авторка|szerző|írta|kirjoittaja|"
    r"texte|texto|testo|tekst|teksti|текст|κείμενο|tác\sgiả|bài(?:\sviết)?|penulis|mwandishi|na|ni|de|yazar|yazan|"
    r"συντάκτ(?:ης|ρια)|ρεπορτάζ|लेखक|लेखिका|ผู้เขียน|ავტორი|كتبت?|إعداد|reportagem"
)
_ALONE = (
    r"propos\srecueillis\spar|a\scura\sdi|scritto\sda|escribe|oleh|viết\sbởi|isinulat\sni|โดย|كتبت|napsala?|napisała?|"
    r"opracowała?|rozmawia(?:ła?)?|беседовала?|подготовила?|γράφει\s[οη]"
)
_OUR = r"our|unsere[mnrs]?|notre|nos|onze|nostr[oaie]|nuestr[oa]s?|noss[oa]s?|vår\w{0,2}|vor(?:es)?"
BY = re.compile(
    r"(?:(?:written|story|reported|text|words|report|posted|published|submitted|verfasst|geschrieben|erstellt"
    r"|veröffentlicht|enviado|escrito|publicado|écrit|rédigé|publié|soumis|pubblicato|inviato|geschreven|geplaatst)\s+)?"
    r"(?:by|von|por|par|di|door|av|af|przez|autor(?:in|es|a)?|auteur|autore|text|автор|от|від|بقلم|מאת)"
    r"(?:\s*:\s*|\s+)(?=\S)"
    r"|(?:posted|published|submitted|(?:last\s+)?(?:updated|modified))\s+(?:on|at)\s+[^.!?]{4,40}?\s+by\s+"
    r"|(?:作者|撰文|文字|文|撰稿|执笔|執筆者?|取材・文|(?:本[报報刊社网網])?(?:记者|記者))\s*[:/／|｜・]\s*"
    r"|(?:本[报報刊社网網])?(?:记者|記者)\s+"
    rf"|(?:{_TEXTS})\s+(?=(?:(?:{_ANDS})\b|&)\s+(?:{_PICTURES})\b)"
    rf"|(?:van|de|dal(?:la)?)\s+(?=(?:{_OUR})\s)"
    rf"|(?P<two>(?:{_BEFORE_COLON})\s*:\s*|(?:{_ALONE})(?:\s*:\s*|\s+)|(?:автор|autor)\s[—–-]\s)",
    re.IGNORECASE,
)
# "24.11.2026 14:05 von", "November 24, 2026 by": the day stands in front of the byline.
DAY = re.compile(
    r"(?:\d{1,2}[./]\d{1,2}[./]\d{4}|\d{1,2}\.?\s(?:de\s)?[^\W\d_]{3,10}\.?\s(?:de\s)?\d{4}|[^\W\d_]{3,10}\s\d{1,2},\s\d{4})"
    r"(?:,?\s(?:[-–]\s)?\d{1,2}[:.]\d\d)?[\s,|–-]+",
    re.IGNORECASE,
)
_COMMENTS = r"comments?|kommentare?|comentarios?|commentaires?|commenti|comentários?|reacties?"
COUNT = re.compile(rf"\s\(?(?:\d+\s(?:{_COMMENTS})|(?:{_COMMENTS})\s?:\s?\d+):?\)?$", re.IGNORECASE)
MAKERS = re.compile(
    rf"[\s,;|/]*(?:(?:\b(?:{_ANDS})|&)\s+)?\b(?P<role>{_PICTURES})"
    r"(?:\s*:\s*|\s+(?:by|von|de|par|di|door)\s+)(?P<names>\S.*)$",
    re.IGNORECASE,
)
# "our correspondent in Rome, Jane Doe", "unserer Mitarbeiterin Monika Seiler"
OUR = re.compile(
    rf"(?:{_OUR})\s+(?P<role>(?:[^\W\d_]+\s+){{0,2}}?(?:correspond[ea]nte?|reporter|editor|redact\w+|redakt\w+|"
    r"envoyée?s?\sspécia(?:le?s?|ux)|mitarbeiter(?:in)?|verslag(?:gever|geefster)|medewerk(?:er|ster)|\w*korrespondent(?:in)?|"
    r"corrispondente|corresponsal|enviad[oa]\sespecial|inviat[oa](?:\sspeciale)?)"
    r"(?:\s(?:in|im|à|en|a|em)\s[^,]{2,30}(?=,))?),?\s+",
    re.IGNORECASE,
)
# "Von Monika Seiler (KNA)", "Par Claire Dubourg (avec AFP)"
BRACKETED = re.compile(
    r"(?![Tt]he\s)(?P<names>[^,()]*\S)\s*\((?:(?:with|mit|avec|con|com|met|med)\s)?"
    r"(?P<house>[^\W\d_][^()\d\s]{1,12}|[^\W\d_a-zà-ÿ][^()\d]{1,30})\)$"
)
# "김은혜 기자 kim@post.example", "글·사진 김은혜"
KOREAN = re.compile(
    r"(?:글(?:\s?[·ㆍ,/]\s?사진)?\s*[:=]?\s*)?(?P<name>[가-힣]{2,4})\s(?P<role>[가-힣]{0,4}(?:기자|특파원))(?:\s*[\w.+-]+@[\w.-]+)?"
    r"|(?:글(?:\s?[·ㆍ,/]\s?사진)?\s*[:=]?\s*|기자\s)(?P<only>[가-힣]{3})"
)
