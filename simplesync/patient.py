"""Connections that end with the process only once they had the time to ask.

uvicorn closes one on which nothing was asked yet as soon as its process is to go; where a request
is on its way just then, its sender is told that the connection was reset, and can only guess
whether it was heard.
"""

from __future__ import annotations

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

PATIENCE = 2  # seconds from the end's beginning until a first request has come


class Patient(HttpToolsProtocol):
    """An HTTP connection, as uvicorn calls it."""

    def shutdown(self) -> None:
        """Answer what is being answered, or is asked in time, and close."""
        if self.cycle is None:
            self.loop.call_later(PATIENCE, super().shutdown)
        else:
            super().shutdown()
