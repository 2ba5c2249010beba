"""The oldest client of the protocol, word for word: it is answered as it was when it was new.

Its requests are never to be changed, nor what their replies must have; a reply may have more.
"""

import json

import pytest

from todos.tests.devices import Device
from todos.tests.files import FOLDER

OLDEST = json.loads((FOLDER / "wire-1.json").read_text("utf-8"))
ANY = {"<text>": str, "<number>": int}


@pytest.fixture
def oldest(alice):
    """A device of Alice's, whose account is that of the requests."""
    alice.account = OLDEST[0]["request"]["account"]
    alice.save()
    return Device(alice)


def test_the_oldest_client_is_answered_as_it_always_was(oldest):
    cursors = {}  # by device
    for step in OLDEST:
        request, device = step["request"], step["request"]["device"]
        if request["cursor"] == "<the last>":
            request = request | {"cursor": cursors[device]}
        response = oldest.post(request)
        assert response.status_code == step["status"], step["what"]
        reply = response.json()
        assert missing(step["reply"], reply) == [], step["what"]
        cursors[device] = reply.get("cursor")


def missing(expected, found, at="the reply"):
    """Return where something is not as expected; an object may have members beyond."""
    if isinstance(expected, str) and expected in ANY:
        return [] if found and type(found) is ANY[expected] else [at]
    if isinstance(expected, dict) and isinstance(found, dict):
        pairs = ((name, value, found.get(name, "nothing")) for name, value in expected.items())
        return [each for name, *pair in pairs for each in missing(*pair, f"{at}, {name}")]
    if isinstance(expected, list) and isinstance(found, list) and len(expected) == len(found):
        pairs = enumerate(zip(expected, found, strict=True), start=1)
        return [each for number, pair in pairs for each in missing(*pair, f"{at}, {number}")]
    return [] if found == expected and type(found) is type(expected) else [f"{at}: {found!r}"]
