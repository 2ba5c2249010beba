"""The history of a todo: opened from its row, with and without a script or a network."""

import pytest
from playwright.sync_api import expect

from e2e.actions import (
    add_todo,
    eventually,
    local_todo,
    log_in,
    ready,
    rename,
    rename_offline,
    row,
    sync_now,
    synced,
    titles,
    toggle,
)

pytestmark = pytest.mark.any_engine

# What a restored backup leaves on a device that knew of an older text than it had last (R6).
OFFER_AN_OLDER_TEXT = """async () => {
    const { openDatabase } = await import("/static/js/browserDB.mjs");
    const db = await openDatabase(document.documentElement.dataset.account);
    await db.write(async (store) => {
        const [record] = await store.getAllTodos();
        const text = "000000000000001" + record.server.clocks.text.slice(15);
        const clocks = { ...record.server.clocks, text };
        store.putTodo({ ...record, offered: [{ ...record.server, text: "Buy a cow", clocks }] });
    });
}"""


@pytest.fixture
def laptop(page, new_browser, alice, milk):
    """Alice's other device, with the same todo."""
    laptop = new_browser().new_page()
    log_in(laptop, alice)
    ready(laptop)
    synced(laptop)
    return laptop


def open_history(page, text):
    row(page, text).get_by_role("link", name=f"History of {text}").click()
    return page.get_by_role("dialog", name="History")


def steps(past):
    """Return what a history says, newest first."""
    return past.get_by_test_id("step").locator("p[dir=auto]")


def meet(page, laptop):
    """Let both devices change the text, the laptop without knowing of the other."""
    rename_offline(laptop, "Buy milk", "Buy soy milk")
    rename(page, "Buy milk", "Buy oat milk")
    synced(page)
    laptop.unroute("**/sync")
    sync_now(laptop)


def test_it_opens_from_the_row_and_tells_what_was_done(page, milk):
    toggle(page, "Buy milk")
    rename(page, "Buy milk", "Buy oat milk")
    synced(page)
    past = open_history(page, "Buy oat milk")
    expect(steps(past)).to_have_text(
        [
            "Changed the text from “Buy milk” to “Buy oat milk”.",
            "Marked as done.",
            "Added “Buy milk”.",
        ]
    )
    expect(past.get_by_test_id("step").first).to_contain_text("this device")
    places = [each.bounding_box() for each in past.get_by_test_id("step").all()]
    assert len({place["x"] for place in places}) == 1  # one below the other
    expect(past.get_by_role("button", name="Close")).to_be_focused()


def test_restoring_is_an_edit_that_reaches_the_other_device_and_can_be_undone(page, laptop):
    rename(page, "Buy milk", "Buy oat milk")
    synced(page)
    open_history(page, "Buy oat milk").get_by_role("button", name="Restore “Buy milk”").click()
    expect(titles(page)).to_have_text(["Buy milk"])
    expect(titles(laptop)).to_have_text(["Buy milk"])
    page.keyboard.press("Control+z")
    expect(titles(laptop)).to_have_text(["Buy oat milk"])


def test_a_conflict_is_marked_on_each_device_until_somebody_has_looked(page, laptop):
    meet(page, laptop)
    for each in (page, laptop):
        expect(titles(each)).to_have_text(["Buy oat milk"])
        expect(row(each, "Buy oat milk")).to_have_attribute("data-conflict", "")
    row(page, "Buy oat milk").get_by_role("link", name="Changed in two places").click()
    past = page.get_by_role("dialog", name="History")
    expect(steps(past).nth(1)).to_contain_text(
        "Lost to “Buy oat milk”: neither had seen the other."
    )
    for each in (page, laptop):
        expect(row(each, "Buy oat milk")).not_to_have_attribute("data-conflict", "")


def test_a_mark_is_on_the_servers_page_too_and_goes_by_its_button(page, laptop, new_browser, alice):
    meet(page, laptop)
    paper = new_browser(java_script_enabled=False).new_page()
    log_in(paper, alice)
    paper.get_by_role("link", name="Changed in two places").click()
    expect(steps(paper)).to_contain_text(["Changed the text", "Lost to", "Added"])
    paper.get_by_role("button", name="I have seen it").click()
    expect(paper.get_by_role("button", name="I have seen it")).to_have_count(0)
    expect(row(page, "Buy oat milk")).not_to_have_attribute("data-conflict", "")


def test_without_a_script_a_text_is_restored_by_a_form(page, milk, new_browser, alice):
    rename(page, "Buy milk", "Buy oat milk")
    synced(page)
    paper = new_browser(java_script_enabled=False).new_page()
    log_in(paper, alice)
    paper.get_by_role("link", name="History of Buy oat milk").click()
    paper.get_by_role("button", name="Restore “Buy milk”").click()
    expect(steps(paper).first).to_have_text("Changed the text from “Buy oat milk” to “Buy milk”.")
    expect(titles(page)).to_have_text(["Buy milk"])


def test_what_was_opened_last_is_there_offline_with_what_is_unsent(page, milk):
    rename(page, "Buy milk", "Buy oat milk")
    synced(page)
    past = open_history(page, "Buy oat milk")
    expect(steps(past)).to_have_count(2)
    expect(past.get_by_role("status")).to_be_empty()
    past.get_by_role("button", name="Close").click()
    page.route("**/*", lambda route: route.abort())
    rename(page, "Buy oat milk", "Buy soy milk")
    eventually(lambda: local_todo(page, "Buy soy milk"), page)
    past = open_history(page, "Buy soy milk")
    expect(steps(past)).to_have_text(
        [
            "Changed the text from “Buy oat milk” to “Buy soy milk”.",
            "Changed the text from “Buy milk” to “Buy oat milk”.",
            "Added “Buy milk”.",
        ]
    )
    expect(past.locator(".waits").first).to_be_visible()
    expect(past.locator(".waits").nth(1)).to_be_hidden()
    expect(past.get_by_role("status")).to_contain_text("The server cannot be reached.")


def test_a_todo_that_was_never_sent_has_a_history_offline(page, alice):
    synced(page)
    page.route("**/*", lambda route: route.abort())
    add_todo(page, "Buy milk")
    eventually(lambda: local_todo(page, "Buy milk"), page)
    past = open_history(page, "Buy milk")
    expect(steps(past)).to_have_text(["Added “Buy milk”."])


def test_r6_what_is_offered_again_is_in_it_as_unsent(page, milk):
    page.route("**/*", lambda route: route.abort())
    page.evaluate(OFFER_AN_OLDER_TEXT)
    past = open_history(page, "Buy milk")
    expect(steps(past)).to_contain_text(["Changed the text from “Buy a cow” to “Buy milk”."])
    [older] = past.get_by_test_id("step").filter(has_text="“Buy a cow”.").all()
    expect(older.locator(".waits")).to_be_visible()


def test_a_text_is_restored_offline(page, milk):
    rename(page, "Buy milk", "Buy oat milk")
    synced(page)
    past = open_history(page, "Buy oat milk")
    expect(steps(past)).to_have_count(2)
    past.get_by_role("button", name="Close").click()
    page.route("**/*", lambda route: route.abort())
    open_history(page, "Buy oat milk").get_by_role("button", name="Restore “Buy milk”").click()
    expect(titles(page)).to_have_text(["Buy milk"])
    page.unroute("**/*")
    sync_now(page)
    synced(page)
    assert local_todo(page, "Buy milk")["synced"]
