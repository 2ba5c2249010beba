"""Who fails too often to log in has to wait, and nobody else has."""

import datetime

import pytest
from axes.models import AccessAttempt, AccessLog
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from conftest import PASSWORD
from simplesync.tests.pages import Browser

LOG_IN, ADMIN = "/accounts/login/", "/admin/login/"
HERE, THERE = "192.0.2.1", "192.0.2.2"


@pytest.fixture(autouse=True)
def limit(settings, alice):
    """Let three attempts be too many."""
    settings.AXES_FAILURE_LIMIT = 3


def log_in(password=PASSWORD, username="alice", address=LOG_IN, source=HERE):
    """Try to log in from some address, and return the page that is answered."""
    window = Browser()
    window.client.defaults["REMOTE_ADDR"] = source
    page = window.get(address)
    [form] = [form for form in page.all("form") if form.all(name="password")]
    return window.submit(page, form, username=username, password=password)


def fail(times=3, **options):
    for _ in range(times):
        answer = log_in("wrong", **options)
    return answer


def is_in(page):
    return page.response.status_code == 302


@pytest.mark.parametrize("address", [LOG_IN, ADMIN])
def test_who_fails_too_often_is_told_to_wait_even_with_the_right_password(address):
    assert fail(2, address=address).response.status_code == 200
    answer = fail(1, address=address)
    for page in (answer, log_in(address=address)):
        assert page.response.status_code == 429
        assert "wrong too often. Wait 15 minutes" in page.one(role="alert").text
        assert page.response["Retry-After"] == "900"


def test_the_app_and_the_admin_count_together(olga):
    fail(2, username="olga")
    fail(1, username="olga", address=ADMIN)
    assert log_in(username="olga").response.status_code == 429


def test_after_the_pause_it_may_be_tried_again():
    fail()
    AccessAttempt.objects.update(attempt_time=timezone.now() - datetime.timedelta(minutes=16))
    assert is_in(log_in())


def test_trying_meanwhile_does_not_make_the_pause_longer():
    fail()
    before = AccessAttempt.objects.get().attempt_time
    fail(5)
    assert AccessAttempt.objects.get().attempt_time == before


def test_nobody_else_at_the_same_address_is_locked_out(bob):
    fail()
    assert is_in(log_in(username="bob"))


def test_the_same_person_at_another_address_is_not_locked_out():
    fail()
    assert is_in(log_in(source=THERE))


def test_an_address_that_a_header_claims_does_not_count():
    window = Browser()
    window.client.defaults["REMOTE_ADDR"] = HERE
    page = window.get(LOG_IN)
    form = page.one("main").one("form")
    for number in range(3):
        window.client.defaults["HTTP_X_FORWARDED_FOR"] = f"203.0.113.{number}"
        answer = window.submit(page, form, username="alice", password="wrong")
    assert answer.response.status_code == 429


def test_another_browser_is_no_other_attempt():
    for number in range(3):
        window = Browser()
        window.client.defaults |= {"REMOTE_ADDR": HERE, "HTTP_USER_AGENT": f"Phone {number}"}
        page = window.get(LOG_IN)
        window.submit(page, page.one("main").one("form"), username="alice", password="wrong")
    assert log_in().response.status_code == 429


def test_a_log_in_that_succeeds_begins_anew():
    fail(2)
    assert is_in(log_in())
    assert fail(2).response.status_code == 200


def test_a_name_that_nobody_has_is_locked_out_like_any_other():
    assert fail(username="nobody").response.status_code == 429


@pytest.mark.parametrize(
    ("address", "field"),
    [
        ("/accounts/email/", "password"),
        ("/accounts/password/", "old_password"),
        ("/accounts/delete/", "password"),
    ],
)
def test_a_form_that_asks_for_the_password_counts_too(alice, address, field):
    window = Browser(alice)
    for _ in range(3):
        page = window.get(address)
        new = {"new_password1": "entirely new", "new_password2": "entirely new"}
        typed = {field: "wrong", "understood": "on", **new}
        answer = window.submit(page, page.one("main").one("form"), **typed)
    assert answer.response.status_code == 429
    assert "entirely new" not in str(AccessAttempt.objects.values())


def test_no_password_is_kept_of_an_attempt():
    fail(1)
    assert "wrong" not in str(AccessAttempt.objects.values())


def test_nothing_is_kept_of_who_logs_in():
    assert is_in(log_in())
    assert not AccessAttempt.objects.exists()
    assert not AccessLog.objects.exists()


def test_a_request_of_somebody_logged_in_asks_nothing_of_it(alice):
    window = Browser(alice)
    window.get("/")
    with CaptureQueriesContext(connection) as queries:
        window.get("/")
    assert not [query for query in queries if "axes" in query["sql"]]
