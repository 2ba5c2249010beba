"""The end of a server process: told as soon as it is asked for, while answers are still under way.

ASGI tells of it only once all connections are closed, and so those that wait for events would keep
the process until it is killed.
"""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable

from simplesync.whole_requests import Application, Receive, Scope, Send

SIGNALS = (signal.SIGINT, signal.SIGTERM)


def told_of_the_end(application: Application, end: Callable[[], object]) -> Application:
    """Return an application that calls `end` when its process is asked to go."""

    async def watching(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan" and threading.current_thread() is threading.main_thread():
            for each in SIGNALS:
                call_before(each, end)
        await application(scope, receive, send)

    return watching


def call_before(number: int, end: Callable[[], object]) -> None:
    """Call `end` at a signal, and then who was to be called before: the server."""
    server = signal.getsignal(number)

    def handle(received, frame):
        end()
        if callable(server):
            server(received, frame)

    signal.signal(number, handle)
