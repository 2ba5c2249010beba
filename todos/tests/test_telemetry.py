"""What an operator sees of a sync, and what not."""

import logging
import re

import pytest
from prometheus_client import REGISTRY

from todos.tests.devices import DAY

LINE = (
    r"user=\d+ device=[0-9a-f-]{36} pushed=(\d+) pulled=(\d+) rejected=(\d+) reset=(yes|no) "
    r"ms=\d+\.\d"
)


@pytest.fixture
def lines(caplog):
    """Return a function that gives the numbers of each line about a sync so far."""
    caplog.set_level(logging.INFO, "sync")

    def read():
        messages = [record.getMessage() for record in caplog.records if record.name == "sync"]
        return [re.fullmatch(LINE, message).groups() for message in messages]

    return read


@pytest.fixture
def counted():
    """Return a function that tells how far a counter has moved since the test began."""

    def value(name, **labels):
        return REGISTRY.get_sample_value(f"simplesync_{name}", labels) or 0

    before = {}
    for metric in REGISTRY.collect():
        for sample in metric.samples:
            before[(sample.name, *sorted(sample.labels.items()))] = sample.value

    def moved(name, **labels):
        key = (f"simplesync_{name}", *sorted(labels.items()))
        return value(name, **labels) - before.get(key, 0)

    return moved


def test_each_sync_has_a_line_with_what_came_and_went(phone, laptop, lines):
    phone.sync(phone.new(), phone.new(), phone.new(text="x" * 2_001))
    laptop.sync()
    assert lines() == [("3", "0", "1", "no"), ("0", "2", "0", "no")]


def test_a_reset_is_seen(phone, lines, counted):
    phone.sync(cursor="of another database")
    assert lines() == [("0", "0", "0", "yes")]
    assert counted("resets_total") == 1


def test_neither_line_nor_counter_has_a_word_of_anybody(phone, alice, caplog):
    caplog.set_level(logging.INFO, "sync")
    phone.sync(phone.new(text="a secret"))
    names = {
        value
        for metric in REGISTRY.collect()
        for sample in metric.samples
        for value in sample.labels.values()
    }
    for text in (alice.username, "secret", str(alice.account)):
        assert text not in caplog.text
        assert text not in names


def test_what_syncs_come_to_is_counted(phone, laptop, counted):
    phone.sync(phone.new(), phone.new(text="x" * 2_001))
    laptop.sync()
    assert counted("syncs_total") == 2
    assert counted("pushed_todos_total") == 2
    assert counted("pulled_todos_total") == 1
    assert counted("rejections_total", code="text_too_long") == 1
    assert counted("sync_seconds_count") == 2


def test_what_is_refused_as_a_whole_is_counted_by_code(client, alice, counted):
    client.post("/sync", {}, content_type="application/json")
    assert counted("failures_total", code="signed_out") == 1


def test_a_value_that_lost_where_two_edits_met_is_counted(phone, laptop, counted):
    milk = phone.new()
    phone.sync(milk)
    laptop.sync()
    phone.sync(phone.edit_of(milk, text="on the phone"))
    assert counted("conflicts_total") == 0
    laptop.sync(laptop.edit_of(milk, text="on the laptop"))
    assert counted("conflicts_total") == 1


def test_how_long_edits_waited_is_counted(alice, phone, counted):
    now = phone.now
    phone.now = lambda: now() - 2 * DAY
    phone.sync(phone.new())
    assert counted("lag_seconds_count") == 1
    assert counted("lag_seconds_bucket", le="86400.0") == 0
    assert counted("lag_seconds_bucket", le="604800.0") == 1
