"""How often somebody may do something."""

import pytest
from limits import parse

from simplesync import sliding_window
from simplesync.sliding_window import SlidingWindow

RATE = parse("4/minute")


@pytest.fixture
def clock(monkeypatch):
    """A clock that a test sets, in s; it begins with a minute."""

    class Clock:
        now = 600.0

        def time(self):
            return self.now

    clock = Clock()
    monkeypatch.setattr(sliding_window, "time", clock)
    return clock


def test_as_many_as_allowed_pass_and_the_next_one_is_told_to_wait(clock):
    window = SlidingWindow()
    clock.now += 20
    assert [window.hit(RATE, "alice") for _ in range(4)] == [0] * 4
    assert window.hit(RATE, "alice") == pytest.approx(40)


def test_nobody_pays_for_others(clock):
    window = SlidingWindow()
    for _ in range(5):
        window.hit(RATE, "alice")
    assert window.hit(RATE, "bob") == 0


def test_the_period_before_counts_as_far_as_it_has_not_passed(clock):
    window = SlidingWindow()
    for _ in range(4):
        window.hit(RATE, "alice")
    clock.now += 60 + 30  # half of it
    assert [window.hit(RATE, "alice") for _ in range(2)] == [0, 0]
    assert window.hit(RATE, "alice") == pytest.approx(30)


def test_what_is_longer_ago_does_not_count(clock):
    window = SlidingWindow()
    for _ in range(4):
        window.hit(RATE, "alice")
    clock.now += 120
    assert [window.hit(RATE, "alice") for _ in range(4)] == [0] * 4


def test_who_is_refused_is_not_counted(clock):
    window = SlidingWindow()
    for _ in range(100):
        window.hit(RATE, "alice")
    clock.now += 60 + 45
    assert [window.hit(RATE, "alice") for _ in range(3)] == [0, 0, 0]


def test_who_has_not_come_for_long_is_let_go_of(clock, monkeypatch):
    monkeypatch.setattr(sliding_window, "MOST_KEYS", 10)
    window = SlidingWindow()
    for number in range(11):
        window.hit(RATE, str(number))
    clock.now += 120
    window.hit(RATE, "alice")
    assert len(window.counts) == 1


def test_two_rates_are_counted_apart(clock):
    window = SlidingWindow()
    for _ in range(4):
        window.hit(RATE, "alice")
    assert window.hit(parse("5/minute"), "alice") == 0
