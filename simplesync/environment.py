"""Reading settings from the environment: what is not understood is refused by a sentence."""

from __future__ import annotations

import os
import re
import secrets
import shutil
import tempfile
from collections.abc import Callable
from ipaddress import IPv6Address
from pathlib import Path
from typing import TypeVar
from urllib.parse import urlsplit

import dj_database_url
from django.core.exceptions import ImproperlyConfigured
from limits import parse as parse_rate

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


def env_choice(name: str, default: str, choices: tuple[str, ...]) -> str:
    """Read one of a few words."""

    def read(value: str) -> str:
        if value.lower() not in choices:
            raise ValueError(value)
        return value.lower()

    return env(name, default, read, f"one of {', '.join(choices)}")


def env_list(name: str, default: list[str], read: Callable[[str], str], each: str) -> list[str]:
    """Read one or more words separated by commas, each read by `read`; `each` is what they are."""

    def read_all(value: str) -> list[str]:
        words = [read(word.strip()) for word in value.split(",") if word.strip()]
        if not words:
            raise ValueError(value)
        return words

    return env(name, default, read_all, f"{each}, separated by commas")


def env_host(name: str, default: str) -> str:
    """Read the name or address of a network interface."""
    return env(name, default, host, "a host name or an address, such as 127.0.0.1")


def host(value: str) -> str:
    """Return a host name or an address as a browser writes it. Raises ValueError for others."""
    bare = value[1:-1] if value.startswith("[") and value.endswith("]") else value
    if ":" in bare:
        return f"[{IPv6Address(bare)}]"
    if bare != value or not re.fullmatch(r"[A-Za-z0-9.-]+", value):
        raise ValueError(value)
    return value


def allowed_host(value: str) -> str:
    """Return a host as ALLOWED_HOSTS takes it: also `*`, and `.example.org` with all below it."""
    return value if value == "*" else "." * value.startswith(".") + host(value.removeprefix("."))


def origin(value: str) -> str:
    """Return an origin: a scheme and a host, and maybe a port. Raises ValueError for others."""
    if not re.fullmatch(r"https?://[^/\s]+", value):
        raise ValueError(value)
    return value


def env_database(name: str, default: str = "") -> dict[str, object]:
    """Read a database address, sqlite:// or postgres://, into Django's form; {} without any."""
    kinds = ("sqlite", "postgres", "postgresql")

    def read(value: str) -> dict[str, object]:
        if "://" not in value or urlsplit(value).scheme not in kinds:
            raise ValueError(value)
        return dict(dj_database_url.parse(value))

    expected = "sqlite:///path/to/file or postgres://user:password@host:port/name"
    try:
        return env(name, read(default) if default else {}, read, expected)
    except ImproperlyConfigured:  # the address may hold a password: do not repeat it
        raise ImproperlyConfigured(f"{name} must be {expected}.") from None


def env_rate(name: str, default: str) -> str:
    """Read a rate such as 600/minute, as the package `limits` writes it."""

    def read(value: str) -> str:
        if set(value) & set(",;|") or parse_rate(value).amount < 1:  # one rate, no list of them
            raise ValueError(value)
        return value

    return env(name, default, read, "a rate such as 600/minute")


def env_secret(name: str, *, kept_in: Path | None) -> str:
    """Read a secret; without one use that of the file `kept_in`, or refuse where that is None."""

    def read(value: str) -> str:
        if len(value) < 32:
            raise ValueError(value)
        return value

    try:
        given = env(name, "", read, "at least 32 characters")
    except ImproperlyConfigured:  # do not repeat a secret, not even a bad one
        raise ImproperlyConfigured(f"{name} must have at least 32 characters.") from None
    if given:
        return given
    if kept_in:
        return kept_secret(kept_in)
    raise ImproperlyConfigured(
        f"{name} is not set. With DEBUG off it must be given: "
        "any 50 random characters that nobody else knows."
    )


def kept_secret(path: Path) -> str:
    """Return the secret in the file, made at first use and readable by its owner only.

    It appears under its name only when it is whole: two processes may start at once.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.exists():
        descriptor, draft = tempfile.mkstemp(dir=path.parent)  # 0600
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(secrets.token_urlsafe(50))
        try:
            os.link(draft, path)
        except FileExistsError:
            pass  # the other process was first
        except OSError:  # a file system without links
            shutil.copy(draft, path)
        os.unlink(draft)
    secret = path.read_text(encoding="ascii").strip()
    if len(secret) < 32:
        raise ImproperlyConfigured(f"{path} is broken: delete it, and everybody logs in again.")
    return secret
