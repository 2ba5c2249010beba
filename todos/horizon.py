"""How far ahead a stamp may be: edits from the future are not stored (rule S5, decision 13).

A stamp a little ahead is refused until its time comes. One far ahead is refused for good: its
device stamps the edit anew, so a late copy of the request must never be stored, however late.
"""

from __future__ import annotations

import functools

from todos import hlc, rows
from todos.merge import Version
from todos.models import SyncState, WrongClock

ALLOWED = 60_000  # ms ahead of all that the server knows
WAITED_FOR = 5 * 60_000  # ms: up to here the device waits and sends the same stamp again


class Horizon:
    """What one request may stamp, under the lock of its person's list.

    `now` is the server's time in ms. `device` is the first 8 digits of the sender's id, "" for one
    that stamps nothing itself: only a device's own clock can be found wrong, since it relays
    others' stamps in good faith (R6).
    """

    def __init__(self, state: SyncState, now: int, device: str = "") -> None:
        known = max(now, hlc.ms_of(state.greatest_stamp or hlc.ZERO))
        self.user_id = state.user_id
        self.device = device
        self.latest = known + ALLOWED
        self.last_waited_for = known + WAITED_FOR
        self.wrong: dict[str, int] = {}  # node: the ms after which nothing of it is stored
        self.judge = functools.cache(self.judge)  # type: ignore[method-assign]  # edits share a stamp

    def recall(self, versions: list[Version]) -> None:
        """Look up which nodes of these versions had a wrong clock before."""
        stamps = set().union(*(each["clocks"].values() for each in versions))
        self.wrong = rows.wrong_clocks(self.user_id, {hlc.node_of(stamp) for stamp in stamps})

    def refused(self, version: Version) -> dict[str, str]:
        """Return the fields that are stamped too far ahead, each with the code for it."""
        clocks = version["clocks"]
        if not any(map(self.judge, clocks.values())):
            return {}
        return {name: code for name, stamp in clocks.items() if (code := self.judge(stamp))}

    def judge(self, stamp: str) -> str | None:
        """Return the code for a stamp that is ahead, or None; remember a clock that is wrong."""
        ms, node = hlc.ms_of(stamp), hlc.node_of(stamp)
        if ms > self.last_waited_for:
            if self.device and node.startswith(self.device):
                self.remember(node)
            return "clock_wrong"
        if ms > self.wrong.get(node, hlc.MAX_MS):
            return "clock_wrong"
        return "clock_ahead" if ms > self.latest else None

    def remember(self, node: str) -> None:
        """Store nothing any more that this node stamps later than is waited for now."""
        if node not in self.wrong:
            self.wrong[node] = self.last_waited_for
            WrongClock.objects.create(user_id=self.user_id, node=node, after=self.last_waited_for)
