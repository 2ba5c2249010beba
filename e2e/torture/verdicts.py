"""What a reply says, and what becomes of a record by it: the twin of protocol.mjs."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from e2e.torture import record as records
from e2e.torture.record import Record
from todos.merge import Version

OUTCOMES = {
    "busy": "busy",
    "csrf": "refused",
    "malformed": "refused",
    "other_account": "other-account",
    "protocol": "outdated",
    "signed_out": "signed-out",
    "too_large": "too-large",
    "too_many_requests": "busy",
}
LATER = ("clock_ahead", "clock_wrong", "incomplete")


def judged(record: Record, sent: Version, result: dict[str, Any]) -> Record:
    """Apply the verdict on one todo that was sent (M5, M9)."""
    if result["status"] == "incomplete":
        return records.offered(record)
    stored, codes = stored_in(sent, result), codes_in(result)
    refused = [name for name in sent["clocks"] if name not in stored["clocks"]]
    final = {name: codes.get(name) or result["error"] for name in refused}
    final = {name: code for name, code in final.items() if code not in LATER}
    settled = records.parked(records.acknowledged(record, stored), sent["clocks"], final)
    return records.unoffered(settled, stored["clocks"])


def stored_in(sent: Version, result: dict[str, Any]) -> Version:
    """Return what a verdict says is stored of a todo."""
    if result["status"] == "stored":
        return sent
    refused = result.get("fields") or sent["clocks"]
    clocks = {name: stamp for name, stamp in sent["clocks"].items() if name not in refused}
    return {**sent, "clocks": clocks}


def codes_in(result: dict[str, Any]) -> dict[str, str]:
    """Return why fields of a todo were refused, by field."""
    return result.get("errors") or {}


def wrong_in(result: dict[str, Any]) -> list[str]:
    """Return the fields whose stamps will never be stored (S5)."""
    return [name for name, code in codes_in(result).items() if code == "clock_wrong"]


def stamps_of(versions: Iterable[Version]) -> list[str]:
    """Return all stamps of some versions."""
    return [stamp for version in versions for stamp in version["clocks"].values()]


def is_reply(content: Any, sent: int) -> bool:
    """Tell whether an answer is one of this protocol (protocol.mjs)."""
    return (
        isinstance(content, dict)
        and content.get("ok") is True
        and content.get("protocol") == 1
        and len(content.get("results", [])) == sent
    )
