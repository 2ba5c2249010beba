"""What all scripts of the app weigh as production serves them, each file compressed on its own.

Each module is counted once, though it is there with and without a hash in its name. `in one` is
what is served, put into one file as it is: what compressing all together would bring.
"""

from __future__ import annotations

import gzip
import json
import tempfile
from pathlib import Path

import brotli

from e2e.server import ROOT, Server

SOURCES = ROOT / "static"


def run() -> None:
    """Print the bytes of the sources and of what is served."""
    with tempfile.TemporaryDirectory() as folder:
        server = Server(Path(folder)).prepare()
        collected = Path(server.environment["STATIC_ROOT"])
        names = [name for name in manifest(collected) if name.startswith("js/")]
        report("sources", [(SOURCES / name).read_bytes() for name in names])
        served = [(collected / name).read_bytes() for name in names]
        report("served", served)
        report("in one", [b"\n".join(served)])


def manifest(collected: Path) -> list[str]:
    """Return the names of the collected files, without their hashes."""
    return list(json.loads((collected / "staticfiles.json").read_text())["paths"])


def report(name: str, files: list[bytes]) -> None:
    """Print how many bytes these are."""
    plain = sum(map(len, files))
    small = sum(len(gzip.compress(file, 9, mtime=0)) for file in files)
    smaller = sum(len(brotli.compress(file)) for file in files)
    print(
        f"{name:8} {len(files):2} files   {plain / 1_000:6.1f} kB   "
        f"gzip -9 {small / 1_000:5.1f} kB   brotli {smaller / 1_000:5.1f} kB"
    )
