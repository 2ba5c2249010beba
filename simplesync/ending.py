"""The end of a server process: told as soon as it is asked for, while answers are still under way.

ASGI tells of it only once all connections are closed, and so those that wait for events would keep
the process until it is killed.
"""

from __future__ import annotations

import asyncio
import signal
import threading
from collections.abc import Callable
from types import FrameType

from simplesync.whole_requests import Application, Receive, Scope, Send

SIGNALS = (signal.SIGINT, signal.SIGTERM)


def told_of_the_end(
    application: Application, end: Callable[[], object], last: Callable[[], object]
) -> Application:
    """Return an application that calls `end` when its process is asked to go, and `last` when all
    has been answered."""

    async def watching(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "lifespan":
            await application(scope, receive, send)
            return
        if threading.current_thread() is threading.main_thread():
            for each in SIGNALS:
                call_before(each, end)
        await live(receive, send, last)

    return watching


async def live(receive: Receive, send: Send, last: Callable[[], object]) -> None:
    """Follow the server's own beginning and end."""
    while (await receive())["type"] != "lifespan.shutdown":
        await send({"type": "lifespan.startup.complete"})
    await asyncio.to_thread(last)
    await send({"type": "lifespan.shutdown.complete"})


def call_before(number: int, end: Callable[[], object]) -> None:
    """Call `end` at a signal, and then who was to be called before: the server."""
    server = signal.getsignal(number)

    def handle(received: int, frame: FrameType | None) -> None:
        end()
        if callable(server):
            server(received, frame)

    signal.signal(number, handle)
