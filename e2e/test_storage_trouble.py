"""Whatever the browser's storage does: no edit is lost unseen, and the page says what helps."""

import re

import pytest
from playwright.sync_api import expect

from e2e.actions import (
    SCRIPTS,
    add_todo,
    cut_off,
    eventually,
    local,
    local_todo,
    new_name,
    ready,
    rename,
    row,
    sign_up,
    status,
    sync_now,
    synced,
    titles,
    toggle,
)

LONG = 11_000  # ms: longer than the page waits for the storage

CLOSE_ONCE = """() => {
    const { transaction } = IDBDatabase.prototype;
    IDBDatabase.prototype.transaction = function (...values) {
        IDBDatabase.prototype.transaction = transaction;
        this.close();
        return transaction.apply(this, values);
    };
}"""
ABORT_ONCE = """() => {
    const { put } = IDBObjectStore.prototype;
    IDBObjectStore.prototype.put = function (...values) {
        if (this.name !== "todos") return put.apply(this, values);
        IDBObjectStore.prototype.put = put;
        const request = put.apply(this, values);
        this.transaction.abort();
        return request;
    };
}"""
CLOSE_FOR_GOOD = """() => {
    const { transaction } = IDBDatabase.prototype;
    IDBDatabase.prototype.transaction = function (...values) {
        this.close();
        return transaction.apply(this, values);
    };
    window.mend = () => (IDBDatabase.prototype.transaction = transaction);
}"""
NEVER_OPENS = "IDBFactory.prototype.open = () => ({});"
WITHOUT_INDEXED_DB = "Object.defineProperty(window, 'indexedDB', { value: undefined });"
FORBIDDEN = """Object.defineProperty(window, "indexedDB", {
    get() { throw new DOMException("not here", "SecurityError"); },
});"""
# Until it is deleted, as the disk would have it.
DAMAGED = """if (!localStorage.deleted) {
    const { open, deleteDatabase } = IDBFactory.prototype;
    IDBFactory.prototype.open = () => {
        throw new DOMException("Internal error opening backing store", "UnknownError");
    };
    IDBFactory.prototype.deleteDatabase = function (name) {
        localStorage.deleted = name;
        return deleteDatabase.call(this, name);
    };
}"""
ONE_BAD_ROW = """if (!localStorage.deleted) {
    const bad = () => { throw new DOMException("cannot be read", "DataError"); };
    const { getAll, get } = IDBObjectStore.prototype;
    IDBObjectStore.prototype.getAll = bad;
    IDBObjectStore.prototype.get = function (key) {
        return key === localStorage.bad ? bad() : get.call(this, key);
    };
    const { deleteDatabase } = IDBFactory.prototype;
    IDBFactory.prototype.deleteDatabase = function (name) {
        localStorage.deleted = name;
        return deleteDatabase.call(this, name);
    };
}"""
DELETE = """indexedDB.databases().then(([{ name }]) => new Promise((resolve) => {
    indexedDB.deleteDatabase(name).onsuccess = resolve;
}))"""
SET_BACK = "() => { const { now } = Date; Date.now = () => now() - 60_000; }"
FILL_UP = """async () => {
    const answer = (request) => new Promise((resolve, reject) => {
        request.onsuccess = () => resolve(request.result);
        request.onerror = (event) => event.preventDefault() ?? reject(request.error);
    });
    const request = indexedDB.open("filler");
    request.onupgradeneeded = () => request.result.createObjectStore("filling");
    const db = await answer(request);
    let key = 0;
    for (const size of [100_000, 10_000, 1_000])
        for (let full = false; !full; key += 1) {
            const tx = db.transaction("filling", "readwrite");
            const done = new Promise((resolve) => {
                tx.oncomplete = () => resolve(false);
                tx.onabort = () => resolve(true);
            });
            tx.objectStore("filling").put("x".repeat(size), key);
            full = await done;
        }
    db.close();
}"""
COUNT_ASKS = """(() => {
    let asks = 0;
    StorageManager.prototype.persist = async () => {
        asks += 1;
        return true;
    };
    window.asks = () => asks;
})()"""

pytestmark = pytest.mark.usefixtures("milk")


def in_memory(page):
    """Wait until the server has everything of a page that keeps nothing."""
    ready(page)
    expect(status(page)).to_have_attribute("data-state", "synced")
    expect(status(page)).to_have_attribute("data-pending", "0")


def add_in_memory(page, text):
    page.get_by_placeholder("What needs to be done?").fill(text)
    page.keyboard.press("Enter")
    expect(row(page, text)).to_be_visible()


def is_seen_elsewhere(page, *texts):
    """The server has it: a tab whose storage works shows it."""
    other = page.context.new_page()
    other.goto("/")
    synced(other)
    expect(titles(other)).to_have_text(list(texts))
    other.close()


def offline(page):
    cut_off(page)


def online(page):
    page.unroute("**/sync")
    sync_now(page)


# A handle that was lost


@pytest.mark.parametrize("lose", [CLOSE_ONCE, ABORT_ONCE], ids=["closed", "aborted"])
def test_f4_f5_an_edit_whose_handle_was_lost_is_kept_with_a_new_one(page, lose):
    offline(page)
    page.evaluate(lose)
    add_todo(page, "precious")
    expect(status(page)).not_to_contain_text("could not keep")
    online(page)
    synced(page)


def test_f4_what_no_handle_can_keep_is_told_and_given_back(page):
    page.evaluate(CLOSE_FOR_GOOD)
    rename(page, "Buy milk", "Buy oat milk")
    expect(status(page)).to_have_text("This browser could not keep the last change.")
    expect(page.get_by_label("Edit", exact=True)).to_have_value("Buy oat milk")
    page.evaluate("void mend()")
    page.keyboard.press("Enter")
    expect(titles(page)).to_have_text(["Buy oat milk"])
    synced(page)


@pytest.mark.any_engine
def test_f10_a_store_that_another_tab_holds_for_ever_is_not_waited_for(page):
    page.clock.install()
    page.reload()
    synced(page)
    page.evaluate((SCRIPTS / "hold-store.js").read_text(encoding="utf-8"))
    rename(page, "Buy milk", "Buy oat milk")
    expect(status(page)).to_have_text("Saving…")
    page.clock.fast_forward(LONG)
    expect(status(page)).to_have_text(
        "This browser could not keep the last change: its storage does not answer."
        " Please close the other tabs of this app, then try again."
    )
    page.evaluate("void letGo()")
    page.keyboard.press("Enter")
    synced(page)
    expect(titles(page)).to_have_text(["Buy oat milk"])


# No store at all


@pytest.mark.parametrize("script", [WITHOUT_INDEXED_DB, FORBIDDEN], ids=["none", "forbidden"])
@pytest.mark.any_engine
def test_without_indexed_db_edits_live_in_memory_and_are_sent_at_once(page, script):
    page.add_init_script(script)
    page.reload()
    in_memory(page)
    expect(status(page)).to_have_text(
        "All todos are saved on the server. This browser keeps nothing on this device."
    )
    add_in_memory(page, "Call mum")
    toggle(page, "Buy milk")
    in_memory(page)
    expect(titles(page)).to_have_text(["Buy milk", "Call mum"])
    is_there = page.context.new_page()
    is_there.goto("/active")
    synced(is_there)
    expect(titles(is_there)).to_have_text(["Call mum"])


@pytest.mark.any_engine
def test_without_indexed_db_what_is_not_sent_is_not_called_saved_and_leaving_asks(page):
    page.add_init_script(WITHOUT_INDEXED_DB)
    page.reload()
    in_memory(page)
    offline(page)
    add_in_memory(page, "Call mum")
    expect(status(page)).to_have_text(
        "The server cannot be reached: 1 todo is saved nowhere yet."
        " This browser keeps nothing on this device."
    )
    expect(status(page)).to_have_attribute("data-pending", "1")
    expect(row(page, "Call mum").get_by_text("Not on the server yet")).to_be_visible()
    questions = []
    page.once("dialog", lambda dialog: (questions.append(dialog.type), dialog.dismiss()))
    page.evaluate("location.reload()")
    eventually(lambda: questions == ["beforeunload"], page)
    online(page)
    in_memory(page)
    is_seen_elsewhere(page, "Buy milk", "Call mum")


def test_f7_an_open_that_never_answers_is_given_up(page):
    page.add_init_script(NEVER_OPENS)
    page.clock.install()
    page.reload()
    expect(page.locator("html:not([data-ready]) .todoapp")).to_be_attached()
    page.clock.fast_forward(LONG)
    in_memory(page)
    expect(status(page)).to_contain_text(
        "This browser keeps nothing on this device: its storage does not answer."
        " Please close the other tabs of this app, then reload this one."
    )
    add_in_memory(page, "Call mum")
    in_memory(page)
    is_seen_elsewhere(page, "Buy milk", "Call mum")


# A store that is full


@pytest.fixture
def small(new_browser):
    """Return a function that opens a browser of so many bytes, with one that frees it."""
    page = new_browser().new_page()
    session = page.context.new_cdp_session(page)

    def limit(**quota):
        origin = page.evaluate("location.origin")
        session.send("Storage.overrideQuotaForOrigin", {"origin": origin, **quota})

    def open_small(size):
        page.goto("/accounts/login/")
        limit(quotaSize=size)
        sign_up(page, new_name("alice"))
        return page, limit

    return open_small


@pytest.mark.only_browser("chromium")
def test_f9_on_a_full_device_the_edit_is_given_back_and_what_was_kept_is_sent(small):
    page, free = small(300_000)
    synced(page)
    offline(page)
    add_todo(page, "precious")
    before = local(page)
    page.evaluate(FILL_UP)
    field = page.get_by_placeholder("What needs to be done?")
    field.fill("x" * 2_000)
    field.press("Enter")
    expect(status(page)).to_have_text(
        "This browser could not keep the last change: its storage is full."
        " Please free some space, then try again."
    )
    expect(field).to_have_value("x" * 2_000)
    assert local(page) == before
    with page.expect_response("**/sync") as answer:
        online(page)
    assert [each["status"] for each in answer.value.json()["results"]] == ["stored"]
    free()
    field.press("Enter")
    expect(titles(page)).to_have_count(2)
    synced(page)


@pytest.mark.only_browser("chromium")
def test_f9_on_a_device_that_has_always_been_full_edits_live_in_memory(small):
    page, _ = small(1)
    in_memory(page)
    expect(status(page)).to_contain_text("nothing on this device: its storage is full.")
    add_in_memory(page, "Call mum")
    in_memory(page)


# A store that is gone


@pytest.mark.parametrize(
    "lose",
    [
        "delete",
        pytest.param("clear", marks=pytest.mark.only_browser("chromium")),
    ],
)
def test_what_was_not_sent_outlives_the_database(page, lose):
    offline(page)
    rename(page, "Buy milk", "Buy oat milk")
    add_todo(page, "precious")
    if lose == "delete":
        other = page.context.new_page()
        other.goto("/trash/")  # has no scripts
        other.evaluate(DELETE)
    else:
        session = page.context.new_cdp_session(page)
        what = {"origin": page.evaluate("location.origin"), "storageTypes": "indexeddb"}
        session.send("Storage.clearDataForOrigin", what)
    page.evaluate(SET_BACK)  # the clock was lost, too: what is edited next is later all the same
    rename(page, "Buy oat milk", "Buy soy milk")
    eventually(lambda: local_todo(page, "Buy soy milk"), page)
    assert local_todo(page, "precious")["unsynced"]
    online(page)
    synced(page)
    expect(titles(page)).to_have_text(["Buy soy milk", "precious"])
    is_seen_elsewhere(page, "Buy soy milk", "precious")


def question(page):
    return page.get_by_text(re.compile("^What this browser has stored cannot be read"))


@pytest.mark.any_engine
def test_f8_a_damaged_database_is_deleted_when_asked_for_and_filled_again(page):
    page.add_init_script(DAMAGED)
    page.reload()
    in_memory(page)
    expect(question(page)).to_be_visible()
    add_in_memory(page, "Call mum")
    page.get_by_role("button", name="Delete and load again").click()
    expect(status(page)).to_have_text("All todos are saved on the server.")
    synced(page)
    expect(question(page)).to_be_hidden()
    expect(titles(page)).to_have_text(["Buy milk", "Call mum"])
    expect(status(page)).to_have_text("All todos are saved on the server.")
    assert len(local(page)) == 2


@pytest.mark.any_engine
def test_f8_what_can_be_read_of_it_is_sent_before_it_is_deleted(page):
    offline(page)
    add_todo(page, "readable")
    add_todo(page, "unreadable")
    page.evaluate("(id) => { localStorage.bad = id; }", local_todo(page, "unreadable")["id"])
    page.add_init_script(ONE_BAD_ROW)
    page.reload()
    expect(question(page)).to_be_visible()
    expect(titles(page)).to_have_text(["Buy milk", "readable"])
    page.get_by_role("button", name="Delete and load again").click()
    expect(status(page)).to_contain_text("1 todo is saved nowhere yet")
    assert page.evaluate("localStorage.deleted") is None
    online(page)
    expect(status(page)).to_have_text("All todos are saved on the server.")
    synced(page)
    expect(titles(page)).to_have_text(["Buy milk", "readable"])
    assert len(local(page)) == 2


# A store that may be thrown away


@pytest.mark.any_engine
def test_the_browser_is_asked_once_to_keep_the_store_when_there_is_something_to_keep(page):
    page.add_init_script(COUNT_ASKS)
    page.reload()
    synced(page)
    assert page.evaluate("asks()") == 0
    add_todo(page, "one")
    eventually(lambda: local(page, "meta").get("askedToPersist"), page)
    add_todo(page, "two")
    page.reload()
    synced(page)
    add_todo(page, "three")
    synced(page)
    assert page.evaluate("asks()") == 0


@pytest.mark.parametrize(
    "script",
    [
        "Object.defineProperty(navigator, 'storage', { value: undefined });",
        COUNT_ASKS.replace("return true", "return new Promise(() => {})"),
    ],
    ids=["missing", "silent"],
)
@pytest.mark.any_engine
def test_where_the_browser_cannot_be_asked_edits_are_kept_all_the_same(page, script):
    page.add_init_script(script)
    page.reload()
    synced(page)
    add_todo(page, "one")
    toggle(page, "one")
    synced(page)
    assert "askedToPersist" not in local(page, "meta")
    assert page.evaluate("window.asks?.() ?? 1") == 1
