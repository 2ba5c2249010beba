"""Files that people bring and take away: whole on disk before they cost a thread, and after.

A file may be large, and whoever sends or reads it may be slow. So what comes is written to disk
until it has come in whole, and so is the answer before it goes out. In between, the work is done
for one file at a time: files together hold no more than one thread of a process, and no memory.
"""

from __future__ import annotations

import asyncio
from collections.abc import Collection
from contextlib import suppress
from tempfile import SpooledTemporaryFile
from typing import IO

from simplesync.whole_requests import (
    Application,
    Message,
    Receive,
    Scope,
    Send,
    headers_of,
    refuse,
)

IN_MEMORY = 1_000_000  # bytes; what is larger goes to disk
PIECE = 65_536  # bytes at a time
LONGEST = 10 * 60  # seconds, for a file to come, and again for it to go
AT_ONCE = 16  # files in one process, since each may take as much of the disk as is allowed


class Spooled:
    """An application for the paths of files; every other request goes on to another one."""

    def __init__(
        self,
        application: Application,
        others: Application,
        paths: Collection[str],
        most: int,
        longest: float = LONGEST,
        at_once: int = AT_ONCE,
    ) -> None:
        self.application = application
        self.others = others
        self.paths = paths
        self.most = most  # bytes of a file that comes
        self.longest = longest
        self.free = at_once
        self.turn = asyncio.Lock()  # fair: first come, first served

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"] not in self.paths:
            await self.others(scope, receive, send)
            return
        if not self.free:
            await refuse(send, 503, b"Too many files are under way. Try again in a minute.")
            return
        self.free -= 1
        try:
            with new_file() as body, new_file() as answer:
                await self.exchange(scope, receive, send, body, answer)
        finally:
            self.free += 1

    async def exchange(
        self, scope: Scope, receive: Receive, send: Send, body: IO[bytes], answer: IO[bytes]
    ) -> None:
        """Take a request in, let the application work on it, and send what it answers."""
        try:
            async with asyncio.timeout(self.longest):
                length = await take_in(receive, body, self.most)
        except TimeoutError:
            await refuse(send, 408, b"The file took too long to arrive. Nothing was imported.")
            return
        except ConnectionError:
            return
        if length > self.most:
            await refuse(send, 413, self.too_large())
            return
        async with self.turn:
            start = await work(
                self.application, {**scope, "headers": headers_of(scope, length)}, body, answer
            )
        with suppress(TimeoutError):  # who reads no faster gets a part, and knows by its length
            async with asyncio.timeout(self.longest):
                await send_out(send, start, answer)

    def too_large(self) -> bytes:
        """Return the sentence on a file that has more than it may have."""
        sentence = (
            f"The file is larger than {self.most // 1_000_000} MB, and nothing was imported."
            " With JavaScript it may be of any size, since it is then sent in parts."
        )
        return sentence.encode()


def new_file() -> IO[bytes]:
    """Return a file for as long as it is open."""
    return SpooledTemporaryFile(IN_MEMORY)


async def take_in(receive: Receive, file: IO[bytes], most: int) -> int:
    """Write a request's body into a file, and return its length.

    What is beyond `most` is read to its end and thrown away: a browser that is still sending hears
    no answer. Raises ConnectionError when the sender goes.
    """
    length = 0
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise ConnectionError
        piece = message.get("body", b"")
        length += len(piece)
        if length <= most:
            file.write(piece)
        if not message.get("more_body", False):
            file.seek(0)
            return length


async def work(
    application: Application, scope: Scope, body: IO[bytes], answer: IO[bytes]
) -> Message:
    """Let the application read one file and write the other; return how its answer begins."""
    start: Message = {}

    async def read() -> Message:
        piece = body.read(PIECE)
        return {"type": "http.request", "body": piece, "more_body": len(piece) == PIECE}

    async def write(message: Message) -> None:
        if message["type"] == "http.response.start":
            start.update(message)
        else:
            answer.write(message.get("body", b""))

    await application(scope, read, write)
    length = str(answer.tell()).encode()
    headers = [pair for pair in start["headers"] if pair[0].lower() != b"content-length"]
    start["headers"] = [*headers, (b"content-length", length)]
    answer.seek(0)
    return start


async def send_out(send: Send, start: Message, answer: IO[bytes]) -> None:
    """Send an answer, as fast as its reader takes it."""
    await send(start)
    while piece := answer.read(PIECE):
        await send({"type": "http.response.body", "body": piece, "more_body": True})
    await send({"type": "http.response.body", "body": b"", "more_body": False})
