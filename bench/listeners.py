"""Devices that wait for events: what each costs the one process that holds them, and whether pages
are answered meanwhile: in turns with a server that holds none."""

from __future__ import annotations

import asyncio
import resource
import statistics
import subprocess
import tempfile
import time
from pathlib import Path

from bench.load import spread
from bench.parties.ours import new_person, serving
from e2e.server import Production
from e2e.torture.web import Web

COUNT = 10_000
EACH = 50  # streams of one person, as many as there may be
PAGES = 200
PUSHES = 50


def run() -> None:
    """Hold so many devices, and print what that takes."""
    resource.setrlimit(resource.RLIMIT_NOFILE, (2 * COUNT, 2 * COUNT))
    with (
        tempfile.TemporaryDirectory() as folder,
        tempfile.TemporaryDirectory() as another,
        serving(Path(folder)) as server,
        serving(Path(another)) as idle,
    ):
        asyncio.run(measure(server, new_person(idle.port)))


async def measure(server: Production, elsewhere: Web) -> None:
    """Open the streams, and print what was seen before and after."""
    people = [new_person(server.port) for _ in range(-(-COUNT // EACH))]
    pages(people[0], elsewhere)  # warm
    before = memory(server)
    streams = [await listen(people[number // EACH]) for number in range(COUNT)]
    after = memory(server)
    held, idle = pages(people[0], elsewhere)
    ratios = [with_all / without for with_all, without in zip(held, idle, strict=True)]
    late = [await push(people[-1], streams[-1]) for _ in range(PUSHES)]
    print(f"devices held by one process:    {COUNT}")
    print(f"memory of each:                 {(after - before) / COUNT:.1f} KB")
    print(f"threads and database files:     {threads(server)}, {database_files(server)}")
    print(
        f"a page, over an idle one's:     {spread(ratios)}, {statistics.median(idle):.1f} ms idle"
    )
    print(f"from the answer to the event:   {statistics.median(late):.1f} ms, p50 of {PUSHES}")
    for _, writer in streams:
        writer.close()


async def listen(web: Web) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    """Open a stream, and return it once its first event has come."""
    reader, writer = await asyncio.open_connection("127.0.0.1", web.port)
    path = f"/sync/events?account={web.facts['data-account']}"
    head = f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: {web.cookie()}\r\n\r\n"
    writer.write(head.encode())
    status = await reader.readline()
    assert b" 200 " in status, status
    await event(reader)
    return reader, writer


async def event(reader: asyncio.StreamReader) -> None:
    """Return once the next event has come."""
    while not (await reader.readline()).startswith(b"data:"):
        pass
    await reader.readline()


async def push(web: Web, stream: tuple[asyncio.StreamReader, asyncio.StreamWriter]) -> float:
    """Add a todo; return how long after the answer its event came, in ms."""
    waiting = asyncio.create_task(event(stream[0]))
    page = web.page()
    assert page
    await asyncio.to_thread(web.submit, "/todos/add/", id=page.new_id, text="Buy milk")
    began = time.perf_counter()
    await waiting
    return (time.perf_counter() - began) * 1_000


def pages(*people: Web) -> tuple[list[float], ...]:
    """Return how long a page takes each of them, in turns, in ms."""
    times: tuple[list[float], ...] = tuple([] for _ in people)
    for _ in range(PAGES):
        for web, took in zip(people, times, strict=True):
            began = time.perf_counter()
            assert web.request("GET", "/").status == 200
            took.append((time.perf_counter() - began) * 1_000)
    return times


def memory(server: Production) -> float:
    """Return the memory of the process that holds the streams, in KB."""
    return float(told(server, "VmRSS"))


def threads(server: Production) -> str:
    """Return how many threads it has."""
    return told(server, "Threads")


def told(server: Production, name: str) -> str:
    """Return what Linux says of the process."""
    [worker] = server.workers()
    status = Path(f"/proc/{worker}/status").read_text()
    return next(line.split()[1] for line in status.splitlines() if line.startswith(f"{name}:"))


def database_files(server: Production) -> int:
    """Return how often it has the database open."""
    [worker] = server.workers()
    folder = f"/proc/{worker}/fd"
    files = subprocess.run(["ls", "-l", folder], capture_output=True, text=True).stdout
    return sum(line.endswith(".sqlite3") for line in files.splitlines())
