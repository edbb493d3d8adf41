"""Every sample feed reads as the value that stands beside it."""

import runpy
from dataclasses import replace
from pathlib import Path

import pytest

from syndicate.ingest.readers import read
from syndicate.model import Payload, SourceSpec

SAMPLES = Path(__file__).resolve().parents[2] / "data" / "feeds"
SPEC = SourceSpec(key="s", kind="feed", location="https://feed.example/f")


@pytest.mark.parametrize("path", sorted(SAMPLES.glob("*.py")), ids=lambda path: path.stem)
def test_sample_reads_as_expected(path):
    """The reader finds exactly what the sample's author put in."""
    expected = runpy.run_path(str(path))["EXPECTED"]
    sample = next(p for p in sorted(SAMPLES.glob(f"{path.stem}.*")) if p.suffix != ".py")
    found = read(Payload(sample.read_bytes(), SPEC.location), SPEC)
    assert found.entries == expected.entries
    assert replace(found, entries=(), keys=()) == replace(expected, entries=())


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32", "iso-8859-1"])
@pytest.mark.parametrize("declared", ["utf-8", "iso-8859-1", "klingon", ""])
def test_encoding_is_found_whatever_is_declared(encoding, declared):
    """Letters come out right when the declaration is wrong, unknown or missing."""
    label = f' encoding="{declared}"' if declared else ""
    head = f'<?xml version="1.0"{label}?><rss version="2.0"><channel>'
    text = f"{head}<item><title>Über Fjällräven: café à côté</title></item></channel></rss>"
    reading = read(Payload(text.encode(encoding), SPEC.location), SPEC)
    assert reading.entries[0].title == "Über Fjällräven: café à côté"


def test_header_charset_counts_where_it_fits():
    """The protocol's charset is used for bytes that say nothing themselves."""
    text = "<rss><channel><item><title>Привет, мир и все остальные</title></item></channel></rss>"
    payload = Payload(text.encode("koi8-r"), SPEC.location, content_type="text/xml; charset=koi8-r")
    assert read(payload, SPEC).entries[0].title == "Привет, мир и все остальные"
