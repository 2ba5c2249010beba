"""Exports for tests: a person's as it is now, and one of each version that was ever written."""

from __future__ import annotations

import io
import json
from pathlib import Path

FOLDER = Path(__file__).parent
OF_VERSIONS = {1: FOLDER / "version-1.json"}


def exported(device):
    """Return what the export of a device's person has in it."""
    response = device.client.get("/accounts/export/")
    assert response.status_code == 200
    return json.loads(b"".join(response.streaming_content))


def post(device, content, **headers):
    """Send a file by the form, of these bytes or of this as JSON; return Django's response."""
    if not isinstance(content, bytes):
        content = json.dumps(content).encode()
    file = io.BytesIO(content)
    file.name = "simplesync.json"
    data = {"file": file, "csrfmiddlewaretoken": device.token}
    return device.client.post("/accounts/import/", data, headers=headers)


def imported(device, content):
    """Import a file, and return what the server says came of it."""
    response = post(device, content, Accept="application/json")
    assert response.status_code == 200, response.content
    return response.json()["report"]


def a_file(*todos, history=(), **members):
    """Return a file with these todos."""
    head = {"format": "simplesync-account", "version": 1}
    return {**head, "todos": list(todos), "history": list(history), **members}
