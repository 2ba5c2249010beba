"""`python -m e2e.torture`: run seeds for as long as told, and say what happened."""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from e2e.torture.faults import Counts
from e2e.torture.schedule import Schedule
from e2e.torture.world import Ground, Violation, World


def read_arguments() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(prog="python -m e2e.torture", description=__doc__)
    parser.add_argument("--seeds", type=int, default=20, help="how many")
    parser.add_argument("--start", type=int, default=1, help="the first one")
    parser.add_argument("--operations", type=int, default=100, help="of each seed")
    parser.add_argument("--minutes", type=float, help="go on with further seeds for so long")
    parser.add_argument("--browser", action="store_true", help="with a real browser among them")
    parser.add_argument("--page", default="7", help="todos in one reply; the server's own is 1,000")
    parser.add_argument("--keep-going", action="store_true", help="after a violation, too")
    parser.add_argument("--trace", action="store_true", help="print each step and each request")
    return parser.parse_args()


def main() -> int:
    """Run the seeds; return 1 if something did not hold."""
    asked = read_arguments()
    totals, began = Counts(), time.monotonic()
    failed: list[int] = []
    seed = asked.start
    with tempfile.TemporaryDirectory() as folder:
        ground = Ground(Path(folder), TORTURE_PAGE=asked.page)
        ground.trace = asked.trace
        try:
            while goes_on(asked, seed, began) and (asked.keep_going or not failed):
                counts, holds = run_seed(ground, seed, asked)
                totals.update(counts)
                failed += [] if holds else [seed]
                seed += 1
        finally:
            ground.close()
    count = seed - asked.start
    print(f"\n{count} seeds, {count * asked.operations} operations,", end=" ")
    print(f"{len(failed)} violated, {time.monotonic() - began:.0f} s\n{totals.table()}")
    for name in totals.missing():
        print(f"{0:8}  {name}")
    for each in failed:
        print(f"violated; just this one again: {command(each, asked)}")
    return 1 if failed else 0


def goes_on(asked: argparse.Namespace, seed: int, began: float) -> bool:
    """Tell whether there is another seed to run."""
    if asked.minutes is not None:
        return bool(time.monotonic() - began < asked.minutes * 60)
    return bool(seed < asked.start + asked.seeds)


def run_seed(ground: Ground, seed: int, asked: argparse.Namespace) -> tuple[Counts, bool]:
    """Run one seed and print what happened; return the faults and whether everything held."""
    began = time.monotonic()
    world = World(ground, seed)
    try:
        if asked.browser:
            from e2e.torture.browser import run_with_browser

            run_with_browser(world, asked.operations)
        else:
            Schedule(world).run(asked.operations)
        says = "holds"
    except Violation as violation:
        says = f"VIOLATED\n{violation}"
    finally:
        world.close()
    print(f"seed {seed}: {asked.operations} operations, {time.monotonic() - began:.1f} s: {says}")
    print(f"  faults: {listed(world.counts)}\n  done: {listed(world.notes)}", flush=True)
    return world.counts, says == "holds"


def listed(counts: Counter[str]) -> str:
    """Write counts on one line, by name."""
    return ", ".join(f"{count} {name}" for name, count in sorted(counts.items()))


def command(seed: int, asked: argparse.Namespace) -> str:
    """Return how to run one seed by itself."""
    browser = " --browser" if asked.browser else ""
    sizes = f" --page {asked.page}" if asked.page != "7" else ""
    operations = f"--operations {asked.operations}"
    return f"python -m e2e.torture --seeds 1 --start {seed} {operations}{sizes}{browser}"


if __name__ == "__main__":
    sys.exit(main())
