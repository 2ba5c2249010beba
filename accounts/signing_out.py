"""Signing out, also without a network: the browser's promise is kept by its next request.

A page that signs out leaves a cookie that names its account, wipes what the device has, and goes.
Whatever the browser asks for next, when it reaches this server again, the session ends before
anything is answered. Nobody else can make that cookie: only the person's own pages know the
account's id.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import cast

from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse

from accounts import sessions
from accounts.requests import PersonRequest

COOKIE = "signing-out"


def keep_promise(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Return a middleware that ends a session which its browser has given up."""

    def middleware(request: HttpRequest) -> HttpResponse:
        promised = request.COOKIES.get(COOKIE)
        if promised is None:
            return get_response(request)
        if request.user.is_authenticated and str(request.user.account) == promised:
            sessions.leave(cast(PersonRequest, request))
            logout(request)
        response = get_response(request)
        response.delete_cookie(COOKIE, samesite="Lax")
        response.delete_cookie("device", samesite="Lax")  # an answer under way may have left it
        return response

    return middleware
