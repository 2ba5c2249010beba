"""`manage.py runserver`, which works from nothing: it makes the tables first."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management import CommandError, call_command
from django.core.management.commands import runserver
from django.db import OperationalError

from simplesync.uvicorn_server import UvicornServer


class Command(runserver.Command):
    """Django's own command, on HOST and PORT unless it names others, with uvicorn as the server.

    Not the one of `staticfiles`, which would serve static files by itself: whitenoise does.
    """

    default_port = str(settings.PORT)
    server_cls = UvicornServer  # type: ignore[assignment]  # it has what Django calls
    addr: str
    _raw_ipv6: bool

    def handle(self, *args: Any, **options: Any) -> None:
        options["use_threading"] = False  # it has threads of its own
        given = options["addrport"] or ""
        if given.isdigit() or not (given or options["use_ipv6"]):
            options["addrport"] = f"{settings.HOST}:{given or settings.PORT}"
        super().handle(*args, **options)

    def get_handler(self, *args: Any, **options: Any) -> None:  # type: ignore[override]  # none is needed
        """Leave the application to the server, which loads it in its own process."""

    def inner_run(self, *args: Any, **options: Any) -> None:
        if settings.DEBUG:
            settings.ALLOWED_HOSTS.append(f"[{self.addr}]" if self._raw_ipv6 else self.addr)
            try:
                call_command("migrate", interactive=False, verbosity=0)
            except OperationalError as error:
                raise CommandError(f"The database does not answer: {error}") from None
        super().inner_run(*args, **options)
