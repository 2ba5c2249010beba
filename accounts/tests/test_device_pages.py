"""The account page shows a person's devices, names them, and signs them out."""

import datetime
import uuid

import pytest
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.models import Session
from django.utils import timezone

from accounts.models import Device
from conftest import PASSWORD
from simplesync.tests.pages import Browser
from todos.tests.devices import Device as Phone

ACCOUNT, OTHERS = "/accounts/", "/accounts/devices/sign-out-others/"
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"


def synced(user, agent=FIREFOX):
    """Return another browser of somebody, after its first sync."""
    phone = Phone(user)
    assert phone.post(phone.body(), **{"User-Agent": agent}).status_code == 200
    return phone


@pytest.fixture
def laptop(alice):
    """The browser at which Alice sits."""
    return synced(alice)


@pytest.fixture
def phone(alice):
    """Her other one."""
    return synced(alice, "Phone 1.0")


def window(device):
    """Return a device's browser, to see pages with."""
    browser = Browser()
    browser.client = device.client
    return browser


def row(page, device):
    """Return what the page shows of a device."""
    [found] = [
        row
        for row in page.all(data_testid="device")
        if any(device.id in form.attrs["action"] for form in row.all("form"))
    ]
    return found


def stored(device):
    return Device.objects.get(uid=device.id)


def is_logged_in(device):
    return device.client.get("/").status_code == 200


def submit(device, address, **typed):
    """Fill in the form of the account page that has this address."""
    page = window(device).get(ACCOUNT)
    [form] = [form for form in page.all("form") if form.attrs.get("action") == address]
    return window(device).submit(page, form, **typed)


def sign_out(device, other):
    return submit(device, f"/accounts/devices/{other.id}/sign-out/")


# What it shows


def test_devices_are_shown_by_browser_and_system_with_when_they_were_seen(laptop, phone):
    page = window(laptop).get(ACCOUNT)
    assert len(page.all(data_testid="device")) == 2
    assert "Firefox on Linux (this browser)" in row(page, laptop).text
    assert "Phone 1.0" in row(page, phone).text
    assert "this browser" not in row(page, phone).text
    assert "Last seen on" in row(page, phone).text


def test_this_browser_comes_first_and_cannot_be_signed_out_there(laptop, phone):
    page = window(laptop).get(ACCOUNT)
    first = page.all(data_testid="device")[0]
    assert "this browser" in first.text
    assert [form.attrs["action"] for form in first.all("form")] == [
        f"/accounts/devices/{laptop.id}/name/"
    ]


@pytest.mark.parametrize(
    ("persisted", "says"),
    [(True, "keeps the todos until"), (False, "may throw away"), (None, "Last seen")],
)
def test_it_is_said_whether_a_browser_keeps_the_todos(laptop, phone, persisted, says):
    phone.sync(persisted=persisted)
    text = row(window(laptop).get(ACCOUNT), phone).text
    assert says in text
    assert ("Its browser" in text) == (persisted is not None)


def test_a_request_that_says_it_otherwise_is_malformed(phone):
    response = phone.post(phone.body(persisted="yes"))
    assert (response.status_code, response.json()["error"]) == (400, "malformed")


def test_nothing_of_alices_devices_is_shown_to_bob(phone, bob):
    page = Browser(bob).get(ACCOUNT)
    assert page.all(data_testid="device") == []
    assert "Phone 1.0" not in page.text


def test_a_device_that_logged_out_by_itself_is_not_shown(laptop, phone):
    phone.client.cookies["signing-out"] = str(phone.user.account)
    phone.client.get("/")
    assert len(window(laptop).get(ACCOUNT).all(data_testid="device")) == 1


def test_what_became_of_a_device_that_was_signed_out_is_shown_for_a_month(laptop, phone):
    sign_out(laptop, phone)
    assert "when it next appears" in window(laptop).get(ACCOUNT).one(class_="devices").text
    phone.post(phone.body())
    assert "told to wipe" in window(laptop).get(ACCOUNT).one(class_="devices").text
    Device.objects.filter(uid=phone.id).update(wiped_at=timezone.now() - datetime.timedelta(31))
    assert len(window(laptop).get(ACCOUNT).all(data_testid="device")) == 1


# Names


def test_a_device_gets_a_name(laptop, phone):
    answer = submit(laptop, f"/accounts/devices/{phone.id}/name/", name="  My <b>phone ")
    assert (answer.response.status_code, answer.response["Location"]) == (302, ACCOUNT)
    assert "My <b>phone" in row(window(laptop).get(ACCOUNT), phone).text
    phone.sync()
    assert stored(phone).name == "My <b>phone"


def test_an_empty_name_is_that_of_the_browser_again(laptop):
    for name in ("Desk", ""):
        submit(laptop, f"/accounts/devices/{laptop.id}/name/", name=name)
    assert "Firefox on Linux" in row(window(laptop).get(ACCOUNT), laptop).text


@pytest.mark.parametrize("name", ["x" * 61, "a\0b"])
def test_a_bad_name_is_refused_with_a_sentence(laptop, name):
    submit(laptop, f"/accounts/devices/{laptop.id}/name/", name=name)
    assert stored(laptop).name == ""
    text = window(laptop).get(ACCOUNT).one("main").text
    assert "at most 60 characters" in text or "Null characters" in text


# Signing one out


def test_a_device_that_is_signed_out_has_no_session_any_more(laptop, phone):
    assert sign_out(laptop, phone).response["Location"] == ACCOUNT
    assert "Signed out: Phone 1.0" in window(laptop).get(ACCOUNT).text
    assert not is_logged_in(phone)
    assert is_logged_in(laptop)


def test_signing_out_twice_is_signing_out_once(laptop, phone):
    page = window(laptop).get(ACCOUNT)
    form = row(page, phone).all("form")[1]
    for _ in range(2):
        assert window(laptop).submit(page, form).response.status_code == 302
        when = stored(phone).signed_out_at
    assert stored(phone).signed_out_at == when
    phone.post(phone.body())
    told = stored(phone).wiped_at
    window(laptop).submit(page, form)
    assert stored(phone).wiped_at == told


def test_a_session_that_outlives_it_is_over_at_its_next_sync(laptop, phone):
    """Its key has changed since the last sync, by a change of the password say."""
    session = phone.client.session
    session.cycle_key()
    phone.client.cookies["sessionid"] = session.session_key
    sign_out(laptop, phone)
    assert is_logged_in(phone)
    response = phone.post(phone.body(phone.new("late")))
    assert (response.status_code, response.json()["wipe"]) == (401, True)
    assert not is_logged_in(phone)
    assert not phone.user.todos.exists()


def test_who_logs_in_again_before_the_wipe_keeps_everything(laptop, phone):
    sign_out(laptop, phone)
    phone.client.force_login(phone.user)
    phone.token = phone.client.cookies["csrftoken"].value
    phone.sync()
    assert stored(phone).signed_out_at is None
    assert is_logged_in(phone)


# Signing all others out


def test_all_others_are_signed_out_also_browsers_that_never_synced(laptop, phone, alice):
    admin = Browser(alice)
    assert submit(laptop, OTHERS).response["Location"] == ACCOUNT
    assert is_logged_in(laptop)
    assert not is_logged_in(phone)
    assert admin.client.get("/").status_code == 302
    assert phone.post(phone.body()).json()["wipe"] is True
    laptop.token = laptop.client.cookies["csrftoken"].value
    laptop.sync()
    assert stored(laptop).signed_out_at is None
    assert sum(SESSION_KEY in each.get_decoded() for each in Session.objects.all()) == 1


def test_a_browser_without_its_cookie_is_known_by_its_session(laptop, phone):
    del laptop.client.cookies["device"]
    submit(laptop, OTHERS)
    laptop.sync()
    assert stored(laptop).session_key == laptop.client.cookies["sessionid"].value


@pytest.mark.parametrize("cookie", ["", "x", ".", "{account}.x", "{other}.{phone}"])
def test_a_strange_cookie_spares_no_device(laptop, phone, bob, cookie):
    names = {"account": laptop.user.account, "other": bob.account, "phone": phone.id}
    laptop.client.cookies["device"] = cookie.format(**names)
    submit(laptop, OTHERS)
    assert stored(phone).signed_out_at
    assert not stored(laptop).signed_out_at


def test_others_people_stay(laptop, phone, bob):
    theirs = synced(bob)
    submit(laptop, OTHERS)
    assert is_logged_in(theirs)
    assert stored(theirs).signed_out_at is None


def test_it_may_be_repeated(laptop, phone):
    for _ in range(2):
        submit(laptop, OTHERS)
        when = stored(phone).signed_out_at
    assert stored(phone).signed_out_at == when
    assert is_logged_in(laptop)


# Who may


@pytest.mark.parametrize("verb", ["name", "sign-out"])
def test_bob_neither_names_nor_signs_out_alices_device(phone, bob, verb):
    window = Browser(bob)
    token = window.get("/").all(name="csrfmiddlewaretoken")[0].attrs["value"]
    for uid in (phone.id, uuid.uuid4()):
        address = f"/accounts/devices/{uid}/{verb}/"
        form = {"name": "Bob's", "csrfmiddlewaretoken": token}
        assert window.client.post(address, form).status_code == 404
    assert (stored(phone).name, stored(phone).signed_out_at) == ("", None)
    assert is_logged_in(phone)


@pytest.mark.parametrize("verb", ["{}/name/", "{}/sign-out/", "sign-out-others/"])
def test_it_is_a_post_with_a_token_of_who_is_logged_in(laptop, phone, verb):
    address = f"/accounts/devices/{verb.format(phone.id)}"
    assert laptop.client.get(address).status_code == 405
    assert laptop.client.post(address, {"name": "x"}).status_code == 403
    answer = Browser().client.get(address)
    assert (answer.status_code, answer["Location"]) == (302, f"/accounts/login/?next={address}")
    assert (stored(phone).name, stored(phone).signed_out_at) == ("", None)


def test_the_own_device_is_not_signed_out_like_another(laptop):
    token = window(laptop).get(ACCOUNT).all(name="csrfmiddlewaretoken")[0].attrs["value"]
    address = f"/accounts/devices/{laptop.id}/sign-out/"
    assert laptop.client.post(address, {"csrfmiddlewaretoken": token}).status_code == 404
    assert is_logged_in(laptop)


def test_a_changed_password_signs_out_and_wipes_nothing(laptop, phone):
    new = {"new_password1": "entirely new and long", "new_password2": "entirely new and long"}
    page = window(laptop).get("/accounts/password/")
    window(laptop).submit(page, page.one("main").one("form"), old_password=PASSWORD, **new)
    answer = phone.post(phone.body())
    assert (answer.status_code, "wipe" in answer.json()) == (401, False)
