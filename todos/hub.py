"""Who waits, in this process, for whose list to change.

The devices wait in asyncio (todos/events.py); that a list has changed comes from any thread.
"""

from __future__ import annotations

import asyncio
import threading
from collections import defaultdict

from todos.telemetry import LISTENERS


class Listener:
    """A device that waits: it is told the newest cursor, and none that was overtaken meanwhile."""

    def __init__(self) -> None:
        self.loop = asyncio.get_running_loop()
        self.user_id = 0  # whose list it waits for
        self.begun = False
        self.cursor = ""
        self.ended = False
        self.waiting: asyncio.Future[None] | None = None

    def begin(self, cursor: str) -> None:
        """Say, from any thread, where the head was when the device began to wait."""
        self.begun = True
        self.loop.call_soon_threadsafe(lambda: self.cursor or self.hear(cursor))  # type: ignore[func-returns-value]  # it is to hear

    def tell(self, cursor: str) -> None:
        """Say, from any thread, that the head is at a cursor."""
        self.loop.call_soon_threadsafe(self.hear, cursor)

    def hear(self, cursor: str) -> None:
        """Take note of a cursor."""
        if cursor != self.cursor:
            self.cursor = cursor
            self.wake()

    def end(self) -> None:
        """Wait for nothing any more."""
        self.ended = True
        self.wake()

    def wake(self) -> None:
        """Let the waiting one look again."""
        if self.waiting and not self.waiting.done():
            self.waiting.set_result(None)

    async def news(self, said: str, patience: float) -> None:
        """Return once the cursor is not the one that was said, the end, or after `patience` s."""
        timer = self.loop.call_later(patience, self.wake)
        try:
            if not self.ended and self.cursor == said:
                self.waiting = self.loop.create_future()
                await self.waiting
        finally:
            timer.cancel()


class Hub:
    """The listeners of one process, by person."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.listeners: defaultdict[int, set[Listener]] = defaultdict(set)
        self.cursors: dict[int, str] = {}  # what each of them was told last
        self.closed = False

    def add(self, user_id: int, listener: Listener) -> None:
        """Let a device wait; at once it hears nothing."""
        listener.user_id = user_id
        with self.lock:
            self.listeners[user_id].add(listener)
        LISTENERS.inc()

    def remove(self, listener: Listener) -> None:
        """Let go of a device that waits."""
        with self.lock:
            others = self.listeners[listener.user_id]
            others.discard(listener)
            if not others:
                del self.listeners[listener.user_id]
                self.cursors.pop(listener.user_id, None)
        LISTENERS.dec()

    def tell(self, user_id: int, cursor: str) -> None:
        """Tell the devices of a person that the head of the list is at a cursor."""
        with self.lock:
            listeners = list(self.listeners.get(user_id, ()))
            if listeners:
                self.cursors[user_id] = cursor
        for listener in listeners:
            listener.tell(cursor)

    def known(self, user_id: int) -> str | None:
        """Return what a person's devices were told last."""
        return self.cursors.get(user_id)

    def people(self) -> list[int]:
        """Return who is waited for."""
        with self.lock:
            return list(self.listeners)

    def count(self, user_id: int) -> int:
        """Return how many devices of a person wait."""
        with self.lock:
            return len(self.listeners.get(user_id, ()))

    def total(self) -> int:
        """Return how many devices wait."""
        with self.lock:
            return sum(map(len, self.listeners.values()))

    def dismiss(self, user_id: int) -> None:
        """Send the devices of a person away: they ask again, those that are still logged in."""
        with self.lock:
            listeners = list(self.listeners.get(user_id, ()))
        for listener in listeners:
            listener.loop.call_soon_threadsafe(listener.end)

    def close(self) -> None:
        """Send all devices away for good: the process ends."""
        self.closed = True
        for listeners in list(self.listeners.values()):
            for listener in list(listeners):
                listener.loop.call_soon_threadsafe(listener.end)


hub = Hub()
