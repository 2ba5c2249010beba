"""uvicorn in the place of the server that Django's `runserver` brings."""

from __future__ import annotations

import socket

import uvicorn
from django.conf import settings

GRACE = 3  # seconds that answers under way may take when the server is to end


class UvicornServer:
    """What `django.core.servers.basehttp.run` needs of a server class."""

    def __init__(self, address: tuple[str, int], handler: type, ipv6: bool = False) -> None:
        family = socket.AF_INET6 if ipv6 else socket.AF_INET
        self.socket = socket.create_server(address, family=family, backlog=2048)
        self.server_port = self.socket.getsockname()[1]

    def set_app(self, application: object) -> None:
        """Take no notice: it is the ASGI application that is served."""

    def serve_forever(self) -> None:
        """Serve until the process is asked to end."""
        config = uvicorn.Config(
            "simplesync.asgi:application",
            access_log=settings.DEBUG,
            log_config=None,  # Django's is in force
            server_header=False,
            timeout_graceful_shutdown=GRACE,
        )
        uvicorn.Server(config).run(sockets=[self.socket])
