"""Who has forgotten the password sets a new one by a link that comes by mail."""

import re
import threading

import pytest
from django.core import mail

from accounts import forms
from conftest import PASSWORD
from simplesync.tests.pages import Browser
from todos.tests.devices import Device

ASK, SENT, DONE = "/accounts/reset/", "/accounts/reset/sent/", "/accounts/reset/done/"
NEW = "entirely new and long"


@pytest.fixture(autouse=True)
def few_mails():
    """Let no test count the mails of another."""
    forms.mails.storage.reset()


@pytest.fixture
def alice(alice):
    alice.email = "alice@example.com"
    alice.save()
    return alice


@pytest.fixture
def window(alice):
    return Browser()


def send(window, address, **typed):
    page = window.get(address)
    return window.submit(page, page.one("main").one("form"), **typed)


def ask(window, address="alice@example.com"):
    """Ask for a link, and return the mails that were sent once they are."""
    answer = send(window, ASK, email=address).response
    assert (answer.status_code, answer["Location"]) == (302, SENT)
    let_go()
    return mail.outbox


def let_go():
    """Wait until all mails are sent."""
    for thread in threading.enumerate():
        if thread.name == "mail":
            thread.join()


def link(window):
    """Ask for a link, and return where it leads."""
    [sent] = ask(window)
    return re.search(r"http://testserver(/accounts/reset/\S+)", sent.body)[1]


def set_password(window, address, **typed):
    led = window.client.get(address)["Location"]
    return send(window, led, **{"new_password1": NEW, "new_password2": NEW} | typed)


def log_in(password):
    answer = send(Browser(), "/accounts/login/", username="alice", password=password)
    return answer.response.status_code == 302


def test_a_new_password_is_set_by_the_link(window, alice):
    page = window.get("/accounts/login/")
    assert ASK in [element.attrs["href"] for element in page.all("a")]
    answer = set_password(window, link(window)).response
    assert (answer.status_code, answer["Location"]) == (302, DONE)
    assert "Your password was set" in window.get(DONE).text
    assert log_in(NEW)
    assert not log_in(PASSWORD)


def test_the_mail_names_the_site_and_the_user(window):
    [sent] = ask(window)
    assert sent.to == ["alice@example.com"]
    assert sent.subject == "Set a new password for SimpleSync"
    assert "Your user name is alice." in sent.body


@pytest.mark.parametrize("address", ["nobody@example.com", "alice@example.com"])
def test_the_page_does_not_tell_whether_an_address_is_known(window, address):
    ask(window, address)
    text = window.get(SENT).text
    assert "If there is an account" in text
    assert address not in text


def test_nothing_is_sent_to_an_address_that_nobody_has(window):
    assert ask(window, "nobody@example.com") == []


def test_the_page_does_not_wait_for_the_mail(window, monkeypatch):
    sent = threading.Event()
    waited = []
    monkeypatch.setattr(
        "django.contrib.auth.forms.PasswordResetForm.send_mail",
        lambda *args, **more: waited.append(sent.wait(30)),
    )
    answer = send(window, ASK, email="alice@example.com").response
    assert (answer.status_code, waited) == (302, [])
    sent.set()
    let_go()
    assert waited == [True]


def test_a_mailbox_is_not_filled(window):
    for _ in range(7):
        ask(window)
    assert len(mail.outbox) == 5


def test_all_sessions_end_and_nothing_is_wiped(window, alice):
    phone = Device(alice)
    phone.sync()
    set_password(window, link(window))
    answer = phone.post(phone.body())
    assert (answer.status_code, "wipe" in answer.json()) == (401, False)


def test_a_link_works_once(window):
    address = link(window)
    set_password(window, address)
    assert "works no more" in Browser().get(address).text


@pytest.mark.parametrize("address", [f"{ASK}x/y/", f"{ASK}MQ/set-password/"])
def test_a_link_that_was_made_up_is_told(window, address):
    page = window.get(address)
    assert "works no more" in page.text
    assert page.all("form") == []


def test_a_bad_password_is_refused_in_place(window, alice):
    address = link(window)
    answer = set_password(window, address, new_password2="another")
    assert "match" in answer.one(class_="error").text
    alice.refresh_from_db()
    assert alice.check_password(PASSWORD)
    assert set_password(window, address).response["Location"] == DONE


def test_a_bad_address_is_refused_in_place(window):
    answer = send(window, ASK, email="nonsense")
    assert "valid email" in answer.one(class_="error").text
    assert mail.outbox == []
