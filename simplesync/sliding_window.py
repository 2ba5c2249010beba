"""How often somebody may do something: a sliding window counter, for one process.

The algorithm of the package `limits`, which also reads the rates; but its store in memory starts a
thread for nearly each request, and that was a tenth of what a small sync costs.
"""

from __future__ import annotations

import time
from threading import Lock

from limits import RateLimitItem

MOST_KEYS = 10_000  # before those are let go of who have not come for two periods


class SlidingWindow:
    """Counts by key: in the period now, and in the one before as far as it has not passed yet."""

    def __init__(self) -> None:
        self.lock = Lock()
        self.counts: dict[tuple[str, str], tuple[float, int, int]] = {}

    def hit(self, rate: RateLimitItem, key: str) -> float:
        """Count once more, and return 0; or, if that is once too often, the seconds to wait."""
        period = rate.get_expiry()
        now, passed = divmod(time.time(), period)
        left = 1 - passed / period
        with self.lock:
            number, current, before = self.counts.get((str(rate), key), (now, 0, 0))
            if number != now:
                current, before = 0, current if number == now - 1 else 0
            if current + before * left >= rate.amount:
                return left * period
            if len(self.counts) > MOST_KEYS:
                self.counts = {k: v for k, v in self.counts.items() if v[0] >= now - 1}
            self.counts[str(rate), key] = (now, current + 1, before)
        return 0
