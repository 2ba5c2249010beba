"""The address of a person: given at sign-up if one likes, and changed with the password."""

import pytest

from accounts.models import User
from conftest import PASSWORD
from simplesync.tests.pages import Browser

ACCOUNT, EMAIL, SIGN_UP = "/accounts/", "/accounts/email/", "/accounts/signup/"
CARLA = {"username": "carla", "password1": PASSWORD, "password2": PASSWORD}


def send(window, address, **typed):
    page = window.get(address)
    return window.submit(page, page.one("main").one("form"), **typed)


def address_of(name):
    return User.objects.get(username=name).email


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["", "carla@example.com"])
def test_it_may_be_given_at_sign_up(address):
    assert send(Browser(), SIGN_UP, **CARLA, email=address).response.status_code == 302
    assert address_of("carla") == address


@pytest.mark.django_db
def test_a_bad_one_is_refused_at_sign_up():
    answer = send(Browser(), SIGN_UP, **CARLA, email="nonsense")
    assert "valid email" in answer.one(class_="error").text
    assert not User.objects.exists()


def test_it_is_changed_with_the_password_and_shown(alice):
    window = Browser(alice)
    assert "You have given no e-mail address" in window.get(ACCOUNT).text
    answer = send(window, EMAIL, email="alice@example.com", password=PASSWORD).response
    assert (answer.status_code, answer["Location"]) == (302, ACCOUNT)
    page = window.get(ACCOUNT)
    assert "Your e-mail address was changed" in page.text
    assert "alice@example.com" in page.text
    send(window, EMAIL, email="", password=PASSWORD)
    assert address_of("alice") == ""


@pytest.mark.parametrize(
    "typed",
    [{"password": "wrong"}, {"password": ""}, {"email": "nonsense"}, {"email": "a\0@example.com"}],
)
def test_it_stays_as_it_is_without_the_password_or_when_it_is_none(alice, typed):
    answer = send(Browser(alice), EMAIL, **{"email": "x@example.com", "password": PASSWORD} | typed)
    assert answer.response.status_code == 200
    assert answer.all(class_="error")
    assert address_of("alice") == ""


def test_it_is_a_form_of_who_is_logged_in(alice):
    answer = Browser().client.get(EMAIL)
    assert (answer.status_code, answer["Location"]) == (302, f"/accounts/login/?next={EMAIL}")
    form = {"email": "x@example.com", "password": PASSWORD}
    assert Browser(alice).client.post(EMAIL, form).status_code == 403
    assert address_of("alice") == ""
