"""The request of somebody who is logged in, as nearly every view has it."""

from __future__ import annotations

from django.http import HttpRequest

from accounts.models import User


class PersonRequest(HttpRequest):
    """What LoginRequired lets through: never made, only the type of what Django makes."""

    user: User
