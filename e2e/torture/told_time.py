"""The server's clock, set from outside: hours pass in no time, and a seed repeats its stamps.

The time stands in a file, in ms, which the kit replaces as a whole. And a history comes in small
pages, which cannot be said before the models are there.
"""

from __future__ import annotations

import os
from pathlib import Path

from django.apps import AppConfig


class ToldTime(AppConfig):
    """The application that makes `todos.sync` read that file."""

    name = "e2e.torture"
    label = "torture"

    def ready(self) -> None:
        from todos import history, sync

        file = Path(os.environ["TORTURE_CLOCK"])
        history.PAGE = int(os.environ["TORTURE_PAGE"])
        sync.now_ms = lambda: int(file.read_text())
