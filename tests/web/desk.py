"""The admin pages as a browser sees them, for tests."""

from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urljoin
from xml.etree.ElementTree import Element

import html5lib
from werkzeug.test import Client, TestResponse

from tests.web.wire import TOKEN, Wire

HOST = "https://wire.example.org"


def read(page: str) -> Element:
    """The page as the standard parses it; raises for what is not well-formed."""
    tree: Element = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parse(page)
    return tree


def words(page: str, where: str = ".//main") -> str:
    """What a part of the page says, on one line."""
    found = read(page).find(where)
    return " ".join("".join(found.itertext()).split()) if found is not None else ""


def dangers(page: str) -> Iterator[str]:
    """What could run, load or lead anywhere that it should not."""
    for element in read(page).iter():
        if element.tag in {"script", "iframe", "object", "embed", "base", "style", "img", "svg"}:
            yield str(element.tag)
        for name, value in element.attrib.items():
            if name.startswith("on") or name == "style":
                yield name
            if name in {"href", "src", "action", "formaction"} and ":" in value and not value.startswith("https://"):
                yield value
            if name == "action" and not value.startswith("."):
                yield value


@dataclass
class Browser:
    """Somebody at the admin pages; `known` is what the forms of the session carry, once they were looked at."""

    client: Client
    known: str = ""

    def get(self, path: str = "", **headers: str) -> TestResponse:
        """Open a page below /admin/."""
        return self.client.get(f"/admin/{path}", base_url=HOST, headers=headers)

    def sign_in(self, token: str = TOKEN, **fields: str) -> TestResponse:
        """Send the form to sign in."""
        return self.client.post("/admin/sign-in", base_url=HOST, data={"token": token, **fields})

    def form_token(self) -> str:
        """What the forms of the session carry."""
        if not self.known:
            field = read(self.get("rulings").text).find(".//input[@name='form_token']")
            self.known = "" if field is None else str(field.get("value"))
        return self.known

    def post(self, path: str, **fields: str) -> TestResponse:
        """Send a form as the session's pages have it."""
        return self.client.post(f"/admin/{path}", base_url=HOST, data={"form_token": self.form_token(), **fields})

    def done(self, path: str, **fields: str) -> str:
        """Send a form, which must be obeyed; gives what is told on the page that one is led to."""
        answer = self.post(path, **fields)
        assert answer.status_code == 303, words(answer.text)
        landed = self.client.get(urljoin(f"/admin/{path}", answer.headers["Location"]), base_url=HOST)
        assert landed.status_code == 200
        return words(landed.text, ".//p[@class='said']")


def browser(wire: Wire, *, signed_in: bool = True) -> Browser:
    """A browser with cookies of its own."""
    made = Browser(wire.client)
    if signed_in:
        assert made.sign_in().status_code == 303
    return made
