"""Files go by way of the disk: slow senders and slow readers hold no thread."""

import asyncio
import io

import pytest

from simplesync.spooled import PIECE, Spooled, take_in

FILE = {"type": "http", "path": "/file", "headers": [(b"x", b"1"), (b"content-length", b"7")]}


class Echo:
    """An application that answers with what it was sent, and knows how many it works for."""

    def __init__(self):
        self.bodies = []
        self.working = self.most = 0
        self.lengths = []

    async def __call__(self, scope, receive, send):
        self.working += 1
        self.most = max(self.most, self.working)
        self.lengths.append(dict(scope["headers"]).get(b"content-length"))
        body, more = b"", True
        while more:
            message = await receive()
            body += message["body"]
            more = message["more_body"]
            await asyncio.sleep(0)
        self.bodies.append(body)
        headers = [(b"content-length", b"999"), (b"x-kept", b"yes")]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        for at in range(0, len(body), 100_000):
            piece = body[at : at + 100_000]
            await send({"type": "http.response.body", "body": piece, "more_body": True})
        await send({"type": "http.response.body", "body": b"", "more_body": False})
        self.working -= 1


class Browser:
    """Sends a body in pieces, and notes what it is answered; a None never comes or goes."""

    def __init__(self, *pieces, reads=True):
        self.pieces = [*pieces]
        self.reads = reads
        self.status = None
        self.headers = {}
        self.body = b""

    async def receive(self):
        piece = self.pieces.pop(0)
        if piece is None:
            await asyncio.Event().wait()
        if piece == "gone":
            return {"type": "http.disconnect"}
        return {"type": "http.request", "body": piece, "more_body": bool(self.pieces)}

    async def send(self, message):
        if message["type"] == "http.response.start":
            self.status, self.headers = message["status"], dict(message["headers"])
        elif not self.reads:
            await asyncio.Event().wait()
        else:
            self.body += message["body"]

    async def ask(self, application):
        await application(dict(FILE), self.receive, self.send)
        return self


@pytest.fixture
def echo():
    return Echo()


@pytest.fixture
def spooled(echo):
    """Return a function that makes the application, of at most 1 MB unless it is told otherwise."""

    def make(**options):
        return Spooled(echo, echo, paths={"/file"}, **{"most": 1_000_000} | options)

    return make


def ask(application, *pieces, **options):
    """Let a browser send these pieces, and return it."""
    return asyncio.run(Browser(*pieces, **options).ask(application))


@pytest.mark.parametrize("size", [0, 1, PIECE - 1, PIECE, PIECE + 1, 999_999, 3_000_000])
def test_what_comes_and_what_goes_is_whole_and_has_its_length(spooled, echo, size):
    content = bytes(range(256)) * (size // 256) + b"x" * (size % 256)
    browser = ask(spooled(most=4_000_000), content[: size // 2], content[size // 2 :])
    assert echo.bodies == [content]
    assert echo.lengths == [str(size).encode() if size else None]
    assert browser.body == content
    assert browser.headers == {b"x-kept": b"yes", b"content-length": str(size).encode()}


def test_other_paths_are_not_touched(echo):
    others = []

    async def other(scope, receive, send):
        others.append((scope["path"], receive, send))

    application = Spooled(echo, other, paths={"/file"}, most=1)
    browser = Browser()
    asyncio.run(application(FILE | {"path": "/"}, browser.receive, browser.send))
    assert others == [("/", browser.receive, browser.send)]
    assert echo.bodies == []


def test_a_file_that_is_too_large_is_read_to_its_end_and_refused_with_a_sentence(spooled, echo):
    browser = Browser(b"x" * 600_000, b"x" * 600_000, b"x" * 600_000)
    asyncio.run(browser.ask(spooled()))
    assert browser.pieces == []
    assert browser.status == 413
    assert b"larger than 1 MB, and nothing was imported" in browser.body
    assert echo.bodies == []


def test_of_a_file_that_is_too_large_no_more_is_kept_than_may_come():
    kept = io.BytesIO()
    browser = Browser(*[b"x" * 600] * 10)
    assert asyncio.run(take_in(browser.receive, kept, 1_000)) == 6_000
    assert len(kept.getvalue()) <= 1_000


def test_a_file_that_takes_too_long_is_refused(spooled, echo):
    browser = ask(spooled(longest=0.01), b"x", None)
    assert browser.status == 408
    assert echo.bodies == []


def test_who_goes_while_sending_is_no_error(spooled, echo):
    assert ask(spooled(), b"x", "gone").status is None
    assert echo.bodies == []


def test_who_reads_nothing_is_let_go(spooled, echo):
    assert ask(spooled(longest=0.01), b"x", reads=False).status == 200


def test_one_is_worked_on_at_a_time_while_others_are_still_sending_or_reading(spooled, echo):
    async def run():
        application = spooled()
        slow = [Browser(b"x", None), Browser(b"x", reads=False)]
        waiting = [asyncio.ensure_future(browser.ask(application)) for browser in slow]
        await asyncio.sleep(0)
        quick = [Browser(b"x" * 500_000) for _ in range(5)]
        await asyncio.gather(*(browser.ask(application) for browser in quick))
        for task in waiting:
            task.cancel()
        return quick

    quick = asyncio.run(run())
    assert [browser.status for browser in quick] == [200] * 5
    assert echo.most == 1


def test_of_too_many_files_the_last_is_refused_and_there_is_room_again_afterwards(spooled, echo):
    async def run():
        application = spooled(at_once=1)
        slow = asyncio.ensure_future(Browser(b"x", None).ask(application))
        await asyncio.sleep(0)
        refused = await Browser(b"x").ask(application)
        slow.cancel()
        await asyncio.wait([slow])
        return refused, await Browser(b"x").ask(application)

    refused, taken = asyncio.run(run())
    assert (refused.status, taken.status) == (503, 200)


def test_what_fails_before_its_end_has_answered_nothing(spooled):
    async def failing(scope, receive, send):
        await send({"type": "http.response.start", "status": 200, "headers": []})
        raise ZeroDivisionError

    browser = Browser(b"x")
    application = Spooled(failing, failing, paths={"/file"}, most=1)
    with pytest.raises(ZeroDivisionError):
        asyncio.run(browser.ask(application))
    assert browser.status is None
