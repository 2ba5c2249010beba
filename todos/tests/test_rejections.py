"""What is rejected for good is kept for the operator, once, and never in the way of an answer."""

import datetime
import json

import pytest
from django.core.management import call_command
from django.db import DatabaseError, connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from todos import hlc, rejections
from todos.models import Rejection
from todos.tests.devices import Device, only

LONG = "x" * 2_001


def test_it_keeps_what_came_from_where_and_why(alice, phone):
    sent = phone.new(LONG)
    phone.sync(sent)
    kept = Rejection.objects.get()
    assert (kept.user, str(kept.device), kept.todo) == (alice, phone.id, sent["id"])
    assert kept.code == "text_too_long"
    assert json.loads(kept.errors)["text"] == "text_too_long"
    assert json.loads(kept.payload) == sent
    assert kept.times == 1


def test_a_resend_counts_up_and_adds_no_row(phone):
    sent = phone.new(LONG)
    for _ in range(3):
        phone.sync(sent)
    kept = Rejection.objects.get()
    assert kept.times == 3
    assert kept.first_seen_at < kept.last_seen_at


def test_twice_in_one_request_it_is_one_row(phone):
    sent = phone.new(LONG)
    phone.sync(sent, sent)
    assert Rejection.objects.count() == 1


def test_another_edit_or_another_device_is_another_row(phone, laptop):
    sent = phone.new(LONG)
    phone.sync(sent)
    phone.sync({**sent, "text": LONG + "y"})
    laptop.sync(sent)
    assert Rejection.objects.count() == 3


def test_what_is_stored_is_not_kept(phone):
    phone.sync(phone.new(), phone.new())
    assert not Rejection.objects.exists()


@pytest.mark.parametrize("ahead", [2 * 60_000, 10 * 60_000])
def test_what_the_client_repeats_by_itself_is_not_kept(phone, ahead):
    sent = phone.new()
    phone.sync(sent)
    stamp = hlc.pack(phone.now() + ahead, 0, phone.node)
    for id in (sent["id"], phone.new()["id"]):
        reply = phone.sync({"id": id, "text": "ahead", "clocks": {"text": stamp}})
        assert only(reply)["error"].startswith("clock_")
    unknown = phone.edit(phone.new()["id"], text="of a todo that is not there")
    assert only(phone.sync(unknown))["status"] == "incomplete"
    assert not Rejection.objects.exists()


def test_a_todo_with_a_clock_ahead_and_another_fault_is_kept(phone):
    sent = phone.new(position="!")
    sent["clocks"]["text"] = hlc.pack(phone.now() + 120_000, 0, phone.node)
    phone.sync(sent)
    assert "position_invalid" in Rejection.objects.get().errors


@pytest.mark.parametrize(
    "strange",
    [
        None,
        7,
        [],
        {},
        {"id": "nobody's \0 \ud800 🙈", "text": "\0\ud800", "clocks": {"text": "x", "\0": "y"}},
        {"id": "é" * 5_000, "clocks": {}},
        {"id": 1, "clocks": {f"field {n}": "" for n in range(5_000)}},
    ],
)
def test_whatever_was_sent_is_kept_in_what_a_database_takes(phone, strange):
    response = phone.post(json.dumps(phone.body(strange)))
    assert response.status_code == 200
    kept = Rejection.objects.get()
    assert f"{kept.todo}{kept.errors}{kept.payload}".isascii()
    assert max(len(kept.payload), len(kept.errors)) <= rejections.LONGEST
    assert len(kept.todo) <= 100


def test_each_person_has_at_most_the_newest_hundred(alice, bob, phone):
    Device(bob).sync(Device(bob).new(LONG))
    for first in range(0, 150, 50):
        phone.sync(*(phone.new(LONG + str(n)) for n in range(first, first + 50)))
    texts = {json.loads(each.payload)["text"] for each in alice.rejections.all()}
    assert texts == {LONG + str(n) for n in range(50, 150)}
    assert bob.rejections.count() == 1


def test_of_a_request_with_more_the_last_hundred_are_kept(alice, phone):
    phone.sync(*(phone.new(LONG + str(n)) for n in range(300)))
    assert alice.rejections.count() == 100
    assert any(LONG + "299" in each.payload for each in alice.rejections.all())


def test_however_many_they_are_it_takes_as_many_queries(phone):
    phone.sync(phone.new(LONG))
    counts = []
    for size in (1, 200, 200):
        with CaptureQueriesContext(connection) as queries:
            phone.sync(*(phone.new(LONG) for _ in range(size)))
        counts.append(len(queries))
    assert counts[2] - counts[0] <= 2  # the deletion of the oldest, and more than one insertion


def test_the_article_s_client_has_its_rejections_kept_too(alice, phone):
    good = {"id": phone.new()["id"], "text": "ok", "completed": False, "updatedAt": 1}
    bad = {"id": phone.new()["id"], "text": LONG, "completed": False, "updatedAt": 1}
    assert phone.post({"todos": [good, bad]}).status_code == 400
    kept = Rejection.objects.get()
    assert (kept.user, kept.device, json.loads(kept.payload)) == (alice, None, bad)


def test_what_cannot_be_kept_does_not_disturb_the_sync(phone, monkeypatch, caplog):
    def fail(*arguments):
        raise DatabaseError("no room")

    monkeypatch.setattr(rejections, "store", fail)
    reply = phone.sync(phone.new(LONG), phone.new())
    assert [each["status"] for each in reply["results"]] == ["rejected", "stored"]
    assert "could not be kept" in caplog.text


def test_old_ones_are_pruned_and_new_ones_are_left(phone, capsys):
    phone.sync(phone.new(LONG), phone.new(LONG))
    old, new = Rejection.objects.all()
    then = timezone.now() - datetime.timedelta(days=91)
    Rejection.objects.filter(pk=old.pk).update(last_seen_at=then)
    call_command("prune")
    assert list(Rejection.objects.all()) == [new]
    assert "Deleted 1 rejections" in capsys.readouterr().out
