"""Large requests one after the other, so that small ones need not wait for many of them.

What a large request costs is mostly Python's own work, which threads share rather than divide: two
at once take as long as one after the other, and meanwhile hold two threads that others wait for.
"""

from __future__ import annotations

import asyncio

from simplesync.whole_requests import Application, Receive, Scope, Send, length_of

LARGE = 32_000  # bytes of a body


def one_at_a_time(application: Application, large: int = LARGE) -> Application:
    """Return an application to which requests with large bodies are passed one by one."""
    turn = asyncio.Lock()  # fair: first come, first served

    async def in_turn(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and (length_of(scope) or 0) > large:
            async with turn:
                await application(scope, receive, send)
        else:
            await application(scope, receive, send)

    return in_turn
