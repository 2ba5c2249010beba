"""What is looked at before the site starts, beyond Django's own checks."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, register


@register()
def static_files_are_collected(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Without their manifest every page would be an error, with DEBUG off."""
    serves = settings.COMMAND in ("runserver", "serve") and not settings.DEBUG
    if serves and not (settings.STATIC_ROOT / "staticfiles.json").exists():
        hint = "Run `manage.py collectstatic` and `manage.py migrate` first."
        return [Error("The static files are not collected.", hint=hint, id="simplesync.E001")]
    return []
