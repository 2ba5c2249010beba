"""`manage.py serve`: the server for production."""

from __future__ import annotations

import os
import sys
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

GRACE = 10  # seconds that answers under way may take when the server is to end


class Command(BaseCommand):
    """Serve the app, its static files and its events, in as many processes as WORKERS says.

    Listens on HOST and PORT. Ends on SIGTERM or SIGINT, once what is under way has been answered.
    A process that dies is started again.
    """

    help = "Serve the app, its static files and its events, for production."
    requires_system_checks = "__all__"
    requires_migrations_checks = True

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.METRICS_TOKEN:
            for file in settings.METRICS_DIR.glob("*.db"):  # of processes that are gone
                file.unlink()
        os.execv(sys.executable, [sys.executable, "-m", "uvicorn", *arguments()])


def arguments() -> list[str]:
    """Return what uvicorn is started with."""
    return [
        "simplesync.asgi:application",
        f"--app-dir={settings.BASE_DIR}",
        f"--host={settings.HOST.strip('[]')}",
        f"--port={settings.PORT}",
        f"--workers={settings.WORKERS}",
        f"--timeout-graceful-shutdown={GRACE}",
        "--no-server-header",
        "--no-access-log",  # each sync has a line of its own; a proxy in front logs the rest
    ]
