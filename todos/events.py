"""`GET /sync/events`: says where the head of the list is, whenever it moves.

A stream of server-sent events. Each says the same thing: the cursor of a device that has all there
is. A device whose own cursor is another pulls; so an event that is lost, doubled or late does no
harm. One comes at once, one with each change, and one every so often, since a connection that says
nothing may be dead.

Django answers the request like any other, with the session, its checks and the first event; what
follows is said in asyncio, where a device that waits costs no thread and no database connection.
"""

from __future__ import annotations

import asyncio
import random

from django.http import HttpRequest, StreamingHttpResponse
from ninja import Router

from accounts.models import User
from accounts.requests import PersonRequest
from simplesync.whole_requests import Application, Message, Receive, Scope, Send
from todos import announcements, protocol
from todos.api import limit_rate
from todos.cursor import newest
from todos.hub import Listener, hub
from todos.models import SyncState

BEAT = 15  # seconds between two events while nothing happens
LIFE = 300  # seconds after which a stream ends, and its device asks again: is it still logged in?
MOST = 50  # streams of one person in one process

router = Router(tags=["sync"])


def logged_in(request: HttpRequest) -> User | None:
    """Return the person; a GET changes nothing, so it needs no token."""
    return request.user if request.user.is_authenticated else None


@router.get("/sync/events", auth=logged_in, response={200: str, 401: protocol.ErrorReply})
def get_events(request: PersonRequest, account: str = "") -> StreamingHttpResponse:
    """Say where the head is, now and whenever it moves (text/event-stream)."""
    if account != str(request.user.account):
        raise protocol.Refused("other_account")
    limit_rate(request.user)
    if hub.count(request.user.pk) >= MOST:
        raise protocol.Refused("too_many_requests", headers={"Retry-After": str(LIFE)})
    listener = request.META.get("asgi.scope", {}).get("listener")
    if listener and not hub.closed:
        hub.add(request.user.pk, listener)  # before the head is read: what comes then is heard
        announcements.watch()
    cursor = newest(SyncState.of(request.user)).pack()
    if listener:
        listener.begin(cursor)
    response = StreamingHttpResponse([event(cursor)], content_type="text/event-stream")
    response.headers["Cache-Control"] = "no-store, private, no-transform"
    response.headers["X-Accel-Buffering"] = "no"  # nginx: pass each event on at once
    return response


def event(cursor: str) -> bytes:
    """Return an event that says where the head is."""
    return f"id: {cursor}\ndata: {cursor}\n\n".encode()


def held_open(django: Application) -> Application:
    """Return an application that goes on where Django has let a device wait."""

    async def with_events(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"] != "/sync/events":
            await django(scope, receive, send)
            return
        listener = Listener()

        async def send_beginning(message: Message) -> None:
            is_last = message["type"] == "http.response.body" and not message.get("more_body")
            if not (is_last and listener.begun):
                await send(message)

        try:
            await django({**scope, "listener": listener}, receive, send_beginning)
            if listener.begun:
                await say_what_moves(listener, receive, send)
        finally:
            if listener.user_id:
                hub.remove(listener)

    return with_events


async def leaving(receive: Receive) -> None:
    """Return once the device has gone."""
    while (await receive())["type"] != "http.disconnect":
        pass


async def say_what_moves(listener: Listener, receive: Receive, send: Send) -> None:
    """Send an event whenever a listener hears of another head, until its device has gone."""
    gone = asyncio.ensure_future(leaving(receive))
    gone.add_done_callback(lambda _: listener.end())
    end = listener.loop.time() + LIFE * random.uniform(0.8, 1.2)  # not all at once
    said = listener.cursor
    try:
        while listener.loop.time() < end:
            await listener.news(said, BEAT)
            if listener.ended:
                break
            said = listener.cursor
            await send({"type": "http.response.body", "body": event(said), "more_body": True})
        await send({"type": "http.response.body", "body": b"", "more_body": False})
    finally:
        gone.cancel()
