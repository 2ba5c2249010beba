"""What an operator sees of the syncs: a line in the log for each, and counters for Prometheus.

The counters are of all processes of a machine: each writes into files of its own in one folder,
named by PROMETHEUS_MULTIPROC_DIR, and whichever process is asked adds them up. No name, no id and
no text of anybody goes into a counter.
"""

from __future__ import annotations

import logging
from typing import Any

from prometheus_client import Counter, Gauge, Histogram

from accounts.models import User
from todos import hlc
from todos.activity import unstored
from todos.protocol import SyncRequest

log = logging.getLogger("sync")

SYNCS = Counter("simplesync_syncs", "Requests to sync that were answered.")
FAILURES = Counter("simplesync_failures", "Requests to sync that were refused, by code.", ["code"])
PUSHED = Counter("simplesync_pushed_todos", "Todos that devices sent.")
PULLED = Counter("simplesync_pulled_todos", "Todos that were sent to devices.")
REJECTIONS = Counter("simplesync_rejections", "Todos that were not stored, by code.", ["code"])
RESETS = Counter("simplesync_resets", "Devices that were told to begin anew.")
CONFLICTS = Counter("simplesync_conflicts", "Values that lost where two edits met.")
SECONDS = Histogram("simplesync_sync_seconds", "How long a sync took.")
LAG = Histogram(
    "simplesync_lag_seconds",
    "How old the oldest edit of a request was when it came.",
    buckets=(1, 10, 60, 600, 3_600, 86_400, 604_800),
)
LISTENERS = Gauge(
    "simplesync_listeners", "Devices that wait for events.", multiprocess_mode="livesum"
)


def note(user: User, asked: SyncRequest, content: dict[str, Any], seconds: float) -> None:
    """Note a sync that was answered."""
    rejected = [result for result in content["results"] if result["status"] == "rejected"]
    SYNCS.inc()
    SECONDS.observe(seconds)
    PUSHED.inc(len(asked.todos))
    PULLED.inc(len(content["todos"]))
    RESETS.inc(content["reset"])
    for result in rejected:
        REJECTIONS.labels(result["error"]).inc()
    unstored.count(
        syncs=1, pushed=len(asked.todos), pulled=len(content["todos"]), rejected=len(rejected)
    )
    if oldest := oldest_edit(asked.todos):
        LAG.observe(max(0, content["serverTime"] - oldest) / 1_000)
    log.info(
        "user=%s device=%s pushed=%d pulled=%d rejected=%d reset=%s ms=%.1f",
        user.pk,
        asked.device,
        len(asked.todos),
        len(content["todos"]),
        len(rejected),
        "yes" if content["reset"] else "no",
        seconds * 1_000,
    )


def note_conflicts(number: int) -> None:
    """Note how many values lost in a conflict."""
    if number:
        CONFLICTS.inc(number)
        unstored.count(conflicts=number)


def oldest_edit(todos: list[Any]) -> int | None:
    """Return the time of the oldest stamp that was sent, as it came, in ms; None without any."""
    clocks = [todo.get("clocks") for todo in todos if isinstance(todo, dict)]
    sent = [stamp for each in clocks if isinstance(each, dict) for stamp in each.values()]
    stamps = {stamp for stamp in sent if isinstance(stamp, str)}
    return min(map(hlc.ms_of, filter(hlc.is_stamp, stamps)), default=None)
