"""What never changes is asked for once."""

import asyncio

import pytest

from simplesync.remembered import LARGEST, remembered

FOR_EVER = (b"cache-control", b"max-age=315360000, public, immutable")


class Files:
    """An application with one file, which counts how often it was asked, and says by what."""

    def __init__(self, *headers, status=200, body=b"let it = 1;"):
        self.headers = [(b"content-length", str(len(body)).encode()), *headers]
        self.status = status
        self.body = body
        self.asked = 0

    async def __call__(self, scope, receive, send):
        self.asked += 1
        encoding = dict(scope["headers"]).get(b"accept-encoding", b"none")
        headers = [*self.headers, (b"x-encoding", encoding)]
        await send({"type": "http.response.start", "status": self.status, "headers": headers})
        half = len(self.body) // 2
        await send({"type": "http.response.body", "body": self.body[:half], "more_body": True})
        await send({"type": "http.response.body", "body": self.body[half:]})


def ask(application, *, times=1, **scope):
    """Ask an application so many times; return what it said last."""
    usual = {
        "type": "http",
        "method": "GET",
        "scheme": "https",
        "path": "/static/a.123.mjs",
        "query_string": b"",
        "headers": [],
    }
    sent = []

    async def send(message):
        sent.append(message)

    async def run():
        for _ in range(times):
            sent.clear()
            await application(usual | scope, None, send)

    asyncio.run(run())
    return sent


def body(sent):
    return b"".join(message.get("body", b"") for message in sent)


def test_a_file_that_never_changes_is_asked_for_once():
    files = Files(FOR_EVER)
    application = remembered(files, below="/static/")
    first, again = ask(application), ask(application, times=5)
    assert files.asked == 1
    assert body(first) == body(again) == files.body
    assert first[0] == again[0]
    assert not again[-1].get("more_body")


@pytest.mark.parametrize(
    "differs",
    [
        {"headers": [(b"accept-encoding", b"br")]},
        {"headers": [(b"x-forwarded-proto", b"http")]},
        {"scheme": "http"},
        {"path": "/static/b.456.mjs"},
    ],
)
def test_on_what_an_answer_depends_that_is_asked_for_apart(differs):
    files = Files(FOR_EVER)
    application = remembered(files, below="/static/")
    plain = ask(application)[0]
    other = ask(application, times=2, **differs)[0]
    assert files.asked == 2
    assert ask(application)[0] == plain
    asked_for = dict(differs.get("headers", ())).get(b"accept-encoding", b"none")
    assert dict(other["headers"])[b"x-encoding"] == asked_for


@pytest.mark.parametrize(
    "differs",
    [
        {"method": "HEAD"},
        {"method": "POST"},
        {"query_string": b"a=1"},
        {"path": "/"},
        {"headers": [(b"range", b"bytes=0-1")]},
        {"headers": [(b"if-none-match", b'"1"')]},
        {"headers": [(b"if-modified-since", b"Fri, 27 Nov 2026 07:41:02 GMT")]},
    ],
)
def test_what_is_no_plain_question_for_a_file_is_asked_each_time(differs):
    files = Files(FOR_EVER)
    application = remembered(files, below="/static/")
    ask(application)
    ask(application, times=3, **differs)
    assert files.asked == 4


@pytest.mark.parametrize(
    "files",
    [
        Files(),
        Files((b"cache-control", b"max-age=60, public")),
        Files((b"cache-control", b"max-age=60, private, immutable")),
        Files(FOR_EVER, (b"set-cookie", b"a=1")),
        Files(FOR_EVER, status=301),
        Files(FOR_EVER, body=b"x" * (LARGEST + 1)),
        Files(FOR_EVER, (b"content-length", b"999")),  # it broke off
    ],
)
def test_what_may_change_or_is_not_for_all_or_is_large_is_asked_for_each_time(files):
    ask(remembered(files, below="/static/"), times=3)
    assert files.asked == 3


def test_the_oldest_is_forgotten_when_there_are_too_many():
    files = Files(FOR_EVER)
    application = remembered(files, below="/static/", most=2)
    for name in "abc":
        ask(application, path=f"/static/{name}")
    ask(application, path="/static/c")
    assert files.asked == 3
    ask(application, path="/static/a")
    assert files.asked == 4
