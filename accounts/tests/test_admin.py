"""People and devices in the admin: nobody is deleted, and devices are only looked at."""

import uuid

import pytest

from accounts import devices
from accounts.models import Device, User
from simplesync.tests.pages import Browser
from todos.models import Todo
from todos.tests import lists

PEOPLE, DEVICES = "/admin/accounts/user/", "/admin/accounts/device/"
NASTY = "<script>alert(1)</script>"


@pytest.fixture
def window(olga):
    return Browser(olga)


@pytest.fixture
def phone(alice):
    devices.notice(alice, uuid.uuid4(), "0" * 32, "Phone 1.0")
    return Device.objects.get()


def token(window):
    return window.get("/").all(name="csrfmiddlewaretoken")[0].attrs["value"]


def post(window, address, **fields):
    """Send what no form of the admin would send."""
    return window.client.post(address, {"csrfmiddlewaretoken": token(window), **fields})


def actions(page):
    return {o.attrs["value"] for select in page.all("select", name="action") for o in select.all()}


# People


def test_olga_sees_people_and_their_account_ids(window, alice):
    assert "alice" in window.get(PEOPLE).text
    page = window.get(f"{PEOPLE}{alice.pk}/change/")
    assert str(alice.account) in page.text
    assert page.all(name="account") == []


def test_olga_adds_somebody_who_gets_an_account_id(window):
    page = window.get(f"{PEOPLE}add/")
    password = "correct horse battery staple"
    typed = {"username": "carla", "password1": password, "password2": password}
    answer = window.submit(page, page.one("form", id="user_form"), **typed)
    assert answer.response.status_code == 302
    carla = User.objects.get(username="carla")
    assert carla.check_password(password)
    assert carla.account


def test_olga_shuts_somebody_out_whose_session_ends_at_once(window, alice):
    theirs = Browser(alice)
    page = window.get(f"{PEOPLE}{alice.pk}/change/")
    window.submit(page, page.one("form", id="user_form"), is_active=None)
    assert theirs.client.get("/").status_code == 302


def test_m3_people_cannot_be_deleted(window, alice):
    lists.add(alice, "Buy milk")
    assert actions(window.get(PEOPLE)) <= {""}
    address = f"{PEOPLE}{alice.pk}/delete/"
    assert window.client.get(address).status_code == 403
    assert post(window, address, post="yes").status_code == 403
    post(window, PEOPLE, action="delete_selected", _selected_action=[alice.pk], post="yes")
    assert User.objects.filter(pk=alice.pk).exists()
    assert Todo.objects.filter(user=alice).count() == 1


# Devices


def test_olga_sees_devices(window, phone):
    text = window.get(DEVICES).text
    assert "alice" in text
    assert "Phone 1.0" in text
    assert str(phone.uid) in window.get(f"{DEVICES}{phone.pk}/change/").text


@pytest.mark.parametrize(("persisted", "shown"), [(True, "True"), (False, "False"), (None, "None")])
def test_olga_sees_what_a_device_is_called_and_whether_its_store_is_kept(
    window, phone, persisted, shown
):
    Device.objects.update(name="Kitchen", persisted=persisted)
    page = window.get(DEVICES)
    assert page.one("td", class_="field-name").text == "Kitchen"
    assert page.one("td", class_="field-persisted").one("img").attrs["alt"] == shown
    assert "Kitchen" in window.get(f"{DEVICES}{phone.pk}/change/").text


@pytest.mark.parametrize(
    ("query", "found"), [("alice", 1), ("phone", 1), ("kitchen", 1), ("bob", 0)]
)
def test_devices_are_searched_by_person_name_and_browser(window, phone, query, found):
    Device.objects.update(name="Kitchen")
    page = window.get(f"{DEVICES}?q={query}")
    assert len(page.all("td", class_="field-user")) == found


def test_the_digest_of_a_secret_is_not_shown(window, phone):
    for address in (DEVICES, f"{DEVICES}{phone.pk}/change/"):
        assert phone.secret_digest not in window.get(address).response.content.decode()


def test_devices_are_only_looked_at(window, phone):
    page = window.get(f"{DEVICES}{phone.pk}/change/")
    for name in ("user", "uid", "user_agent", "last_seen_at", "secret_digest"):
        assert page.all(name=name) == []
    window.submit(page, page.one("form", id="device_form"), user_agent="Stranger", uid="x")
    now = Device.objects.get()
    assert (now.user_agent, now.uid) == ("Phone 1.0", phone.uid)


@pytest.mark.parametrize("address", ["add/", "{}/delete/"])
def test_devices_are_neither_added_nor_deleted(window, phone, address):
    address = DEVICES + address.format(phone.pk)
    assert window.client.get(address).status_code == 403
    assert post(window, address, post="yes").status_code == 403
    post(window, DEVICES, action="delete_selected", _selected_action=[phone.pk], post="yes")
    assert Device.objects.count() == 1


def test_a_browsers_name_is_shown_as_text(window, alice):
    devices.notice(alice, uuid.uuid4(), "0" * 32, NASTY)
    for address in (DEVICES, f"{DEVICES}{Device.objects.get().pk}/change/"):
        page = window.get(address)
        assert NASTY in page.text
        assert NASTY not in page.response.content.decode()


def test_bob_sees_neither_people_nor_devices(bob, phone):
    for address in (PEOPLE, DEVICES, f"{DEVICES}{phone.pk}/change/"):
        response = Browser(bob).client.get(address)
        assert response.status_code == 302
        assert response["Location"].startswith("/admin/login/")
