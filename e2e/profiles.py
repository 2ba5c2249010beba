"""A browser whose profile is a folder, which outlasts it: to be killed, copied, started again."""

from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

from playwright.sync_api import BrowserContext, BrowserType, Page


class Profile:
    """A folder, and the browser that runs on it."""

    def __init__(self, browser_type: BrowserType, folder: Path, options: dict[str, Any]) -> None:
        self.browser_type = browser_type
        self.folder = folder
        self.options = options
        self.context: BrowserContext | None = None
        self.errors: list[str] = []

    def start(self) -> Page:
        """Start the browser, and return its first tab."""
        self.context = self.browser_type.launch_persistent_context(self.folder, **self.options)
        self.context.on("weberror", lambda error: self.errors.append(str(error.error)))
        return self.context.pages[0] if self.context.pages else self.context.new_page()

    def close(self) -> None:
        """Close the browser as a person does: it writes down what it has."""
        if self.context:
            self.context.close()
            self.context = None

    def killer(self) -> Callable[[], None]:
        """Return a function that ends all its processes, which are looked up before, at once."""
        processes = processes_of(self.folder)
        self.context = None

        def kill() -> None:
            for process in processes:
                with suppress(ProcessLookupError):  # it went with its parent
                    os.kill(process, signal.SIGKILL)

        return kill


def processes_of(folder: Path) -> list[int]:
    """Return the processes that were started with a folder, and all that those have started."""
    command = ["ps", "-A", "-ww", "-o", "pid=,ppid=,args="]
    lines = subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()
    known = [line.split(None, 2) for line in lines]
    found = [int(pid) for pid, _, arguments in known if str(folder) in arguments]
    for parent in found:
        found += [int(pid) for pid, of, _ in known if int(of) == parent and int(pid) not in found]
    return found
