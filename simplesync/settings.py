"""The settings, each from the environment where it may differ between machines.

With no environment at all, `manage.py runserver` serves a working app for one machine. Every
variable that is read here is described in docs/reference/settings.md (a test compares the two).
A bad value is refused at start with a sentence: see `ImproperlyConfigured` in manage.py.
"""

from __future__ import annotations

import os
import secrets
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar
from urllib.parse import urlsplit

import dj_database_url
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from limits import parse as parse_rate

from todos.protocol import LIMITS

BASE_DIR = Path(__file__).resolve().parent.parent
VAR_DIR = BASE_DIR / "var"

T = TypeVar("T")


def env(name: str, default: T, read: Callable[[str], T], expected: str) -> T:
    """Read one variable with `read`; an empty one counts as not set.

    Raises ImproperlyConfigured, naming the variable and what was `expected`, when `read` raises
    ValueError.
    """
    value = os.environ.get(name, "").strip()
    if not value:
        return default
    try:
        return read(value)
    except ValueError:
        raise ImproperlyConfigured(f"{name} is {value!r}, but must be {expected}.") from None


def env_bool(name: str, default: bool) -> bool:
    """Read a switch: true, yes, on, 1 or false, no, off, 0."""
    words = dict.fromkeys(("true", "yes", "on", "1"), True)
    words |= dict.fromkeys(("false", "no", "off", "0"), False)

    def read(value: str) -> bool:
        if value.lower() not in words:
            raise ValueError(value)
        return words[value.lower()]

    return env(name, default, read, "true or false")


def env_int(name: str, default: int, lowest: int, highest: int) -> int:
    """Read a whole number between `lowest` and `highest`, both allowed."""

    def read(value: str) -> int:
        number = int(value)
        if not lowest <= number <= highest:
            raise ValueError(value)
        return number

    return env(name, default, read, f"a whole number from {lowest} to {highest}")


def env_list(name: str, default: list[str], starts: tuple[str, ...] = ("",)) -> list[str]:
    """Read words separated by commas, each beginning with one of `starts`."""

    def read(value: str) -> list[str]:
        words = [word.strip() for word in value.split(",") if word.strip()]
        if not all(word.startswith(starts) for word in words):
            raise ValueError(value)
        return words

    kinds = " or ".join(start for start in starts if start)
    return env(name, default, read, f"a list separated by commas, each beginning with {kinds}")


def env_host(name: str, default: str) -> str:
    """Read the name or address of a network interface."""

    def read(value: str) -> str:
        if urlsplit(f"http://{value}").hostname is None or set(value) & set(" /@?#"):
            raise ValueError(value)
        return value

    return env(name, default, read, "a host name or an address, such as 127.0.0.1")


def env_database(name: str, default: str) -> dict[str, object]:
    """Read a database address, sqlite:// or postgres://, into Django's form."""
    kinds = ("sqlite", "postgres", "postgresql")

    def read(value: str) -> dict[str, object]:
        if urlsplit(value).scheme not in kinds:
            raise ValueError(value)
        return dict(dj_database_url.parse(value))

    expected = "sqlite:///path/to/file or postgres://user:password@host:port/name"
    try:
        return env(name, read(default), read, expected)
    except ImproperlyConfigured:  # the address may hold a password: do not repeat it
        raise ImproperlyConfigured(f"{name} must be {expected}.") from None


def env_rate(name: str, default: str) -> str:
    """Read a rate such as 600/minute, as the package `limits` writes it."""

    def read(value: str) -> str:
        parse_rate(value)
        return value

    return env(name, default, read, "a rate such as 600/minute")


def env_secret(name: str, *, may_make: bool) -> str:
    """Read a secret; where `may_make`, make one and keep it in var/, else refuse to start."""

    def read(value: str) -> str:
        if len(value) < 32:
            raise ValueError(value)
        return value

    try:
        given = env(name, "", read, "at least 32 characters")
    except ImproperlyConfigured:  # do not repeat a secret, not even a bad one
        raise ImproperlyConfigured(f"{name} must have at least 32 characters.") from None
    if given or may_make:
        return given or kept_secret(VAR_DIR / "secret-key")
    raise ImproperlyConfigured(
        f"{name} is not set. With DEBUG off it must be given: "
        "any 50 random characters that nobody else knows."
    )


def kept_secret(path: Path) -> str:
    """Return the secret in the file, made at first use and readable by its owner only."""
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text(encoding="ascii")
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(secrets.token_urlsafe(50))
    return path.read_text(encoding="ascii")


# Where it runs

COMMAND = sys.argv[1] if Path(sys.argv[0]).name == "manage.py" and len(sys.argv) > 1 else ""
SERVES = COMMAND in ("", "runserver")  # "": started by a server such as uvicorn
DEBUG = env_bool("DEBUG", default=COMMAND == "runserver")
SECRET_KEY = env_secret("SECRET_KEY", may_make=DEBUG or not SERVES)
HOST = env_host("HOST", "127.0.0.1")
PORT = env_int("PORT", 8000, 1, 65535)
ALLOWED_HOSTS = env_list("ALLOWED_HOSTS", ["localhost", "127.0.0.1", "[::1]", HOST])
# Cookies go over https only, unless this is a machine at which somebody tries things out.
HTTPS = env_bool("HTTPS", default=not DEBUG)
CSRF_TRUSTED_ORIGINS = env_list("CSRF_TRUSTED_ORIGINS", [], starts=("https://", "http://"))

# The sync

SYNC_INTERVAL = env_int("SYNC_INTERVAL", 10, 1, 3600)  # seconds
SYNC_RATE = env_rate("SYNC_RATE", "600/minute")  # requests of one person to /sync
DATA_UPLOAD_MAX_MEMORY_SIZE = LIMITS["bytesPerRequest"]

# Applications

INSTALLED_APPS = [
    "simplesync",  # before staticfiles: its runserver is ours
    "accounts",
    "todos",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "simplesync.private.no_store",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]

ROOT_URLCONF = "simplesync.urls"
WSGI_APPLICATION = "simplesync.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]

# Database

DATABASES = {"default": env_database("DATABASE_URL", f"sqlite:///{VAR_DIR / 'simplesync.sqlite3'}")}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    VAR_DIR.mkdir(exist_ok=True)
    DATABASES["default"]["OPTIONS"] = {
        # Every transaction takes the write lock when it begins: no upgrade can deadlock.
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        # FULL: what was acknowledged to a device survives a power cut.
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;",
    }

# People

AUTH_USER_MODEL = "accounts.User"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "todos:list"
LOGOUT_REDIRECT_URL = "login"

# Security

SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],  # and, on our pages, the hash of their import map
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "worker-src": [SELF],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}

# Language and time

LANGUAGE_CODE = "en"
TIME_ZONE = "UTC"
USE_I18N = False
USE_TZ = True

# Static files

STATIC_URL = "/static/"
STATIC_ROOT = env("STATIC_ROOT", VAR_DIR / "static", Path, "a folder")
STATIC_ROOT.mkdir(parents=True, exist_ok=True)  # whitenoise looks into it at once
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
