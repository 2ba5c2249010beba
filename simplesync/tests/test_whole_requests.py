"""A request's body comes in whole before it costs a thread."""

import asyncio

import pytest

from simplesync.whole_requests import whole_requests


def ask(pieces, headers=(), **limits):
    """Send a body in pieces, None for one that never comes; return what came of it.

    That is: the headers and the body that reached the application (None if nothing did), and the
    status of the answer.
    """
    reached, answers = [], []

    async def application(scope, receive, send):
        message = await receive()
        assert not message["more_body"]
        reached.append((dict(scope["headers"]), message["body"]))
        await send({"type": "http.response.start", "status": 200, "headers": []})

    async def run():
        waiting = list(pieces)

        async def receive():
            piece = waiting.pop(0)
            if piece is None:
                await asyncio.Event().wait()
            if piece == "gone":
                return {"type": "http.disconnect"}
            return {"type": "http.request", "body": piece, "more_body": bool(waiting)}

        async def send(message):
            if message["type"] == "http.response.start":
                answers.append(message["status"])

        scope = {"type": "http", "headers": list(headers)}
        await whole_requests(application, **{"most": 10} | limits)(scope, receive, send)

    asyncio.run(run())
    return (reached[0] if reached else None), (answers[0] if answers else None)


def test_the_pieces_come_as_one():
    reached, status = ask([b"one", b"two"], [(b"content-length", b"6")])
    assert reached == ({b"content-length": b"6"}, b"onetwo")
    assert status == 200


def test_a_body_in_chunks_gets_its_length():
    reached, _ = ask([b"one", b"two"], [(b"transfer-encoding", b"chunked")])
    assert reached == ({b"content-length": b"6"}, b"onetwo")


def test_a_request_without_a_body_has_no_length():
    assert ask([b""]) == (({}, b""), 200)


def test_one_that_says_that_it_is_too_large_is_passed_on_unread():
    reached, status = ask([None], [(b"content-length", b"11")])
    assert reached == ({b"content-length": b"11"}, b"")
    assert status == 200  # the application's


def test_one_that_turns_out_to_be_too_large_is_refused():
    assert ask([b"123456", b"123456"]) == (None, 413)


def test_one_that_never_comes_to_its_end_is_given_up():
    assert ask([b"one", None], longest=0.01) == (None, 408)


def test_a_sender_that_goes_costs_nothing():
    assert ask([b"one", "gone"]) == (None, None)


@pytest.mark.parametrize("name", [b"x_forwarded_for", b"content_length", b"host_"])
def test_a_header_that_could_pass_for_another_is_left_out(name):
    reached, _ = ask([b"one"], [(b"content-length", b"3"), (name, b"99")])
    assert reached == ({b"content-length": b"3"}, b"one")
