"""A device for tests: it makes edits with the real clock and sends them through Django's client."""

from __future__ import annotations

import re
import secrets
import uuid

from django.test import Client

from todos import hlc, sync
from todos.uuid7 import uuid7

DAY = 24 * 60 * 60 * 1000


class Device:
    """One browser of one person, without a store: a test says what it knows."""

    def __init__(self, user, now=None) -> None:
        self.user = user
        self.id = str(uuid.uuid4())
        self.secret = secrets.token_hex(16)
        self.node = self.id[:8] + secrets.token_hex(4)
        self.last = hlc.ZERO
        self.now = now or sync.now_ms
        self.cursor = None
        self.client = Client(enforce_csrf_checks=True)
        self.client.force_login(user)
        self.client.get("/accounts/password/")  # whose form brings a token
        self.token = self.client.cookies["csrftoken"].value

    def stamp(self):
        """Tick, and return the stamp."""
        self.last = hlc.tick(self.last, self.now(), self.node)
        return self.last

    def edit(self, id, **values):
        """Return an edit of some fields, as it goes over the wire."""
        return {"id": id, **values, "clocks": dict.fromkeys(values, self.stamp())}

    def edit_of(self, row, **values):
        """Return an edit of a todo as this device sees it, with what it had seen (M12)."""
        seen = {field: row["clocks"][field] for field in values}
        return self.edit(row["id"], **values) | {"seen": seen}

    def new(self, text="Buy milk", **values):
        """Return a new todo, as it goes over the wire."""
        defaults = {"text": text, "completed": False, "position": "a01111", "deleted": False}
        return self.edit(str(uuid7()), **defaults | values)

    def body(self, *todos, **members):
        """Return the body of a request."""
        return {
            "protocol": 1,
            "account": str(self.user.account),
            "device": self.id,
            "secret": self.secret,
            "cursor": self.cursor,
            "todos": list(todos),
            **members,
        }

    def post(self, body, **headers):
        """Send any body, and return Django's response."""
        headers = {"X-CSRFToken": self.token} | headers
        return self.client.post("/sync", body, content_type="application/json", headers=headers)

    def sync(self, *todos, **members):
        """Push todos, pull one page, move the cursor, and return the reply."""
        response = self.post(self.body(*todos, **members))
        assert response.status_code == 200, response.content
        reply = response.json()
        self.cursor = reply["cursor"]
        for todo in reply["todos"]:
            self.last = max(self.last, *todo["clocks"].values())
        return reply

    def look(self):
        """Load the page, and return its cursor."""
        return re.search('data-cursor="([^"]+)"', self.client.get("/").content.decode())[1]

    def pull(self):
        """Pull all pages, and return the todos by id."""
        todos, more = {}, True
        while more:
            reply = self.sync()
            todos |= {todo["id"]: todo for todo in reply["todos"]}
            more = reply["more"]
        return todos


def only(reply):
    """Return the only verdict of a reply."""
    [result] = reply["results"]
    return result
