"""`python3 dev.py bench [NAME …]`: run all benchmarks, or some, and print what they found."""

import os
import platform
import sqlite3
import sys
from pathlib import Path

import django
import uvicorn

from bench import (
    admin_pages,
    in_browser,
    listeners,
    load,
    neighbours,
    script_sizes,
    server_list,
    tap_to_frame,
    ten_thousand,
    two_devices,
)

ALL = {
    "tap_to_frame": tap_to_frame.run,
    "ten_thousand": ten_thousand.run,
    "server_list": server_list.run,
    "in_browser": in_browser.run,
    "script_sizes": script_sizes.run,
    "listeners": listeners.run,
    "load": load.run,
    "two_devices": two_devices.run,
    "neighbours": neighbours.run,
    "admin_pages": admin_pages.run,
}


def main(names: list[str]) -> None:
    """Run the benchmarks of these names."""
    print(f"Python {platform.python_version()}, Django {django.__version__}, ", end="")
    print(f"uvicorn {uvicorn.__version__}, SQLite {sqlite3.sqlite_version}")
    print(f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores of {processor()}")
    for name in names or ALL:
        print(f"\n{name}: {(sys.modules[ALL[name].__module__].__doc__ or '').strip()}\n")
        ALL[name]()


def processor() -> str:
    """Return what Linux calls the processor; elsewhere what there is to be known."""
    told = Path("/proc/cpuinfo")
    lines = told.read_text().splitlines() if told.exists() else []
    models = [line.partition(": ")[2] for line in lines if line.startswith("model name")]
    return next(iter(models), platform.processor() or "an unknown kind")


main(sys.argv[1:])
