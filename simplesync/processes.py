"""The processes of `manage.py serve`: one that watches, and those that answer, of which it starts
each one that dies again, and on SIGHUP all, one after the other.

A module of its own, since who watches needs neither Django nor the app: `python -m
simplesync.processes HOST PORT NUMBER`.
"""

from __future__ import annotations

import sys

from uvicorn.config import STARTUP_FAILURE, Config
from uvicorn.supervisors import Multiprocess

from simplesync.patient import Patient

GRACE = 10  # seconds that answers under way may take when the server is to end
LONGEST_START = 15  # seconds until a process answers; one that says nothing for as long is dead


def main(host: str, port: str, number: str) -> int:
    """Serve until asked to end; return the exit code.

    uvicorn's own command has nobody watch where there is only one process.
    """
    config = Config(
        "simplesync.asgi:application",
        host=host,
        port=int(port),
        workers=int(number),
        http=Patient,
        timeout_graceful_shutdown=GRACE,
        timeout_worker_healthcheck=LONGEST_START,
        server_header=False,
        access_log=False,  # each sync has a line of its own; a proxy in front logs the rest
    )
    watching = Multiprocess(config, sockets=[config.bind_socket()])
    watching.run()
    failed = any(process.exitcode == STARTUP_FAILURE for process in watching.processes)
    return STARTUP_FAILURE if failed else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
