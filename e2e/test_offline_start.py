"""The app starts without a network, as if there was one."""

import pytest
from playwright.sync_api import Error, expect

from e2e.actions import (
    add_todo,
    delete,
    eventually,
    fill_in_log_in,
    let_worker_send,
    local_todo,
    make_account,
    new_name,
    push,
    ready,
    rename,
    status,
    synced,
    titles,
    toggle,
)
from e2e.test_history import open_history, steps

# Every file in the caches of the worker.
IN_CACHES = """async () => {
    const found = [];
    for (const name of await caches.keys())
        for (const request of await (await caches.open(name)).keys()) {
            const { status, redirected } = await caches.match(request);
            const text = await (await caches.match(request)).text();
            const path = new URL(request.url).pathname;
            found.push({ path, status, redirected, text });
        }
    return found;
}"""


@pytest.fixture
def page(new_browser, own_server):
    """A tab of Alice's with two todos, in a browser that has the worker."""
    page = new_browser(base_url=own_server.url, service_workers="allow").new_page()
    make_account(page, new_name("alice"))
    push(page, ["Buy milk", "Call mum"])
    page.goto("/")
    synced(page)
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    return page


def test_with_no_server_it_opens_with_all_todos_and_sends_later_what_was_done(page, own_server):
    own_server.kill()
    page.close()
    page = page.context.new_page()
    page.goto("/")
    ready(page)
    expect(titles(page)).to_have_text(["Buy milk", "Call mum"])
    add_todo(page, "written offline")
    toggle(page, "Buy milk")
    delete(page, "Call mum")
    rename(page, "written offline", "Written offline")
    eventually(lambda: local_todo(page, "Written offline"), page)
    expect(status(page)).to_have_attribute("data-state", "offline")
    expect(status(page)).to_have_attribute("data-pending", "3")
    page.goto("/active")
    expect(titles(page)).to_have_text(["Written offline"])
    expect(page.get_by_test_id("todo-count")).to_have_text("1 item left")
    own_server.start()
    synced(page)
    rows = own_server.rows("SELECT text FROM todos_todo WHERE NOT deleted ORDER BY position")
    assert rows == [("Buy milk",), ("Written offline",)]


@pytest.mark.any_engine
def test_with_a_server_that_never_answers_it_opens_all_the_same(page, own_server):
    with own_server.silent():
        page.goto("/")
        ready(page)
        expect(titles(page)).to_have_text(["Buy milk", "Call mum"])
    synced(page)


@pytest.mark.any_engine
def test_what_is_kept_of_the_app_is_nobodys(page, own_server):
    [user] = own_server.rows("SELECT username, account FROM accounts_user")
    nothing_in_the_caches_has(page, *user, "Buy milk", "Call mum")


def nothing_in_the_caches_has(page, *secrets):
    """Check that the worker keeps the app's own files and the shell, and nobody's words in them."""
    kept = page.evaluate(IN_CACHES)
    assert [file["path"] for file in kept if not file["path"].startswith("/static/")] == ["/shell/"]
    for file in kept:
        assert (file["status"], file["redirected"]) == (200, False)
        for secret in secrets:
            assert secret not in file["text"], file["path"]


@pytest.mark.any_engine
def test_a_history_that_was_opened_is_there_in_a_new_tab_without_a_server(page, own_server):
    rename(page, "Buy milk", "Buy oat milk")
    synced(page)
    past = open_history(page, "Buy oat milk")
    told = ["Changed the text from “Buy milk” to “Buy oat milk”.", "Added “Buy milk”."]
    expect(steps(past)).to_have_text(told)
    expect(past.get_by_role("status")).to_be_empty()  # the server has told it
    own_server.kill()
    page.close()
    page = page.context.new_page()
    page.goto("/")
    ready(page)
    rename(page, "Buy oat milk", "Buy soy milk")
    eventually(lambda: local_todo(page, "Buy soy milk"), page)
    past = open_history(page, "Buy soy milk")
    unsent = "Changed the text from “Buy oat milk” to “Buy soy milk”."
    expect(steps(past)).to_have_text([unsent, *told])
    expect(past.locator(".waits").first).to_be_visible()
    expect(past.get_by_role("status")).to_contain_text("The server cannot be reached.")
    nothing_in_the_caches_has(page, "Buy milk", "Buy oat milk", "Buy soy milk", "Call mum")


@pytest.mark.any_engine
@pytest.mark.parametrize("address", ["/accounts/login/", "/admin/", "/trash/", "/sync"])
def test_what_is_not_the_list_is_never_answered_from_here(page, own_server, address):
    own_server.kill()
    with pytest.raises(Error):
        page.goto(address)


@pytest.mark.any_engine
def test_a_session_that_ran_out_hides_nothing_and_the_log_in_sends_what_waited(page, own_server):
    page.context.clear_cookies(name="sessionid")
    page.goto("/")
    ready(page)
    expect(titles(page)).to_have_text(["Buy milk", "Call mum"])
    add_todo(page, "written meanwhile")
    expect(status(page)).to_have_attribute("data-state", "signed-out")
    page.get_by_role("link", name="Log in").click()
    [(name,)] = own_server.rows("SELECT username FROM accounts_user")
    fill_in_log_in(page, name)
    synced(page)
    expect(titles(page)).to_have_text(["Buy milk", "Call mum", "written meanwhile"])


@pytest.mark.any_engine
def test_signing_out_without_a_network_is_kept_as_a_promise(page, own_server):
    other = page.context.new_page()
    other.goto("/")
    ready(other)
    own_server.kill()
    page.get_by_role("button", name="Log out").click()
    for tab in (page, other):
        expect(status(tab)).to_have_text("You are logged out, and the server cannot be reached.")
        expect(titles(tab)).to_have_count(0)
    assert own_server.rows("SELECT count(*) FROM django_session") == [(1,)]
    own_server.start()
    page.goto("/admin/")
    expect(page.get_by_label("Username")).to_be_visible()
    assert own_server.rows("SELECT count(*) FROM django_session") == [(0,)]
    other.goto("/")
    expect(other.get_by_role("heading", name="Log in")).to_be_visible()


@pytest.mark.only_browser("chromium")  # no other has Background Sync
def test_what_no_tab_is_there_to_send_the_worker_sends_where_the_browser_lets_it(page, own_server):
    """Driven, it lets nobody: so it is seen that the page asks, and the event is made by hand."""
    page.evaluate("SyncManager.prototype.register = async (tag) => { globalThis.asked = tag; }")
    own_server.kill()
    add_todo(page, "written offline")
    expect(status(page)).to_have_attribute("data-state", "offline")
    eventually(lambda: page.evaluate("globalThis.asked") == "unsent", page)
    page.goto("about:blank")
    own_server.start()
    let_worker_send(page, own_server.url)
    written = "SELECT 1 FROM todos_todo WHERE text = 'written offline'"
    eventually(lambda: own_server.rows(written), page)
