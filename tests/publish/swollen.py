"""Fields of an article that a hostile or broken source has swollen, each to more than 200 KB; holds no tests."""

from syndicate.model import Enclosure, Image, Person

SWOLLEN = (
    {"categories": tuple(f"{n} " + "tag " * 3_000 for n in range(20))},
    {"authors": tuple(Person(f"Jane {n} " + "Doe " * 50, url=f"https://e.example/{n}") for n in range(1_500))},
    {"images": tuple(Image(f"https://e.example/{n}.png", "Word " * 400, alt="Word " * 400) for n in range(80))},
    {"enclosures": tuple(Enclosure(f"https://e.example/{n}.mp3", "audio/mpeg", 10) for n in range(2_500))},
    {"title": "R&D " * 50_000},
    {"rights": "All rights & more " * 20_000},
    {"bio": "She writes. " * 20_000},
    {"html": "<p>" + '"' * 200_000 + "</p>"},
)
