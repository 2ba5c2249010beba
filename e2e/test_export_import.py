"""A person takes the account away as a file, and brings it back: to a server that was wiped, from a
device that was offline, in one piece or in parts."""

import datetime
import json
import secrets

import jsonschema
import pytest
from playwright.sync_api import expect

from e2e.actions import (
    Held,
    add_todo,
    delete,
    eventually,
    local_todo,
    log_in,
    make_account,
    new_name,
    push,
    push_edit,
    ready,
    rename,
    rename_offline,
    sync_now,
    synced,
    titles,
    toggle,
)
from e2e.test_history import open_history, steps
from e2e.test_refusals import WIDER, fulfil_with
from todos.tests.test_export import SCHEMA
from todos.uuid7 import uuid7

# Firefox, as it is driven, tells of no download.
pytestmark = pytest.mark.only_browser("chromium")

EVERYTHING = "Export everything"
# What a restored backup leaves on a device that knew of a conflict (R6).
OFFER_A_MARK = """async () => {
    const { openDatabase } = await import("/static/js/browserDB.mjs");
    const db = await openDatabase(document.documentElement.dataset.account);
    return db.write(async (store) => {
        const [record] = await store.getAllTodos();
        const clocks = { ...record.server.clocks, conflict: record.server.clocks.text };
        const copy = { ...record.server, conflict: true, clocks };
        store.putTodo({ ...record, offered: [copy] });
        return clocks.conflict;
    });
}"""


@pytest.fixture
def new_page(own_server, new_browser):
    """Return a function that opens a tab of somebody new, in a browser of their own."""

    own_server.back_up()  # which nobody has used yet

    def open_page(**options):
        page = new_browser(base_url=own_server.url, **options).new_page()
        make_account(page, new_name("alice"))
        return page

    return open_page


def download(page, press):
    """Press something, and return what came as a file, which is as the schema says."""
    with page.expect_download() as download:
        press()
    assert download.value.suggested_filename.startswith("simplesync-")
    file = json.loads(download.value.path().read_text(encoding="utf-8"))
    jsonschema.validate(file, SCHEMA)
    return file


def export(page):
    """Export everything from the account page."""
    page.goto("/accounts/")
    return download(page, page.get_by_role("link", name=EVERYTHING).click)


def import_file(page, content):
    """Import by the form of the account page, and return where it says what came of it."""
    if not isinstance(content, bytes):
        content = json.dumps(content).encode()
    page.goto("/accounts/")
    file = {"name": "simplesync.json", "mimeType": "application/json", "buffer": content}
    page.get_by_label("Import a file").set_input_files(file)
    page.get_by_role("button", name="Import", exact=True).click()
    return page.locator(".imported")


def live_in(page):
    """Use the list for a while: everything there is comes into the history."""
    push(page, ["Buy milk", "Call mum", "Sell the car"])
    page.goto("/")
    synced(page)
    rename(page, "Buy milk", "Buy oat milk")
    expect(titles(page)).to_have_text(["Buy oat milk", "Call mum", "Sell the car"])
    toggle(page, "Call mum")
    delete(page, "Sell the car")
    eventually(lambda: local_todo(page, "Sell the car")["deleted"], page)
    synced(page)


def many(count):
    """Return a file with so many todos, a third of which have a former text."""
    first = 1_790_000_000_000  # ms
    todos, history = [], []
    for number in range(count):
        old, new = (f"{first + ms:015}-0000-{secrets.token_hex(8)}" for ms in (0, 1))
        clocks = dict.fromkeys(("text", "completed", "position", "deleted"), new)
        todo = {"id": str(uuid7()), "text": f"Todo {number}", "completed": False}
        todos.append({**todo, "position": f"b{number:05}1", "deleted": False, "clocks": clocks})
        if number % 3 == 0:
            value = {"todo": todo["id"], "field": "text", "value": f"Before {number}"}
            history.append({**value, "stamp": old, "replacedAt": "2026-09-21T14:13:20.001482Z"})
    head = {"format": "simplesync-account", "version": 1}
    return {**head, "todos": todos, "history": history}


def in_order(file):
    """Return what has to be equal in two files."""
    todos = sorted(file["todos"], key=lambda todo: todo["id"])
    history = [each | {"replacedAt": time_of(each)} for each in file["history"]]
    return todos, sorted(history, key=lambda each: (each["todo"], each["field"], each["stamp"]))


def time_of(value):
    """Return when a value was replaced: devices and servers write as many digits as they know."""
    return datetime.datetime.fromisoformat(value["replacedAt"])


def test_what_was_exported_comes_back_on_a_server_that_was_wiped(own_server, new_page):
    page = new_page()
    live_in(page)
    file = export(page)
    assert [len(file[name]) for name in ("todos", "history", "devices")] == [3, 3, 2]
    page.context.close()
    own_server.restore()  # as it was then: empty
    page = new_page()
    expect(import_file(page, file)).to_contain_text("2 added")
    page.goto("/")
    synced(page)
    expect(titles(page)).to_have_text(["Buy oat milk", "Call mum"])
    again = export(page)
    assert (again["todos"], again["history"]) == (file["todos"], file["history"])
    assert again["account"] != file["account"]
    expect(import_file(page, again)).to_contain_text("0 added, 0 changed, 3 were there, 0 refused")


def test_without_javascript_it_does_too(own_server, new_page):
    page = new_page()
    live_in(page)
    file = export(page)
    page.context.close()
    own_server.restore()  # as it was then: empty
    page = new_page(java_script_enabled=False)
    expect(import_file(page, file)).to_contain_text("2 added")
    again = export(page)
    assert (again["todos"], again["history"]) == (file["todos"], file["history"])


def test_an_export_that_takes_long_goes_under_a_bar_and_one_that_fails_says_so(new_page):
    page = new_page()
    page.goto("/accounts/")
    held = Held(page, "**/accounts/export/")
    bar = page.locator(".files progress")

    def press():
        page.get_by_role("link", name=EVERYTHING).click()
        expect(bar).to_be_visible()
        held.one()
        held.release()

    download(page, press)
    expect(bar).to_be_hidden()
    page.unroute("**/accounts/export/")
    page.route("**/accounts/export/", lambda route: route.fulfill(status=500))
    page.get_by_role("link", name=EVERYTHING).click()
    expect(page.locator(".files .error")).to_have_text("The server could not export. Try again.")


def test_a_large_file_goes_in_parts_under_a_bar(new_page):
    page = new_page()
    file = many(4_000) | {"historyBegins": "2026-09-01T00:00:00Z"}
    file["todos"].insert(3_333, {"id": "none", "clocks": {}})
    sizes, shown = [], []

    def note(route):
        sizes.append(len(route.request.post_data_buffer))
        shown.append(page.evaluate("document.querySelector('.files progress').value"))
        route.continue_()

    page.route("**/accounts/import/", note)
    result = import_file(page, file)
    expect(result).to_contain_text("4000 added, 0 changed, 0 were there, 1 refused", timeout=60_000)
    expect(result).to_contain_text("1334 former values")
    expect(result).to_contain_text("Todo 3334: The id is not a UUID in lower case.")
    expect(page.locator(".files progress")).to_be_hidden()
    assert max(sizes) < 1_000_000
    assert len(shown) == 9 + 3
    assert shown == sorted(shown)
    del file["todos"][3_333]
    again = export(page)
    assert in_order(again) == in_order(file)
    assert again["historyBegins"] == "2026-09-01T00:00:00Z"


def test_what_stopped_in_the_middle_goes_on_when_the_file_is_imported_again(new_page):
    page = new_page()
    page.clock.install()  # so that the pauses between attempts are nobody's
    parts = []

    def answer_two(route):
        parts.append(route)
        if len(parts) > 2:
            route.abort()
        else:
            route.continue_()

    page.route("**/accounts/import/", answer_two)
    file = many(4_000)
    result = import_file(page, file)
    alert = page.locator(".files .error")

    def has_stopped():
        page.clock.run_for(10_000)
        return alert.is_visible()

    eventually(has_stopped, page)
    expect(alert).to_contain_text("import the same file again")
    page.unroute("**/accounts/import/")
    import_file(page, file)
    expect(result).to_contain_text("3000 added, 0 changed, 1000 were there", timeout=60_000)


def test_a_large_file_that_is_no_export_is_refused_with_a_sentence(new_page):
    page = new_page()
    import_file(page, b"x" * 2_000_000)
    expect(page.get_by_role("alert")).to_contain_text("The file is no JSON")


def test_without_javascript_a_large_file_goes_in_one_piece_and_one_that_is_too_large_does_not(
    new_page, tmp_path
):
    page = new_page(java_script_enabled=False)
    result = import_file(page, many(4_000))
    expect(result).to_contain_text("4000 added", timeout=60_000)
    expect(result).to_contain_text("1334 former values")
    huge = tmp_path / "huge.json"
    huge.write_bytes(b" " * 100_000_001)
    page.goto("/accounts/")
    page.get_by_label("Import a file").set_input_files(huge)
    page.get_by_role("button", name="Import", exact=True).click()
    expect(page.locator("body")).to_contain_text("larger than 100 MB, and nothing was imported")


def test_a_device_exports_what_it_has_without_a_server(own_server, new_page):
    page = new_page(service_workers="allow")
    live_in(page)
    expect(steps(open_history(page, "Buy oat milk"))).to_have_count(2)
    expect(page.get_by_role("dialog").get_by_role("status")).to_be_empty()  # it is kept now
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    own_server.kill()
    page.goto("/")
    ready(page)
    add_todo(page, "written offline")
    rename(page, "Buy oat milk", "Buy soy milk")
    eventually(lambda: local_todo(page, "Buy soy milk"), page)
    file = download(page, page.get_by_role("button", name="Export").click)
    assert (file["from"], file["complete"]) == ("device", True)
    assert len(file["todos"]) == 4
    assert [each["value"] for each in file["history"]] == ["Buy oat milk", "Buy milk"]
    page.context.close()
    own_server.restore()  # as it was then: empty
    page = new_page()
    result = import_file(page, file)
    expect(result).to_contain_text("3 added, 0 changed, 0 were there, 0 refused")
    expect(result).to_contain_text("2 former values")
    result = import_file(page, file)
    expect(result).to_contain_text("0 added, 0 changed, 4 were there, 0 refused")
    expect(result).to_contain_text("0 former values")
    page.goto("/")
    synced(page)
    expect(titles(page)).to_have_text(["Buy soy milk", "Call mum", "written offline"])
    again = download(page, page.get_by_role("button", name="Export").click)
    assert [todo for todo in in_order(file)[0] if not todo["deleted"]] == in_order(again)[0]
    assert in_order(export(page)) == in_order(file)


def test_a_devices_export_says_where_history_begins_and_has_none_of_what_was_emptied(
    own_server, new_page
):
    page = new_page()
    push(page, ["Buy milk"])
    own_server.rows("UPDATE todos_syncstate SET history_begins = 1788220800000")
    page.goto("/")
    synced(page)
    rename(page, "Buy milk", "Buy oat milk")
    expect(titles(page)).to_have_text(["Buy oat milk"])
    synced(page)
    expect(steps(open_history(page, "Buy oat milk"))).to_have_count(2)
    expect(page.get_by_role("dialog").get_by_role("status")).to_contain_text("is no longer kept.")
    page.keyboard.press("Escape")
    press = page.get_by_role("button", name="Export").click
    file = download(page, press)
    assert [each["value"] for each in file["history"]] == ["Buy milk"]
    assert file["historyBegins"] == "2026-09-01T00:00:00.000Z"
    milk = local_todo(page, "Buy oat milk")
    push_edit(page, milk, text="", position="", deleted=True)  # as emptying does
    sync_now(page)
    expect(titles(page)).to_have_count(0)
    assert download(page, press)["history"] == []


def test_a_phone_that_is_offline_while_an_old_backup_is_imported_keeps_its_rename(
    own_server, new_page, new_browser
):
    laptop = new_page()
    push(laptop, ["Buy milk"])
    backup = export(laptop)
    backup["todos"] += many(1)["todos"]
    laptop.goto("/")
    synced(laptop)
    rename(laptop, "Buy milk", "Buy oat milk")
    expect(titles(laptop)).to_have_text(["Buy oat milk"])
    synced(laptop)
    phone = new_browser(base_url=own_server.url).new_page()
    log_in(phone, *own_server.rows("SELECT username FROM accounts_user")[0])
    synced(phone)
    rename_offline(phone, "Buy oat milk", "Buy soy milk")
    result = import_file(laptop, backup)
    expect(result).to_contain_text("1 added, 0 changed, 1 were there, 0 refused")
    phone.unroute("**/sync")
    sync_now(phone)
    both = ["Todo 0", "Buy soy milk"]
    expect(titles(phone)).to_have_text(both)
    synced(phone)
    result = import_file(laptop, backup)
    expect(result).to_contain_text("0 added, 0 changed, 2 were there, 0 refused")
    former = [each["value"] for each in export(laptop)["history"]]
    assert sorted(former) == ["Buy milk", "Buy oat milk"]
    laptop.goto("/")
    synced(laptop)
    expect(titles(laptop)).to_have_text(both)


def test_a_device_that_has_not_everything_says_so(new_page):
    page = new_page()
    push(page, ["Buy milk"])
    page.route("**/sync", lambda route: route.abort())
    page.goto("/")
    ready(page)
    file = download(page, page.get_by_role("button", name="Export").click)
    assert not file["complete"]
    assert [todo["text"] for todo in file["todos"]] == ["Buy milk"]
    page.unroute("**/sync")
    sync_now(page)
    synced(page)
    assert download(page, page.get_by_role("button", name="Export").click)["complete"]


def test_an_edit_that_the_server_refuses_is_in_the_file_beside_what_the_server_has(new_page):
    page = new_page()
    push(page, ["Buy milk"])
    page.goto("/")
    synced(page)
    page.route("**/main*.mjs", lambda route: fulfil_with(route, WIDER))
    page.reload()
    synced(page)
    rename(page, "Buy milk", "x" * 2_500)
    expect(page.locator("[data-rejected]")).to_be_visible()
    file = download(page, page.get_by_role("button", name="Export").click)
    assert [todo["text"] for todo in file["todos"]] == ["x" * 2_500]
    assert [each["value"] for each in file["history"]] == ["Buy milk"]
    result = import_file(page, file)
    expect(result).to_contain_text("1 refused")
    expect(result).to_contain_text("The text is longer than 2000 characters.")


def test_a_former_copy_with_a_field_that_the_todo_has_not_is_in_the_file(new_page):
    page = new_page()
    push(page, ["Buy milk"])
    page.goto("/")
    synced(page)
    page.route("**/sync", lambda route: route.abort())
    stamp = page.evaluate(OFFER_A_MARK)
    file = download(page, page.get_by_role("button", name="Export").click)
    assert [(each["field"], each["stamp"]) for each in file["history"]] == [("conflict", stamp)]


def test_the_calendar_is_a_file_too(new_page):
    page = new_page()
    push(page, ["Buy milk"])
    page.goto("/accounts/")
    with page.expect_download() as download:
        page.get_by_role("link", name="Export the list as a calendar").click()
    assert download.value.suggested_filename.endswith(".ics")
    assert "SUMMARY:Buy milk" in download.value.path().read_text(encoding="utf-8")
