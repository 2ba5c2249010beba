"""Conflicts in the admin: both values, who made them, and when."""

import re

import pytest

from simplesync.tests.pages import Browser
from todos import origins, sync
from todos.models import Revision
from todos.tests import lists
from todos.tests.devices import Device

LIST = "/admin/todos/conflict/"
NASTY = "<script>alert(1)</script>"


@pytest.fixture
def window(olga):
    return Browser(olga)


@pytest.fixture
def milk(alice):
    """A todo that Alice's phone and laptop have both renamed: the laptop's name came late."""
    phone, laptop = Device(alice), Device(alice)
    for device, name in ((phone, "Phone 1.0"), (laptop, "Laptop 1.0")):
        device.post(device.body(), **{"User-Agent": name})
    now = phone.now
    phone.now = laptop.now = lambda: now() - 3_000
    new = phone.new("Buy milk")
    phone.sync(new)
    laptop.pull()
    late = laptop.edit_of(new, text="Buy oat milk")
    phone.now = lambda: now() - 2_000
    phone.sync(phone.edit(new["id"], text="Buy soy milk"))
    laptop.sync(late)
    return alice.todos.get()


def cells(page):
    """Return the cells of the only row, by the name of the column."""
    [row] = page.one("table", id="result_list").one("tbody").all("tr")
    return {
        cell.attrs["class"].split("field-")[1].split()[0]: cell.text
        for cell in row.all()
        if "field-" in cell.attrs.get("class", "")
    }


def maker(cell):
    """Return who made a value, of a cell that also says when."""
    return re.fullmatch(r"by (.*), \d{4}-\d\d-\d\d \d\d:\d\d:\d\d", cell)[1]


def test_it_shows_both_values_and_who_made_them(window, milk):
    row = cells(window.get(LIST))
    assert (row["todo_now"], row["user"], row["field"]) == ("Buy soy milk", "alice", "text")
    assert (row["lost"], maker(row["lost_from"])) == ("Buy oat milk", "Laptop 1.0")
    assert (row["won"], maker(row["won_from"])) == ("Buy soy milk", "Phone 1.0")


def test_its_page_says_when_each_was_made(window, milk):
    conflict = Revision.objects.get(conflict=True)
    page = window.get(f"{LIST}{conflict.pk}/change/")
    said = {
        row.attrs["class"].split("field-")[1]: row.text
        for row in page.all("div", class_="form-row")
    }
    assert "Buy oat milk" in said["whole_lost"]
    assert "Laptop 1.0" in said["lost_by"]
    assert "Buy soy milk" in said["whole_won"]
    assert "Phone 1.0" in said["won_by"]
    assert "20" in said["lost_at"]
    assert "20" in said["won_at"]


def test_what_replaced_it_is_the_next_value_and_not_the_latest(window, milk):
    for text in ("Buy bread", "Buy nothing"):
        lists.edit(milk, text=text)
    row = cells(window.get(LIST))
    assert (row["todo_now"], row["won"], maker(row["won_from"])) == (
        *("Buy nothing", "Buy soy milk", "Phone 1.0"),
    )


def test_a_value_that_was_merely_replaced_is_no_conflict(window, alice):
    (todo,) = lists.add(alice, "Buy milk")
    lists.edit(todo, text="Buy oat milk")
    assert Revision.objects.count() == 1
    assert window.get(LIST).all("table", id="result_list") == []


def test_a_tick_is_shown_as_such(window, alice):
    phone, laptop = Device(alice), Device(alice)
    now = phone.now
    phone.now = lambda: now() - 3_000
    new = phone.new()
    phone.sync(new)
    laptop.pull()
    phone.sync(phone.edit_of(new, completed=True))
    laptop.sync(laptop.edit_of(new, completed=False))
    row = cells(window.get(LIST))
    assert (row["field"], row["lost"], row["won"]) == ("completed", "True", "False")


def test_the_sites_own_edits_are_named_by_their_way(window, alice):
    (todo,) = lists.add(alice, "Buy milk")
    phone = Device(alice)
    row = phone.pull()[str(todo.uid)]
    sync.edit(alice, {todo.uid: {"text": "Buy oat milk"}}, origins.ADMIN)
    now = phone.now
    phone.now = lambda: now() + 1_000
    phone.sync(phone.edit_of(row, text="Buy soy milk"))
    assert maker(cells(window.get(LIST))["lost_from"]) == origins.NAMES[origins.ADMIN]


def test_each_persons_device_is_their_own(window, milk, bob):
    stranger = Device(bob)
    laptop = milk.user.devices.get(user_agent="Laptop 1.0")
    stranger.id = str(laptop.uid)
    stranger.post(stranger.body(), **{"User-Agent": "Bob's"})
    assert maker(cells(window.get(LIST))["lost_from"]) == "Laptop 1.0"


def test_they_are_searched_and_filtered_by_person(window, milk, bob):
    assert cells(window.get(f"{LIST}?q=alice"))
    assert cells(window.get(f"{LIST}?user__id__exact={milk.user_id}"))
    for query in ("q=bob", f"user__id__exact={bob.pk}"):
        assert window.get(f"{LIST}?{query}").all("table", id="result_list") == []


def test_html_is_shown_as_text(window, milk):
    Revision.objects.filter(conflict=True).update(value=NASTY)
    pk = Revision.objects.get(conflict=True).pk
    for address in (LIST, f"{LIST}{pk}/change/"):
        page = window.get(address)
        assert NASTY in page.text
        assert NASTY not in page.response.content.decode()


def test_a_long_value_is_cut_in_the_list_and_whole_on_its_page(window, milk):
    Revision.objects.filter(conflict=True).update(value="x" * 2_000)
    pk = Revision.objects.get(conflict=True).pk
    assert "x" * 2_000 not in window.get(LIST).text
    assert "x" * 2_000 in window.get(f"{LIST}{pk}/change/").text


def test_people_lead_to_their_conflicts(window, milk):
    links = [link.attrs["href"] for link in window.get("/admin/accounts/user/").all("a")]
    assert f"{LIST}?user__id__exact={milk.user_id}" in links
