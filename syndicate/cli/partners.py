"""`partners`: sites that import feeds of their own, with tokens of their own."""

from collections.abc import Callable
from typing import Any

import click

from syndicate import bootstrap
from syndicate import partners as contracts
from syndicate.bootstrap import Services
from syndicate.cli.saying import say
from syndicate.cli.terminal import Decorated, as_json_option, print_json, quiet_settings, summary_table
from syndicate.cli.webhooks import ping, say_report, webhook
from syndicate.current_topics import current_topics
from syndicate.errors import SyndicateError
from syndicate.publish import insist
from syndicate.publish.profiles import PLAIN, PROFILES
from syndicate.push.webhooks import report
from syndicate.records_served import Partner

_SECONDS = 20.0  # to wait for who is building a feed


def _profile_option(default: str | None) -> Callable[[Decorated], Decorated]:
    choice = click.Choice(list(PROFILES))
    return click.option("--profile", type=choice, default=default, show_default=True, help="Its importer.")


_topic_option = click.option("--topic", "topics", multiple=True, metavar="KEY", help="A topic (again for more).")


@click.group("partners", invoke_without_command=True)
@as_json_option
@click.pass_context
def partners(context: click.Context, as_json: bool) -> None:
    """List the partners; or show, add, change, pause, resume and remove some, and renew their tokens."""
    if context.invoked_subcommand:
        return
    store = bootstrap.store_as_it_is(quiet_settings())
    found = store.partners()
    if as_json:
        for one in found:
            print_json(one)
        return
    hooks = {one.partner: one.state for one in store.webhooks()}
    columns = ("key", "name", "profile", "topics", "items", "state", "last seen", "webhook")
    rows = [
        (
            *(p.key, p.name, p.profile, p.topics or "all of them", p.items or "", _state(p)),
            *(p.seen and f"{p.seen:%Y-%m-%d}", hooks.get(p.key)),
        )
        for p in found
    ]
    summary_table(columns, rows)


@partners.command("show")
@click.argument("key")
@as_json_option
def show_partner(key: str, as_json: bool) -> None:
    """Show a partner, the addresses of its feeds, and how it is with its webhook."""
    settings = quiet_settings()
    store = bootstrap.store_as_it_is(settings)
    partner, hook = store.partner(key), report(store, key)
    feeds = contracts.addresses(partner, current_topics(settings, store), settings.public_url)
    if as_json:
        print_json({"partner": partner, "feeds": feeds, "webhook": hook})
        return
    seen = f"last seen {partner.seen:%Y-%m-%d}" if partner.seen else "never seen"
    most = f", {partner.items} articles at most" if partner.items else ""
    say(f"{partner.key}: {partner.name}; profile {partner.profile}{most}; {_state(partner)}, {seen}")
    _say_addresses(feeds)
    if hook is not None:
        say_report(hook)


@partners.command("add")
@click.argument("key")
@click.option("--name", required=True, help="Who it is, for people.")
@_profile_option(PLAIN)
@_topic_option
@click.option("--items", type=int, default=0, help="How many articles a feed holds at most.")
@as_json_option
def add_partner(key: str, as_json: bool, **values: Any) -> None:
    """Add a partner and print its token, this once. Without --topic it may import every topic.

    Its importer sends the token as bearer token, as password (of any user), or behind the address as ?key=.
    """
    with bootstrap.services(quiet_settings()) as parts:
        partner, token = contracts.add(parts.store, parts.settings, key, values, parts.now())
        _tell(parts, partner, f"added {key}", token, as_json=as_json)


@partners.command("change")
@click.argument("key")
@click.option("--name", help="Who it is, for people.")
@_profile_option(None)
@_topic_option
@click.option("--every-topic", is_flag=True, help="Let it import every topic again.")
@click.option("--items", type=int, help="How many articles a feed holds at most; 0: as many as the profile lets.")
@as_json_option
def change_partner(key: str, every_topic: bool, as_json: bool, **values: Any) -> None:
    """Change a partner's contract; what is not named stays. Its token and its addresses stay, too."""
    named = {name: value for name, value in values.items() if value not in {None, ()}}
    _change(key, f"changed {key}", {**named, **({"topics": ()} if every_topic else {})}, as_json=as_json)


@partners.command("pause")
@click.argument("key")
def pause_partner(key: str) -> None:
    """Serve a partner nothing until it is resumed; its token stays."""
    _change(key, f"paused {key}", {"paused": True})


@partners.command("resume")
@click.argument("key")
def resume_partner(key: str) -> None:
    """Serve a partner again that was paused."""
    _change(key, f"resumed {key}", {"paused": False})


@partners.command("token")
@click.argument("key")
@as_json_option
def renew_token(key: str, as_json: bool) -> None:
    """Give a partner another token and print it, this once; the one before opens nothing any more."""
    settings = quiet_settings()
    partner, token = contracts.renew_token(bootstrap.store_as_it_is(settings), key)
    if as_json:
        print_json({"partner": partner, "token": token})
    else:
        _say_token(f"{key} has another token, the one before is dead", token)


@partners.command("remove")
@click.argument("key")
def remove_partner(key: str) -> None:
    """Remove a partner: its token opens nothing any more."""
    bootstrap.store_as_it_is(quiet_settings()).remove_partner(key)
    say(f"removed {key}")


for _command in (webhook, ping):
    partners.add_command(_command)


def _change(key: str, said: str, values: dict[str, Any], *, as_json: bool = False) -> None:
    with bootstrap.services(quiet_settings()) as parts:
        partner = contracts.change(parts.store, parts.settings, key, values)
        _tell(parts, partner, said, as_json=as_json)


def _tell(parts: Services, partner: Partner, said: str, token: str = "", *, as_json: bool) -> None:
    """Say what was done before feeds are built: whatever becomes of these, the token can't be told again."""
    topics = current_topics(parts.settings, parts.store)
    addresses = contracts.addresses(partner, topics, parts.settings.public_url)
    if as_json:
        told = {"partner": partner, "feeds": addresses}
        print_json({**told, "token": token} if token else told)
    elif token:
        _say_token(said, token)
        _say_addresses(addresses)
    else:
        say(said)
    if standing := insist(parts.publish, addresses, _SECONDS):
        feeds = ", ".join(f"{topic} ({reason})" for topic, reason in sorted(standing.items()))
        retried = "where `syndicate up` or `schedule` runs, that is tried again every few seconds"
        raise SyndicateError(f"{partner.key}: feeds of these topics are not built yet: {feeds}; {retried}")


def _say_token(said: str, token: str) -> None:
    say(f"{said}; the token, which can't be shown again:")
    say(token)


def _say_addresses(addresses: dict[str, dict[str, str]]) -> None:
    for feeds in addresses.values():
        say(f"  {feeds['rss']} (.atom, .json)")


def _state(partner: Partner) -> str:
    return "paused" if partner.paused else "active"
