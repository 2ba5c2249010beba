"""A sync that arrives while a row is being edited leaves the hand at work alone."""

import secrets
import time

import pytest
from playwright.sync_api import expect

from e2e.actions import (
    add_todo,
    delete,
    eventually,
    local,
    local_todo,
    new_name,
    post,
    push,
    push_edit,
    ready,
    row,
    sign_up,
    sign_up_with,
    synced,
    titles,
    toggle,
)

pytestmark = pytest.mark.any_engine


@pytest.fixture
def page(page):
    """Alice's list of four, the second of which is being edited, half way through a word."""
    sign_up(page, new_name("alice"))
    ready(page)
    for text in ("one", "two", "three", "four"):
        add_todo(page, text)
    synced(page)
    edit_half_way(page)
    return page


def edit_half_way(page):
    """Edit the second todo, up to some characters that are selected."""
    row(page, "two").get_by_role("button", name="Edit").click()
    field(page).fill("two and a half")
    page.keyboard.press("ArrowLeft")
    for _ in range(3):
        page.keyboard.press("Shift+ArrowLeft")


def field(page):
    return page.get_by_label("Edit", exact=True)


def assert_undisturbed(page):
    """Check that the field has its text, what is selected in it, and the focus."""
    expect(field(page)).to_be_focused()
    expect(field(page)).to_have_value("two and a half")
    selected = field(page).evaluate("(it) => [it.selectionStart, it.selectionEnd]")
    assert selected == [len("two and a "), len("two and a hal")]


@pytest.mark.parametrize("other", ["one", "two", "three"], ids=["above", "the very row", "below"])
def test_a_change_of_text_disturbs_nothing(page, other):
    push_edit(page, local_todo(page, other), text="changed elsewhere")
    eventually(lambda: local_todo(page, "changed elsewhere"), page)
    assert_undisturbed(page)


@pytest.mark.parametrize(("other", "to"), [("one", "a9"), ("two", "a9"), ("four", "Zz1")])
def test_a_row_that_moves_past_it_disturbs_nothing(page, other, to):
    push_edit(page, local_todo(page, other), position=to)
    eventually(lambda: local_todo(page, other)["position"] == to, page)
    order = ["one", "two", "three", "four"]
    order.remove(other)
    order = [other, *order] if to == "Zz1" else [*order, other]
    expect(page.locator("[data-testid=todo-title]")).to_have_text(order, use_inner_text=False)
    assert_undisturbed(page)


@pytest.mark.parametrize("values", [{"deleted": True}, {"completed": True}], ids=str)
def test_a_row_that_would_go_stays_until_the_hand_has_gone(page, values):
    page.keyboard.press("Escape")
    page.get_by_role("link", name="Active").click()
    ready(page)
    edit_half_way(page)
    push_edit(page, local_todo(page, "two"), **values)
    name, value = next(iter(values.items()))
    eventually(lambda: local_todo(page, "two")[name] is value, page)
    assert_undisturbed(page)
    page.keyboard.press("Escape")
    expect(titles(page)).to_have_text(["one", "three", "four"])


def test_the_last_row_of_all_stays_too(page):
    page.keyboard.press("Escape")
    for text in ("one", "three", "four"):
        delete(page, text)
    synced(page)
    edit_half_way(page)
    push_edit(page, local_todo(page, "two"), deleted=True)
    eventually(lambda: local_todo(page, "two")["deleted"], page)
    expect(page.get_by_test_id("todo-count")).to_have_text("0 items left")
    assert_undisturbed(page)
    page.keyboard.press("Escape")
    expect(page.locator(".main")).to_be_hidden()


def test_rows_that_did_not_change_keep_their_very_nodes(page):
    page.keyboard.press("Escape")
    page.evaluate("document.querySelectorAll('.todo-list li').forEach((row, at) => (row.at = at))")
    push_edit(page, local_todo(page, "one"), position="a9")
    expect(titles(page)).to_have_text(["two", "three", "four", "one"])
    nodes = page.evaluate("[...document.querySelectorAll('.todo-list li')].map((row) => row.at)")
    assert nodes == [1, 2, 3, 0]


def test_a_new_todo_that_is_half_typed_stays_though_everything_else_changes(page):
    page.keyboard.press("Escape")
    new_todo = page.get_by_placeholder("What needs to be done?")
    new_todo.fill("five and a half")
    for _ in range(4):
        page.keyboard.press("Shift+ArrowLeft")
    push(page, ["from elsewhere"])
    push_edit(page, local_todo(page, "one"), deleted=True)
    push_edit(page, local_todo(page, "two"), text="zwei", completed=True)
    expect(titles(page)).to_have_text(["zwei", "three", "four", "from elsewhere"])
    expect(new_todo).to_be_focused()
    expect(new_todo).to_have_value("five and a half")
    page.keyboard.type("third")
    page.keyboard.press("Enter")
    expect(titles(page).last).to_have_text("five and a third")


def test_the_focus_of_a_button_that_goes_is_not_lost(page):
    page.keyboard.press("Escape")
    toggle(page, "one")
    synced(page)
    page.get_by_role("button", name="Clear completed").focus()
    push_edit(page, local_todo(page, "one"), completed=False)
    expect(page.get_by_role("button", name="Clear completed")).to_be_hidden()
    expect(page.get_by_placeholder("What needs to be done?")).to_be_focused()


WHERE_IT_IS = "Deleted elsewhere meanwhile; what you wrote is in the Trash:"


def test_what_is_written_into_a_todo_that_was_deleted_elsewhere_is_in_the_trash_and_that_is_said(
    page,
):
    push_edit(page, local_todo(page, "two"), deleted=True)
    eventually(lambda: local_todo(page, "two")["deleted"], page)
    page.keyboard.press("Enter")
    expect(titles(page)).to_have_text(["one", "three", "four"])
    expect(page.get_by_text(f"{WHERE_IT_IS} two and a half")).to_be_visible()
    synced(page)
    page.goto("/trash/")
    expect(page.get_by_test_id("deleted-todo")).to_contain_text("two and a half")


def test_the_same_is_said_of_details(page):
    page.keyboard.press("Escape")
    row(page, "two").get_by_role("button", name="Details of two").click()
    page.get_by_label("Notes").fill("a note")
    push_edit(page, local_todo(page, "two"), deleted=True)
    eventually(lambda: local_todo(page, "two")["deleted"], page)
    page.get_by_role("dialog").get_by_role("button", name="Save").click()
    expect(page.get_by_text(f"{WHERE_IT_IS} two")).to_be_visible()
    eventually(lambda: "a note" in local_todo(page, "two").values(), page)


LONG = [f"todo {number:03}" for number in range(250)]


@pytest.fixture
def long(new_browser):
    """Another page, with a list of 250, the 51st of which is being edited, half way."""
    page = new_browser().new_page()
    sign_up_with(page, LONG)
    row(page, LONG[50]).get_by_role("button", name="Edit").click()
    field(page).fill("two and a half")
    page.keyboard.press("ArrowLeft")
    for _ in range(3):
        page.keyboard.press("Shift+ArrowLeft")
    return page


def test_in_a_long_list_what_comes_and_goes_beside_it_disturbs_nothing(long):
    page = long
    top = field(page).evaluate("(it) => it.getBoundingClientRect().top")
    records = {record["text"]: record for record in local(page)}
    for beside, place, text in ((49, 50, "came before"), (51, 53, "came after")):
        push(page, [text])
        record = eventually(lambda text=text: local_todo(page, text), page)
        push_edit(page, record, position=records[LONG[beside]]["position"])
        expect(titles(page).nth(place)).to_have_text(text)
        assert_undisturbed(page)
    going = [records[text]["id"] for text in LONG[20:48] + LONG[53:90]]
    stamp = {"deleted": f"{int(time.time() * 1000):015d}-0000-{secrets.token_hex(8)}"}
    post(page, [{"id": each, "deleted": True, "clocks": stamp} for each in going])
    expect(titles(page)).to_have_count(250 + 2 - len(going))
    assert_undisturbed(page)
    after = field(page).evaluate("(it) => it.getBoundingClientRect().top")
    assert after == pytest.approx(top, abs=1)
    page.keyboard.press("Enter")
    edited = records[LONG[50]]["id"]
    eventually(lambda: local_todo(page, "two and a half")["id"] == edited, page)
