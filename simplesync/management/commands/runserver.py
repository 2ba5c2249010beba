"""`manage.py runserver`, which works from nothing: it makes the tables first."""

from __future__ import annotations

from django.conf import settings
from django.contrib.staticfiles.management.commands import runserver
from django.core.management import call_command


class Command(runserver.Command):
    """Django's own server, on HOST and PORT unless the command names others."""

    default_addr = settings.HOST.strip("[]")
    default_addr_ipv6 = settings.HOST.strip("[]") if ":" in settings.HOST else "::1"
    default_port = str(settings.PORT)

    def handle(self, *args, **options) -> None:
        if not options["addrport"] and ":" in settings.HOST:
            options["use_ipv6"] = True
        super().handle(*args, **options)

    def inner_run(self, *args, **options) -> None:
        if settings.DEBUG:
            call_command("migrate", interactive=False, verbosity=0)
        super().inner_run(*args, **options)
