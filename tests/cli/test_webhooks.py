"""Webhooks by command."""

import json
from datetime import timedelta

import pytest

from syndicate.bootstrap import utc_now
from syndicate.settings import load
from syndicate.store import Store
from tests.cli.conftest import Command
from tests.faults.origin import Origin, Reply


@pytest.fixture
def store(command: Command, monkeypatch: pytest.MonkeyPatch) -> Store:
    """The store of a wire with a partner, who may live on loopback."""
    monkeypatch.setenv("SYNDICATE_ALLOW_PRIVATE", "127.0.0.1")
    command("partners", "add", "anna", "--name", "Anna")
    opened = Store(load().store_url)
    yield opened
    opened.close()


def test_a_webhook_is_set_shown_tried_and_switched_off(command: Command, store: Store, origin: Origin):
    """The secret is printed once; `show` tells how it goes, and lists tell neither secret nor address."""
    origin.serve("/in", Reply(b"", 204))
    url = origin.url("/in?k=t0ken")
    said, secret = command("partners", "webhook", "anna", url).out.splitlines()
    assert said.endswith("the secret, which can't be shown again:")
    assert secret == store.webhook("anna").secret
    assert command("partners", "ping", "anna").out.startswith("answered 204 after ")
    shown = command("partners", "show", "anna").out.splitlines()
    assert shown[-2:] == [f"webhook {url}", "  all: sent nothing yet, there is more to send"]
    assert "active" in command("partners").out
    assert command("partners", "webhook", "anna", url).out.endswith("its secret stays\n")
    renewed = json.loads(command("partners", "webhook", "anna", "--renew-secret", "--json").out)["secret"]
    assert renewed == store.webhook("anna").secret != secret
    told = "".join(command(*words).out for words in (
        ("partners",), ("partners", "--json"), ("partners", "show", "anna", "--json")
    ))  # fmt: skip
    assert renewed not in told
    assert "t0ken" not in command("partners").out + command("partners", "--json").out
    assert json.loads(command("partners", "show", "anna", "--json").out)["webhook"]["url"] == url
    now = utc_now()
    [taken] = store.take_postings(store.postings_due(now, (), 9, failing=False), now + timedelta(minutes=1))
    store.post_failed(taken, "answered 500", now, now)
    assert "sent nothing yet; failed 1 times since" in command("partners", "show", "anna").out
    [failing] = store.take_postings(store.postings_due(now, (), 9, failing=True), now)
    store.end_webhook(failing, now)
    assert "that it is gone for good" in command("partners", "show", "anna").out
    assert command("partners", "webhook", "anna", "--off").out == "anna is sent nothing any more\n"
    assert "webhook" not in command("partners", "show", "anna").out


def test_what_is_not_understood_changes_nothing(command: Command, store: Store):
    """One line each; a ping that is not taken ends with 1."""
    for words, code, said in (
        (("webhook", "anna"), 2, "expected an address, --off or --renew-secret"),
        (("webhook", "anna", "https://a.example/", "--off"), 2, "expected an address"),
        (("webhook", "anna", "--off"), 2, "has no webhook"),
        (("webhook", "anna", "--renew-secret"), 2, "has no webhook"),
        (("webhook", "anna", "http://10.0.0.1/"), 2, "not a public address"),
        (("webhook", "bert", "https://b.example/"), 2, "does not exist"),
        (("ping", "anna"), 2, "has no webhook"),
    ):
        done = command("partners", *words)
        assert (done.code, said in done.err, done.out, len(done.complaints)) == (code, True, "", 1), words
    with Origin() as gone:
        command("partners", "webhook", "anna", gone.url("/in"))
    done = command("partners", "ping", "anna")
    assert (done.code, done.out, "refused the connection" in done.err) == (1, "", True)
