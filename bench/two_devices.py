"""W4: from an edit on one device until it has come to another one, which hears of it by an event.

Both have connections that stay, to the server for production in one process. The time is from
before the first device sends until the second has pulled the change, over that of our own W2 (one
device's change with its pull), which takes turns with it.
"""

from __future__ import annotations

import statistics
import tempfile
import threading
import time
from http.client import HTTPResponse
from pathlib import Path

from bench.load import full, spread
from bench.parties import Connection
from bench.parties.ours import Device, new_person, serving
from e2e.torture.web import Web

TURNS = 200
TODOS = 10_000


class Waiting(Connection):
    """A device's stream of events."""

    def __init__(self, web: Web) -> None:
        super().__init__(web.port)
        path = f"/sync/events?account={web.facts['data-account']}"
        self.http.request("GET", path, headers={"Cookie": web.cookie()})
        self.stream: HTTPResponse = self.http.getresponse()
        self.next()

    def next(self) -> None:
        """Return once the next event has come."""
        while not self.stream.readline().startswith(b"data:"):
            pass
        self.stream.readline()


class Puller:
    """A device that pulls whenever an event has come, and notes when it had done so."""

    def __init__(self, web: Web) -> None:
        self.device = Device(web)
        self.device.catch_up()
        self.waiting = Waiting(web)
        self.done = threading.Event()
        self.at = 0.0
        threading.Thread(target=self.pull, daemon=True).start()

    def pull(self) -> None:
        """Pull for good."""
        while True:
            self.waiting.next()
            if self.device.sync([])["todos"]:
                self.at = time.perf_counter()
                self.done.set()


def run() -> None:
    """Measure, and print medians, the 99th percentile, and the ratio with its spread."""
    with tempfile.TemporaryDirectory() as folder, serving(Path(folder)) as server:
        web = new_person(server.port)
        laptop = full(lambda: Device(web), TODOS)
        phone = Puller(web)
        alone, both = [], []
        other = full(lambda: Device(new_person(server.port)), TODOS)
        for turn in range(TURNS):
            began = time.perf_counter()
            other.change(turn)
            alone.append((time.perf_counter() - began) * 1_000)
            phone.done.clear()
            began = time.perf_counter()
            laptop.change(turn)
            assert phone.done.wait(10)
            both.append((phone.at - began) * 1_000)
    ratios = [there / here for here, there in zip(alone, both, strict=True)]
    for name, times in {"W2 of one device": alone, "W4, to another one": both}.items():
        median, p99 = statistics.median(times), ninety_ninth(times)
        print(f"{name:20}p50 {median:6.2f} ms   p99 {p99:6.2f} ms")
    print(f"W4 over W2: {spread(ratios)}")


def ninety_ninth(times: list[float]) -> float:
    """Return the 99th percentile."""
    return statistics.quantiles(times, n=100)[98]
