"""What lives at the root for the app to start without a network."""

import json
import re

import pytest
from django.test import Client

from simplesync import pwa
from simplesync.tests.pages import Browser
from todos.tests import lists

ADDRESSES = ["/service-worker.js", "/manifest.webmanifest", "/shell/"]


def skeleton(page):
    """Return the elements of a page: names, classes and what they are for."""
    named = ("id", "class", "type", "name", "data-testid", "role", "aria-label")
    return [(element.tag, *(element.attrs.get(name) for name in named)) for element in page.all()]


@pytest.mark.parametrize("address", ADDRESSES)
@pytest.mark.django_db
def test_it_is_the_same_for_everybody_and_asks_for_no_log_in(address, alice):
    alices = Client()
    alices.force_login(alice)
    lists.add(alice, "Buy milk")
    answers = [client.get(address) for client in (Client(), alices)]
    assert [answer.status_code for answer in answers] == [200, 200]
    assert answers[0].content == answers[1].content
    for answer in answers:
        assert not answer.cookies
        assert answer["Cache-Control"] == "no-cache"


def test_the_shell_and_the_page_are_one_template(alice):
    """But for a token and the facts of the person: an empty list looks like nobody's."""
    page = Browser(alice).get("/")
    shell = Browser(alice).get("/shell/")
    assert skeleton(shell) == skeleton(page)


def test_the_shell_may_use_its_import_map(alice):
    answer = Client().get("/shell/")
    [digest] = re.findall(r"'sha256-[^']+'", Client().get("/shell/")["Content-Security-Policy"])
    assert digest in answer["Content-Security-Policy"]
    assert "importmap" in answer.content.decode()


def build(client):
    """Return what the worker is told of its build."""
    source = client.get("/service-worker.js").content.decode()
    first, _, _ = source.partition(";\n")
    return json.loads(first.removeprefix("self.BUILD = "))


def test_the_worker_is_told_all_that_the_shell_asks_for(client, alice):
    shell = client.get("/shell/").content.decode()
    told = build(client)
    asked = re.findall(r'(?:href|src)="(/static/[^"]+\.(?:mjs|css))"', shell)
    assert asked
    assert set(asked) <= set(told["assets"])
    assert told["pages"] == ["/", "/active", "/completed"]


def test_the_worker_imports_by_addresses_that_need_no_map(client, db):
    source = client.get("/service-worker.js").content.decode()
    addresses = re.findall(r'from ?"([^"]+)"', source)
    assert "/static/js/sync.mjs" in addresses
    for address in addresses:
        assert (pwa.STATIC / address.removeprefix("/static/")).exists()


@pytest.mark.parametrize("debug", [True, False])
def test_the_worker_has_its_comments_only_while_files_are_worked_on(client, db, settings, debug):
    settings.DEBUG = debug
    source = client.get("/service-worker.js").content.decode()
    assert ("/** Keep this version's files" in source) == debug


def test_the_page_the_shell_and_the_worker_are_of_one_version(client, alice):
    client.force_login(alice)
    version = build(client)["version"]
    for address in ("/", "/shell/"):
        assert f'data-version="{version}"' in client.get(address).content.decode()


def test_any_change_of_a_file_is_another_version(monkeypatch, tmp_path):
    before = pwa.compute_version()
    (tmp_path / "new.mjs").write_text("// new")
    files = pwa.files_of_the_app()
    monkeypatch.setattr(pwa, "files_of_the_app", lambda: [*files, tmp_path / "new.mjs"])
    assert pwa.compute_version() != before


def test_the_same_files_served_otherwise_are_another_version(monkeypatch):
    before = pwa.compute_version()
    other = pwa.import_map()._replace(
        json='{"imports": {"/static/js/x.mjs": "/static/js/x.0.mjs"}}'
    )
    monkeypatch.setattr(pwa, "import_map", lambda: other)
    assert pwa.compute_version() != before


def test_the_switch_takes_the_worker_away(client, alice, settings):
    settings.SERVICE_WORKER = False
    client.force_login(alice)
    assert "unregister()" in client.get("/service-worker.js").content.decode()
    assert 'data-worker="off"' in client.get("/").content.decode()


def test_the_manifest_names_icons_that_are_there(client, db):
    manifest = client.get("/manifest.webmanifest")
    assert manifest["Content-Type"] == "application/manifest+json"
    content = manifest.json()
    assert (content["start_url"], content["display"]) == ("/", "standalone")
    assert {"192x192", "512x512"} <= {icon["sizes"] for icon in content["icons"]}
    for icon in content["icons"]:
        assert (pwa.STATIC / icon["src"].removeprefix("/static/")).exists()
    for shortcut in content["shortcuts"]:
        assert shortcut["url"] in ("/", "/active")


def test_each_page_names_the_manifest(client, db):
    assert (
        '<link rel="manifest" href="/manifest.webmanifest">'
        in client.get("/accounts/login/").content.decode()
    )
