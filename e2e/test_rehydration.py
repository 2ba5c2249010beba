"""An empty browser fills itself, and one that lost its store is known and healed."""

import hashlib

import pytest
from playwright.sync_api import expect

from e2e.actions import (
    PASSWORD,
    Held,
    add_todo,
    body_of,
    eventually,
    local,
    local_todo,
    log_in,
    log_out,
    make_account,
    new_name,
    push,
    row,
    sign_up,
    status,
    sync_now,
    synced,
    titles,
    toggle,
)

pytestmark = pytest.mark.any_engine

MANY = [f"todo {number:04}" for number in range(1_010)]
FORGET = "indexedDB.databases().then(([db]) => indexedDB.deleteDatabase(db.name))"


@pytest.fixture
def laptop(page, new_browser):
    """A new browser of somebody who has more todos than one reply holds."""
    name = make_account(page, new_name("alice"))
    push(page, MANY)
    laptop = new_browser().new_page()
    laptop.goto("/accounts/login/?next=/active")
    laptop.get_by_label("Username").fill(name)
    laptop.get_by_label("Password").fill(PASSWORD)
    return laptop


def kept(page):
    return len(local(page))


def test_it_says_how_far_it_has_come_and_can_be_used_meanwhile(laptop):
    held = Held(laptop, "**/sync", after=1)
    laptop.get_by_role("button", name="Log in").click()
    held.one()
    assert kept(laptop) == 1_000
    expect(status(laptop)).to_have_text("Loading your todos, 1,000 of 1,010 so far.")
    expect(status(laptop)).to_have_attribute("data-state", "syncing")
    add_todo(laptop, "made meanwhile")
    toggle(laptop, "todo 0003")
    expect(row(laptop, "todo 0003")).to_have_count(0)
    expect(status(laptop)).to_have_text(
        "Loading your todos, 1,001 of 1,010 so far: 2 todos are saved only on this device."
    )
    held.release()
    synced(laptop)
    assert kept(laptop) == 1_011
    assert local_todo(laptop, "todo 0003")["completed"]
    expect(status(laptop)).to_have_text("All todos are saved on the server.")


def test_a_tab_that_dies_in_between_goes_on_where_it_was(laptop):
    held = Held(laptop, "**/sync", after=1)
    laptop.get_by_role("button", name="Log in").click()
    cursor = body_of(held.one())["cursor"]
    assert kept(laptop) == 1_000
    context = laptop.context
    laptop.close()
    again = context.new_page()
    held = Held(again, "**/sync")
    again.goto("/")
    assert body_of(held.one())["cursor"] == cursor
    assert kept(again) == 1_000
    held.release()
    synced(again)
    assert kept(again) == 1_010


def test_f51_it_gets_live_todos_only(page, milk, alice, new_browser):
    toggle(page, "Buy milk")
    page.get_by_role("button", name="Clear completed").click()
    add_todo(page, "Call mum")
    synced(page)
    laptop = new_browser().new_page()
    log_in(laptop, alice)
    synced(laptop)
    assert [record["text"] for record in local(laptop)] == ["Call mum"]


def devices(server, name):
    """Return what the server knows of a person's browsers, the oldest first."""
    pusher = hashlib.sha256(b"0" * 32).hexdigest()  # see actions.post
    return server.rows(
        "SELECT uid, replaces, losses, divergences FROM accounts_device"
        " WHERE user_id = (SELECT id FROM accounts_user WHERE username = ?)"
        " AND secret_digest != ? ORDER BY id",
        name,
        pusher,
    )


@pytest.mark.usefixtures("milk")
def test_a_store_that_the_browser_threw_away_is_filled_again_and_counted(page, alice, server):
    [(first, replaces, losses, _)] = devices(server, alice)
    assert (replaces, losses) == (None, 0)
    page.evaluate(FORGET)
    page.reload()
    synced(page)
    expect(titles(page)).to_have_text(["Buy milk"])
    assert kept(page) == 1
    assert [device[1:3] for device in devices(server, alice)] == [(None, 0), (first, 1)]


@pytest.mark.usefixtures("milk")
def test_a_first_visit_of_another_browser_is_no_loss(alice, new_browser, server):
    laptop = new_browser().new_page()
    log_in(laptop, alice)
    synced(laptop)
    assert [device[1:3] for device in devices(server, alice)] == [(None, 0), (None, 0)]


@pytest.mark.usefixtures("milk")
def test_r7_another_person_in_the_same_browser_is_no_loss(page, server):
    log_out(page)
    bob = sign_up(page, new_name("bob"))
    synced(page)
    assert [device[1:3] for device in devices(server, bob)] == [(None, 0)]


DAMAGE = """(change) => new Promise(async (resolve) => {
    const [{ name }] = await indexedDB.databases();
    indexedDB.open(name).onsuccess = ({ target: { result: db } }) => {
        const tx = db.transaction(["todos", "meta"], "readwrite");
        const [todos, meta] = ["todos", "meta"].map((store) => tx.objectStore(store));
        meta.put(0, "checkedAt");
        todos.getAll().onsuccess = ({ target: { result: records } }) => {
            if (change === "lose") todos.delete(records[0].id);
            else todos.put({ ...records[0], id: crypto.randomUUID() });
        };
        tx.oncomplete = () => resolve(db.close());
    };
})"""


@pytest.mark.usefixtures("milk")
@pytest.mark.parametrize("change", ["lose", "make up"])
def test_r7_a_store_that_differs_from_the_servers_is_found_and_healed(page, alice, server, change):
    add_todo(page, "Call mum")
    synced(page)
    assert [device[3] for device in devices(server, alice)] == [0]
    page.evaluate(DAMAGE, change)
    sync_now(page)
    eventually(lambda: devices(server, alice)[0][3] == 1, page)
    synced(page)
    page.reload()
    synced(page)
    count = 2 if change == "lose" else 3
    expect(titles(page)).to_have_count(count)
    assert kept(page) == count
    assert server.rows(
        "SELECT count(*) FROM todos_todo t JOIN accounts_user u ON u.id = t.user_id"
        " WHERE u.username = ?",
        alice,
    ) == [(count,)]


@pytest.mark.usefixtures("milk")
def test_r7_once_it_was_found_right_it_is_not_asked_again_at_once(page):
    digests = []
    page.route("**/sync", lambda route: (digests.append(body_of(route)), route.continue_()))
    for count in (1, 2, 3):
        sync_now(page)
        eventually(lambda count=count: len(digests) >= count, page)
    assert [body.get("digest") for body in digests[1:]] == [None] * len(digests[1:])
    assert local(page, "meta")["checkedAt"] > 0
