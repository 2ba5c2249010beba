"""A newer schema, and the article's own database: what was not sent comes through, once."""

import re
import uuid

import pytest
from playwright.sync_api import expect

from e2e.actions import (
    cut_off,
    eventually,
    local,
    local_todo,
    ready,
    rename,
    rename_offline,
    row,
    status,
    synced,
    titles,
)

LONG = 11_000  # ms: longer than the page waits for the storage
STAMP = "001790000000000-0000-aaaaaaaa00000000"
EDIT = {"value": "Buy oat milk", "stamp": STAMP, "wall": 1_790_000_000_000, "seen": STAMP}
MILK = {
    "id": "0198c0de-0000-7000-8000-000000000001",
    "text": "Buy oat milk",
    "completed": False,
    "position": "a0",
    "deleted": False,
    "clocks": {"text": STAMP},
    "updatedAt": 1_790_000_000_000,
    "synced": False,
    "server": {"clocks": {}},
    "unsent": {"text": EDIT},
    "unsynced": 1,
}
ROWS = {"1": MILK}  # by version: an unsynced row as that version wrote it

FROM_EACH_VERSION = """async (rows) => {
    const { MIGRATIONS } = await import("/static/js/migrations.mjs");
    const { openDatabase, databaseOf } = await import("/static/js/browserDB.mjs");
    const { wireTodos } = await import("/static/js/protocol.mjs");
    const make = (name, version) => new Promise((resolve) => {
        const request = indexedDB.open(name, version);
        request.onupgradeneeded = () => {
            const { result: db, transaction: tx } = request;
            for (const migrate of MIGRATIONS.slice(0, version)) migrate(db, tx);
            tx.objectStore("todos").put(rows[version]);
            tx.objectStore("meta").put("there", "cursor");
        };
        request.onsuccess = () => resolve(request.result.close());
    });
    const found = {};
    for (const [index] of MIGRATIONS.entries()) {
        const account = `of version ${index + 1}`;
        await make(databaseOf(account), index + 1);
        const db = await openDatabase(account);
        const records = await db.read((store) => store.getUnsynced());
        const cursor = await db.read((store) => store.getMeta("cursor"));
        const sent = records.flatMap(wireTodos).map(({ text }) => text);
        found[index + 1] = { cursor, sent };
    }
    return found;
}"""
# A connection as an old tab might hold it, deaf to what newer ones ask for.
HOLD = """() => new Promise((resolve) => {
    const account = document.documentElement.dataset.account;
    indexedDB.open(`local-todos-${account}`).onsuccess = ({ target: { result: db } }) => {
        window.letGo = () => db.close();
        resolve();
    };
})"""
# What the tabs say to each other of their syncs.
HEAR = """() => {
    const name = `simplesync-sync-${document.documentElement.dataset.account}`;
    window.heard = [];
    new BroadcastChannel(name).onmessage = ({ data }) => heard.push(data.outcome);
}"""
TELL = """(outcome) => {
    const name = `simplesync-sync-${document.documentElement.dataset.account}`;
    new BroadcastChannel(name).postMessage({ outcome });
}"""


def newer(page):
    """Serve a schema of one more step from now on, as the next version might."""

    def answer(route):
        steps, _, _ = route.fetch().text().rpartition("]")
        body = f'{steps}(db) => void db.createObjectStore("extra")];'
        route.fulfill(body=body, content_type="text/javascript")

    page.route("**/migrations*.mjs", answer)


def version(page):
    return page.evaluate("indexedDB.databases().then(([{ version }]) => version)")


def test_f14_unsynced_rows_come_through_from_every_earlier_version(module_page):
    found = module_page.evaluate(FROM_EACH_VERSION, ROWS)
    assert found == {version: {"cursor": "there", "sent": ["Buy oat milk"]} for version in ROWS}


@pytest.mark.any_engine
@pytest.mark.usefixtures("milk")
def test_f6_an_old_tab_gives_way_to_a_newer_version_and_says_that_it_is_old(page):
    rename_offline(page, "Buy milk", "Buy oat milk")
    tab = page.context.new_page()
    newer(tab)
    tab.goto("/")
    synced(tab)
    assert version(tab) == 2
    expect(titles(tab)).to_have_text(["Buy oat milk"])
    expect(status(page)).to_contain_text("This page is too old to sync and has to be reloaded")
    tab.evaluate(HEAR)
    with page.expect_console_message(lambda message: "failed during a sync" in message.text):
        page.get_by_role("button", name="Sync now").click()
    page.evaluate(TELL, "busy")
    eventually(lambda: "busy" in tab.evaluate("heard"), page)
    assert "outdated" not in tab.evaluate("heard")
    rename(page, "Buy oat milk", "Buy soy milk")
    expect(status(page)).to_have_text(
        "This browser could not keep the last change: it has seen a newer version of this app."
        " Please reload this page."
    )
    expect(page.get_by_label("Edit", exact=True)).to_have_value("Buy soy milk")


@pytest.mark.usefixtures("milk")
def test_f6_a_newer_version_does_not_wait_for_ever_for_a_tab_that_does_not_give_way(page):
    page.evaluate(HOLD)
    tab = page.context.new_page()
    newer(tab)
    tab.clock.install()
    tab.goto("/")
    expect(tab.locator("html:not([data-ready]) .todoapp")).to_be_attached()
    tab.clock.fast_forward(LONG)
    ready(tab)
    expect(status(tab)).to_contain_text(
        "This browser keeps nothing on this device: an older version of this app is open in"
        " another tab. Please close that tab, then reload this one."
    )
    expect(status(tab)).to_contain_text("All todos are saved on the server.")
    tab.evaluate(HEAR)
    page.evaluate(TELL, "busy")
    eventually(lambda: "busy" in tab.evaluate("heard"), tab)
    assert "The server is busy" not in status(tab).inner_text()
    tab.get_by_placeholder("What needs to be done?").fill("Call mum")
    tab.keyboard.press("Enter")
    expect(status(tab)).to_contain_text("All todos are saved on the server.")
    page.evaluate("void letGo()")
    tab.reload()
    synced(tab)
    assert version(tab) == 2
    expect(titles(tab)).to_have_text(["Buy milk", "Call mum"])


# The article's own database

ARTICLE = """(rows) => new Promise((resolve) => {
    const request = indexedDB.open("local-todos", 1);
    request.onupgradeneeded = () => {
        const store = request.result.createObjectStore("todos", { keyPath: "id" });
        store.createIndex("updatedAt", "updatedAt");
    };
    request.onsuccess = () => {
        const tx = request.result.transaction("todos", "readwrite");
        for (const row of rows) tx.objectStore("todos").put(row);
        tx.oncomplete = () => resolve(request.result.close());
    };
})"""
NAMES = "indexedDB.databases().then((all) => all.map(({ name }) => name))"
A_UUID = "7a1f4d52-9c1b-4c55-8a39-0f8e1f0f4a10"
FOUND = [
    {"id": "2", "text": "Call mum", "completed": True, "updatedAt": 1_735_400_000_000},
    {"id": A_UUID, "text": "Buy bread", "completed": False, "updatedAt": 1_735_300_000_000},
]
DELETES_NOTHING = "IDBFactory.prototype.deleteDatabase = () => ({});"


def article(page, rows=FOUND):
    """Leave the article's app's todos in this browser, and come back to the list."""
    rows = [{**row, "synced": True, "userId": "alice"} for row in rows]
    page.evaluate(ARTICLE, rows)
    page.reload()


def question(page):
    return page.get_by_text(re.compile(r"^Keep .* found in this browser\?$"))


def keep(page):
    page.get_by_role("button", name="Keep").click()


@pytest.mark.usefixtures("milk")
def test_a4_the_articles_todos_are_kept_when_asked_for_and_their_database_goes(page):
    article(page)
    expect(question(page)).to_have_text("Keep 2 todos found in this browser?")
    keep(page)
    expect(titles(page)).to_have_text(["Buy milk", "Buy bread", "Call mum"])
    expect(row(page, "Call mum").get_by_role("checkbox")).to_be_checked()
    synced(page)
    eventually(lambda: "local-todos" not in page.evaluate(NAMES), page)
    records = {record["text"]: record for record in local(page)}
    assert records["Buy bread"]["id"] == A_UUID
    assert uuid.UUID(records["Call mum"]["id"]).version == 8
    assert records["Call mum"]["updatedAt"] == 1_735_400_000_000
    page.reload()
    synced(page)
    expect(titles(page)).to_have_text(["Buy milk", "Buy bread", "Call mum"])
    expect(question(page)).to_be_hidden()


@pytest.mark.any_engine
@pytest.mark.usefixtures("milk")
def test_the_articles_todos_taken_over_twice_are_there_once_and_older_than_later_edits(page):
    page.add_init_script("if (!localStorage.mended) " + DELETES_NOTHING)
    article(page)
    keep(page)
    synced(page)
    expect(titles(page)).to_have_count(3)
    rename(page, "Call mum", "Call dad")
    eventually(lambda: local_todo(page, "Call dad"), page)
    page.evaluate("() => { localStorage.mended = 1; }")
    page.reload()
    keep(page)
    eventually(lambda: "local-todos" not in page.evaluate(NAMES), page)
    synced(page)
    expect(titles(page)).to_have_text(["Buy milk", "Buy bread", "Call dad"])
    assert len(local(page)) == 3


@pytest.mark.any_engine
@pytest.mark.usefixtures("milk")
def test_the_articles_todos_stay_where_they_are_until_they_are_wanted(page):
    page.clock.install()
    article(page)
    page.get_by_role("button", name="Not now").click()
    expect(question(page)).to_be_hidden()
    eventually(lambda: local(page, "meta").get("articleDeclined"), page)
    page.reload()
    synced(page)
    expect(titles(page)).to_have_text(["Buy milk"])
    expect(question(page)).to_be_hidden()
    assert "local-todos" in page.evaluate(NAMES)
    page.clock.fast_forward(8 * 24 * 3_600_000)
    page.reload()
    expect(question(page)).to_be_visible()


@pytest.mark.any_engine
@pytest.mark.usefixtures("milk")
def test_a_todo_that_both_have_is_joined_and_the_older_text_loses(page):
    milk = local_todo(page, "Buy milk")
    article(page, [{"id": milk["id"], "text": "Buy old milk", "completed": True, "updatedAt": 1}])
    expect(question(page)).to_have_text("Keep 1 todo found in this browser?")
    keep(page)
    eventually(lambda: "local-todos" not in page.evaluate(NAMES), page)
    synced(page)
    expect(titles(page)).to_have_text(["Buy milk"])
    expect(row(page, "Buy milk").get_by_role("checkbox")).not_to_be_checked()


@pytest.mark.any_engine
@pytest.mark.usefixtures("milk")
def test_an_edit_that_waits_here_is_not_replaced_by_an_older_one_of_the_articles(page):
    cut_off(page)
    rename(page, "Buy milk", "Buy oat milk")
    milk = eventually(lambda: local_todo(page, "Buy oat milk"), page)
    article(page, [{"id": milk["id"], "text": "Buy old milk", "completed": False, "updatedAt": 1}])
    keep(page)
    eventually(lambda: "local-todos" not in page.evaluate(NAMES), page)
    assert local_todo(page, "Buy oat milk")["unsent"] == milk["unsent"]
    page.unroute("**/sync")
    synced(page)
    expect(titles(page)).to_have_text(["Buy oat milk"])


@pytest.mark.any_engine
@pytest.mark.usefixtures("milk")
def test_what_could_not_be_taken_over_stays_in_the_articles_database(page):
    page.add_init_script("""
        const { put } = IDBObjectStore.prototype;
        IDBObjectStore.prototype.put = function (value, ...rest) {
            if (value.text === "Call mum") throw new DOMException("full", "QuotaExceededError");
            return put.call(this, value, ...rest);
        };
    """)
    page.evaluate(ARTICLE, FOUND)
    page.reload()
    with page.expect_console_message(lambda told: "not taken over" in told.text):
        keep(page)
    expect(titles(page)).to_have_text(["Buy milk"])
    assert "local-todos" in page.evaluate(NAMES)
