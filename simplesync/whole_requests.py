"""Requests whose bodies have come in whole before they cost a thread.

A thread that waits for the rest of a slow body is one less for everybody: as many slow senders as
there are threads would stop the site.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Application = Callable[[Scope, Receive, Send], Awaitable[None]]

LONGEST = 60  # seconds for a body


def whole_requests(application: Application, most: int, longest: float = LONGEST) -> Application:
    """Return an application that passes requests on with their bodies, of at most `most` bytes.

    One whose head says that it is larger is passed on unread: the application answers it by that.
    One that turns out to be larger is answered with 413, one that takes longer than `longest`
    seconds with 408.
    """

    async def with_whole_request(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await application(scope, receive, send)
            return
        length = length_of(scope)
        if length is not None and length > most:
            body = b""
        else:
            try:
                async with asyncio.timeout(longest):
                    body = await read(receive, most)
            except TimeoutError:
                await refuse(send, 408, b"The request took too long.")
                return
            except TooLarge:
                await refuse(send, 413, b"The request is too large.")
                return
            except ConnectionError:
                return
            length = len(body)
        await application(
            {**scope, "headers": headers_of(scope, length)}, after(whole(body), receive), send
        )

    return with_whole_request


class TooLarge(Exception):
    """A body has more bytes than it may have."""


def length_of(scope: Scope) -> int | None:
    """Return what the head says of the body's length; None if it does not."""
    for name, value in scope["headers"]:
        if name == b"content-length" and value.isdigit():
            return int(value)
    return None


def headers_of(scope: Scope, length: int) -> list[tuple[bytes, bytes]]:
    """Return the headers with the body's true length.

    Those whose names have a "_" are left out: WSGI could not tell them from those with a "-", and
    so they could pass for what a proxy in front says.
    """
    headers = [
        (name, value)
        for name, value in scope["headers"]
        if b"_" not in name and name not in (b"content-length", b"transfer-encoding")
    ]
    return [*headers, (b"content-length", str(length).encode())] if length else headers


async def read(receive: Receive, most: int) -> bytes:
    """Return the body. Raises TooLarge, and ConnectionError when the sender goes."""
    body = bytearray()
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise ConnectionError
        body += message.get("body", b"")
        if len(body) > most:
            raise TooLarge
        if not message.get("more_body", False):
            return bytes(body)


def whole(body: bytes) -> Message:
    """Return the message that brings a body at once."""
    return {"type": "http.request", "body": body, "more_body": False}


def after(first: Message, receive: Receive) -> Receive:
    """Return what gives a message that has come already, and then what else there is to receive."""
    given = False

    async def give() -> Message:
        nonlocal given
        if given:
            return await receive()
        given = True
        return first

    return give


async def refuse(send: Send, status: int, sentence: bytes) -> None:
    """Answer for the application, and let the connection go."""
    headers = [(b"content-type", b"text/plain"), (b"connection", b"close")]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": sentence})
