"""What every page tells the browser to forbid, and that our pages need nothing of it."""

import hashlib
import json
import re
from base64 import b64encode

import pytest
from django.conf import settings

from simplesync.tests.pages import Browser
from todos.tests import lists
from todos.tests.devices import Device

MODULES = {
    path.name
    for path in (settings.BASE_DIR / "static" / "js").glob("*.mjs")
    if not path.name.startswith("service-worker")  # no page's
}
OURS = [
    *("/", "/active", "/completed", "/todos/{uid}/edit/"),
    *("/accounts/", "/accounts/password/", "/accounts/login/", "/accounts/signup/"),
]
ADMIN = [
    "/admin/",
    "/admin/todos/todo/",
    "/admin/todos/todo/{pk}/change/",
    "/admin/accounts/user/",
    "/admin/accounts/device/",
    "/admin/todos/todo/{pk}/history/",
    "/admin/accounts/user/add/",
    "/admin/login/",
]
OTHERS = ["/nowhere", "/admin/nowhere/", "/sync", "/api/openapi.json", "/todos/add/"]
LISTS = ["/", "/active", "/completed"]


@pytest.fixture
def answer(olga):
    """Return what an address answers to Olga, or to nobody where Olga would be led elsewhere."""
    (todo,) = lists.add(olga, "Buy milk")
    lists.edit(todo, completed=True)

    def get(address):
        window = Browser() if "/login/" in address or "/signup/" in address else Browser(olga)
        return window.client.get(address.format(uid=todo.uid, pk=todo.pk))

    return get


def policy(response):
    """Return the directives of the Content-Security-Policy."""
    words = [
        part.split() for part in response["Content-Security-Policy"].split(";") if part.strip()
    ]
    return {name: set(sources) for name, *sources in words}


def digest(text):
    return f"'sha256-{b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def import_map(content):
    """Return the bytes between the tags of the import map."""
    (text,) = re.findall(r'<script type="importmap">(.*?)</script>', content, re.DOTALL)
    return text


# The policy


@pytest.mark.parametrize("address", OURS + ADMIN + OTHERS)
def test_every_answer_has_a_strict_policy(answer, address):
    response = answer(address)
    directives = policy(response)
    assert "unsafe" not in response["Content-Security-Policy"]
    assert directives.pop("script-src") <= {"'self'", digest_of_map(answer)}
    assert directives == {
        "default-src": {"'none'"},
        "style-src": {"'self'"},
        "img-src": {"'self'", "data:"},
        "font-src": {"'self'"},
        "connect-src": {"'self'"},
        "manifest-src": {"'self'"},
        "worker-src": {"'self'"},
        "base-uri": {"'self'" if address in LISTS else "'none'"},
        "form-action": {"'self'"},
        "frame-ancestors": {"'none'"},
    }


def digest_of_map(answer):
    return digest(import_map(answer("/").content.decode()))


@pytest.mark.parametrize("address", [a for a in OURS + ADMIN + OTHERS if a not in LISTS])
def test_only_lists_allow_an_import_map(answer, address):
    response = answer(address)
    assert policy(response)["script-src"] == {"'self'"}
    assert b"importmap" not in response.content


@pytest.mark.parametrize("address", LISTS)
def test_the_map_is_allowed_by_the_hash_of_its_bytes_in_the_page(answer, address):
    response = answer(address)
    text = import_map(response.content.decode())
    assert policy(response)["script-src"] == {"'self'", digest(text)}


def test_a_refused_form_has_its_map_allowed_too(olga):
    window = Browser(olga)
    page = window.get("/")
    refused = window.submit(page, page.one("form", class_="add-form"), text="").response
    assert refused.status_code == 400
    assert digest(import_map(refused.content.decode())) in policy(refused)["script-src"]


def test_a_reply_of_the_sync_has_the_policy(alice):
    phone = Device(alice)
    response = phone.post(phone.body())
    assert response.status_code == 200
    assert policy(response)["default-src"] == {"'none'"}
    assert response["Content-Type"] == "application/json"


def test_a_form_without_its_token_is_refused_under_the_policy(olga):
    response = Browser(olga).client.post("/todos/add/", {"text": "x"})
    assert response.status_code == 403
    assert policy(response)["script-src"] == {"'self'"}


# The import map


def test_every_module_is_in_the_map_and_preloaded(answer, olga):
    imports = json.loads(import_map(answer("/").content.decode()))["imports"]
    assert {address.rpartition("/")[2] for address in imports} == MODULES
    assert set(imports) == {f"{settings.STATIC_URL}js/{name}" for name in MODULES}
    page = Browser(olga).get("/")
    preloaded = [link.attrs["href"] for link in page.all("link", rel="modulepreload")]
    assert sorted(preloaded) == sorted(imports.values())


def test_the_map_stands_before_any_module(answer):
    content = answer("/").content
    first = min(content.index(b"modulepreload"), content.index(b'type="module"'))
    assert content.index(b"importmap") < first


def test_the_map_ends_where_its_json_ends(answer):
    assert "<" not in import_map(answer("/").content.decode())


# Our pages need nothing of what is forbidden


@pytest.mark.parametrize("address", OURS + OTHERS)
def test_no_page_of_ours_has_anything_inline(olga, address):
    (todo,) = lists.add(olga, "Buy milk")
    window = Browser() if "/accounts/" in address else Browser(olga)
    address = address.format(uid=todo.uid)
    page = window.get(address, status=window.client.get(address).status_code)
    for script in page.all("script"):
        assert script.attrs.get("src") or script.attrs == {"type": "importmap"}
    assert page.all("style") == []
    for element in page.all():
        for name, value in element.attrs.items():
            assert name != "style"
            assert not name.startswith("on")
            assert not value.lower().strip().startswith("javascript:")


@pytest.mark.parametrize("address", ADMIN)
def test_no_page_of_the_admin_has_a_script_or_style_inline(answer, olga, address):
    content = answer(address).content.decode()
    assert re.findall(r"<script(?![^>]*\bsrc=)(?![^>]*application/json)", content) == []
    assert re.findall(r"<style\b|\sstyle=|\son[a-z]+=", content) == []


@pytest.mark.parametrize("address", OURS + ADMIN)
def test_everything_that_a_page_loads_is_of_this_site(answer, address):
    content = answer(address).content.decode()
    loaded = re.findall(r'<(?:script|img|link)\b[^>]*\b(?:src|href)="([^"]*)"', content)
    assert loaded
    assert [link for link in loaded if not re.match(r"/(?!/)", link)] == []


# The other headers


@pytest.mark.parametrize("address", OURS + ADMIN + OTHERS)
@pytest.mark.parametrize(
    ("header", "value"),
    [
        ("X-Content-Type-Options", "nosniff"),
        ("X-Frame-Options", "DENY"),
        ("Referrer-Policy", "same-origin"),
        ("Cross-Origin-Opener-Policy", "same-origin"),
    ],
)
def test_every_answer_has_the_other_headers(answer, address, header, value):
    assert answer(address)[header] == value


@pytest.mark.parametrize("address", OURS + ADMIN + OTHERS)
def test_no_cache_keeps_any_answer(answer, address):
    directives = set(answer(address)["Cache-Control"].split(", "))
    assert {"no-store", "private"} <= directives


@pytest.mark.parametrize("secure", [True, False])
def test_cookies_are_for_https_only_when_there_is_https(settings, alice, secure):
    settings.SESSION_COOKIE_SECURE = settings.CSRF_COOKIE_SECURE = secure
    window = Browser()
    page = window.get("/accounts/login/")
    password = "correct horse battery staple"
    form = page.one("form")
    answer = window.submit(page, form, username="alice", password=password).response
    cookies = answer.cookies
    assert bool(cookies["sessionid"]["secure"]) is bool(cookies["csrftoken"]["secure"]) is secure
    assert cookies["sessionid"]["httponly"] is True
    assert not cookies["csrftoken"]["httponly"], "the script reads it"
    assert {cookie["samesite"] for cookie in cookies.values()} == {"Lax"}
