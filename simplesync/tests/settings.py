"""The settings of the tests: the real ones, but for what only costs time there."""

import os

os.environ.setdefault("SECRET_KEY", "only-for-the-tests-and-known-to-everybody")
os.environ.setdefault("HTTPS", "false")

from simplesync.settings import *  # noqa: F403
from simplesync.settings import DATABASES

if DATABASES["default"]["ENGINE"] == "simplesync.sqlite":
    DATABASES["default"]["TEST"] = {"NAME": ":memory:"}  # as pytest-django knows only of Django's
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
