"""The stream that says where the head is: who may hear it, what it says, and when it ends."""

import asyncio
import threading

import pytest

from todos import events
from todos.cursor import newest
from todos.events import event, held_open, say_what_moves
from todos.hub import Listener, hub
from todos.models import SyncState

SCOPE = {"type": "http", "path": "/sync/events"}
ALICE = 1


# The beginning, by Django


def test_it_says_at_once_where_the_head_is(phone, alice):
    reply = phone.sync(phone.new())
    response = phone.client.get(f"/sync/events?account={alice.account}")
    assert response["Content-Type"] == "text/event-stream"
    cursor = reply["cursor"]
    assert b"".join(response.streaming_content).decode() == f"id: {cursor}\ndata: {cursor}\n\n"


def test_no_cache_and_no_proxy_keeps_it_back(phone, alice):
    response = phone.client.get(f"/sync/events?account={alice.account}")
    assert response["Cache-Control"] == "no-store, private, no-transform"
    assert response["X-Accel-Buffering"] == "no"
    assert "Content-Length" not in response


def test_who_is_not_logged_in_hears_nothing(client, alice):
    response = client.get(f"/sync/events?account={alice.account}")
    assert (response.status_code, response.json()["error"]) == (401, "signed_out")


def test_a_page_of_another_account_hears_nothing(phone, bob):
    response = phone.client.get(f"/sync/events?account={bob.account}")
    assert (response.status_code, response.json()["error"]) == (409, "other_account")


@pytest.mark.parametrize("address", ["/sync/events", "/sync/events?account=x"])
def test_a_request_that_names_no_account_is_refused(phone, address):
    assert phone.client.get(address).status_code == 409


def test_who_asks_too_often_waits(phone, alice, settings):
    settings.SYNC_RATE = "1/minute"
    answers = [phone.client.get(f"/sync/events?account={alice.account}") for _ in range(2)]
    assert [answer.status_code for answer in answers] == [200, 429]
    assert int(answers[1]["Retry-After"]) > 0


def test_nobody_has_any_number_of_streams(phone, alice, monkeypatch):
    monkeypatch.setattr(hub, "count", lambda user_id: events.MOST if user_id == alice.pk else 0)
    assert phone.client.get(f"/sync/events?account={alice.account}").status_code == 429


def test_the_cursor_is_that_of_a_device_that_has_all(phone, laptop, alice):
    phone.sync(phone.new())
    laptop.sync()
    assert laptop.cursor == newest(SyncState.of(alice)).pack()


# What follows, in asyncio


class Connection:
    """A device's connection to `held_open`, behind which Django has let it wait."""

    def __init__(self, lets_wait=True, fails=False):
        self.lets_wait = lets_wait
        self.fails = fails
        self.asked = False
        self.gone = asyncio.Event()
        self.sent = asyncio.Queue()

    async def django(self, scope, receive, send):
        await send({"type": "http.response.start", "status": 200, "headers": []})
        if self.lets_wait:
            hub.add(ALICE, scope["listener"])
        if self.lets_wait and not self.fails:
            scope["listener"].begin("first")
            await asyncio.sleep(0)  # as Django's thread takes some time
        await send({"type": "http.response.body", "body": b"first", "more_body": True})
        await send({"type": "http.response.body", "body": b"", "more_body": False})

    async def receive(self):
        if not self.asked:
            self.asked = True
            return {"type": "http.request", "body": b"", "more_body": False}
        await self.gone.wait()
        return {"type": "http.disconnect"}

    async def send(self, message):
        await self.sent.put(message)

    async def run(self):
        await held_open(self.django)(SCOPE, self.receive, self.send)

    async def next(self):
        """Return the next piece that was sent: its text, and whether more is to come."""
        message = await asyncio.wait_for(self.sent.get(), 5)
        return message.get("body", b"").decode(), message.get("more_body")


@pytest.fixture(autouse=True)
def nobody_waits():
    """Nobody waits before a test, nor after it."""
    assert hub.total() == 0
    yield
    assert hub.total() == 0
    hub.closed = False


def listening(test, **connection):
    """Run a test with a connection that has had its beginning."""

    async def with_connection():
        each = Connection(**connection)
        running = asyncio.create_task(each.run())
        await each.next()
        assert await each.next() == ("first", True)
        await test(each)
        each.gone.set()
        await asyncio.wait_for(running, 5)

    asyncio.run(with_connection())


def test_it_says_what_another_thread_tells_and_nobody_else_hears_it():
    async def test(connection):
        thread = threading.Thread(target=hub.tell, args=(ALICE + 1, "not for her"))
        thread.start()
        thread.join()
        hub.tell(ALICE, "second")
        assert await connection.next() == ("id: second\ndata: second\n\n", True)

    listening(test)


def test_only_the_newest_of_several_is_said():
    async def test(connection):
        for cursor in ("second", "third", "fourth"):
            hub.tell(ALICE, cursor)
        assert await connection.next() == ("id: fourth\ndata: fourth\n\n", True)
        assert connection.sent.empty()

    listening(test)


def test_what_is_told_while_an_event_is_on_its_way_is_said_afterwards():
    async def test(connection):
        hub.tell(ALICE, "second")
        await connection.next()
        connection.sent = asyncio.Queue(1)
        hub.tell(ALICE, "third")
        await asyncio.sleep(0)
        hub.tell(ALICE, "fourth")
        said = [(await connection.next())[0]]
        while "fourth" not in said[-1]:
            said.append((await connection.next())[0])
        assert len(said) <= 2

    listening(test)


def test_while_nothing_happens_it_says_the_same_again(monkeypatch):
    monkeypatch.setattr(events, "BEAT", 0.01)

    async def test(connection):
        for _ in range(3):
            assert await connection.next() == ("id: first\ndata: first\n\n", True)

    listening(test)


def test_it_ends_after_its_life_so_that_the_session_is_looked_at_again(monkeypatch):
    monkeypatch.setattr(events, "BEAT", 0.01)
    monkeypatch.setattr(events, "LIFE", 0.1)

    async def test(connection):
        while (piece := await connection.next())[1]:
            assert "first" in piece[0]
        assert piece == ("", False)

    listening(test)


class Waiter:
    """A listener that hears nothing, and for whom no time passes but what it waits."""

    ended = False
    cursor = "first"
    waited = 0

    def __init__(self):
        self.loop = self

    def time(self):
        return self.waited

    async def news(self, said, patience):
        self.waited += patience

    def end(self):
        self.ended = True


def test_streams_that_begin_together_do_not_end_together(monkeypatch):
    monkeypatch.setattr(events, "BEAT", 1)

    async def send(message):
        pass

    async def lives():
        waiters = [Waiter() for _ in range(100)]
        for waiter in waiters:
            await say_what_moves(waiter, asyncio.Event().wait, send)
        return [waiter.waited for waiter in waiters]

    found = asyncio.run(lives())
    assert all(0.8 * events.LIFE <= life <= 1.2 * events.LIFE + events.BEAT for life in found)
    assert len(set(found)) > 30
    assert max(found) - min(found) > 0.2 * events.LIFE


def test_a_device_that_goes_is_let_go_at_once():
    async def test(connection):
        assert hub.count(ALICE) == 1
        connection.gone.set()
        assert await connection.next() == ("", False)
        assert hub.count(ALICE) == 0

    listening(test)


def test_all_are_sent_away_when_the_process_ends():
    async def test(connection):
        hub.close()
        assert await connection.next() == ("", False)

    listening(test)


def test_a_persons_devices_are_sent_away_when_some_were_signed_out_and_nobody_elses():
    async def test(connection):
        await asyncio.to_thread(hub.dismiss, ALICE + 1)
        await asyncio.to_thread(hub.tell, ALICE, "second")
        assert await connection.next() == (event("second").decode(), True)
        await asyncio.to_thread(hub.dismiss, ALICE)
        assert await connection.next() == ("", False)

    listening(test)


def test_an_answer_that_lets_nobody_wait_ends_as_it_is():
    async def test(connection):
        assert await connection.next() == ("", False)

    listening(test, lets_wait=False)


def test_an_error_after_it_began_to_wait_is_answered_and_nothing_follows():
    async def test(connection):
        assert await connection.next() == ("", False)
        connection.gone.set()
        hub.tell(ALICE, "second")
        assert connection.sent.empty()

    listening(test, fails=True)


def test_what_was_told_before_the_head_was_read_is_not_taken_back():
    async def test():
        listener = Listener()
        listener.tell("newer")
        listener.begin("older")
        await asyncio.sleep(0)
        assert listener.cursor == "newer"

    asyncio.run(test())
