"""A page and a small sync of one person, while eight others push 1,000 todos in each request.

The server is the one for production. The eight push one request after the other, for as long as
they are let: in each turn the one is measured while they stand still, and while they push. A ratio
is one turn's 99th percentile while they push over its median while they do not.
"""

from __future__ import annotations

import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from itertools import chain
from pathlib import Path

from bench.load import full, new_todos, spread
from bench.parties import Account
from bench.parties.ours import Device, new_person, serving
from bench.two_devices import ninety_ninth
from e2e.server import Server
from e2e.torture.web import Web

NEIGHBOURS = 8
EACH = 1_000  # todos in a request
REQUESTS = 90  # then a neighbour is somebody else, whose list is empty
TURNS = 5
ROUNDS = 100  # of both, in a turn
PROCESSES = ("1", "2")

Times = dict[str, list[float]]
Neighbours = list[subprocess.Popen[bytes]]


def run() -> None:
    """Measure with one server process and with two, and print what was found."""
    for workers in PROCESSES:
        with (
            tempfile.TemporaryDirectory() as folder,
            serving(Path(folder), WORKERS=workers) as server,
        ):
            web = new_person(server.port)
            device = full(partial(Device, web), 100)
            measure(web, device)  # warm
            with pushing(server) as neighbours:
                turns = [in_turn(web, device, neighbours) for _ in range(TURNS)]
        print(f"{workers} process(es)")
        for name in ("page", "sync"):
            report(name, [(idle[name], busy[name]) for idle, busy in turns])


def in_turn(web: Web, device: Account, neighbours: Neighbours) -> tuple[Times, Times]:
    """Return what was measured while the neighbours stood still, and while they pushed."""
    tell(neighbours, signal.SIGSTOP)
    measure(web, device)  # meanwhile what they had under way ends
    idle = measure(web, device)
    tell(neighbours, signal.SIGCONT)
    busy = measure(web, device)
    assert [each.poll() for each in neighbours] == [None] * NEIGHBOURS
    return idle, busy


def report(name: str, turns: list[tuple[list[float], list[float]]]) -> None:
    """Print the medians of all turns, and the ratios of each with their spread."""
    idle, busy = (statistics.median(chain(*times)) for times in zip(*turns, strict=True))
    ratios = [ninety_ninth(busy) / statistics.median(idle) for idle, busy in turns]
    print(f"  {name:6} idle p50 {idle:6.2f} ms   busy p50 {busy:7.2f} ms   p99: {spread(ratios)}")


def measure(web: Web, device: Account) -> Times:
    """Return how long each page and each small sync takes, in ms."""
    times: Times = {"page": [], "sync": []}
    for turn in range(ROUNDS):
        began = time.perf_counter()
        assert web.request("GET", "/").status == 200
        times["page"].append((time.perf_counter() - began) * 1_000)
        began = time.perf_counter()
        device.change(turn % 100)
        times["sync"].append((time.perf_counter() - began) * 1_000)
    return times


def tell(neighbours: Neighbours, what: signal.Signals) -> None:
    """Let them stand still, or go on."""
    for each in neighbours:
        each.send_signal(what)


@contextmanager
def pushing(server: Server) -> Iterator[Neighbours]:
    """Let the neighbours push, each from a process of its own."""
    command = [sys.executable, "-m", "bench.neighbours", str(server.port)]
    neighbours = [subprocess.Popen(command, stdout=subprocess.PIPE) for _ in range(NEIGHBOURS)]
    try:
        for each in neighbours:
            assert each.stdout
            each.stdout.readline()  # it has begun
        yield neighbours
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
            device.push(request)
        device = Device(new_person(port))


if __name__ == "__main__":
    push(int(sys.argv[1]))
