"""Who fails too often to log in: which address is counted, and what is shown meanwhile.

django-axes counts, in the database, by name and address together (`AXES_…` in the settings).
"""

from __future__ import annotations

import datetime

from django.conf import settings
from django.contrib.auth import authenticate
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

TOO_MANY = 429


def address_of(request: HttpRequest) -> str | None:
    """Return where a request comes from: the server has it from the proxies that it trusts only."""
    return request.META.get("REMOTE_ADDR")


def is_own_password(request: HttpRequest, password: str) -> bool:
    """Tell whether it is the password of who is logged in; a wrong one is a failed log-in."""
    name = request.user.get_username()
    return authenticate(request, username=name, password=password) == request.user


def show_locked_out(
    request: HttpRequest, response: HttpResponse | None, credentials: dict[str, object] | None
) -> HttpResponse:
    """Answer who has to wait, with a sentence."""
    pause: datetime.timedelta = settings.AXES_COOLOFF_TIME
    context = {"minutes": int(pause.total_seconds()) // 60}
    answer = render(request, "registration/locked_out.html", context, status=TOO_MANY)
    answer.headers["Retry-After"] = str(int(pause.total_seconds()))
    return answer
