"""What can go wrong, by name. Each seed counts what really happened."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

# On the way: the proxy does them to one request, see proxy.py
ON_THE_WAY = {
    "request dropped": "the server never gets it",
    "reply dropped": "the server has done it, and nobody is told",
    "request duplicated": "the server gets it twice at once",
    "request late": "it arrives long after its sender has given up, or once more",
    "delay": "it takes seconds to a minute, there or back",
    "error 500": "from something in between, before or after the server has done it",
    "error 503": "the same",
    "html": "a page in the place of an answer, before or after the server has done it",
    "truncated": "the answer breaks off in the middle",
    "server killed": "kill -9 while it works on the request, then a new start",
}

# To the server's data, a device or its session: the schedule does them, see schedule.py
TO_SOMEBODY = {
    "out of order": "late requests arrive in another order than they were sent",
    "reply late": "another tab has synced in the meantime (rule C4)",
    "database restored": "by an older copy of itself",
    "device wiped": "all that it had is gone, its id too",
    "device rolled back": "to an older copy of itself",
    "device cloned": "a second device with the same data, id and session",
    "session lost": "the server does not know it any more",
    "session of another": "somebody else has logged in, in the same browser",
    "csrf rotated": "the token that the device has is not the session's",
    "clock wrong": "a device's clock jumps, by up to a year back or forward",
    "clock a little ahead": "by minutes: its edits have to wait for their time",
}

ALL = {**ON_THE_WAY, **TO_SOMEBODY}


@dataclass
class Plan:
    """What is to happen to a device's next request to `/sync`, or to its next form."""

    fault: str
    after: bool  # whether the server does its work first, where there is a choice
    ms: int  # how long it takes, where it takes long


class Counts(Counter[str]):
    """How often each fault happened."""

    def missing(self) -> list[str]:
        """Return the faults that never did."""
        return [fault for fault in ALL if not self[fault]]

    def table(self) -> str:
        """Return one line for each fault, most frequent last."""
        return "\n".join(
            f"{self[name]:8}  {name}" for name in sorted(self, key=lambda name: self[name])
        )
