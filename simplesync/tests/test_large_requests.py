"""Large requests are passed on one at a time, and small ones past them."""

import asyncio

import pytest

from simplesync.large_requests import one_at_a_time


class Application:
    """Notes which requests have come to it, and answers each when it is told to."""

    def __init__(self):
        self.came = []
        self.may_end = {}

    async def __call__(self, scope, receive, send):
        self.came.append(scope["name"])
        await self.may_end.setdefault(scope["name"], asyncio.Event()).wait()
        if scope["name"] == "fails":
            raise ValueError
        await send({"type": "http.response.start"})

    def end(self, name):
        """Let a request be answered."""
        self.may_end[name].set()


def request(name, size):
    """Return the scope of a request with a body of so many bytes."""
    return {"type": "http", "name": name, "headers": [(b"content-length", str(size).encode())]}


async def take(message):
    """Take part of an answer."""


def asked(*scopes, send=take):
    """Return the application that has been asked for these, and the tasks that wait for answers."""
    inner = Application()
    outer = one_at_a_time(inner, large=100)
    tasks = [asyncio.ensure_future(outer(scope, None, send)) for scope in scopes]
    return inner, tasks


async def settle():
    """Let all go on as far as they can."""
    for _ in range(10):
        await asyncio.sleep(0)


def test_a_large_request_waits_for_the_one_before_and_a_small_one_for_none():
    async def test():
        inner, tasks = asked(request("first", 101), request("second", 101), request("small", 100))
        await settle()
        assert inner.came == ["first", "small"]
        inner.end("first")
        await tasks[0]
        await settle()
        assert inner.came == ["first", "small", "second"]
        for name in ("second", "small"):
            inner.end(name)
        await asyncio.gather(*tasks)

    asyncio.run(test())


def test_one_that_fails_or_goes_lets_the_next_one_through():
    async def test():
        scopes = [request(name, 101) for name in ("fails", "goes", "third")]
        inner, tasks = asked(*scopes)
        await settle()
        inner.end("fails")
        with pytest.raises(ValueError):  # noqa: PT011  the application's own
            await tasks[0]
        await settle()
        tasks[1].cancel()
        await settle()
        assert inner.came == ["fails", "goes", "third"]
        inner.end("third")
        await tasks[2]

    asyncio.run(test())


def test_an_answer_that_is_read_slowly_holds_up_nobody():
    async def test():
        read = asyncio.Event()

        async def take_slowly(message):
            await read.wait()

        inner, tasks = asked(request("slow", 101), request("second", 101), send=take_slowly)
        await settle()
        inner.end("slow")
        await settle()
        assert inner.came == ["slow", "second"]
        inner.end("second")
        read.set()
        await asyncio.gather(*tasks)

    asyncio.run(test())


def test_what_has_no_body_does_not_wait():
    async def test():
        bare = {"type": "http", "name": "bare", "headers": []}
        start = {"type": "lifespan", "name": "start"}
        inner, tasks = asked(request("first", 101), bare, start)
        await settle()
        assert inner.came == ["first", "bare", "start"]
        for name in inner.came:
            inner.end(name)
        await asyncio.gather(*tasks)

    asyncio.run(test())
