"""Django answers on threads: what is whole crosses once, what streams goes out as it is made."""

import asyncio
import threading

import pytest
from django.core.handlers.wsgi import WSGIRequest
from django.http import HttpResponse, StreamingHttpResponse

from simplesync.on_threads import on_threads

SCOPE = {
    "type": "http",
    "method": "POST",
    "scheme": "https",
    "http_version": "1.1",
    "path": "/somewhere",
    "query_string": b"a=1",
    "headers": [(b"content-length", b"6"), (b"x-told", b"yes")],
    "server": ("127.0.0.1", 8000),
    "client": ("192.0.2.1", 50_000),
}


def ask(view, pieces=(b"onetwo",), number=1, times=1, into=None):
    """Ask an application that answers by a view; return what it sends, for each time.

    What is sent can be followed in `into`.
    """

    def django(environ, start_response):
        response = view(WSGIRequest(environ))
        start_response(f"{response.status_code} {response.reason_phrase}", [*response.items()])
        return response

    async def once(application):
        waiting, sent = list(pieces), [] if into is None else into

        async def receive():
            return {"type": "http.request", "body": waiting.pop(0), "more_body": bool(waiting)}

        async def send(message):
            sent.append(message)

        await application(SCOPE, receive, send)
        return sent

    async def run():
        application = on_threads(django, number)
        return await asyncio.gather(*(once(application) for _ in range(times)))

    return asyncio.run(run())


def body(sent):
    return b"".join(message["body"] for message in sent[1:])


def test_a_whole_answer_is_sent_in_one_piece():
    ((start, rest),) = ask(lambda request: HttpResponse("Hello", status=201, headers={"X-A": "b"}))
    assert start["status"] == 201
    assert (b"x-a", b"b") in start["headers"]
    assert rest == {"type": "http.response.body", "body": b"Hello"}


def test_the_request_is_told_as_it_came():
    def view(request):
        assert (request.method, request.path, request.GET["a"]) == ("POST", "/somewhere", "1")
        assert (request.headers["X-Told"], request.is_secure()) == ("yes", True)
        assert request.META["REMOTE_ADDR"] == "192.0.2.1"
        return HttpResponse(request.body)

    assert body(*ask(view)) == b"onetwo"


def test_a_body_in_pieces_is_read_to_its_end():
    assert body(*ask(lambda request: HttpResponse(request.body), [b"one", b"two"])) == b"onetwo"


def test_what_streams_goes_out_before_the_rest_is_made():
    sent, gone = [], []

    def view(request):
        def made():
            yield b"one"
            gone.extend(sent)  # by the time that this is asked for
            yield b"two"

        return StreamingHttpResponse(made())

    ask(view, into=sent)
    assert [message["type"] for message in gone] == ["http.response.start", "http.response.body"]
    pieces = [(message["body"], bool(message.get("more_body"))) for message in sent[1:]]
    assert pieces == [(b"one", True), (b"two", True), (b"", False)]


def test_django_is_told_that_an_answer_has_gone_out():
    closed = []

    def view(request):
        response = HttpResponse("Hello")
        response._resource_closers.append(lambda: closed.append(True))
        return response

    ask(view)
    assert closed == [True]


@pytest.mark.parametrize("number", [1, 3])
def test_so_many_are_answered_at_a_time(number):
    together = threading.Barrier(number, timeout=60)  # s
    names = set()

    def view(request):
        together.wait()
        names.add(threading.current_thread().name)
        return HttpResponse()

    ask(view, number=number, times=2 * number)
    assert len(names) == number


def test_an_answer_that_fails_is_the_servers_to_tell():
    def view(request):
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        ask(view)
