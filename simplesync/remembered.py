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
        if scope["type"] != "http" or not is_plain(scope, below):
            await application(scope, receive, send)
            return
        headers = dict(scope["headers"])
        key = (scope["scheme"], scope["path"], *map(headers.get, ASKED))
        if key not in kept:
            answer = await listened(application, scope, receive, send)
            if never_changes(answer):
                if len(kept) >= most:
                    del kept[next(iter(kept))]  # the oldest
                kept[key] = in_one_piece(answer)
            return
        for message in kept[key]:
            await send(message)

    return with_memory


def is_plain(scope: Scope, below: str) -> bool:
    """Tell whether a request is for a file as it is."""
    asks = scope["method"] == "GET" and scope["path"].startswith(below)
    return asks and not scope["query_string"] and OTHERWISE.isdisjoint(dict(scope["headers"]))


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
    """Return an answer whose body is not divided."""
    start, *pieces = answer
    body = b"".join(piece.get("body", b"") for piece in pieces)
    return [start, {"type": "http.response.body", "body": body}]


def never_changes(answer: list[Message]) -> bool:
    """Tell whether an answer is whole, small, and good for ever and for everybody."""
    if not answer or answer[0].get("status") != 200 or answer[-1].get("more_body"):
        return False
    headers = dict(answer[0]["headers"])
    length = sum(len(message.get("body", b"")) for message in answer)
    caching = headers.get(b"cache-control", b"")
    return (
        b"immutable" in caching
        and b"public" in caching
        and b"set-cookie" not in headers
        and str(length).encode() == headers.get(b"content-length")
        and length <= LARGEST
    )
