"""Django's sessions in the database, found by SQL that is made once: each request asks for one."""

from __future__ import annotations

from django.contrib.sessions.backends import db
from django.contrib.sessions.models import Session
from django.db import connection
from django.utils import timezone

from simplesync.found import found


class SessionStore(db.SessionStore):
    """Django's own, but for the look-up."""

    def _get_session_from_db(self) -> Session | None:
        now = connection.ops.adapt_datetimefield_value(timezone.now())
        session = found(Session, '"session_key" = %s AND "expire_date" > %s', self.session_key, now)
        if session is None:
            self._session_key = None  # as in Django's own: a key is never chosen by who asks
        return session
