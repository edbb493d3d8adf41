"""Feeds of our own making, shaped like real ones: several languages and formats, pictures, quotes, boilerplate."""

import json
import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from html import escape

_EPOCH = datetime(2026, 11, 1, 6, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Tongue:
    """What a language needs to fill pages: parts of sentences, and what its sites put under every story."""

    code: str
    who: tuple[str, ...]
    does: tuple[str, ...]
    what: tuple[str, ...]
    where: tuple[str, ...]
    when: tuple[str, ...]
    quote: str
    tails: tuple[str, ...]


TONGUES = (
    Tongue(
        "en",
        who=("The harbour master", "A parish council", "Two teachers from the valley", "The regional water board",
             "Volunteers of the lifeboat", "An engineer named Ruth Calder", "The new librarian", "Local growers",
             "The choir's conductor", "A court in the capital", "Researchers in the field", "The ferry company"),
        does=("has approved", "wants to postpone", "is looking into", "has quietly rebuilt", "will present",
              "refused to sign", "discovered", "has paid for", "criticised", "expects"),
        what=("a plan to widen the old bridge", "the timetable for winter crossings", "an archive of 400 letters",
              "a school kitchen that cooks with what the gardens give", "the contract for new buses",
              "repairs to the chapel roof after the storm", "a study on eels in the upper river",
              "the accounts of the housing fund", "a shelter for forty families", "the longest drought since 1976"),
        where=("in Northaven", "on the island of Skerra", "near the border", "at the covered market",
               "along the eastern line", "in three villages", "behind the station", "across the county"),
        when=("on Tuesday", "after a long night of talks", "before the first frost", "for the second year running",
              "despite the rain", "at the beginning of the week", "within hours", "without much notice"),
        quote="“{0} {1} {2},” said {3}, who has lived here for {n} years. “Nobody asked us, and that is the point.”",
        tails=("Share this article with your friends and family.",
               "Sign up for our newsletter and get the best stories in your inbox every morning.",
               "Copyright 2026 {site}. All rights reserved.",
               'The post <a href="{link}">{title}</a> appeared first on <a href="{home}">{site}</a>.',
               "Support independent journalism: donate today.", "Follow us on Facebook and Twitter."),
    ),
    Tongue(
        "es",
        who=("El ayuntamiento", "Una vecina del barrio", "La cooperativa de pescadores", "El profesor Amado Rial",
             "Un grupo de jóvenes", "La junta de regantes", "El tribunal provincial", "La directora del museo"),
        does=("aprobó", "quiere aplazar", "ha presentado", "rechazó", "descubrió", "financiará", "sigue estudiando"),
        what=("la reforma de la plaza mayor", "un plan contra la sequía", "el nuevo horario de los trenes",
              "una exposición sobre los molinos", "las cuentas del año pasado", "la compra de doce autobuses",
              "un archivo de cartas antiguas"),
        where=("en Valdorada", "junto al río", "en la costa norte", "cerca de la frontera", "en tres pueblos",
               "a las afueras de la capital"),
        when=("el martes", "tras una larga reunión", "antes de la primera helada", "por segundo año consecutivo",
              "a pesar de la lluvia"),
        quote="«{0} {1} {2}», dijo {3}, que vive aquí desde hace {n} años.",
        tails=("Comparte esta noticia en tus redes sociales.", "Suscríbete a nuestro boletín.",
               "© 2026 {site}. Todos los derechos reservados.",
               'La entrada <a href="{link}">{title}</a> se publicó primero en <a href="{home}">{site}</a>.'),
    ),
    Tongue(
        "de",
        who=("Der Gemeinderat", "Eine Lehrerin aus dem Tal", "Die Genossenschaft", "Der Hafenmeister",
             "Das Landgericht", "Ein Verein von Freiwilligen", "Die neue Leiterin des Archivs", "Der Wasserverband"),
        does=("beschloss", "prüft", "verschiebt", "entdeckte", "bezahlt", "kritisierte", "verteidigt"),
        what=("den Umbau der alten Brücke", "einen Fahrplan für den Winter", "die Sanierung des Kirchendachs",
              "eine Sammlung von Briefen", "die Abrechnung des Wohnungsfonds", "eine Studie über Aale im Oberlauf",
              "den Vertrag über neue Busse"),
        where=("in Niederau", "am Fluss", "nahe der Grenze", "in drei Dörfern", "hinter dem Bahnhof", "an der Küste"),
        when=("am Dienstag", "nach langen Gesprächen", "vor dem ersten Frost", "zum zweiten Mal in Folge",
              "trotz des Regens"),
        quote="„{0} {1} {2}“, sagte {3}, der seit {n} Jahren hier lebt.",
        tails=("Teilen Sie diesen Artikel mit Ihren Freunden.", "Jetzt unseren Newsletter abonnieren!",
               "© 2026 {site}. Alle Rechte vorbehalten.",
               'Der Beitrag <a href="{link}">{title}</a> erschien zuerst auf <a href="{home}">{site}</a>.'),
    ),
    Tongue(
        "fr",
        who=("Le conseil municipal", "Une institutrice de la vallée", "La coopérative", "Le capitaine du port",
             "Le tribunal", "Une poignée de bénévoles", "La directrice des archives", "Le syndicat des eaux"),
        does=("a adopté", "examine", "repousse", "a découvert", "finance", "critique", "défend"),
        what=("la réfection du vieux pont", "les horaires d'hiver du bac", "la réparation du toit de la chapelle",
              "un fonds de lettres anciennes", "les comptes de l'office du logement",
              "une étude sur les anguilles de la rivière", "le marché des nouveaux autocars"),
        where=("à Port-Clair", "au bord du fleuve", "près de la frontière", "dans trois villages", "derrière la gare"),
        when=("mardi", "après de longs débats", "avant les premières gelées", "pour la deuxième année de suite",
              "malgré la pluie"),
        quote="« {0} {1} {2} », dit {3}, qui vit ici depuis {n} ans.",
        tails=("Partagez cet article avec vos amis.", "Abonnez-vous à notre infolettre.",
               "© 2026 {site}. Tous droits réservés.",
               'L’article <a href="{link}">{title}</a> est apparu en premier sur <a href="{home}">{site}</a>.'),
    ),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Story:
    """One article as its site has it."""

    number: int
    title: str
    link: str
    author: str
    category: str
    published: datetime
    body: str
    summary: str


@dataclass(frozen=True, slots=True)
class Generated:
    """One feed: its path at the origin, media type and bytes."""

    path: str
    content_type: str
    body: bytes


class Site:
    """A made-up site; the same number gives the same stories, whenever they are asked for."""

    def __init__(self, number: int) -> None:
        self._rng = random.Random(f"site {number}")
        self.number = number
        self.tongue = TONGUES[0] if number % 2 else self._rng.choice(TONGUES)
        self.name = f"{self._rng.choice(_NAMES)} {self._rng.choice(_KINDS)} {number}"
        self.home = f"https://site{number}.example"
        self.tails = self._rng.sample(self.tongue.tails, k=self._rng.randint(1, 3))
        self.shape = ("rss", "rss", "atom", "rss", "rss-description", "atom", "json")[number % 7]
        self.paragraphs = self._rng.choice((3, 5, 8, 12, 16))

    def feed(self, first: int, count: int) -> Generated:
        """The feed that holds stories `first` to `first + count - 1`, newest first."""
        stories = [self.story(n) for n in range(first + count - 1, first - 1, -1)]
        make = {"atom": _atom, "json": _json}.get(self.shape, _rss)
        content_type, text = make(self, stories)
        return Generated(f"/site{self.number}", content_type, text.encode())

    def story(self, number: int) -> Story:
        """Story `number` of this site."""
        rng = random.Random(f"story {self.number} {number}")
        title = self._sentence(rng).rstrip(".")
        link = f"{self.home}/{2026}/{number}/{'-'.join(title.lower().split()[:5])}"
        published = _EPOCH + timedelta(minutes=37 * number + self.number % 60)
        return Story(
            number,
            title,
            link,
            rng.choice(_PEOPLE),
            rng.choice(_CATEGORIES),
            published,
            "\n".join(self._blocks(rng, title, link)),
            self._sentence(rng),
        )

    def _blocks(self, rng: random.Random, title: str, link: str) -> Iterator[str]:
        if rng.random() < 0.6:
            width = rng.choice((640, 1024, 1600))
            yield (
                f'<figure class="wp-block-image"><img src="{self.home}/i/{rng.randrange(10**6)}.jpg" width="{width}" '
                f'height="{width * 2 // 3}" alt="{escape(title)}"><figcaption>{escape(self._sentence(rng))} '
                f"(Photo: {rng.choice(_PEOPLE)})</figcaption></figure>"
            )
        for n in range(max(2, self.paragraphs + rng.randint(-2, 3))):
            if n and n % 5 == 0:
                yield f"<h3>{escape(self._sentence(rng).rstrip('.'))}</h3>"
            yield self._paragraph(rng, n)
        for tail in self.tails:
            yield f"<p>{tail.format(site=self.name, home=self.home, link=escape(link), title=escape(title))}</p>"

    def _paragraph(self, rng: random.Random, position: int) -> str:
        sentences = [self._sentence(rng) for _ in range(rng.randint(2, 5))]
        kind = rng.random()
        if kind < 0.15:
            t = self.tongue
            quote = t.quote.format(
                rng.choice(t.who), rng.choice(t.does), rng.choice(t.what), rng.choice(_PEOPLE), n=rng.randint(3, 60)
            )
            return f"<blockquote><p>{escape(quote, quote=False)}</p></blockquote>"
        if kind < 0.2 and position:
            return "<ul>" + "".join(f"<li>{escape(s, quote=False)}</li>" for s in sentences) + "</ul>"
        if kind < 0.45:
            sentences[-1] = f'<a href="{self.home}/topic/{rng.randrange(900)}?utm_source=feed">{sentences[-1]}</a>'
        if kind > 0.9:
            sentences[0] = f"<strong>{sentences[0]}</strong>"
        return f"<p>{' '.join(sentences)}</p>"

    def _sentence(self, rng: random.Random) -> str:
        t = self.tongue
        parts = [rng.choice(t.who), _name(rng), rng.choice(t.does), rng.choice(t.what)]
        if rng.random() < 0.7:
            parts.append(rng.choice(t.where))
        if rng.random() < 0.5:
            parts.append(rng.choice(t.when))
        if rng.random() < 0.3:
            parts.append(f"({_name(rng)}, {rng.randint(2, 9000)})")
        # Invented words after every second one: real articles share few turns of phrase with each other.
        words = " ".join(parts).split()
        return " ".join(f"{w} {_word(rng)}" if n % 2 else w for n, w in enumerate(words)) + "."


def _word(rng: random.Random) -> str:
    return "".join(rng.choices(_SYLLABLES, k=rng.randint(2, 3)))


def _name(rng: random.Random) -> str:
    return f"{_word(rng).capitalize()} {_word(rng).capitalize()}"


def _rss(site: Site, stories: list[Story]) -> tuple[str, str]:
    items = "".join(
        f"<item><title>{escape(s.title)}</title><link>{s.link}</link>"
        f'<guid isPermaLink="false">{site.home}/?p={s.number}</guid><pubDate>{format_datetime(s.published)}</pubDate>'
        f"<dc:creator><![CDATA[{s.author}]]></dc:creator><category>{s.category}</category>"
        + (
            f"<description>{escape(s.body)}</description>"
            if site.shape == "rss-description"
            else f"<description>{escape(s.summary)}</description>"
            f"<content:encoded><![CDATA[{s.body}]]></content:encoded>"
        )
        + "</item>"
        for s in stories
    )
    return "application/rss+xml; charset=utf-8", (
        '<?xml version="1.0" encoding="UTF-8"?><rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/" '
        'xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel>'
        f"<title>{site.name}</title><link>{site.home}/</link><description>{site.name}</description>"
        f"<language>{site.tongue.code}</language>{items}</channel></rss>"
    )


def _atom(site: Site, stories: list[Story]) -> tuple[str, str]:
    entries = "".join(
        f"<entry><id>{site.home}/id/{s.number}</id><title>{escape(s.title)}</title>"
        f'<link rel="alternate" href="{s.link}"/><published>{s.published.isoformat()}</published>'
        f"<updated>{s.published.isoformat()}</updated><author><name>{s.author}</name></author>"
        f'<category term="{s.category}"/><content type="html">{escape(s.body)}</content></entry>'
        for s in stories
    )
    return "application/atom+xml; charset=utf-8", (
        f'<?xml version="1.0" encoding="UTF-8"?><feed xmlns="http://www.w3.org/2005/Atom" '
        f'xml:lang="{site.tongue.code}"><id>{site.home}/feed</id><title>{site.name}</title>'
        f'<link href="{site.home}/"/><updated>{stories[0].published.isoformat()}</updated>{entries}</feed>'
    )


def _json(site: Site, stories: list[Story]) -> tuple[str, str]:
    items = [
        {
            "id": f"{site.home}/id/{s.number}",
            "url": s.link,
            "title": s.title,
            "content_html": s.body,
            "date_published": s.published.isoformat(),
            "authors": [{"name": s.author}],
            "tags": [s.category],
        }
        for s in stories
    ]
    document = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": site.name,
        "home_page_url": f"{site.home}/",
        "language": site.tongue.code,
        "items": items,
    }
    return "application/feed+json", json.dumps(document, ensure_ascii=False)


_SYLLABLES = ("ba", "ri", "ton", "sel", "mar", "ko", "vin", "el", "dra", "shi", "pol", "gue", "an", "tre", "lo", "wick")
_NAMES = ("Harbour", "Valley", "Northern", "Lantern", "Borderland", "Island", "Meridian", "Orchard", "Granite", "Tidal")
_KINDS = ("Courier", "Gazette", "Observer", "Dispatch", "Chronicle", "Messenger", "Review", "Herald")
_PEOPLE = ("Ruth Calder", "Amado Rial", "Ines Fabre", "Jonas Weidlich", "Marta Okafor", "Piet Verhoeven", "Li Wenzhu")
_CATEGORIES = ("Politics", "Culture", "Weather", "Schools", "Transport", "Faith", "Economy", "Sport")
