"""Large requests one after the other, so that small ones need not wait for many of them.

What a large request costs is mostly Python's own work, which threads share rather than divide: two
at once take as long as one after the other, and meanwhile hold two threads that others wait for.
The turn ends where the answer begins: how fast somebody reads it is nothing that others wait for.
"""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack

from simplesync.whole_requests import Application, Message, Receive, Scope, Send, length_of

LARGE = 32_000  # bytes of a body


def one_at_a_time(application: Application, large: int = LARGE) -> Application:
    """Return an application to which requests with large bodies are passed one by one."""
    turn = asyncio.Lock()  # fair: first come, first served

    async def in_turn(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or (length_of(scope) or 0) <= large:
            await application(scope, receive, send)
            return
        async with AsyncExitStack() as until_answered:
            await until_answered.enter_async_context(turn)

            async def send_on(message: Message) -> None:
                if message["type"] == "http.response.start":
                    await until_answered.aclose()
                await send(message)

            await application(scope, receive, send_on)

    return in_turn
