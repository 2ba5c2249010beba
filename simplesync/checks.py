"""What is looked at before the site starts, beyond Django's own checks."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Warning, register

FEWEST_CHARACTERS = 8  # different ones in a secret


@register()
def static_files_are_collected(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Without their manifest every page would be an error, with DEBUG off."""
    serves = settings.COMMAND in ("runserver", "serve") and not settings.DEBUG
    if serves and not (settings.STATIC_ROOT / "staticfiles.json").exists():
        hint = "Run `manage.py collectstatic` and `manage.py migrate` first."
        return [Error("The static files are not collected.", hint=hint, id="simplesync.E001")]
    return []


@register(deploy=True)
def the_secret_is_hard_to_guess(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """A long secret of a few characters over and over is none."""
    if len(set(settings.SECRET_KEY)) < FEWEST_CHARACTERS:
        hint = "Take 50 random characters."
        return [Warning("SECRET_KEY is easy to guess.", hint=hint, id="simplesync.W001")]
    return []
