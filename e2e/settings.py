"""The settings of the tests' server: the real ones, but for a password hash that costs no time, and
that what other processes write is heard by announcements only, and not by reading all heads again.
"""

from simplesync.settings import *  # noqa: F403

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
HEADS_READ_AGAIN = 3600.0
