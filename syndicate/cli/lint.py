"""`lint`: look at a feed as an importer does."""

import sys
from collections.abc import Iterable
from itertools import groupby
from pathlib import Path
from urllib.parse import urljoin
from urllib.robotparser import RobotFileParser

import click

from syndicate import bootstrap
from syndicate.cli.saying import say
from syndicate.cli.terminal import as_json_option, contents, print_json, quiet_settings
from syndicate.errors import FetchError, SyndicateError, UsageError
from syndicate.formats import MEDIA_TYPES
from syndicate.ingest.sandbox import Sandbox
from syndicate.model import FEED_FORMATS, Payload
from syndicate.publish.lint import PROFILES, Finding
from syndicate.publish.lint import lint as findings
from syndicate.settings import Settings

_SHOWN = 3  # findings of one rule, for people


@click.command()
@click.argument("target")
@click.option("--for", "profile", type=click.Choice(sorted(PROFILES)), default="any", show_default=True, help="Whom.")
@as_json_option
def lint(target: str, profile: str, as_json: bool) -> None:
    """Check a feed as an importer would: a topic of ours (`faith`, `faith.atom`), a file, or an address.

    Errors are what the importer refuses or loses, advice is what it shows badly. Ends with 1 if there are errors.
    """
    settings = quiet_settings()
    payload = _payload(target, settings)
    limits = settings.ingest
    with Sandbox(1, limits.child_cpu_seconds, limits.child_memory_mb) as sandbox:
        found = sandbox.run(findings, payload.body, profile, bootstrap.utc_now(), payload.content_type)
    if target.startswith(("http://", "https://")):
        found = (*_kept_out(payload.url, settings), *found)
    if as_json:
        for finding in found:
            print_json(finding)
    else:
        _show(found)
        errors = sum(finding.level == "error" for finding in found)
        say(f"{target}, read as {PROFILES[profile]} does: errors: {errors}, advice: {len(found) - errors}")
    if any(finding.level == "error" for finding in found):
        sys.exit(1)


def _payload(target: str, settings: Settings) -> Payload:
    """What is to be looked at; a topic of ours comes before a file of its name."""
    if target.startswith(("http://", "https://")):
        answer = bootstrap.fetcher(settings).get(target).payload
        if answer is None:
            raise SyndicateError(f"{target}: answered without a document")
        return answer
    topic, _, ending = target.partition(".")
    form = next((name for name in FEED_FORMATS if name == (ending or "rss")), None)
    if form and topic in {spec.key for spec in bootstrap.topics_as_they_are(settings)}:
        row = bootstrap.store_as_it_is(settings).feed(topic, form)
        if row is None:
            raise UsageError(f"topic {topic!r}: not published yet; `syndicate ingest` does")
        return Payload(row.body, target, MEDIA_TYPES[form])
    if not Path(target).exists() and target != "-":
        raise UsageError(f"{target!r}: no topic, file or address; `syndicate topics` lists the topics")
    return Payload(contents(target, settings.fetch.decoded_bytes), target)


def _kept_out(url: str, settings: Settings) -> tuple[Finding, ...]:
    """What the site's robots.txt says against reading the feed (RFC 9309: where there is none, all may read it)."""
    try:
        answer = bootstrap.fetcher(settings).get(urljoin(url, "/robots.txt"), accept="text/plain, */*;q=0.1").payload
    except FetchError:
        return ()
    rules = RobotFileParser()
    rules.parse(answer.body.decode("utf-8", "replace").splitlines() if answer else [])
    if rules.can_fetch("*", url):
        return ()
    return (Finding("error", "robots", "robots.txt", "", "forbids robots to read this feed"),)


def _show(found: Iterable[Finding]) -> None:
    for _, of_rule in groupby(found, key=lambda finding: (finding.level, finding.rule)):
        several = list(of_rule)
        for one in several[:_SHOWN]:
            where = f"{one.item[:60]!r}: " if one.item else ""
            say(f"{one.level}: {one.rule}: {where}{one.element} {one.said}")
        if len(several) > _SHOWN:
            say(f"{several[0].level}: {several[0].rule}: and so {len(several) - _SHOWN} more")
