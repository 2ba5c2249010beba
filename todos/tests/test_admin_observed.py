"""Rejections, activity and internals in the admin."""

import datetime
import re

import pytest
from django.utils import timezone

from simplesync.tests.pages import Browser
from todos.models import Activity, Rejection
from todos.tests import lists
from todos.tests.devices import Device

REJECTIONS, ACTIVITY = "/admin/todos/rejection/", "/admin/todos/activity/"
HOUR = datetime.timedelta(hours=1)


@pytest.fixture
def window(olga):
    return Browser(olga)


def rejected(phone, **values):
    """Let a todo be rejected, and return its row."""
    phone.post(phone.body(phone.new(**values)), **{"User-Agent": "Phone 1.0"})
    return Rejection.objects.latest("pk")


# Rejections


def test_a_rejection_is_shown_with_its_payload_and_reason(window, phone):
    kept = rejected(phone, text="Buy milk" + "!" * 2_000)
    row = window.get(REJECTIONS).one("table", id="result_list").text
    for part in ("text_too_long", "longer than 2000 characters", "alice", "Phone 1.0", "Buy milk!"):
        assert part in row
    page = window.get(f"{REJECTIONS}{kept.pk}/change/")
    came, reasons = (page.one("div", class_=f"field-{name}").text for name in ("came", "reasons"))
    assert "Buy milk" + "!" * 2_000 in came
    assert '"text": "text_too_long"' in reasons
    assert kept.todo in page.text


@pytest.mark.parametrize("text", ["é 🙈", "a\0b", "\ud800", "<b>bold</b>"])
def test_whatever_came_is_shown_as_text(window, phone, text):
    kept = rejected(phone, text=text, position="!")
    page = window.get(f"{REJECTIONS}{kept.pk}/change/")
    shown = text.encode(errors="backslashreplace").decode().replace("\0", "\\u0000")
    assert shown in page.one("div", class_="field-came").text
    assert "<b>bold" not in page.response.content.decode()


def test_what_was_cut_is_said_to_be(window, phone):
    kept = rejected(phone, text="x" * 20_000)
    assert "(cut)" in window.get(f"{REJECTIONS}{kept.pk}/change/").text


def test_rejections_are_filtered_by_code_and_searched_by_person_and_id(window, phone):
    kept = rejected(phone, position="!")
    for query in ("code=position_invalid", "q=alice", f"q={kept.todo}"):
        assert window.get(f"{REJECTIONS}?{query}").all("table", id="result_list"), query
    for query in ("code=text_too_long", "q=bob"):
        assert not window.get(f"{REJECTIONS}?{query}").all("table", id="result_list"), query


# Activity


def hour(hours_ago=0, **numbers):
    """Store the numbers of an hour."""
    this = timezone.now().replace(minute=0, second=0, microsecond=0)
    return Activity.objects.create(hour=this - hours_ago * HOUR, **numbers)


def activity(window):
    """Return what the page of the activity shows."""
    return window.get(ACTIVITY).one(id="content-main")


def picture(page, number):
    """Return one of the pictures: its description, and what its bars say."""
    svg = page.all("svg")[number]
    return svg.one("desc").text, [bar.text for bar in svg.all("rect")]


def test_it_shows_what_was_synced_a_moment_ago(window, phone):
    phone.sync(phone.new(), phone.new())
    said, bars = picture(activity(window), 0)
    assert "Syncs: 1, at most 1 an hour" in said
    assert "came from devices: 2, at most 2 an hour" in said
    assert len(bars) == 2


def test_the_last_48_hours_and_the_last_30_days_are_pictures(window):
    for hours_ago, syncs in ((0, 5), (47, 7), (48, 11), (29 * 24, 13), (31 * 24, 17)):
        hour(hours_ago, syncs=syncs)
    page = activity(window)
    said, bars = picture(page, 0)
    assert "Syncs: 12, at most 7 an hour" in said
    assert [bar.rpartition(" ")[2] for bar in bars] == ["7", "5"]
    said, bars = picture(page, 1)
    assert "Syncs: 36, at most" in said


def test_the_highest_bar_is_as_high_as_there_is_room_and_the_others_by_their_share(window):
    for hours_ago, syncs in enumerate((100, 50, 25, 0)):
        hour(hours_ago, syncs=syncs)
    bars = activity(window).all("svg")[0].all("rect")
    heights = sorted(float(bar.attrs["height"]) for bar in bars)
    assert heights == [10, 20, 40]
    feet = {float(bar.attrs["y"]) + float(bar.attrs["height"]) for bar in bars}
    assert len(feet) == 1


def test_the_same_numbers_stand_in_a_table(window):
    hour(0, syncs=1, pushed=2, pulled=3, rejected=4, conflicts=5)
    table = activity(window).all("table")[0]
    assert len(table.one("tbody").all("tr")) == 48
    assert [cell.text for cell in table.one("tbody").all("tr")[0].all("td")] == list("12345")


def test_without_any_activity_there_are_pictures_without_bars(window):
    page = activity(window)
    assert [picture(page, number)[1] for number in (0, 1)] == [[], []]
    assert "Syncs: 0" in picture(page, 0)[0]


def test_the_picture_needs_nothing_that_the_policy_forbids(window, phone):
    phone.sync(phone.new())
    content = window.get(ACTIVITY).response.content.decode()
    assert re.findall(r"<style\b|\sstyle=|\son[a-z]+=|<script(?![^>]*\bsrc=)", content) == []


def test_each_picture_is_named_for_who_does_not_see_it(window):
    page = activity(window)
    for svg in page.all("svg"):
        assert svg.attrs["role"] == "img"
        names = [svg.one(id=name).text for name in svg.attrs["aria-labelledby"].split()]
        assert all(names)


# The rest


def test_where_a_list_stands_is_shown(window, alice):
    lists.add(alice, "one", "two", completed=True)
    row = window.get("/admin/todos/syncstate/").one("table", id="result_list").text
    assert "alice" in row
    for part in ("2", "4"):
        assert part in row


def test_a_wrong_clock_is_shown_with_the_time_after_which_nothing_counts(window, alice):
    phone = Device(alice)
    now = phone.now
    phone.now = lambda: now() + 10 * 60_000
    phone.sync(phone.new())
    row = window.get("/admin/todos/wrongclock/").one("table", id="result_list").text
    assert phone.node in row
    assert str(timezone.now().year) in row
