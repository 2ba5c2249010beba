"""What a sync costs the server, beside what SQLite alone can do and beside peers.

W1 pushes 10,000 new todos, in requests of 100 and of 1,000. W2 pushes one changed todo and pulls,
in an account that holds 100, 10,000 or 100,000. W3 lets a new device take 10,000. Ours is the
server for production in one process, with all that it does: session, token, merge, history,
numbers, `synchronous=FULL`. The parties take turns; the figures are medians, and the ratios are
those of the turns, with their quartiles. Kinto, whose memory slows as it fills, takes a tenth of W1
and the smaller accounts of W2.
"""

from __future__ import annotations

import gzip
import statistics
import tempfile
import time
from collections.abc import Callable
from contextlib import AbstractContextManager, ExitStack
from pathlib import Path

from bench.parties import TEXT, Account, Todo
from bench.parties.kinto import kinto
from bench.parties.limit import limit
from bench.parties.ours import simplesync
from bench.parties.pouchdb import pouchdb
from todos.uuid7 import uuid7

TURNS = 5
TODOS = 10_000
ROUNDS = 100  # of W2 in a turn
REQUESTS = (100, 1_000)  # todos in each
ACCOUNTS = (100, 10_000, 100_000)  # todos in each
OURS = "SimpleSync"
SLOW = {"Kinto"}

Party = Callable[[Path], AbstractContextManager[Callable[[], Account]]]
Makers = dict[str, Callable[[], Account]]
Found = dict[str, dict[str, list[float]]]  # by workload, then by party, turn for turn

PARTIES: dict[str, Party] = {
    OURS: simplesync,
    "the limit": limit,
    "PouchDB Server": pouchdb,
    "Kinto": kinto,
}


def run() -> None:
    """Let all parties take turns, and print what came of it."""
    with tempfile.TemporaryDirectory() as folder, ExitStack() as running:
        makers: Makers = {}
        for name, party in PARTIES.items():
            own = Path(folder, name.replace(" ", "-"))
            own.mkdir()
            makers[name] = running.enter_context(party(own))
        report(measure(makers))


def measure(makers: Makers) -> Found:
    """Return what each turn of each party gave."""
    found: Found = {}
    holding = {
        (name, size): full(make, size)
        for name, make in makers.items()
        for size in ACCOUNTS
        if name not in SLOW or size <= TODOS
    }
    for turn in range(TURNS):
        order = list(makers.items())
        for name, make in order if turn % 2 else order[::-1]:
            for what, value in workloads(name, make, holding).items():
                found.setdefault(what, {}).setdefault(name, []).append(value)
    return found


def workloads(
    name: str, make: Callable[[], Account], holding: dict[tuple[str, int], Account]
) -> dict[str, float]:
    """Return the figures of one turn."""
    figures: dict[str, float] = {}
    count = TODOS // 10 if name in SLOW else TODOS
    for size in REQUESTS:
        figures[f"W1 at {size:,} a request, todos/s"] = pushed(make(), count, size)
    for size in ACCOUNTS:
        if (name, size) in holding:
            figures[f"W2 with {size:,}, ms"] = changed(holding[name, size])
    figures["W3, ms"], figures["W3, kB compressed"] = taken(holding[name, TODOS])
    return figures


def new_todos(count: int) -> list[Todo]:
    """Return todos that nobody has yet."""
    return [
        {"id": str(uuid7()), "text": TEXT.format(number), "completed": False}
        for number in range(count)
    ]


def full(make: Callable[[], Account], count: int) -> Account:
    """Return an account that holds so many todos."""
    account = make()
    todos = new_todos(count)
    for first in range(0, count, max(REQUESTS)):
        account.push(account.made(todos[first : first + max(REQUESTS)]))
    account.catch_up()
    return account


def pushed(account: Account, count: int, size: int) -> float:
    """Return how many new todos a second are stored, in requests of so many (W1)."""
    todos = new_todos(count)
    requests = [account.made(todos[first : first + size]) for first in range(0, count, size)]
    began = time.perf_counter()
    for request in requests:
        account.push(request)
    return count / (time.perf_counter() - began)


def changed(account: Account) -> float:
    """Return how long a change with its pull takes, p50 in ms (W2)."""
    times = []
    for number in range(ROUNDS):
        began = time.perf_counter()
        account.change(number)
        times.append((time.perf_counter() - began) * 1_000)
    return statistics.median(times)


def taken(account: Account) -> tuple[float, float]:
    """Return how long a new device takes to have all, in ms, and the compressed size (W3)."""
    began = time.perf_counter()
    answers = account.take_all()
    took = (time.perf_counter() - began) * 1_000
    return took, sum(len(gzip.compress(answer, 6)) for answer in answers) / 1_000


def report(found: Found) -> None:
    """Print the medians, and ours over each other's."""
    for what, parties in found.items():
        mine = parties[OURS]
        print(f"{what:32}{OURS:16}{statistics.median(mine):11,.2f}")
        for name, theirs in parties.items():
            if name != OURS:
                ratios = [ours / his for ours, his in zip(mine, theirs, strict=True)]
                print(f"{'':32}{name:16}{statistics.median(theirs):11,.2f}   {spread(ratios)}")
    small, large = (found[f"W2 with {size:,}, ms"][OURS] for size in (ACCOUNTS[0], ACCOUNTS[-1]))
    growth = [after / before for before, after in zip(small, large, strict=True)]
    print(f"W2 with {ACCOUNTS[-1]:,} over that with {ACCOUNTS[0]}: {spread(growth)}")


def spread(ratios: list[float]) -> str:
    """Return the median of ratios, and their quartiles."""
    low, middle, high = statistics.quantiles(ratios, n=4)
    return f"ratio {middle:.3g} (quartiles {low:.3g} to {high:.3g})"
