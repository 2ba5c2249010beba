"""Signing up, logging in and logging out, all without JavaScript."""

import pytest
from django.contrib.auth.hashers import identify_hasher, make_password
from django.test import Client

import simplesync.settings
from accounts.forms import SignUpForm
from accounts.models import User
from conftest import PASSWORD
from simplesync.tests.pages import Browser

SIGN_UP, LOG_IN, LOG_OUT = "/accounts/signup/", "/accounts/login/", "/accounts/logout/"
ACCOUNT, PASSWORDS = "/accounts/", "/accounts/password/"
CARLA = {"username": "carla", "password1": PASSWORD, "password2": PASSWORD}
EVIL = [
    "https://evil.example/",
    "//evil.example/",
    "///evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "javascript:alert(1)",
    "http:evil.example",
    "/\t/evil.example",
]


@pytest.fixture
def window(db):
    return Browser()


def send(window, address, **typed):
    """Open the page of a form, fill the form in, and send it."""
    page = window.get(address)
    return window.submit(page, page.one("main").one("form"), **typed)


def log_in(window, username="alice", password=PASSWORD, address=LOG_IN):
    return send(window, address, username=username, password=password)


def is_logged_in(window):
    return window.client.get("/").status_code == 200


def landed(page):
    return page.response.status_code, page.response.headers.get("Location")


def errors(page):
    return " ".join(error.text for error in page.all(class_="error"))


# Sign up


def test_somebody_signs_up_and_is_logged_in(window):
    assert landed(send(window, SIGN_UP, **CARLA)) == (302, "/")
    assert "carla" in window.get("/").one("nav").text
    person = User.objects.get(username="carla")
    assert person.check_password(PASSWORD)
    assert not person.is_staff
    assert not person.is_superuser


def test_an_account_has_an_id_of_its_own(window, bob):
    send(window, SIGN_UP, **CARLA)
    carla = User.objects.get(username="carla")
    assert carla.account.version == 4
    assert carla.account != bob.account
    assert window.get("/").one("html").attrs["data-account"] == str(carla.account)


def test_the_id_of_an_account_is_no_key_of_the_database(alice, bob):
    """In a database made anew, the next person has the same key."""
    pk, account = alice.pk, alice.account
    alice.delete()
    again = User.objects.create_user("alice", pk=pk)
    assert again.account not in (account, bob.account)
    assert User._meta.get_field("account").unique
    assert not User._meta.get_field("account").primary_key


def test_the_id_of_an_account_stays(alice):
    account = alice.account
    alice.set_password("another one, quite as long")
    alice.save()
    assert User.objects.get(pk=alice.pk).account == account


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"password1": "", "password2": ""}, "This field is required."),
        ({"password1": "short1", "password2": "short1"}, "too short"),
        ({"password1": "password123", "password2": "password123"}, "too common"),
        ({"password1": "93857263948", "password2": "93857263948"}, "entirely numeric"),
        ({"password1": "carla-1234", "password2": "carla-1234"}, "too similar"),
        ({"password2": PASSWORD + "x"}, "match"),
        ({"username": "alice"}, "already exists"),
        ({"username": "ALICE"}, "already exists"),
        ({"username": "carla<b>"}, "Enter a valid username"),
        ({"username": "carla\0"}, "Null characters are not allowed"),
        ({"username": "c" * 151}, "at most 150 characters"),
    ],
)
def test_a_bad_sign_up_is_refused_in_place_with_the_name_kept(window, alice, typed, sentence):
    answer = send(window, SIGN_UP, **CARLA | {"username": "carla-1234"} | typed)
    assert landed(answer) == (200, None)
    assert sentence in errors(answer)
    kept = answer.one("input", name="username").attrs["value"]
    assert kept == typed.get("username", "carla-1234")
    assert User.objects.count() == 1
    assert not is_logged_in(window)


@pytest.mark.parametrize("name", ["password1", "password2"])
def test_a_password_is_never_sent_back(window, name):
    answer = send(window, SIGN_UP, **CARLA | {"password2": "another"})
    assert "value" not in answer.one("input", name=name).attrs
    assert PASSWORD not in answer.response.content.decode()


@pytest.mark.parametrize("name", ["is_staff", "is_superuser", "account", "pk"])
def test_nobody_gives_themselves_more_at_sign_up(window, alice, name):
    values = {"account": str(alice.account), "pk": str(alice.pk)}
    send(window, SIGN_UP, **CARLA, **{name: values.get(name, "on")})
    carla = User.objects.get(username="carla")
    assert (carla.is_staff, carla.is_superuser) == (False, False)
    assert (carla.account, carla.pk) != (alice.account, alice.pk)


# Log in, log out


def test_alice_logs_in_and_out(window, alice):
    assert landed(log_in(window)) == (302, "/")
    page = window.get("/")
    out = page.one("nav").one("form")
    assert out.one("button").text == "Log out"
    assert landed(window.submit(page, out)) == (302, LOG_IN)
    assert not is_logged_in(window)


@pytest.mark.parametrize(
    ("username", "password"),
    [("alice", "wrong"), ("nobody", PASSWORD), ("alice", ""), ("", ""), ("alice\0", PASSWORD)],
)
def test_a_wrong_log_in_is_refused_in_place_with_the_name_kept(window, alice, username, password):
    answer = log_in(window, username, password)
    assert landed(answer) == (200, None)
    assert errors(answer)
    assert answer.one("input", name="username").attrs.get("value", "") == username
    assert not is_logged_in(window)


def test_it_is_not_told_whether_a_name_exists(window, alice):
    assert errors(log_in(window, "alice", "wrong")) == errors(log_in(window, "nobody", "wrong"))


def test_somebody_who_is_not_active_cannot_log_in(window, alice):
    alice.is_active = False
    alice.save()
    assert errors(log_in(window))
    assert not is_logged_in(window)


@pytest.mark.parametrize("address", [LOG_IN, SIGN_UP])
def test_who_is_logged_in_is_led_to_the_list(alice, address):
    response = Browser(alice).client.get(address)
    assert (response.status_code, response["Location"]) == (302, "/")


def test_who_is_logged_in_signs_up_nobody(alice):
    window = Browser(alice)
    token = window.get("/").all(name="csrfmiddlewaretoken")[0].attrs["value"]
    assert window.client.post(SIGN_UP, CARLA | {"csrfmiddlewaretoken": token}).status_code == 302
    assert not User.objects.filter(username="carla").exists()


def test_logging_out_is_a_post(alice):
    window = Browser(alice)
    assert window.client.get(LOG_OUT).status_code == 405
    assert is_logged_in(window)


def test_a_session_gets_a_new_key_at_log_in(window, alice):
    window.get(LOG_IN)
    window.client.cookies["sessionid"] = "fixedbysomebodyelse0000000000000"
    log_in(window)
    assert window.client.cookies["sessionid"].value != "fixedbysomebodyelse0000000000000"


def test_the_old_session_is_of_no_use_after_log_out(window, alice):
    log_in(window)
    old = window.client.cookies["sessionid"].value
    page = window.get("/")
    window.submit(page, page.one("nav").one("form"))
    window.client.cookies["sessionid"] = old
    assert not is_logged_in(window)


# Where it leads


@pytest.mark.parametrize("address", ["/active", "/?after=a0.b", "/completed?x=1&y=%2F"])
def test_log_in_leads_to_where_the_person_was_going(window, alice, address):
    led = window.client.get(address)["Location"]
    assert landed(log_in(window, address=led)) == (302, address)


@pytest.mark.parametrize("address", EVIL)
def test_log_in_leads_to_no_other_site(window, alice, address):
    page = window.get(LOG_IN)
    form = page.one("main").one("form")
    answer = window.submit(page, form, username="alice", password=PASSWORD, next=address)
    assert landed(answer) == (302, "/")


@pytest.mark.parametrize("address", EVIL)
def test_the_page_does_not_even_carry_the_address_of_another_site(window, address):
    response = window.client.get(LOG_IN, {"next": address})
    assert response.context["next"] == ""


@pytest.mark.parametrize("address", EVIL)
def test_log_out_leads_to_no_other_site(alice, address):
    window = Browser(alice)
    page = window.get("/")
    answer = window.submit(page, page.one("nav").one("form"), next=address)
    assert landed(answer)[1] in (LOG_IN, LOG_OUT)


# Who may send it, and what keeps it


@pytest.mark.parametrize("address", [SIGN_UP, LOG_IN])
def test_a_form_without_its_token_is_refused(window, alice, address):
    answer = send(window, address, **CARLA, password=PASSWORD, csrfmiddlewaretoken=None)
    assert answer.response.status_code == 403
    assert not is_logged_in(window)
    assert User.objects.count() == 1


def test_nobody_is_logged_out_without_a_token(alice):
    window = Browser(alice)
    assert window.client.post(LOG_OUT).status_code == 403
    assert is_logged_in(window)


@pytest.mark.parametrize("address", [SIGN_UP, LOG_IN])
def test_no_cache_keeps_the_pages(window, address):
    directives = window.get(address).response["Cache-Control"].split(", ")
    assert {"no-store", "private"} <= set(directives)


def test_there_is_nobody_in_a_new_database(db):
    assert not User.objects.exists()


def test_passwords_are_stored_by_argon2(settings, window):
    settings.PASSWORD_HASHERS = simplesync.settings.PASSWORD_HASHERS
    assert make_password(PASSWORD).startswith("argon2$argon2id$")
    send(window, SIGN_UP, **CARLA)
    carla = User.objects.get(username="carla")
    assert identify_hasher(carla.password).algorithm == "argon2"
    assert PASSWORD not in carla.password


@pytest.mark.django_db
def test_two_who_take_one_name_at_the_same_moment_get_one_account_and_one_answer(monkeypatch):
    """The other one comes in after the form has looked whether the name is free."""
    is_valid = SignUpForm.is_valid

    def valid_and_then_taken(form):
        found = is_valid(form)
        User.objects.get_or_create(username="carol")
        return found

    monkeypatch.setattr(SignUpForm, "is_valid", valid_and_then_taken)
    form = {"username": "carol", "password1": PASSWORD, "password2": PASSWORD}
    response = Client().post("/accounts/signup/", form)
    assert response.status_code == 200
    assert "already exists" in response.content.decode()
    assert User.objects.filter(username="carol").count() == 1


# The account


def test_the_account_page_is_reached_from_the_list_and_leads_back(window, alice):
    log_in(window)
    link = window.get("/").one("nav").one("a", class_="user")
    assert link.text == "alice"
    page = window.get(link.attrs["href"])
    assert "alice" in page.one("main").text
    assert page.one("nav").one("a").attrs["href"] == "/"


def test_nobody_sees_the_account_page_without_a_log_in(window):
    for address in (ACCOUNT, PASSWORDS):
        response = window.client.get(address)
        assert (response.status_code, response["Location"]) == (302, f"{LOG_IN}?next={address}")


def test_a_changed_password_ends_the_other_sessions_and_not_its_own(window, alice):
    other = Browser()
    for each in (window, other):
        log_in(each)
    new = {"new_password1": "entirely new and long", "new_password2": "entirely new and long"}
    changed = send(window, PASSWORDS, old_password=PASSWORD, **new)
    assert landed(changed) == (302, ACCOUNT)
    assert "Your password was changed" in window.get(ACCOUNT).one("main").text
    assert is_logged_in(window)
    assert not is_logged_in(other)
    assert errors(log_in(Browser()))
    assert landed(log_in(Browser(), password="entirely new and long")) == (302, "/")


@pytest.mark.parametrize(
    "typed",
    [
        {"old_password": "wrong"},
        {"new_password2": "something else entirely"},
        {"new_password1": "123", "new_password2": "123"},
    ],
)
def test_a_password_is_not_changed_by_a_wrong_one(window, alice, typed):
    log_in(window)
    right = {
        "old_password": PASSWORD,
        "new_password1": "entirely new and long",
        "new_password2": "entirely new and long",
    }
    refused = send(window, PASSWORDS, **right | typed)
    assert landed(refused) == (200, None)
    assert errors(refused)
    assert landed(log_in(Browser())) == (302, "/")
