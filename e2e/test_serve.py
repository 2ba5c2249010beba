"""`manage.py serve`, the server for production: several processes that act as one."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import time
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPConnection
from urllib.parse import urlencode
from uuid import uuid4

import pytest

from e2e.actions import new_name
from e2e.server import Production
from e2e.torture.web import Web
from todos.cursor import unpack

TOKEN = "for-the-tests"
WORKERS = 3
THREADS = 2
LONGEST_RESTART = 100  # seconds


@pytest.fixture
def serve(made, tmp_path):
    """Return a function that starts it with some settings."""
    servers = []

    def start(**environment):
        servers.append(Production(tmp_path, made=made, **environment))
        return servers[-1].prepare().start()

    yield start
    for server in servers:
        if server.process:
            server.end()


@pytest.fixture
def production(serve, tmp_path):
    """It, with several processes."""
    return serve(
        WORKERS=str(WORKERS),
        METRICS_TOKEN=TOKEN,
        PROMETHEUS_MULTIPROC_DIR=str(tmp_path / "metrics"),
    )


@pytest.fixture
def alice(production):
    """A browser of Alice's, logged in, that has loaded her list."""
    alice = Web(production.port, "alice")
    alice.sign_up(new_name("alice"))
    return alice


def add(web, text):
    """Add a todo by the form."""
    answer = web.submit("/todos/add/", id=web.page().new_id, text=text)
    assert answer.status == 302, answer.body


def counters(production):
    """Return the counters, by name."""
    web = Web(production.port, "prometheus")
    text = web.request("GET", "/metrics", Authorization=f"Bearer {TOKEN}").body
    return {name: float(value) for name, value in re.findall(r"^(\w+) (\S+)$", text, re.MULTILINE)}


def test_it_serves_pages_static_files_and_events(production, alice, open_stream):
    page = alice.request("GET", "/").body
    script = re.search(r'"(/static/js/main\.\w+\.mjs)"', page)[1]
    assert alice.request("GET", script).status == 200
    assert alice.request("GET", "/healthz").body == "ok\n"
    stream = open_stream(alice)
    assert stream.next()


def told_of(production, path, encoding):
    """Return the headers and the body of a file, as often as makes each process answer again."""
    told = []
    for _ in range(4 * WORKERS):  # each process is asked more than once
        connection = HTTPConnection("127.0.0.1", production.port)
        connection.request("GET", path, headers={"Accept-Encoding": encoding})
        answer = connection.getresponse()
        headers = {name: value for name, value in answer.getheaders() if name != "date"}
        policy = headers.pop("content-security-policy").split("; ")  # in no certain order
        told.append((headers | {"policy": {*policy}}, answer.read()))
        connection.close()
    return told


def test_a_file_looks_the_same_when_it_comes_from_memory(production, alice):
    path = re.search(r'"(/static/js/main\.\w+\.mjs)"', alice.request("GET", "/").body)[1]
    for encoding in ("identity", "gzip", "br"):
        told = told_of(production, path, encoding)
        headers, body = told[0]
        assert [each for each in told if each != told[0]] == []
        assert headers.get("content-encoding", "identity") == encoding
        assert int(headers["content-length"]) == len(body)
        assert "default-src 'none'" in headers["policy"]
        assert headers["x-content-type-options"] == "nosniff"


def test_all_who_wait_hear_of_a_write(production, alice, open_stream):
    streams = [open_stream(alice) for _ in range(4 * WORKERS)]
    for stream in streams:
        stream.next()
    add(alice, "Buy milk")
    assert [unpack(stream.next()).number for stream in streams] == [1] * len(streams)


def test_the_counters_are_of_all_processes_together(production, alice, open_stream):
    streams = [open_stream(alice) for _ in range(4 * WORKERS)]
    for stream in streams:
        stream.next()
    assert counters(production)["simplesync_listeners"] == len(streams)


def test_it_ends_at_once_although_devices_wait_and_each_stream_has_an_end(
    production, alice, open_stream
):
    streams = [open_stream(alice) for _ in range(WORKERS)]
    for stream in streams:
        assert stream.next()
    assert production.end() == 0
    assert [stream.next() for stream in streams] == [None] * WORKERS
    assert "Cancel" not in production.log.read_text()
    assert "Traceback" not in production.log.read_text()


def test_what_was_asked_before_the_end_is_answered(production, alice):
    halves = [HalfSent(alice, f"todo {number}") for number in range(WORKERS)]
    with ThreadPoolExecutor() as pool:
        end = pool.submit(production.end)
        until_told(production)
        assert [half.finish() for half in halves] == [302] * WORKERS
        assert end.result() == 0
    texts = production.rows("SELECT text FROM todos_todo ORDER BY text")
    assert texts == [(f"todo {number}",) for number in range(WORKERS)]


def test_who_had_only_just_connected_before_the_end_is_answered(serve):
    production = serve(WORKERS="1")
    address = ("127.0.0.1", production.port)
    with socket.create_connection(address, timeout=30) as new, ThreadPoolExecutor() as pool:
        # Whoever comes later is taken later: now the process has the first connection, too.
        assert Web(production.port, "watch").request("GET", "/healthz").status == 200
        end = pool.submit(production.end)
        until_told(production, workers=1)
        new.sendall(b"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
        assert new.recv(100).startswith(b"HTTP/1.1 200")
        assert end.result() == 0


class HalfSent:
    """A form that adds a todo, of which the server has taken the first half."""

    def __init__(self, web, text):
        fields = {"id": web.page().new_id, "text": text, "csrfmiddlewaretoken": web.token()}
        self.body = urlencode(fields).encode()
        self.connection = HTTPConnection("127.0.0.1", web.port, timeout=30)
        self.connection.request("GET", "/healthz")  # so that a process has taken the connection
        self.connection.getresponse().read()
        self.connection.putrequest("POST", "/todos/add/")
        self.connection.putheader("Cookie", web.cookie())
        self.connection.putheader("Content-Type", "application/x-www-form-urlencoded")
        self.connection.putheader("Content-Length", str(len(self.body)))
        self.connection.endheaders(self.body[:10])

    def finish(self):
        """Send the rest, and return the status of the answer."""
        self.connection.send(self.body[10:])
        status = self.connection.getresponse().status
        self.connection.close()
        return status


def until_told(production, workers=WORKERS):
    """Return once each process has been told to end."""
    deadline = time.monotonic() + 10
    while production.log.read_text().count("Shutting down") < workers:
        assert time.monotonic() < deadline, production.log.read_text()


def test_what_was_counted_is_stored_when_it_ends(production, alice):
    facts = alice.page().facts
    who = {"account": facts["data-account"], "device": str(uuid4()), "secret": "0" * 32}
    body = json.dumps({"protocol": 1, **who, "cursor": None, "todos": []})
    headers = {"Content-Type": "application/json", "X-CSRFToken": alice.token()}
    for _ in range(4 * WORKERS):
        assert alice.request("POST", "/sync", body, **headers).status == 200
    assert production.rows("SELECT syncs FROM todos_activity") == []
    assert production.end() == 0
    assert production.rows("SELECT sum(syncs) FROM todos_activity") == [(4 * WORKERS,)]


def test_behind_a_proxy_that_ends_https_it_serves_and_sends_plain_http_there(made, tmp_path):
    production = Https(tmp_path, made=made, HTTPS="true")
    production.prepare().start()
    try:
        proxy = Web(production.port, "proxy")
        plain = proxy.request("GET", "/accounts/login/")
        ended = proxy.request("GET", "/accounts/login/", **{"X-Forwarded-Proto": "https"})
        assert (plain.status, ended.status) == (301, 200)
        assert proxy.request("GET", "/healthz").body == "ok\n"
    finally:
        production.end()


class Https(Production):
    """It, where plain http is answered to whoever watches only."""

    def answers(self):
        try:
            return Web(self.port, "watch").request("GET", "/healthz").status == 200
        except OSError:
            return False


def test_processes_that_die_are_started_again_and_what_they_held_is_counted_no_more(
    production, alice, open_stream
):
    for _ in range(WORKERS):
        open_stream(alice).next()
    workers = production.workers()
    assert len(workers) == WORKERS
    for worker in workers:
        os.kill(worker, signal.SIGKILL)
    add(alice, "after the death of all")
    assert [todo["text"] for todo in alice.page().todos] == ["after the death of all"]
    assert counters(production)["simplesync_listeners"] == 0


def test_the_only_process_that_dies_is_started_again_too(serve):
    production = serve(WORKERS="1")
    [worker] = production.workers()
    os.kill(worker, signal.SIGKILL)
    assert Web(production.port, "watch").request("GET", "/healthz").status == 200
    assert production.workers() != [worker]
    assert production.end() == 0


@pytest.mark.parametrize("workers", [1, 2])
def test_on_sighup_all_processes_are_replaced_and_no_request_fails(serve, workers):
    production = serve(WORKERS=str(workers))
    alice = Web(production.port, "alice")
    alice.sign_up(new_name("alice"))
    before = set(production.workers())
    production.process.send_signal(signal.SIGHUP)
    texts = []
    deadline = time.monotonic() + LONGEST_RESTART
    while before & set(now := production.workers()) or len(now) != workers:
        assert time.monotonic() < deadline, production.log.read_text()
        texts.append(f"todo {len(texts):04}")
        add(alice, texts[-1])
    assert [todo["text"] for todo in alice.whole_list()] == texts
    assert production.end() == 0


def test_who_waits_takes_no_thread_and_no_connection(serve, open_stream):
    production = serve(WORKERS="1", WEB_THREADS=str(THREADS))
    alice = Web(production.port, "alice")
    alice.sign_up(new_name("alice"))
    streams = [open_stream(alice) for _ in range(10 * THREADS)]
    for stream in streams:
        stream.next()
    add(alice, "Buy milk")
    assert [todo["text"] for todo in alice.page().todos] == ["Buy milk"]
    assert [unpack(stream.next()).number for stream in streams] == [1] * len(streams)
    assert connections(production) <= THREADS + 1  # for announcements


def connections(production):
    """Return how many connections to PostgreSQL there are; of SQLite's nobody tells."""
    if production.environment["DATABASE_URL"].startswith("sqlite"):
        return 0
    others = "datname = current_database() AND pid <> pg_backend_pid()"
    [(number,)] = production.rows(f"SELECT count(*) FROM pg_stat_activity WHERE {others}")
    assert number
    return number
