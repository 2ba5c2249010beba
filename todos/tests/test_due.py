"""Due dates: what is one, how it is read in a time zone, and what is said of it."""

import datetime
import json
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from simplesync.tests.pages import Browser
from todos import due
from todos.tests import lists
from todos.tests.devices import Device
from todos.tests.test_export import calendar

CASES = json.loads((Path(__file__).parent / "due-cases.json").read_text(encoding="utf-8"))
NINE = "2026-12-01T09:00Z"


@pytest.mark.parametrize("value", CASES["good"])
def test_a_day_or_a_minute_is_one(value):
    assert due.check(value) is None


@pytest.mark.parametrize("value", [*CASES["bad"], None, 5, True, ["2026-12-01"]])
def test_nothing_else_is(value):
    assert due.check(value) == "due_invalid"


@pytest.mark.parametrize("case", CASES["words"], ids=lambda case: case["says"])
def test_it_is_said_in_words(case):
    read, now = (
        due.Read(datetime.date.fromisoformat(day), time) for day, time in (case["due"], case["now"])
    )
    told = due.in_words(read, case.get("completed", False), now)
    assert told == (case["says"], case["when"])


@pytest.mark.parametrize(("zone", "day", "time", "value"), CASES["typed"])
def test_what_is_typed_in_a_time_zone_is_read_there_again(zone, day, time, value):
    assert due.stored(day, time, ZoneInfo(zone)) == value
    with timezone.override(zone):
        read = due.read(value) if value else ("", "")
    assert (str(read[0]), read[1]) == (day, time)


def test_in_an_hour_that_there_is_not_it_is_the_one_after():
    assert due.stored("2026-03-29", "02:30", ZoneInfo("Europe/Berlin")) == "2026-03-29T01:30Z"


@pytest.mark.parametrize("typed", [("", "09:00"), ("2026-02-30", "09:00"), ("2026-12-01", "9")])
def test_nonsense_that_is_typed_is_refused(typed):
    assert due.check(due.stored(*typed, ZoneInfo("UTC"))) == "due_invalid"


@pytest.mark.parametrize("value", ["1000-01-01T00:00Z", "9998-12-31T23:59Z"])
@pytest.mark.parametrize("zone", ["Pacific/Kiritimati", "Pacific/Niue"])
def test_the_first_and_the_last_are_read_in_every_time_zone(value, zone):
    with timezone.override(zone):
        assert due.named(value)


# On the pages


@pytest.fixture
def now(monkeypatch):
    """The first of December 2026, 23:30 in Greenwich."""
    moment = datetime.datetime(2026, 12, 1, 23, 30, tzinfo=datetime.UTC)
    monkeypatch.setattr(timezone, "now", lambda: moment)


def shown(browser, todo, zone=None):
    """Return what the row of a todo says to a reader in a time zone."""
    if zone:
        browser.client.cookies["time-zone"] = zone
    row = browser.get("/").one("ul", class_="todo-list").one("li", data_id=str(todo.uid))
    time = row.one("time", class_="due")
    return time.attrs.get("datetime"), time.raw, time.attrs.get("data-when")


def test_a_day_is_that_day_wherever_one_reads_it_and_a_minute_is_not(alice, now):
    day, minute, never = lists.add(alice, "Milk", "Bread", "Beans")
    lists.edit(day, due="2026-12-02")
    lists.edit(minute, due="2026-12-02T00:30Z")
    browser = Browser(alice)
    assert shown(browser, day) == ("2026-12-02", "Due tomorrow", "")
    assert shown(browser, minute) == ("2026-12-02T00:30Z", "Due tomorrow 00:30", "")
    assert shown(browser, never) == (None, "", None)
    assert shown(browser, day, "Asia/Tokyo") == ("2026-12-02", "Due today", "today")
    assert shown(browser, minute, "Asia/Tokyo")[1:] == ("Due today 09:30", "today")
    assert shown(browser, minute, "America/New_York")[1:] == ("Due today 19:30", "today")


def test_what_is_done_is_not_overdue(alice, now):
    [milk] = lists.add(alice, "Milk")
    lists.edit(milk, due="2026-11-03")
    assert shown(Browser(alice), milk)[1:] == ("Overdue since 3 Nov", "overdue")
    lists.edit(milk, completed=True)
    assert shown(Browser(alice), milk)[1:] == ("Due 3 Nov", "")


def edit_page(browser, todo):
    return browser.get(f"/todos/{todo.uid}/edit/")


def test_a_form_has_it_in_the_zone_in_which_it_was_shown_also_if_that_changes(alice):
    [milk] = lists.add(alice, "Milk")
    lists.edit(milk, due=NINE)
    browser = Browser(alice)
    browser.client.cookies["time-zone"] = "Asia/Tokyo"
    page = edit_page(browser, milk)
    assert "The time is that of Asia/Tokyo." in page.raw
    browser.client.cookies["time-zone"] = "Europe/Berlin"
    before = lists.head(alice)
    browser.submit(page, page.one("form"))
    assert lists.head(alice) == before
    browser.submit(page, page.one("form"), due_time="18:30")
    assert lists.fresh(milk).due == "2026-12-01T09:30Z"


def test_f1_an_hour_that_comes_twice_is_not_changed_by_a_form_that_was_not(alice):
    [milk] = lists.add(alice, "Milk")
    lists.edit(milk, due="2026-10-25T01:30Z")  # the second half past two in Berlin
    browser = Browser(alice)
    browser.client.cookies["time-zone"] = "Europe/Berlin"
    page = edit_page(browser, milk)
    browser.submit(page, page.one("form"), text="Oat milk")
    assert (lists.fresh(milk).text, lists.fresh(milk).due) == ("Oat milk", "2026-10-25T01:30Z")


@pytest.mark.parametrize("typed", [{"due_time": "09:00"}, {"due_day": "2026-02-30"}])
def test_a_form_refuses_what_is_none(alice, typed):
    [milk] = lists.add(alice, "Milk")
    browser = Browser(alice)
    page = edit_page(browser, milk)
    answer = browser.submit(page, page.one("form"), **typed)
    assert answer.response.status_code == 400
    assert due.INVALID in answer.raw
    assert lists.fresh(milk).due == ""


def test_a_history_tells_it_in_the_readers_time_zone(alice):
    [milk] = lists.add(alice, "Milk")
    lists.edit(milk, due=NINE)
    browser = Browser(alice)
    browser.client.cookies["time-zone"] = "Asia/Tokyo"
    assert "Due date set to 1 Dec 2026 18:00." in browser.get(f"/todos/{milk.uid}/history/").raw


def test_a_calendar_has_a_day_or_a_minute(alice):
    day, minute, _ = lists.add(alice, "Milk", "Bread", "Beans")
    lists.edit(day, due="2026-12-01")
    lists.edit(minute, due=NINE)
    device = Device(alice)
    first, second, third = calendar(device)
    assert first["DUE"].to_ical() == b"20261201"
    assert first["DUE"].params["VALUE"] == "DATE"
    assert second["DUE"].to_ical() == b"20261201T090000Z"
    assert "DUE" not in third
