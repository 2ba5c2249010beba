"""Reads a large JSON object member by member, and a member that is an array entry by entry.

No more than one entry is in memory at a time. Each is decoded by Python's own `json`, as requests
to /sync are: streaming parsers make "?" of half a surrogate pair, which is to be refused (M6), and
let one number that is too large spoil the rest.
"""

from __future__ import annotations

import io
import json
import re
from collections.abc import Iterator
from typing import IO, Any

from todos.protocol import reject_constant

PIECE = 65_536  # characters read at a time
LONGEST = 1_000_000  # characters of one entry
DECODER = json.JSONDecoder(parse_constant=reject_constant)
NO_SPACE = re.compile(r"[^ \t\n\r]")
AFTER_A_VALUE = {*" \t\n\r,:]}"}


class NotReadable(Exception):
    """The file is no JSON object, or has an entry that is too long or too deep."""


def members(file: IO[bytes]) -> Iterator[tuple[str, Any]]:
    """Give the name of each member with its value, or with each entry of its array in turn.

    Raises NotReadable as soon as it comes to what is no JSON.
    """
    file.seek(0)
    reader = Reader(io.TextIOWrapper(file, encoding="utf-8-sig"))
    try:
        yield from reader.members()
    finally:
        reader.text.detach()  # or the file would be closed with it


class Reader:
    """A text that is read as far as it is needed."""

    def __init__(self, text: io.TextIOWrapper) -> None:
        self.text = text
        self.buffer = ""
        self.at = 0

    def members(self) -> Iterator[tuple[str, Any]]:
        """Give the whole object, and make sure that nothing comes after it."""
        self.take("{")
        for _ in self.separated("}"):
            name = self.value()
            if not isinstance(name, str):
                raise NotReadable
            self.take(":")
            if self.peek() == "[":
                self.take("[")
                for _ in self.separated("]"):
                    yield name, self.value()
            else:
                yield name, self.value()
        if self.peek():
            raise NotReadable

    def separated(self, end: str) -> Iterator[None]:
        """Stop before each of several things with commas in between, until the end is taken."""
        if self.peek() != end:
            yield
            while self.peek() == ",":
                self.take(",")
                yield
        self.take(end)

    def take(self, character: str) -> None:
        """Go past a character that has to come now."""
        if self.peek() != character:
            raise NotReadable
        self.at += 1

    def peek(self) -> str:
        """Return the next character that is no space, "" at the end."""
        while True:
            found = NO_SPACE.search(self.buffer, self.at)
            self.at = found.start() if found else len(self.buffer)
            if found:
                return found[0]
            if not self.read_on():
                return ""

    def value(self) -> Any:
        """Return the value that begins here."""
        self.peek()
        while True:
            try:
                value, end = DECODER.raw_decode(self.buffer, self.at)
            except RecursionError:
                raise NotReadable from None
            except ValueError:  # not a value, or not yet all of it
                value, end = None, None
            # A number that ends with the buffer may go on after it: 1 may be 12, and 1. may be 1.2.
            if end is not None and self.buffer[end : end + 1] in AFTER_A_VALUE:
                self.at = end
                return value
            if len(self.buffer) - self.at > LONGEST or not self.read_on():
                raise NotReadable

    def read_on(self) -> bool:
        """Read another piece, and tell whether there was one."""
        try:
            piece = self.text.read(PIECE)
        except ValueError:  # no UTF-8
            raise NotReadable from None
        self.buffer = self.buffer[self.at :] + piece
        self.at = 0
        return bool(piece)
