"""`manage.py serve`: the server for production."""

from __future__ import annotations

import os
import sys
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand


class Command(BaseCommand):
    """Serve the app, its static files and its events, in as many processes as WORKERS says.

    Listens on HOST and PORT. Ends on SIGTERM or SIGINT, once what is under way has been answered.
    A process that dies is started again; on SIGHUP all are, one after the other.
    """

    help = "Serve the app, its static files and its events, for production."
    requires_system_checks = "__all__"
    requires_migrations_checks = True

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.METRICS_TOKEN:
            for file in settings.METRICS_DIR.glob("*.db"):  # of processes that are gone
                file.unlink()
        module = [sys.executable, "-m", "simplesync.processes"]
        where = [settings.HOST.strip("[]"), str(settings.PORT), str(settings.WORKERS)]
        os.execve(sys.executable, [*module, *where], os.environ | {"PYTHONPATH": path()})


def path() -> str:
    """Return where Python looks for modules: the app's folder, and where it was told to look."""
    return os.pathsep.join(filter(None, [str(settings.BASE_DIR), os.environ.get("PYTHONPATH")]))
