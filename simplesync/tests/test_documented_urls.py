"""The page of addresses says what urls.py does: which there are, by which methods, and for whom."""

import re
from pathlib import Path

import pytest
from django.urls import get_resolver

ROOT = Path(__file__).resolve().parent.parent.parent
PAGE = (ROOT / "docs/reference/urls.md").read_text(encoding="utf-8")
ROWS = re.findall(r"^\| `(/\S*)` \| ([A-Z, ]+) \| ([\w ]+) \|", PAGE, re.MULTILINE)
ASKED = [(address, methods.split(", "), who) for address, methods, who in ROWS if who != "staff"]
ABSENT = "01a205a2-23b2-7b58-830c-46f0395919dc"
JSON = "application/json"
LENIENT = {"/accounts/reset/<uidb64>/<token>/", "/api/openapi.json"}  # as GET, whatever is asked


def addresses(patterns, before="/"):
    """Give each address that there is, as the page writes it."""
    for pattern in patterns:
        address = before + re.sub(r"<\w+:", "<", str(pattern.pattern))
        if hasattr(pattern, "url_patterns") and address != "/admin/":
            yield from addresses(pattern.url_patterns, address)
        else:
            yield address


def ask(client, address, method):
    """Return the answer to a request for an address, whose parts are of nothing that there is."""
    address = re.sub(r"<uid>", ABSENT, address)
    return client.generic(method, re.sub(r"<\w+>", "x", address), "{}", content_type=JSON)


def test_each_address_is_on_the_page_once_and_no_other():
    listed = [address for address, _, _ in ROWS]
    assert set(listed) == set(addresses(get_resolver().url_patterns))
    assert len(listed) == len(set(listed))


@pytest.mark.django_db
@pytest.mark.parametrize(("address", "methods", "who"), ASKED, ids=str)
def test_it_is_for_whom_the_page_says(client, address, methods, who):
    for method in methods:
        answer = ask(client, address, method)
        led_away = answer.status_code == 302 and answer.url.startswith("/accounts/login/")
        refused = answer.status_code == 401 and address != "/metrics"
        logged_out = address == "/accounts/logout/"  # and led to the log-in, as anybody is
        assert (led_away or refused) == (who == "logged in") or logged_out, answer


@pytest.mark.parametrize(("address", "methods", "who"), ASKED, ids=str)
def test_it_takes_no_other_method(client, alice, address, methods, who):
    if who == "logged in":
        client.force_login(alice)
    others = {"GET", "POST", "DELETE"} - set(methods)
    for method in others if address not in LENIENT else ():
        assert ask(client, address, method).status_code == 405, method
