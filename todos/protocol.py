"""The wire of `POST /sync`: version, limits, codes, and the check of each todo.

Twin of static/js/protocol.mjs, to which the page sends these limits. The rules cited by letter and
number stand in docs/reference/sync-protocol.md.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from typing import Any, Literal

import orjson
from pydantic import BaseModel, Field, ValidationError, create_model

from todos import fields, hlc
from todos.fields import FIELDS
from todos.merge import Version

PROTOCOL = 1
LIMITS = {
    **fields.LIMITS,
    "todosPerRequest": 1_000,
    "pagesPerRequest": 100,
    "bytesPerRequest": 1_000_000,
    "todosPerUser": 100_000,  # live ones
}
PAGE = 1_000  # todos in one reply's pull

UUID_TEXT = r"^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"
ID = re.compile(UUID_TEXT)

# What is said of a todo, by code
REJECTIONS = fields.ERRORS | {
    "bad_id": "The id is not a UUID in lower case.",
    "bad_clock": "A stamp is malformed.",
    "clock_ahead": "The edit was made a little in the future.",
    "clock_wrong": "The edit was made in the future, by a clock that is wrong.",
    "incomplete": "The todo cannot be made without the fields that were refused.",
    "malformed": "The todo is not of the form that the protocol asks for.",
    "other_account": "The todo belongs to another account.",
    "too_many_todos": f"The list is full: {LIMITS['todosPerUser']} todos.",
    "unknown_field": "This server does not know the field.",
}

# What is said of a whole request, by code
REFUSALS = {
    "busy": (503, "The server is busy. Try again."),
    "csrf": (403, "The request does not carry this session's token."),
    "malformed": (400, "The request is not of the form that the protocol asks for."),
    "method_not_allowed": (405, "Use POST."),
    "other_account": (409, "The page belongs to another account than the session."),
    "protocol": (409, "This version of the protocol is not spoken here. Reload the page."),
    "rejected": (400, "Some todos were not stored: see results."),
    "server_error": (500, "Something went wrong on the server. Nothing was lost; try again."),
    "signed_out": (401, "Log in to sync."),
    "too_large": (413, "The request is too large. Send fewer todos at once."),
    "too_many_requests": (429, "Too many requests. Wait a moment."),
}


class Refused(Exception):
    """A whole request that is answered with an error: one of REFUSALS, and what else to say."""

    def __init__(self, code: str, *, headers: dict[str, str] | None = None, **extra: Any) -> None:
        super().__init__(code)
        self.code = code
        self.status, self.message = REFUSALS[code]
        self.headers = headers or {}
        self.extra = extra

    def body(self) -> dict[str, Any]:
        """Return the one shape of an error."""
        return {"ok": False, "error": self.code, "message": self.message, **self.extra}


# The request


class SyncRequest(BaseModel):
    """What a client sends; `todos` are checked one by one, so that a bad one blocks no other."""

    protocol: Literal[1]
    account: str = Field(pattern=UUID_TEXT, description="the account that the page belongs to")
    device: str = Field(pattern=UUID_TEXT, description="the device's own id, made by it")
    secret: str = Field(pattern=r"^[0-9a-f]{32}$", description="the device's own secret")
    replaces: str | None = Field(
        default=None,
        pattern=UUID_TEXT,
        description="the device that this browser was before it lost its store",
    )
    persisted: bool | None = Field(
        strict=True,
        default=None,
        description="whether the browser keeps the client's store until its person says otherwise",
    )
    cursor: Any = Field(default=None, description="from the last reply, or null")
    pages: list[Any] = Field(
        default=[],
        max_length=LIMITS["pagesPerRequest"],
        description="the cursors of the pages taken in since the last reply",
    )
    digest: int | None = Field(
        strict=True,
        default=None,
        ge=0,
        lt=2**32,
        description="of the live todos of which the client has the server's copy",
    )
    todos: list[Any] = Field(description="see Todo; fields not changed are left out")


def read_json(body: bytes) -> dict[str, Any]:
    """Parse a request's body. Raises Refused when it is no JSON object."""
    try:
        parsed = orjson.loads(body)
    except orjson.JSONDecodeError:  # or half a surrogate pair, for which one todo is refused
        try:
            parsed = json.loads(body, parse_constant=reject_constant)
        except (ValueError, RecursionError):
            raise Refused("malformed") from None
    if not isinstance(parsed, dict):
        raise Refused("malformed")
    return parsed


def reject_constant(name: str) -> None:
    """Refuse NaN and the infinities, which are no JSON."""
    raise ValueError(name)


def read_request(body: dict[str, Any]) -> SyncRequest:
    """Check a request of this protocol. Raises Refused for another version or a bad form."""
    if type(body.get("protocol")) is not int or body["protocol"] != PROTOCOL:
        raise Refused("protocol", protocols=[PROTOCOL])
    try:
        request = SyncRequest.model_validate(body)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise Refused("malformed", detail=f"{where}: {first['msg']}") from None
    if len(request.todos) > LIMITS["todosPerRequest"]:
        raise Refused("too_large")
    return request


# One todo of it


@dataclass(slots=True)
class Incoming:
    """One todo of a request, checked as far as that can be without the database."""

    id: Any  # as it was sent, for the answer
    uid: str | None = None  # the same, if it is an id
    version: Version = field(default_factory=dict)  # what was sent and is good
    seen: dict[str, Any] = field(default_factory=dict)  # field: the stamp that its maker knew (M12)
    refused: dict[str, str] = field(default_factory=dict)  # field: code
    error: str | None = None  # of the todo as a whole


def read_todo(raw: Any) -> Incoming:
    """Check the id, the stamps and the values of one todo (M5 to M9)."""
    if not isinstance(raw, dict):
        return refuse({}, {}, "malformed")
    sent, clocks = raw.get("id"), raw.get("clocks")
    if not isinstance(clocks, dict):
        return refuse(raw, {}, "malformed")
    if not isinstance(sent, str) or not ID.fullmatch(sent):
        return refuse(raw, clocks, "bad_id")
    seen = raw.get("seen", {})
    if not clocks.keys() <= raw.keys() or not isinstance(seen, dict):
        return refuse(raw, clocks, "malformed")
    version: Version = {"id": sent}
    good: dict[str, str] = {}
    refused: dict[str, str] = {}
    for name, stamp in clocks.items():
        if code := check_field(name, raw[name], stamp):
            refused[name] = code
        else:
            version[name] = raw[name]
            good[name] = stamp
    version["clocks"] = good
    return Incoming(sent, sent, version, seen, refused)


def refuse(raw: dict[str, Any], clocks: dict[str, Any], code: str) -> Incoming:
    """Return a todo of which nothing is good."""
    sent = raw.get("id")
    as_sent = sent if isinstance(sent, str) else None
    return Incoming(as_sent, refused=dict.fromkeys(clocks, code), error=code)


def check_field(name: str, value: Any, stamp: Any) -> str | None:
    """Return the code of what is wrong with one field of a todo, or None."""
    if name not in FIELDS:
        return "unknown_field"
    if not hlc.is_stamp(stamp):
        return "bad_clock"
    return FIELDS[name].check(value)


# The reply


stamps: dict[str, Any] = dict.fromkeys(FIELDS, (str | None, None))
Clocks = create_model(
    "Clocks", __doc__="The stamp of each field that a todo brings (S1).", **stamps
)


def in_schema(known: fields.Field) -> tuple[Any, Any]:
    """Return a field of a todo as the OpenAPI document has it: its type, and the rest."""
    kind = type(known.unset)
    if known.needed:
        return kind, Field(max_length=known.limit)
    return kind | None, Field(default=None, max_length=known.limit)


values: dict[str, Any] = {name: in_schema(known) for name, known in FIELDS.items()}
Todo = create_model(
    "Todo",
    __doc__="A todo on the wire; a field is an edit when `clocks` has its stamp.",
    id=(str, Field(pattern=UUID_TEXT)),
    **values,
    clocks=(Clocks, ...),
)


class Result(BaseModel):
    """The verdict on one todo of the request, in its order (M9)."""

    id: str | None
    status: Literal["stored", "incomplete", "rejected"]
    error: str | None = Field(default=None, description="one of " + ", ".join(REJECTIONS))
    message: str | None = None
    fields: list[str] | None = Field(default=None, description="the refused ones")
    errors: dict[str, str] | None = Field(default=None, description="the code for each of them")


class SyncReply(BaseModel):
    """The answer to a sync."""

    ok: Literal[True]
    success: Literal[True]
    protocol: Literal[1]
    results: list[Result]
    todos: list[Todo]  # type: ignore[valid-type]  # made above
    cursor: str | None
    more: bool
    reset: bool
    checked: bool = Field(default=False, description="the client's digest was found right")
    serverTime: int = Field(description="Unix time in milliseconds")  # noqa: N815


class ErrorReply(BaseModel):
    """The one shape of an error."""

    ok: Literal[False]
    error: str = Field(description="one of " + ", ".join(REFUSALS))
    message: str
    detail: str | None = Field(default=None, description="with malformed: which part, and why")
    wipe: bool | None = Field(
        default=None, description="with signed_out: the device is to wipe what it keeps"
    )
    protocols: list[int] | None = Field(default=None, description="with protocol: those spoken")
    results: list[Result] | None = Field(default=None, description="with rejected")


def stored(sent: Any) -> dict[str, Any]:
    """Return the verdict on a todo that is stored, or that was there already, or that lost."""
    return {"id": sent, "status": "stored"}


def incomplete(sent: Any) -> dict[str, Any]:
    """Return the verdict on an edit of a todo that the server would have to know first (M4)."""
    return {"id": sent, "status": "incomplete"}


def rejected(sent: Any, errors: dict[str, str], error: str | None = None) -> dict[str, Any]:
    """Return the verdict on a todo of which some fields, or with `error` all, were refused."""
    code = error or next(iter(errors.values()))
    return {
        "id": sent,
        "status": "rejected",
        "error": code,
        "message": REJECTIONS[code],
        "fields": list(errors),
        "errors": errors,
    }
