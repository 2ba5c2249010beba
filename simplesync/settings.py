"""The settings, each from the environment where it may differ between machines.

With no environment at all, `manage.py runserver` serves a working app for one machine. Every
variable that is read here is described in docs/reference/settings.md (a test compares the two).
A bad value is refused at start with a sentence: see `ImproperlyConfigured` in manage.py.
"""

from __future__ import annotations

import datetime
import os
import sys
from pathlib import Path

from csp.constants import NONE, SELF

from simplesync.environment import (
    allowed_host,
    env,
    env_bool,
    env_choice,
    env_database,
    env_host,
    env_int,
    env_list,
    env_rate,
    env_secret,
    origin,
)
from todos.protocol import LIMITS

BASE_DIR = Path(__file__).resolve().parent.parent
VAR_DIR = BASE_DIR / "var"

# Where it runs

COMMAND = sys.argv[1] if Path(sys.argv[0]).name == "manage.py" and len(sys.argv) > 1 else ""
SERVES = COMMAND in ("", "runserver", "serve")  # "": started by a server such as uvicorn
DEBUG = env_bool("DEBUG", default=COMMAND == "runserver")
SECRET_KEY = env_secret(
    "SECRET_KEY", kept_in=VAR_DIR / "secret-key" if DEBUG or not SERVES else None
)
HOST = env_host("HOST", "127.0.0.1")
PORT = env_int("PORT", 8000, 1, 65535)
ALLOWED_HOSTS = env_list(
    "ALLOWED_HOSTS",
    ["localhost", "127.0.0.1", "[::1]", HOST],
    allowed_host,
    "host names without a port",
)
# Everything goes over https only, unless this is a machine at which somebody tries things out.
HTTPS = env_bool("HTTPS", default=not DEBUG)
BEHIND_PROXY = env_bool("BEHIND_PROXY", default=False)  # which says X-Forwarded-Proto of each
CSRF_TRUSTED_ORIGINS = env_list(
    "CSRF_TRUSTED_ORIGINS", [], origin, "origins such as https://todo.example.org"
)

WORKERS = env_int("WORKERS", os.cpu_count() or 1, 1, 1_000)  # processes of `manage.py serve`
WEB_THREADS = env_int("WEB_THREADS", 8, 1, 1_000)  # of each process: requests answered at a time

# Whoever watches the site

METRICS_TOKEN = env("METRICS_TOKEN", "", str, "a secret")  # "": nobody sees /metrics
if METRICS_TOKEN:  # the counters of all processes meet in a folder
    METRICS_DIR = env("PROMETHEUS_MULTIPROC_DIR", VAR_DIR / "metrics", Path, "a folder")
    METRICS_DIR.mkdir(parents=True, exist_ok=True)
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = str(METRICS_DIR)  # read by prometheus_client

# The browser

SERVICE_WORKER = env_bool("SERVICE_WORKER", default=True)  # false takes it away everywhere

# The sync

SYNC_INTERVAL = env_int("SYNC_INTERVAL", 10, 1, 3600)  # seconds
TOMBSTONE_DAYS = env_int("TOMBSTONE_DAYS", 90, 1, 36_500)  # then `manage.py prune` empties them
HISTORY_DAYS = env_int("HISTORY_DAYS", 0, 0, 36_500)  # then it deletes entries; 0: never
HEADS_READ_AGAIN = 10.0  # seconds between two looks where the heads are while nothing is announced
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
    "django.contrib.staticfiles",
    "axes",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "simplesync.private.no_store",
    "simplesync.time_zone.readers_time_zone",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "accounts.signing_out.keep_promise",
    "simplesync.login_required.LoginRequired",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "axes.middleware.AxesMiddleware",  # last: it shows the page of who is locked out
]

ROOT_URLCONF = "simplesync.urls"
ASGI_APPLICATION = "simplesync.asgi.application"

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
# The threads that answer requests live on, and so may their connections.
DATABASES["default"] |= {"CONN_MAX_AGE": 600, "CONN_HEALTH_CHECKS": True}
# Announcements need a connection of their own, which a pooler that lends one for each transaction
# does not give: then this is the address of the database itself.
LISTEN_DATABASE = "default"
if direct := env_database("LISTEN_DATABASE_URL"):
    LISTEN_DATABASE = "listen"
    DATABASES["listen"] = direct | {"TEST": {"MIRROR": "default"}}
    DATABASES["default"]["DISABLE_SERVER_SIDE_CURSORS"] = True
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    VAR_DIR.mkdir(exist_ok=True)
    DATABASES["default"]["ENGINE"] = "simplesync.sqlite"
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
PASSWORD_RESET_TIMEOUT = 24 * 60 * 60  # seconds that a link by mail works

# Who fails too often to log in waits: for that name, from that address. So nobody locks out
# everybody, not even where all come from the address of one proxy.
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "accounts.backends.Backend",
]
SESSION_ENGINE = "accounts.session_store"
AXES_FAILURE_LIMIT = env_int("LOGIN_FAILURES", 10, 1, 1_000)
AXES_COOLOFF_TIME = datetime.timedelta(minutes=env_int("LOGIN_PAUSE", 15, 1, 10_000))
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_CLIENT_IP_CALLABLE = "accounts.login_attempts.address_of"
AXES_LOCKOUT_CALLABLE = "accounts.login_attempts.show_locked_out"
AXES_RESET_ON_SUCCESS = True
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False  # trying meanwhile makes it no longer
AXES_DISABLE_ACCESS_LOG = True  # of who logs in, and from where, nothing is kept
AXES_VERBOSE = False
AXES_SENSITIVE_PARAMETERS = ["username", "old_password", "new_password1", "new_password2"]

# Mail, for who has forgotten the password: printed where the server was started, unless there is
# a server for it.

EMAIL_HOST = env("EMAIL_HOST", "", str, "a host name")
EMAIL_BACKEND = f"django.core.mail.backends.{'smtp' if EMAIL_HOST else 'console'}.EmailBackend"
EMAIL_SECURITY = env_choice("EMAIL_SECURITY", "starttls", ("starttls", "tls", "none"))
EMAIL_USE_TLS, EMAIL_USE_SSL = EMAIL_SECURITY == "starttls", EMAIL_SECURITY == "tls"
EMAIL_PORT = env_int("EMAIL_PORT", {"starttls": 587, "tls": 465}.get(EMAIL_SECURITY, 25), 1, 65535)
EMAIL_HOST_USER = env("EMAIL_USER", "", str, "a name")
EMAIL_HOST_PASSWORD = env("EMAIL_PASSWORD", "", str, "a password")
EMAIL_TIMEOUT = 20  # seconds
DEFAULT_FROM_EMAIL = env("EMAIL_FROM", "SimpleSync <noreply@localhost>", str, "an address")

# Security

SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = HTTPS
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^metrics$"]  # asked for from inside, past the proxy
SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60 if HTTPS else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if BEHIND_PROXY else None
SILENCED_SYSTEM_CHECKS = [
    "security.W005",  # what else lives below this name is not ours to decide,
    "security.W021",  # nor whether browsers are to be delivered with it
    "security.W009",  # `env_secret` refuses a short one; simplesync.W001 knows a bad one
]
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

# What goes wrong is said where the server was started.
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {
        "django": {"handlers": [], "level": "INFO", "propagate": True},
        "sync": {"level": "INFO"},  # a line for each
        "uvicorn.access": {"level": "INFO" if DEBUG else "WARNING"},
    },
}

# Language and time

LANGUAGE_CODE = "en"
TIME_ZONE = "UTC"  # for who has told none (simplesync/time_zone.py)
USE_I18N = False
USE_TZ = True

# Static files

STATIC_URL = "/static/"
STATIC_ROOT = env("STATIC_ROOT", VAR_DIR / "static", Path, "a folder")
STATIC_ROOT.mkdir(parents=True, exist_ok=True)  # whitenoise looks into it at once
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "simplesync.static_storage.StaticFiles"},
}
