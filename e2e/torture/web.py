"""A browser as far as HTTP goes: cookies, the session's token, and what the pages say."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from html.parser import HTMLParser
from http.client import HTTPConnection, HTTPException
from http.cookies import SimpleCookie
from typing import Any
from urllib.parse import urlencode

from todos.merge import Version

PASSWORD = "correct horse battery staple"
LONGEST_WAIT = 60  # seconds: a process that died may have to be missed first, and started again
NETWORK_TROUBLE = (OSError, HTTPException)


@dataclass
class Answer:
    """What came back."""

    status: int
    body: str


@dataclass
class Web:
    """One browser profile's cookies, and requests that carry them.

    `name` goes along as a header, by which the proxy knows whose next request to disturb.
    """

    port: int
    name: str
    cookies: dict[str, str] = field(default_factory=dict)
    facts: dict[str, str] = field(default_factory=dict)  # of a page, for who keeps them

    def request(self, method: str, path: str, body: str = "", **headers: str) -> Answer:
        """Ask, and return the answer. Raises one of NETWORK_TROUBLE when there is none."""
        connection = HTTPConnection("127.0.0.1", self.port, timeout=LONGEST_WAIT)
        try:
            headers = {"Cookie": self.cookie(), "X-Device": self.name, **headers}
            connection.request(method, path, body.encode() or None, headers)
            response = connection.getresponse()
            for line in response.headers.get_all("Set-Cookie", []):
                for name, cookie in SimpleCookie(line).items():
                    self.cookies[name] = cookie.value
            return Answer(response.status, response.read().decode())
        finally:
            connection.close()

    def cookie(self) -> str:
        """Return the cookies as the header that brings them back."""
        return "; ".join(f"{name}={value}" for name, value in self.cookies.items())

    def token(self) -> str:
        """Return the token of the session as the cookies say (session.mjs)."""
        return self.cookies.get("csrftoken", "")

    def submit(self, path: str, **fields: Any) -> Answer:
        """Submit a form; a list posts a field several times."""
        fields["csrfmiddlewaretoken"] = self.token()
        kind = "application/x-www-form-urlencoded"
        return self.request("POST", path, urlencode(fields, doseq=True), **{"Content-Type": kind})

    def sign_up(self, name: str) -> None:
        """Make an account, which logs in."""
        self.request("GET", "/accounts/signup/")
        answer = self.submit(
            "/accounts/signup/", username=name, password1=PASSWORD, password2=PASSWORD
        )
        assert answer.status == 302, answer.body

    def log_in(self, name: str) -> None:
        """Log in by the form."""
        self.request("GET", "/accounts/login/")
        answer = self.submit("/accounts/login/", username=name, password=PASSWORD)
        assert answer.status == 302, answer.body

    def page(self, address: str = "/") -> Page | None:
        """Return a page of the list; None when it leads to the log-in instead."""
        answer = self.request("GET", address)
        return Page(answer.body) if answer.status == 200 else None

    def whole_list(self) -> list[Version] | None:
        """Return all todos as the pages without JavaScript show them, one after the other."""
        todos: list[Version] = []
        address = "/"
        while address:
            page = self.page(address)
            if page is None:
                return None
            todos += page.todos
            address = page.following
        return todos


class Page(HTMLParser):
    """A page of the list: its facts, its rows, its new id and the address of the next page."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.facts: dict[str, str] = {}
        self.todos: list[Version] = []
        self.new_id = ""
        self.following = ""
        self.row: Version | None = None
        self.in_title = self.in_template = False
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note what the script would read too (todo-row.mjs, `versionOf`)."""
        has = {name: value or "" for name, value in attrs}
        if tag == "html":
            self.facts = has
        elif tag == "template":
            self.in_template = True
        elif tag == "li" and "data-id" in has and not self.in_template:
            clocks = json.loads(has["data-clocks"])
            self.row = {"id": has["data-id"], "text": "", "completed": False, "deleted": False}
            self.row |= {"position": has["data-position"], "clocks": clocks}
            if "conflict" in clocks:
                self.row["conflict"] = "data-conflict" in has
            self.todos.append(self.row)
        elif tag == "input" and has.get("class") == "toggle" and self.row:
            self.row["completed"] = "checked" in has
        elif tag == "label":
            self.in_title = has.get("data-testid") == "todo-title"
        elif tag == "input" and has.get("name") == "id":
            self.new_id = has["value"]
        elif tag == "a" and has.get("href", "").startswith("?after="):
            self.following = "/" + has["href"]

    def handle_endtag(self, tag: str) -> None:
        """Note where things end."""
        if tag == "template":
            self.in_template = False
        elif tag == "label":
            self.in_title = False
        elif tag == "li":
            self.row = None

    def handle_data(self, data: str) -> None:
        """Note a title."""
        if self.in_title and self.row:
            self.row["text"] += data
