"""The settings of the tests' server: the real ones, but for a password hash that costs no time."""

from simplesync.settings import *  # noqa: F403

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
