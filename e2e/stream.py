"""A stream of the server's events, as a program sees it."""

from __future__ import annotations

from http.client import HTTPConnection

from e2e.torture.web import Web

LONGEST_WAIT = 30  # seconds, twice as long as the server is ever silent


class Stream:
    """An open stream of a person who is logged in."""

    def __init__(self, web: Web, port: int = 0) -> None:
        page = web.page()
        assert page
        self.connection = HTTPConnection("127.0.0.1", port or web.port, timeout=LONGEST_WAIT)
        path = f"/sync/events?account={page.facts['data-account']}"
        self.connection.request("GET", path, headers={"Cookie": web.cookie()})
        self.response = self.connection.getresponse()
        assert self.response.status == 200, self.response.read()

    def next(self) -> str | None:
        """Return the cursor of the next event; None at the end of the stream."""
        lines = [self.response.readline() for _ in range(3)]
        return lines[1].decode().removeprefix("data: ").strip() or None

    def close(self) -> None:
        """Hear no more."""
        self.response.close()
        self.connection.close()
