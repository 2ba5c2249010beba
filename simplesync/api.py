"""The JSON interface of the site: who may use it, and the one shape of its errors."""

from __future__ import annotations

import logging
from typing import NoReturn

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.db import OperationalError
from django.http import HttpRequest, JsonResponse
from ninja import NinjaAPI
from ninja.errors import AuthenticationError
from ninja.security.apikey import APIKeyCookie
from ninja.utils import check_csrf

from accounts import devices
from accounts.models import User
from todos import api as sync_api
from todos import events
from todos.protocol import Refused
from todos.telemetry import FAILURES

logger = logging.getLogger(__name__)


class Session(APIKeyCookie):
    """Django's session. It is looked at before the CSRF token, unlike in ninja's own class: to
    somebody who is signed out a fresh token would be no help."""

    param_name = settings.SESSION_COOKIE_NAME

    def __call__(self, request: HttpRequest) -> User:
        if not request.user.is_authenticated:
            raise sync_api.signed_out(request)
        if request.content_type != "application/json":  # a form's body would be parsed for a token
            raise Refused("malformed", detail="Content-Type: must be application/json")
        if check_csrf(request):
            raise Refused("csrf")
        return request.user

    def authenticate(self, request: HttpRequest, key: str | None) -> NoReturn:
        raise NotImplementedError  # __call__ does it all


api = NinjaAPI(
    title="SimpleSync",
    description="The sync of SimpleSync; docs/reference/sync-protocol.md explains it.",
    auth=Session(),
    docs_url=None,
    openapi_url="/api/openapi.json",
)
api.add_router("", sync_api.router)
api.add_router("", events.router)


@api.exception_handler(Refused)
def refuse(request: HttpRequest, refused: Refused) -> JsonResponse:
    """Answer with the one shape of an error."""
    FAILURES.labels(refused.code).inc()
    devices.note_refusal(request, refused.code)
    response = JsonResponse(refused.body(), status=refused.status, headers=refused.headers)
    if refused.extra.get("wipe"):  # a worker, which may be all that is there, has no cookies
        for name in ("device", "local-ahead"):
            response.delete_cookie(name, samesite="Lax")
    return response


@api.exception_handler(AuthenticationError)
def refuse_anonymous(request: HttpRequest, error: AuthenticationError) -> JsonResponse:
    """Answer somebody who is not signed in."""
    return refuse(request, Refused("signed_out"))


@api.exception_handler(RequestDataTooBig)
def refuse_size(request: HttpRequest, error: RequestDataTooBig) -> JsonResponse:
    """Answer a body of more than `bytesPerRequest`."""
    return refuse(request, Refused("too_large"))


@api.exception_handler(OperationalError)
def refuse_for_now(request: HttpRequest, error: OperationalError) -> JsonResponse:
    """Answer while the database is locked or away; the client tries again."""
    logger.warning("The database did not answer: %s", error)
    return refuse(request, Refused("busy", headers={"Retry-After": "5"}))


@api.exception_handler(Exception)
def refuse_unforeseen(request: HttpRequest, error: Exception) -> JsonResponse:
    """Answer when the server itself failed."""
    logger.error("A sync failed", exc_info=error)
    return refuse(request, Refused("server_error"))
