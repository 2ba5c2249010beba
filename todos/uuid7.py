"""Ids in the order in which they were made: UUID version 7 of RFC 9562; twin of uuid7.mjs."""

from __future__ import annotations

import secrets
import time
from uuid import UUID


def uuid7() -> UUID:
    """Return a new id: 48 bits of Unix time in milliseconds, then 74 random ones."""
    ms = time.time_ns() // 1_000_000
    return UUID(
        int=ms << 80 | 0x7 << 76 | secrets.randbits(12) << 64 | 0b10 << 62 | secrets.randbits(62)
    )
