"""The import map: from each module's own address to the address that has its hash.

The modules import each other by plain relative addresses, which no build touches; the browser
translates them by this map. It is the only inline script, and the policy allows it by its hash.
"""

from __future__ import annotations

import functools
import hashlib
import json
from base64 import b64encode
from typing import NamedTuple

from django.conf import settings
from django.templatetags.static import static
from django.utils.safestring import SafeString, mark_safe

FOLDER = settings.BASE_DIR / "static" / "js"


class ImportMap(NamedTuple):
    """The text of the map, its hash for the policy, and every module's address."""

    json: SafeString
    csp_hash: str
    modules: list[str]


@functools.cache
def import_map() -> ImportMap:
    """Return the map of this build."""
    paths = [path for path in FOLDER.glob("*.mjs") if not path.name.startswith("service-worker")]
    names = sorted(f"js/{path.name}" for path in paths)
    imports = {settings.STATIC_URL + name: static(name) for name in names}
    text = json.dumps({"imports": imports})
    digest = b64encode(hashlib.sha256(text.encode()).digest()).decode()
    # Safe: file names of ours, and a `<` in one would be a mistake that the hash would not save.
    return ImportMap(mark_safe(text), f"'sha256-{digest}'", list(imports.values()))
