"""Who is logged in, found by SQL that is made once: each request asks."""

from __future__ import annotations

from django.contrib.auth.backends import ModelBackend

from accounts.models import User
from simplesync.found import found


class Backend(ModelBackend):
    """Django's own, but for the look-up."""

    def get_user(self, user_id: int) -> User | None:
        """Return the person with a key, None if there is none or they may not log in."""
        user = found(User, '"id" = %s', user_id)
        return user if user and self.user_can_authenticate(user) else None
