"""`POST /sync`: parse, call, answer."""

from __future__ import annotations

import functools
import time
from typing import Any
from uuid import UUID

import orjson
from django.conf import settings
from django.contrib.auth import logout
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse, JsonResponse
from limits import parse
from ninja import Router

from accounts import devices, sessions, wiping
from accounts.models import Device, User
from accounts.requests import PersonRequest
from simplesync.sliding_window import SlidingWindow
from todos import article, cursor, protocol, rejections, sync, telemetry
from todos.activity import unstored
from todos.protocol import ErrorReply, SyncReply, SyncRequest

router = Router(tags=["sync"])
rate = SlidingWindow()
parsed = functools.cache(parse)

DEVICE_KEPT = 400 * 24 * 60 * 60  # s, the longest that browsers allow
NO_PULL: dict[str, Any] = {"todos": [], "cursor": None, "more": False, "reset": False}


@router.post(
    "/sync",
    response={200: SyncReply, frozenset({400, 401, 403, 405, 409, 413, 429, 500, 503}): ErrorReply},
    openapi_extra={
        "requestBody": {
            "required": True,
            "content": {"application/json": {"schema": SyncRequest.model_json_schema()}},
        }
    },
)
def post_sync(request: PersonRequest) -> HttpResponse:
    """Push what changed on the device, and pull what changed elsewhere, in one round trip."""
    began = time.perf_counter()
    limit_rate(request.user)
    body = protocol.read_json(request.body)
    if article.is_article(body):
        return answered(complete({"results": push_article(request.user, body), **NO_PULL}))
    asked = protocol.read_request(body)
    if asked.account != str(request.user.account):
        raise protocol.Refused("other_account")
    device = notice_device(request, asked)
    content = complete(exchange(request.user, asked, device))
    note_rejections(request.user, asked, content["results"], device)
    telemetry.note(request.user, asked, content, time.perf_counter() - began)
    response = answered(content)
    remember_device(response, asked)
    return response


@router.api_operation(
    ["GET", "HEAD", "OPTIONS", "PUT", "PATCH", "DELETE"],
    "/sync",
    auth=None,
    include_in_schema=False,
)
def refuse_method(request: HttpRequest) -> None:
    """Answer what is no POST."""
    raise protocol.Refused("method_not_allowed", headers={"Allow": "POST"})


def notice_device(request: PersonRequest, asked: SyncRequest) -> Device | None:
    """Note which device syncs, and return it if it is the one that it says it is.

    Raises Refused if it was signed out since its session began.
    """
    session = request.session
    try:
        return devices.notice(
            request.user,
            UUID(asked.device),
            asked.secret,
            request.headers.get("User-Agent", ""),
            UUID(asked.replaces) if asked.replaces else None,
            persisted=asked.persisted,
            session=devices.Session(session.session_key or "", session.get(sessions.BEGAN, 0)),
        )
    except devices.SignedOut:
        logout(request)
        raise signed_out(request) from None


def signed_out(request: HttpRequest) -> protocol.Refused:
    """Return the answer to somebody without a session: a device may have to wipe what it keeps."""
    try:
        said = protocol.read_json(request.body)
    except (protocol.Refused, RequestDataTooBig):
        said = {}
    return protocol.Refused("signed_out", **wiping.order(said))


def push_article(user: User, body: dict[str, Any]) -> list[dict[str, Any]]:
    """Store what the article's client sends; keep for the operator what was refused of it."""
    try:
        return article.push(user, body)
    except protocol.Refused as refused:
        if verdicts := refused.extra.get("results"):
            rejections.keep(user, None, body["todos"], verdicts)
        raise


def note_rejections(
    user: User, asked: SyncRequest, verdicts: list[dict[str, Any]], device: Device | None
) -> None:
    """Note what was rejected: the device's last error, and for good what came."""
    codes = [verdict["error"] for verdict in verdicts if verdict["status"] == "rejected"]
    if codes:
        devices.note_error(device, codes[0])
        rejections.keep(user, UUID(asked.device), asked.todos, verdicts)


def exchange(user: User, asked: SyncRequest, device: Device | None) -> dict[str, Any]:
    """Push, then pull from the cursor; a client whose cursor is not this database's is reset (R5).

    So is one that has taken in another database's page (R8), or does not hold what it should (R7).
    """
    todos = [protocol.read_todo(todo) for todo in asked.todos]
    pushed = sync.push(user, todos, UUID(asked.device))
    stood = pushed.before
    came = cursor.first(stood) if asked.cursor is None else cursor.unpack(asked.cursor)
    named = [came, *map(cursor.unpack, asked.pages)]
    known = [each for each in named if each]
    is_known = len(known) == len(named) and cursor.honoured(known, stood)
    same = sync.has_digest(stood, came, asked.digest) if came and is_known else None
    telemetry.note_conflicts(pushed.conflicts)
    if same is False:
        devices.count_divergence(user, UUID(asked.device))
    if came is None or not is_known or same is False:
        return {"results": pushed.results, **NO_PULL, "reset": True}
    if came.position == stood.head and pushed.alone:  # what it has just sent it need not be told
        came = came._replace(position=pushed.after.head)
    page = sync.changes_after(pushed.after, came)
    unstored.reached(device, came.position, page.cursor.position)
    paged = {todo["id"] for todo in page.todos}
    return {
        "results": pushed.results,
        "todos": page.todos + [todo for todo in pushed.differing if todo["id"] not in paged],
        "cursor": page.cursor.pack(),
        "more": page.more,
        "reset": False,
        **({"checked": True} if same else {}),
    }


def remember_device(response: HttpResponse, asked: SyncRequest) -> None:
    """Leave in the browser which device it is, apart from the store that it may lose.

    A cookie of the server's own lasts longest: some browsers forget what scripts keep in a week.
    """
    response.set_cookie(
        "device",
        f"{asked.account}.{asked.device}",
        max_age=DEVICE_KEPT,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )


def complete(content: dict[str, Any]) -> dict[str, Any]:
    """Return an answer of this protocol, with the time by which the client corrects its clock."""
    opening = {"ok": True, "success": True, "protocol": protocol.PROTOCOL}
    return {**opening, **content, "serverTime": sync.now_ms()}


def answered(content: dict[str, Any]) -> HttpResponse:
    """Return an answer as JSON; by a library, to which a page of todos is a fifth of the work that
    it is to Python's own."""
    try:
        return HttpResponse(orjson.dumps(content), content_type="application/json")
    except orjson.JSONEncodeError:  # half a surrogate pair in a bad id, which goes back as it came
        return JsonResponse(content)


def limit_rate(user: User) -> None:
    """Raise Refused when a person asks more often than SYNC_RATE allows."""
    if wait := rate.hit(parsed(settings.SYNC_RATE), str(user.pk)):
        raise protocol.Refused("too_many_requests", headers={"Retry-After": str(int(wait) + 1)})
