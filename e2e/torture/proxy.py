"""The fault proxy: between every client and the server, it disturbs requests as it is told.

Real browsers and simulated devices alike talk to its port. Nothing here is drawn at random: the
schedule says what happens to whose next request, so a seed is the same again.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException, HTTPResponse
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import ClassVar

from e2e.torture.faults import Counts, Plan

HOP_BY_HOP = {"connection", "keep-alive", "transfer-encoding", "content-length", "x-device"}
LONGEST_WAIT = 30  # seconds
ERROR_PAGE = b"<!doctype html><title>Bad gateway</title><h1>It is not you, it is us</h1>"


@dataclass
class Request:
    """One request of a device, as it came."""

    device: str
    method: str
    path: str
    headers: dict[str, str]
    body: bytes


@dataclass
class Reply:
    """One answer of the server."""

    status: int
    headers: list[tuple[str, str]]
    body: bytes


class NoAnswer(Exception):
    """The server gave none, or nobody is to hear of it."""


class Proxy:
    """A listening proxy, and what it is told to do.

    `observe` is called with each request that the server answered, and with the answer, whether or
    not anybody else gets to see it. `kill` ends the server at once, `revive` starts it again, and
    `pass_time` lets some ms pass.
    """

    def __init__(
        self,
        server_port: int,
        observe: Callable[[Request, Reply], None],
        kill: Callable[[], None],
        revive: Callable[[], object],
        pass_time: Callable[[int], None],
    ) -> None:
        self.server_port = server_port
        self.observe = observe
        self.kill = kill
        self.revive = revive
        self.pass_time = pass_time
        self.counts = Counts()
        self.plans: dict[str, list[Plan]] = {}
        self.held: list[Request] = []
        self.lock = threading.RLock()
        self.may_pass = threading.Event()
        self.may_pass.set()
        self.at_work: set[int] = set()  # threads that have a request at the server
        self.idle = threading.Condition()
        handler = type("Handler", (Handler,), {"proxy": self})
        self.listener = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self.listener.daemon_threads = True
        self.port = self.listener.server_port
        threading.Thread(target=self.listener.serve_forever, daemon=True).start()

    def close(self) -> None:
        """Listen no more."""
        self.listener.shutdown()
        self.listener.server_close()

    def plan(self, device: str, plan: Plan) -> None:
        """Let something happen to the next request of a device that writes."""
        self.plans.setdefault(device, []).append(plan)

    def next_plan(self, request: Request) -> Plan | None:
        """Return what is to happen to a request, once."""
        plans = self.plans.get(request.device)
        writes = request.method == "POST" and not request.path.startswith("/accounts/")
        return plans.pop(0) if plans and writes else None

    def deliver(self, index: int) -> None:
        """Deliver one of the late requests; its answer goes nowhere."""
        self.forward(self.held.pop(index))

    @contextmanager
    def quiet(self) -> Iterator[None]:
        """Let nothing through for a while: what is at the server is finished, the rest waits."""
        self.may_pass.clear()
        with self.idle:
            self.idle.wait_for(lambda: not self.at_work)
        try:
            yield
        finally:
            self.may_pass.set()

    # What happens to one request

    def answer(self, request: Request) -> Reply:
        """Return what the device is to get. Raises NoAnswer when that is nothing."""
        self.may_pass.wait()
        thread = threading.get_ident()
        self.at_work.add(thread)
        try:
            plan = self.next_plan(request)
            if plan is None:
                return self.forward(request)
            self.counts[plan.fault] += 1
            return FAULTS[plan.fault](self, request, plan)
        finally:
            with self.idle:
                self.at_work.discard(thread)
                self.idle.notify_all()

    def drop_request(self, request: Request, plan: Plan) -> Reply:
        raise NoAnswer

    def drop_reply(self, request: Request, plan: Plan) -> Reply:
        self.forward(request)
        raise NoAnswer

    def duplicate(self, request: Request, plan: Plan) -> Reply:
        """Deliver twice; either answer may be the one that arrives."""
        replies = [self.forward(request), self.forward(request)]
        return replies[plan.after]

    def hold(self, request: Request, plan: Plan) -> Reply:
        """Keep the request, or a copy of it, to be delivered later."""
        self.held.append(request)
        if plan.after:
            return self.forward(request)
        raise NoAnswer

    def delay(self, request: Request, plan: Plan) -> Reply:
        """Let time pass on the way there or on the way back."""
        if not plan.after:
            self.pass_time(plan.ms)
        reply = self.forward(request)
        if plan.after:
            self.pass_time(plan.ms)
        return reply

    def error(self, request: Request, plan: Plan) -> Reply:
        """Answer with an error that is not the server's."""
        if plan.after:
            self.forward(request)
        status = {"error 500": 500, "error 503": 503, "html": 200}[plan.fault]
        return Reply(status, [("Content-Type", "text/html")], ERROR_PAGE)

    def truncate(self, request: Request, plan: Plan) -> Reply:
        reply = self.forward(request)
        half = reply.body[: len(reply.body) // 2]
        return Reply(reply.status, reply.headers, half)

    def kill_server(self, request: Request, plan: Plan) -> Reply:
        """Kill the server while it is at the request, some ms after it got it, and start it again.

        An answer that came before that is passed on in half of the cases only.
        """
        with self.lock:
            connection = self.send(request)
            connection.sock.settimeout(plan.ms / 1000)
            try:
                reply = self.receive(request, connection)
            except (OSError, HTTPException):
                reply = None
            self.kill()
            self.revive()
        if reply is None or plan.after:
            raise NoAnswer
        return reply

    # The server

    def forward(self, request: Request) -> Reply:
        """Let the server answer. Raises NoAnswer when it does not."""
        try:
            return self.receive(request, self.send(request))
        except (OSError, HTTPException):
            raise NoAnswer from None

    def send(self, request: Request) -> HTTPConnection:
        """Send the request to the server, all of it."""
        with self.lock:  # not while it is being started again
            connection = HTTPConnection("127.0.0.1", self.server_port, timeout=LONGEST_WAIT)
            try:
                connection.request(request.method, request.path, request.body, request.headers)
            except OSError:
                connection.close()
                raise
        return connection

    def receive(self, request: Request, connection: HTTPConnection) -> Reply:
        """Return the server's answer, after `observe` has seen it."""
        try:
            response = connection.getresponse()
            reply = Reply(response.status, response.getheaders(), read_all(response))
        finally:
            connection.close()
        with self.lock:
            self.observe(request, reply)
        return reply


FAULTS: dict[str, Callable[[Proxy, Request, Plan], Reply]] = {
    "request dropped": Proxy.drop_request,
    "reply dropped": Proxy.drop_reply,
    "request duplicated": Proxy.duplicate,
    "request late": Proxy.hold,
    "delay": Proxy.delay,
    "error 500": Proxy.error,
    "error 503": Proxy.error,
    "html": Proxy.error,
    "truncated": Proxy.truncate,
    "server killed": Proxy.kill_server,
}


def read_all(response: HTTPResponse) -> bytes:
    """Read a body to its end."""
    with response:
        return response.read()


class Handler(BaseHTTPRequestHandler):
    """One connection from a client."""

    proxy: ClassVar[Proxy]
    protocol_version = "HTTP/1.1"

    def pass_on(self) -> None:
        """Hand the request over, and the answer back."""
        if self.path.startswith("/sync/events"):
            self.close_connection = True  # no events come through: pages poll
            return
        length = int(self.headers.get("Content-Length") or 0)
        headers = {
            name: value for name, value in self.headers.items() if name.lower() not in HOP_BY_HOP
        }
        device = self.headers.get("X-Device", "")
        body = self.rfile.read(length)
        request = Request(device, self.command, self.path, headers, body)
        try:
            self.reply(self.proxy.answer(request))
        except NoAnswer:
            self.close_connection = True
        except OSError:  # the client has gone
            self.close_connection = True

    do_GET = do_HEAD = do_POST = pass_on  # noqa: N815

    def reply(self, reply: Reply) -> None:
        """Send an answer."""
        self.send_response_only(reply.status)
        for name, value in reply.headers:
            if name.lower() not in HOP_BY_HOP:
                self.send_header(name, value)
        self.send_header("Content-Length", str(len(reply.body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(reply.body)

    def log_message(self, *arguments: object) -> None:
        """Say nothing: the counts say it all."""
