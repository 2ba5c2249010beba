"""Answers that never change are asked for once, and then given from the memory of the process.

That is what a browser may keep for ever: the static files under names that have their hash. A first
visit asks for eighty of them, and each costs Django's middleware and thread five times what it
costs from here. How such an answer looks, its policy and its headers, stays with Django.
"""

from __future__ import annotations

from simplesync.whole_requests import Application, Message, Receive, Scope, Send

MOST = 512  # answers: there is one for each way in which a file is compressed
LARGEST = 100_000  # bytes of one
ASKED = (b"accept-encoding", b"x-forwarded-proto")  # on which an answer depends
OTHERWISE = {b"range", b"if-none-match", b"if-modified-since"}  # not the whole file is asked for


def remembered(application: Application, below: str, most: int = MOST) -> Application:
    """Return an application that remembers what never changes, of the paths below one."""
    kept: dict[tuple[object, ...], list[Message]] = {}

    async def with_memory(scope: Scope, receive: Receive, send: Send) -> None:
        key = key_of(scope, below)
        if key is None:
            await application(scope, receive, send)
        elif key in kept:
            for message in kept[key]:
                await send(message)
        else:
            answer = in_one_piece(await listened(application, scope, receive, send))
            if never_changes(answer):
                if len(kept) >= most:
                    del kept[next(iter(kept))]  # the oldest
                kept[key] = answer

    return with_memory


def key_of(scope: Scope, below: str) -> tuple[object, ...] | None:
    """Return what tells a request for a file from others; None if it is not for one as it is."""
    if scope["type"] != "http" or not scope["path"].startswith(below):
        return None
    headers = dict(scope["headers"])
    if scope["method"] != "GET" or scope["query_string"] or not OTHERWISE.isdisjoint(headers):
        return None
    return (scope["scheme"], scope["path"], *map(headers.get, ASKED))


async def listened(
    application: Application, scope: Scope, receive: Receive, send: Send
) -> list[Message]:
    """Let the application answer, and return what it said."""
    said: list[Message] = []

    async def send_on(message: Message) -> None:
        said.append(message)
        await send(message)

    await application(scope, receive, send_on)
    return said


def in_one_piece(answer: list[Message]) -> list[Message]:
    """Return an answer, as far as it has come, whose body is not divided."""
    body = b"".join(message.get("body", b"") for message in answer)
    return [*answer[:1], {"type": "http.response.body", "body": body}]


def never_changes(answer: list[Message]) -> bool:
    """Tell whether an answer in one piece is whole, small, and good for ever and for everybody."""
    start, last = answer[0], answer[-1]
    if start.get("status") != 200:
        return False
    headers, length = dict(start["headers"]), len(last["body"])
    caching = headers.get(b"cache-control", b"")
    return (
        b"immutable" in caching
        and b"public" in caching
        and b"set-cookie" not in headers
        and str(length).encode() == headers.get(b"content-length")
        and length <= LARGEST
    )
