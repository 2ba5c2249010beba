"""What a person is told over HTTP of what was: the history of a todo, and the Trash."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from html import unescape
from typing import Any, NamedTuple

from e2e.torture.web import Web
from todos.merge import Version

STEP = re.compile(r'name="stamp" value="([^"]+)">\s*<button aria-label="Restore “([^>]*)”">')
NEXT = re.compile(r'class="more" href="([^"]+)"')
DELETED = re.compile(r'action="/todos/([0-9a-f-]{36})/restore/"')
UPTO = re.compile(r'name="upto" value="([^"]+)"')


class Told(NamedTuple):
    """A value of a todo, as its history tells it."""

    field: str
    value: Any
    stamp: str
    conflict: bool


@dataclass
class Past:
    """The pages of a todo's history, as somebody has looked at them: maybe stale by now."""

    uid: str
    texts: list[tuple[str, str]]  # those that can be restored, by their stamps
    shown: Version | None = None


@dataclass
class Trash:
    """The pages of the Trash, as somebody has looked at them: maybe stale by now."""

    uids: list[str]
    upto: str
    was: dict[str, Any] = field(default_factory=dict)  # all that there was then of each todo
    restores: int = 0  # how often the database had been replaced


def values_of(web: Web, uid: str) -> list[Told]:
    """Return all values that a todo has and had, as its history tells scripts."""
    told: list[Told] = []
    address: str | None = f"/todos/{uid}/history.json"
    while address:
        answer = web.request("GET", address)
        assert answer.status == 200, f"{address}: {answer.status}"
        content = json.loads(answer.body)
        assert content["id"] == uid, content
        told += [Told(**value) for value in content["values"]]
        older = content["older"]
        address = f"/todos/{uid}/history.json?before={older}" if older else None
    return told


def past_of(web: Web, uid: str) -> Past | None:
    """Look at a todo's history without a script; None if it is not to be had."""
    pages = pages_of(web, f"/todos/{uid}/history/")
    texts = [(stamp, unescape(text)) for page in pages for stamp, text in STEP.findall(page)]
    return Past(uid, texts) if pages else None


def trash_of(web: Web) -> Trash | None:
    """Look at the Trash; None if it is empty."""
    pages = pages_of(web, "/trash/")
    if not pages or not (upto := UPTO.search(pages[0])):
        return None
    return Trash([uid for page in pages for uid in DELETED.findall(page)], upto[1])


def pages_of(web: Web, address: str) -> list[str]:
    """Return a page and those that it leads to; none without a session."""
    pages: list[str] = []
    path, query = address, ""
    while True:
        answer = web.request("GET", path + query)
        if answer.status != 200:
            return []
        pages.append(answer.body)
        following = NEXT.search(answer.body)
        if following is None:
            return pages
        query = unescape(following[1])
