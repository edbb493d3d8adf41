"""How an admin page is made, and how a form leads back to one. All addresses are relative, whatever stands in front."""

import re
from collections.abc import Callable, Collection, Sequence
from typing import Any, NamedTuple, TypeVar

import structlog
from flask import Response, g, render_template, request
from werkzeug.exceptions import NotFound

from syndicate.errors import QueueFullError, UsageError
from syndicate.publish import insist
from syndicate.render.text import printable, web_address
from syndicate.web.desk.session import Said, Sessions
from syndicate.web.services import WebServices

log = structlog.get_logger(__name__)

PLACE = "/admin/"
# What stands in the navigation, in its order: the address below /admin/, and what it is called.
NAVIGATION = (
    ("", "Overview"),
    ("articles", "Articles"),
    ("proposals", "Proposals"),
    ("rulings", "Rulings"),
    ("sources", "Sources"),
    ("partners", "Partners"),
    ("runs", "Runs"),
    ("quarantine", "Quarantine"),
    ("topics", "Topics"),
)
ROWS = 50  # of a list on one page
_SECONDS = 5.0  # to wait for who is building a feed
NUMBERS = 2**31 - 1  # no id is larger
_INSIDE = re.compile(r"[A-Za-z0-9_.~/-]*(?:\?[A-Za-z0-9_.~&=%+-]*)?")
_PASSWORD = re.compile("(?<=//)[^/?#]*@")

T = TypeVar("T")


class Desk(NamedTuple):
    """What the rooms of the admin pages work with."""

    services: WebServices
    sessions: Sessions


def base() -> str:
    """The way from the page that was asked for to /admin/."""
    return "../" * (request.path.count("/") - PLACE.count("/")) or "./"


def here() -> str:
    """The page that was asked for, as an address below /admin/."""
    query = request.query_string.decode("latin-1")
    return inside(request.path.removeprefix(PLACE) + (f"?{query}" if query else ""))


def inside(place: str) -> str:
    """An address below /admin/ as it was given, or "" for whatever else somebody wants people to be led to."""
    return place if _INSIDE.fullmatch(place) and "//" not in place and ".." not in place else ""


def without_password(address: str) -> str:
    """A source's address without the name and password that it may hold."""
    return _PASSWORD.sub("", address)


def page(desk: Desk, template: str, status: int = 200, **values: Any) -> Response:
    """The page that a template of templates/admin/ makes; what happened before is told on it."""
    session = g.get("session")
    cookie = request.cookies.get("syndicate_said", "")
    said = desk.sessions.said(session, cookie) if session and cookie else None
    told = render_template(
        f"admin/{template}",
        settings=desk.services.settings,
        navigation=NAVIGATION,
        base=base(),
        here=here(),
        to=here() if request.method == "GET" else g.get("to", ""),
        signed_in=session is not None or g.get("bearer", False),
        form_token=desk.sessions.form_token(session) if session else "",
        said=said,
        problem=g.get("problem", ""),
        web_address=web_address,
        without_password=without_password,
        **values,
    )
    response = Response(printable(told), status, mimetype="text/html")
    if cookie:
        desk.sessions.forget_said(response)
    return response


def message(desk: Desk, status: int, title: str, text: str, back: str = "") -> Response:
    """A page that says one thing, and leads back to an address below /admin/, or to where the form stood."""
    return page(desk, "message.html", status, title=title, text=text, back=back or g.get("to", ""))


def led_back(desk: Desk, said: Said) -> Response:
    """Lead to where the form says that it stood, and tell there what was done."""
    log.info("decided", page=request.path, said=said.text)
    response = Response(status=303, headers={"Location": base() + g.get("to", "")})
    if session := g.get("session"):
        desk.sessions.say(response, session, said)
    return response


def decided(desk: Desk, act: Callable[[], Said | Response], shown: Callable[[], Response]) -> Response:
    """Act, and lead back unless it answers itself; what can't be done leads to the page `shown`, which says why."""
    try:
        done = act()
        return done if isinstance(done, Response) else led_back(desk, done)
    except (UsageError, QueueFullError) as error:
        g.problem = str(error)
        response = shown()
        if isinstance(error, QueueFullError):
            response.status_code = 429
            response.headers["Retry-After"] = str(error.retry_after)
        else:
            response.status_code = 409
        return response


def standing(desk: Desk, topics: Collection[str]) -> str:
    """Publish at once; gives a sentence on the feeds that don't show that yet, "" if all do."""
    left = insist(desk.services.publish, topics, _SECONDS)
    feeds = ", ".join(f"{topic} ({reason})" for topic, reason in sorted(left.items()))
    return f" These feeds don't show that yet, and are tried again every few seconds: {feeds}." if feeds else ""


def number(name: str) -> int:
    """A number in the query, 0 if there is none; raises NotFound for what is none, or too large."""
    given = request.args.get(name, "0")
    if not (given.isascii() and given.isdigit() and len(given) <= len(str(NUMBERS)) and int(given) <= NUMBERS):
        raise NotFound("There is no such page.")
    return int(given)


def sliced(items: Sequence[T], after: int) -> tuple[Sequence[T], int]:
    """The rows of one page, and after how many the next one begins (0: there is none)."""
    end = after + ROWS
    return items[after:end], end if len(items) > end else 0
