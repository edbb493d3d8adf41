"""Who is signed in: cookies signed with a key that is made of the admin token.

No store is asked, so that any number of web processes agree; another token ends all sessions.
"""

import hmac
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any
from urllib.parse import urlsplit

from flask import Response
from itsdangerous import BadData, URLSafeSerializer

from syndicate.settings import Settings

COOKIE, SAID_COOKIE = "syndicate_admin", "syndicate_said"
LASTS = timedelta(hours=12)
SAID_SECONDS = 60  # a word on what was done is shown on the next page, or never
_SAID_MOST = 1_000  # characters; a browser takes cookies of 4 KB


@dataclass(frozen=True, slots=True)
class Session:
    """One sign-in: its name, by which its forms are known."""

    name: str


@dataclass(frozen=True, slots=True)
class Said:
    """What was done, in a sentence, and where that can be followed (an address below /admin/, or "")."""

    text: str
    link: str = ""


class Sessions:
    """Begins, knows and ends sessions."""

    def __init__(self, settings: Settings, now: Callable[[], datetime]) -> None:
        token = settings.admin_token.get_secret_value() if settings.admin_token else ""
        self._key = hmac.digest(token.encode(), b"syndicate: admin pages", "sha256")
        self._sign = self._signer("session")
        self._now = now
        place = urlsplit(settings.public_url)
        self._cookie: dict[str, Any] = {
            "path": f"{place.path}/admin",
            "secure": place.scheme == "https",
            "httponly": True,
            "samesite": "Strict",
        }

    def begin(self, response: Response) -> None:
        """Let the client that gets this response be signed in from now on."""
        until = int((self._now() + LASTS).timestamp())
        value = self._sign.dumps([secrets.token_hex(16), until])
        response.set_cookie(COOKIE, value, max_age=LASTS, **self._cookie)

    def known(self, cookie: str) -> Session | None:
        """The session of a cookie, None if it is none of ours or over."""
        try:
            name, until = self._sign.loads(cookie)
        except BadData:
            return None
        return Session(name) if self._now().timestamp() < until else None

    def end(self, response: Response) -> None:
        """Let the client forget its session."""
        for name in (COOKIE, SAID_COOKIE):
            response.delete_cookie(name, **self._cookie)

    def form_token(self, session: Session) -> str:
        """What every form of a session carries, so that no other site can send one."""
        return hmac.digest(self._key, f"form {session.name}".encode(), "sha256").hex()

    def is_form_of(self, session: Session, given: str) -> bool:
        """Whether a form that carries this comes from one of the session's pages."""
        return hmac.compare_digest(given.encode(), self.form_token(session).encode())

    def say(self, response: Response, session: Session, said: Said) -> None:
        """Have the session's next page tell what was done."""
        value = self._signer(f"said {session.name}").dumps([said.text[:_SAID_MOST], said.link])
        response.set_cookie(SAID_COOKIE, value, max_age=SAID_SECONDS, **self._cookie)

    def said(self, session: Session, cookie: str) -> Said | None:
        """What was done last, None if nothing is to be told."""
        try:
            return Said(*self._signer(f"said {session.name}").loads(cookie))
        except BadData:
            return None

    def forget_said(self, response: Response) -> None:
        """It was told."""
        response.delete_cookie(SAID_COOKIE, **self._cookie)

    def _signer(self, use: str) -> URLSafeSerializer:
        how = {"digest_method": sha256, "key_derivation": "hmac"}
        return URLSafeSerializer(self._key, salt=f"syndicate {use}", signer_kwargs=how)
