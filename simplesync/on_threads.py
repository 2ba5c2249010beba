"""Django on a fixed pool of threads: what is whole crosses to its thread once, and back once.

Django is called as a WSGI application: its own way through ASGI costs several times as much for
each request, opens a database connection for each, and holds a thread and a connection for as long
as a response lasts. A bridge for any WSGI application, such as a2wsgi, of which this takes what
makes an environment of a scope, lets the event loop and the thread wait for each other at each step
of a request, four times; that was as long as a small sync's own work on the database.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from typing import Any

from a2wsgi.wsgi import Body, build_environ
from django.core.handlers.wsgi import WSGIHandler
from django.http.response import HttpResponseBase

from simplesync.whole_requests import Application, Message, Receive, Scope, Send, after


def on_threads(django: WSGIHandler, number: int) -> Application:
    """Return an application that lets Django answer, so many requests at a time."""
    pool = ThreadPoolExecutor(number, "Django")

    async def application(scope: Scope, receive: Receive, send: Send) -> None:
        loop = asyncio.get_running_loop()

        async def send_on(message: Message) -> None:
            await send(message)

        def send_and_wait(message: Message) -> None:
            asyncio.run_coroutine_threadsafe(send_on(message), loop).result()

        body = await body_of(loop, receive)
        environ: Any = build_environ(scope, body)  # type: ignore[arg-type]  # of narrower types
        whole = await loop.run_in_executor(pool, respond, django, environ, send_and_wait)
        for message in whole:
            await send(message)

    return application


async def body_of(loop: asyncio.AbstractEventLoop, receive: Receive) -> BytesIO | Body:
    """Return a request's body, for a thread to read: one that comes in pieces as it goes along."""
    first = await receive()
    if not first.get("more_body"):
        return BytesIO(first.get("body", b""))
    return Body(loop, after(first, receive))  # type: ignore[arg-type]  # of narrower types


def respond(django: WSGIHandler, environ: Any, send: Callable[[Message], None]) -> list[Message]:
    """Let Django answer, on this thread; return what is still to be sent.

    That is all of an answer, but for one that streams, whose pieces are sent as they are made.
    """
    begun: list[Message] = []

    def start(status: str, headers: list[tuple[str, str]], *_: object) -> Any:
        named = [(name.lower().encode("latin1"), value.encode("latin1")) for name, value in headers]
        code = int(status.split(" ", 1)[0])
        begun.append({"type": "http.response.start", "status": code, "headers": named})

    response: HttpResponseBase = django(environ, start)
    try:
        if not response.streaming:
            return [*begun, {"type": "http.response.body", "body": b"".join(response)}]
        send(begun[0])
        for piece in response:
            send({"type": "http.response.body", "body": piece, "more_body": True})
        return [{"type": "http.response.body", "body": b""}]
    finally:
        response.close()
