"""The cursor: how far a client has come, in a form that only the server reads (R1 to R4, R8)."""

from __future__ import annotations

import json
import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Collection
from typing import Any, NamedTuple

from todos.models import Head, SyncState

VERSION = 1
LONGEST = 500  # characters; ours are shorter


class Cursor(NamedTuple):
    """Where a client stands in its user's sequence of changes.

    `position` is the number of the last change that it has; `number` and `token` are the head that
    the server had then, by which it knows its own cursor again; tombstones up to `start`, the head
    at the client's first sync, are left out, since it never had those todos (R2).
    """

    position: int
    number: int
    token: str
    start: int

    def pack(self) -> str:
        """Return the cursor as text for the wire."""
        return urlsafe_b64encode(json.dumps([VERSION, *self]).encode()).decode()


def first(state: SyncState) -> Cursor:
    """Return the cursor of a client that has nothing yet (R2)."""
    return Cursor(0, state.head, state.token, start=state.head)


def newest(state: SyncState) -> Cursor:
    """Return the cursor of a client that has all there is."""
    return Cursor(state.head, state.head, state.token, start=0)


def unpack(text: Any) -> Cursor | None:
    """Read a cursor; None when this server cannot have written it."""
    if not isinstance(text, str) or len(text) > LONGEST:
        return None
    try:
        version, position, number, token, start = json.loads(urlsafe_b64decode(text.encode()))
    except (ValueError, TypeError, RecursionError):
        return None
    numbers = (version, position, number, start)
    if any(type(part) is not int or not 0 <= part < 2**63 for part in numbers):
        return None
    if not isinstance(token, str) or not re.fullmatch("[0-9a-f]{16}", token):
        return None
    return Cursor(position, number, token, start) if version == VERSION else None


def honoured(cursors: Collection[Cursor], state: SyncState) -> bool:
    """Tell whether this database has written all of these, and is behind none (R4, R8)."""
    if any(cursor.position > state.head for cursor in cursors):
        return False
    known = {(state.head, state.token)}
    older = {(cursor.number, cursor.token) for cursor in cursors} - known
    if not older:
        return True
    log = Head.objects.filter(user=state.user_id, number__in=[number for number, _ in older])
    return older <= set(log.values_list("number", "token"))
