"""`manage.py syncreport USER`: how one person's sync is doing."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.models import User
from todos import report


class Command(BaseCommand):
    """Print what support needs to know; nothing of it is the text of a todo."""

    help = "Print how a person's sync is doing, without the text of any todo."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("user", help="the user name")

    def handle(self, *args: Any, user: str, **options: Any) -> None:
        person = User.objects.filter(username=user).first()
        if person is None:
            raise CommandError(f"There is nobody with the user name {user!r}.")
        for line in report.lines(person):
            self.stdout.write(line)
