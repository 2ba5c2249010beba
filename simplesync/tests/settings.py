"""The settings of the tests: the real ones, but for what only costs time there."""

import os

os.environ.setdefault("SECRET_KEY", "only-for-the-tests-and-known-to-everybody")
os.environ.setdefault("HTTPS", "false")

from simplesync.settings import *  # noqa: F403

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
