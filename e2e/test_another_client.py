"""The client of docs/how-to/write-another-client.md, put together from the page."""

import importlib.util
import json
import re
import subprocess
import sys

import pytest

from e2e.actions import PASSWORD, new_name
from e2e.server import ROOT

PAGE = (ROOT / "docs/how-to/write-another-client.md").read_text(encoding="utf-8")
HOUR = 3_600_000  # ms
LATER = 20_000  # ms: more than a correction is wrong by, less than what is from the future


@pytest.fixture(scope="module")
def program(tmp_path_factory):
    """The page's pieces of Python, one after the other, in a file."""
    file = tmp_path_factory.mktemp("client") / "client.py"
    pieces = re.findall(r"^```python\n(.*?)^```", PAGE, re.DOTALL | re.MULTILINE)
    file.write_text("\n".join(pieces), encoding="utf-8")
    return file


@pytest.fixture(scope="module")
def module(program):
    """The same as a module."""
    spec = importlib.util.spec_from_file_location("client", program)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def own_site(own_server):
    """A server of the test's own, with Alice."""
    make_alice(own_server, "alice")
    return own_server


@pytest.fixture
def new_device(module, tmp_path):
    """Return a function that makes a device of a person's, or lets one begin anew from its file."""

    def make(server, person, name):
        device = module.Client(server.url, tmp_path / f"{name}.json")
        device.log_in(person, PASSWORD)
        return device

    return make


@pytest.fixture
def alice(server):
    """Alice, on the server that the tests share: her name."""
    return make_alice(server, new_name("alice"))


def make_alice(server, name):
    """Make an account, and return its name."""
    command = ("createsuperuser", "--noinput", f"--username={name}", "--email=alice@example.com")
    server.manage(*command, DJANGO_SUPERUSER_PASSWORD=PASSWORD)
    return name


def texts(device):
    """Return what a device shows, in its order."""
    return [todo["text"] for todo in device.todos()]


def test_what_one_device_does_the_other_gets_and_edits_that_met_are_marked(
    server, alice, new_device
):
    phone, laptop = new_device(server, alice, "phone"), new_device(server, alice, "laptop")
    milk, mum = phone.add("Buy milk"), phone.add("Call mum")
    plants = phone.add("Water the plants")
    assert texts(phone) == ["Buy milk", "Call mum", "Water the plants"]  # without a network
    phone.sync()
    laptop.sync()
    assert texts(laptop) == texts(phone)
    phone.edit(milk, text="Buy oat milk")
    laptop.kept["correction"] += LATER
    laptop.edit(milk, text="Buy bread", completed=True)
    laptop.edit(mum, deleted=True)
    phone.sync()
    laptop.sync()
    phone.sync()
    assert phone.todos() == laptop.todos()
    [first, second] = phone.todos()
    assert (first["text"], first["completed"], first["conflict"]) == ("Buy bread", True, True)
    assert second["id"] == plants
    assert "conflict" not in second
    phone.edit(milk, conflict=False)
    phone.sync()
    again = new_device(server, alice, "phone")
    assert again.todos() == phone.todos()
    assert not list(again.unsent())


def test_a_long_list_comes_in_pages_and_what_was_sent_is_not_sent_again(
    server, alice, new_device, monkeypatch
):
    phone, laptop = new_device(server, alice, "phone"), new_device(server, alice, "laptop")
    monkeypatch.setattr(phone, "save", lambda: None)  # once for all: it is a long list
    for number in range(1_010):
        phone.add(f"Todo {number}")
    phone.sync()
    assert not list(phone.unsent())
    requests = count_requests(laptop)
    laptop.sync()
    assert len(requests) == 2
    assert laptop.todos() == phone.todos()


def count_requests(device):
    """Return a list to which a device's requests to /sync are added: what each one sends."""
    requests, post = [], device.post

    def counting(todos):
        requests.append(todos)
        return post(todos)

    device.post = counting
    return requests


def test_what_a_restored_backup_does_not_have_comes_back(own_site, new_device):
    phone = new_device(own_site, "alice", "phone")
    milk = phone.add("Buy milk")
    phone.sync()
    own_site.back_up()
    phone.edit(milk, text="Buy oat milk")
    phone.add("Call mum")
    phone.sync()
    own_site.restore()
    laptop = new_device(own_site, "alice", "laptop")
    laptop.sync()
    assert texts(laptop) == ["Buy milk"]
    phone.edit(milk, completed=True)
    phone.sync()
    assert not list(phone.unsent())
    laptop.sync()
    assert laptop.todos() == phone.todos()
    assert texts(laptop) == ["Buy oat milk", "Call mum"]


def test_what_is_refused_waits_with_its_reason_and_blocks_nothing(server, alice, new_device):
    phone, laptop = new_device(server, alice, "phone"), new_device(server, alice, "laptop")
    long, milk = phone.add("x" * 2_001), phone.add("Buy milk")
    phone.sync()
    laptop.sync()
    assert texts(laptop) == ["Buy milk"]
    assert phone.todo(long)["unsent"]["text"]["refused"] == (
        "The text is longer than 2000 characters."
    )
    phone.edit(milk, text="y" * 2_001, completed=True)
    phone.sync()
    requests = count_requests(phone)
    phone.sync()
    assert requests == [[]]
    laptop.sync()
    assert [(todo["text"], todo["completed"]) for todo in laptop.todos()] == [("Buy milk", True)]
    phone.edit(long, text="short enough")
    phone.edit(milk, text="Buy oat milk")
    phone.sync()
    laptop.sync()
    assert texts(laptop) == ["short enough", "Buy oat milk"]


def test_a_wrong_clock_wins_against_nobody_and_loses_nothing(server, alice, new_device):
    phone, laptop = new_device(server, alice, "phone"), new_device(server, alice, "laptop")
    milk = phone.add("Buy milk")
    phone.sync()
    laptop.sync()
    phone.kept["correction"] = HOUR  # its clock jumps, and it has not heard so yet
    phone.edit(milk, text="written an hour ahead")
    laptop.kept["correction"] += LATER
    laptop.edit(milk, text="written later")
    phone.sync()
    assert not list(phone.unsent())
    laptop.sync()
    phone.sync()
    assert texts(phone) == texts(laptop) == ["written later"]
    values = server.rows(
        "SELECT value FROM todos_revision WHERE value LIKE ?", "%written an hour ahead%"
    )
    assert values


def test_a_server_that_is_away_is_asked_again_after_growing_pauses(own_site, new_device):
    phone = new_device(own_site, "alice", "phone")
    phone.add("Buy milk")
    own_site.kill()
    pauses = []

    def pause(seconds):
        pauses.append(seconds)
        if len(pauses) == 4:
            own_site.start()

    phone.pause = pause
    phone.sync()
    assert not list(phone.unsent())
    for failures, seconds in enumerate(pauses, start=1):
        assert 2**failures / 2 <= seconds <= 2**failures


def test_a_stale_token_is_renewed_and_who_is_signed_out_is_told_and_keeps_all(
    server, alice, new_device
):
    phone = new_device(server, alice, "phone")
    phone.pause = lambda seconds: None
    for cookie in phone.cookies:
        if cookie.name == "csrftoken":
            cookie.value = "x" * 32
    phone.add("Buy milk")
    phone.sync()
    assert not list(phone.unsent())
    phone.add("Call mum")
    phone.cookies.clear(domain="127.0.0.1", path="/", name="sessionid")
    with pytest.raises(SystemExit, match=r"Log in to sync\."):
        phone.sync()
    kept = json.loads(phone.file.read_text(encoding="utf-8"))
    assert len(kept["todos"]) == 2
    phone.log_in(alice, PASSWORD)
    phone.sync()
    assert not list(phone.unsent())


def test_it_runs_as_the_page_says(server, alice, program, tmp_path):
    def run(*texts, password=PASSWORD):
        command = [sys.executable, str(program), server.url, alice, password, *texts]
        return subprocess.run(command, cwd=tmp_path, capture_output=True, text=True)

    assert run("Buy milk").stdout == "[ ] Buy milk\n"
    assert run("Call mum").stdout == "[ ] Buy milk\n[ ] Call mum\n"
    wrong = run(password="wrong")
    assert wrong.returncode == 1
    assert "A wrong name or password" in wrong.stderr
