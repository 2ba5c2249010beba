"""Every page needs a log-in, and a form that was filled in without one loses nothing."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlencode

from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase

from todos.views import page_of_form


class LoginRequired(LoginRequiredMiddleware):
    """Django's own; but a form leads, by way of the log-in, back to its page and not to itself,
    with what was typed into it."""

    def handle_no_permission(
        self, request: HttpRequest, view_func: Callable[..., HttpResponseBase]
    ) -> HttpResponseRedirect:
        if request.method != "POST":
            return super().handle_no_permission(request, view_func)
        typed = {name: request.POST[name] for name in ("text",) if request.POST.get(name)}
        page = page_of_form(request)
        return redirect_to_login(f"{page}?{urlencode(typed)}" if typed else page)
