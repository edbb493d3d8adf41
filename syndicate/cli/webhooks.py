"""`partners webhook` and `partners ping`: where a partner is sent what changed, and whether that arrives."""

import click

from syndicate import bootstrap
from syndicate.bootstrap import utc_now
from syndicate.cli.saying import say
from syndicate.cli.terminal import as_json_option, print_json, quiet_settings
from syndicate.errors import SyndicateError, UsageError
from syndicate.push import webhooks
from syndicate.push.webhooks import Progress, Report


@click.command("webhook")
@click.argument("key")
@click.argument("url", default="")
@click.option("--off", is_flag=True, help="Send nothing any more.")
@click.option("--renew-secret", is_flag=True, help="Sign with another secret, and print it, this once.")
@as_json_option
def webhook(key: str, url: str, off: bool, renew_secret: bool, as_json: bool) -> None:
    """Have what changes in a partner's feeds sent to an address of theirs (https, if it can), signed.

    The first time the secret is printed, this once. `show` tells how it goes.
    """
    if [bool(url), off, renew_secret].count(True) != 1:
        raise UsageError("expected an address, --off or --renew-secret")
    settings = quiet_settings()
    store = bootstrap.store_as_it_is(settings)
    secret, said = "", f"what changes in {key}'s feeds is sent there from now on; its secret stays"
    if off:
        webhooks.drop(store, key)
        said = f"{key} is sent nothing any more"
    elif renew_secret:
        secret = webhooks.renew_secret(store, key, utc_now())
        said = f"{key} has another secret"
    elif secret := webhooks.put(store, settings.allow_private, key, url, utc_now()):
        said = f"what changes in {key}'s feeds is sent there, beginning with all that they hold"
    if as_json:
        told = {"partner": key, "webhook": webhooks.report(store, key)}
        print_json({**told, "secret": secret} if secret else told)
    elif secret:
        say(f"{said}; the secret, which can't be shown again:")
        say(secret)
    else:
        say(said)


@click.command("ping")
@click.argument("key")
@as_json_option
def ping(key: str, as_json: bool) -> None:
    """Send a partner's webhook a message of the type "ping", and tell what was answered."""
    settings = quiet_settings()
    answer = webhooks.try_out(bootstrap.store_as_it_is(settings), bootstrap.sender(settings), key, utc_now())
    said = f"{answer.said} after {answer.seconds:.1f} seconds"
    if as_json:
        print_json(answer)
    elif answer.ok:
        say(said)
    if not answer.ok:
        raise SyndicateError(f"{key}: {said}")


def say_report(report: Report) -> None:
    """Tell people how it is with a webhook."""
    ended = f"switched off: it said at {report.ended:%Y-%m-%d %H:%M} that it is gone for good" if report.ended else ""
    say(f"webhook {report.url}{': ' if ended else ''}{ended}")
    for one in report.topics:
        say(f"  {one.topic}: {_said(one)}")


def _said(one: Progress) -> str:
    sent = f"last sent something {one.sent:%Y-%m-%d %H:%M:%S}" if one.sent else "sent nothing yet"
    if not one.failures:
        return f"{sent}, {'has everything' if one.complete else 'there is more to send'}"
    tried = f"next try {one.next_try:%Y-%m-%d %H:%M:%S}" if one.next_try else "not tried again"
    return f"{sent}; failed {one.failures} times since {one.failing:%Y-%m-%d %H:%M:%S}: {one.error}; {tried}"
