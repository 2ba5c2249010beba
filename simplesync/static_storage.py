"""What `collectstatic` makes of the files: compressed, under names that have their hash, and our
own modules without comments and needless space.

Each module stays a file of its own, with the names that its author gave (decision 22). The files
of others are served as they came.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import rjsmin
from django.core.files.base import ContentFile
from whitenoise.storage import CompressedManifestStaticFilesStorage

NESTED = re.compile(r"\$\{[^}`]*`[^`]*`")
Found = dict[str, tuple[Any, str]]  # by its name each file: the storage that has it, its path there


class StaticFiles(CompressedManifestStaticFilesStorage):  # type: ignore[misc]  # it has no types
    """Static files for production."""

    def post_process(self, paths: Found, dry_run: bool = False, **options: Any) -> Iterator[Any]:
        """Minify our modules first: hashes and compressed files are of what is served."""
        if not dry_run:
            paths = paths | {name: self.minify(name, *paths[name]) for name in paths if ours(name)}
        yield from super().post_process(paths, dry_run=dry_run, **options)

    def minify(self, name: str, source: Any, path: str) -> tuple[StaticFiles, str]:
        """Put a minified module in the place of the collected one; return where it is.

        Of the source, not of what an earlier run left; and into a new file, since the collected one
        may be a link to the source (`collectstatic --link`).
        """
        with source.open(path) as module:
            text = module.read().decode()
        self.delete(name)
        self._save(name, ContentFile(minified(text).encode()))
        return self, name


def ours(name: str) -> bool:
    """Tell whether a static file is a module of the app's own."""
    return name.startswith("js/") and name.endswith(".mjs")


def minified(source: str) -> str:
    """Return a script without comments and needless space, and otherwise as it is.

    Raises ValueError for one with a template literal inside another's, in which rjsmin would take
    spaces of the text for needless ones.
    """
    if nested := NESTED.search(source):
        raise ValueError(f"a template literal inside of another: {nested[0]}")
    return str(rjsmin.jsmin(source))
