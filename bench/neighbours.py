"""A page and a small sync of one person, while eight others push 1,000 todos in each request.

The server is the one for production. The eight push one request after the other, for as long as the
one is measured; its times are told over those of an idle server, in the same run.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from bench.load import full, new_todos
from bench.parties import Account
from bench.parties.ours import Device, new_person, serving
from bench.two_devices import ninety_ninth
from e2e.server import Server
from e2e.torture.web import Web

NEIGHBOURS = 8
EACH = 1_000  # todos in a request
REQUESTS = 90  # then a neighbour is somebody else, whose list is empty
ROUNDS = 200
PROCESSES = ("1", "2")


def run() -> None:
    """Measure with one server process and with two, and print what was found."""
    for workers in PROCESSES:
        with (
            tempfile.TemporaryDirectory() as folder,
            serving(Path(folder), WORKERS=workers) as server,
        ):
            web = new_person(server.port)
            device = full(partial(Device, web), 100)
            idle = measure(web, device)
            with pushing(server):
                busy = measure(web, device)
        print(f"{workers} process(es)")
        for name in idle:
            still, p99 = statistics.median(idle[name]), ninety_ninth(busy[name])
            print(
                f"  {name:6} idle p50 {still:6.2f} ms   busy p50"
                f" {statistics.median(busy[name]):7.2f}   p99 {p99:7.2f}   p99 over idle p50"
                f" {p99 / still:.1f}"
            )


def measure(web: Web, device: Account) -> dict[str, list[float]]:
    """Return how long each page and each small sync takes, in ms."""
    times: dict[str, list[float]] = {"page": [], "sync": []}
    for turn in range(ROUNDS):
        began = time.perf_counter()
        assert web.request("GET", "/").status == 200
        times["page"].append((time.perf_counter() - began) * 1_000)
        began = time.perf_counter()
        device.change(turn % 100)
        times["sync"].append((time.perf_counter() - began) * 1_000)
    return times


@contextmanager
def pushing(server: Server) -> Iterator[None]:
    """Let the neighbours push, each from a process of its own."""
    command = [sys.executable, "-m", "bench.neighbours", str(server.port)]
    neighbours = [subprocess.Popen(command, stdout=subprocess.PIPE) for _ in range(NEIGHBOURS)]
    try:
        for each in neighbours:
            assert each.stdout
            each.stdout.readline()  # it has begun
        yield
        assert [each.poll() for each in neighbours] == [None] * NEIGHBOURS
    finally:
        for each in neighbours:
            each.kill()
            each.wait()


def push(port: int) -> None:
    """Push one request after the other, all made beforehand, and say when it has begun."""
    device = Device(new_person(port))
    requests = [device.made(new_todos(EACH)) for _ in range(REQUESTS)]
    print("pushing", flush=True)
    while True:
        for request in requests:
            device.answer(request)
        device = Device(new_person(port))


if __name__ == "__main__":
    push(int(sys.argv[1]))
