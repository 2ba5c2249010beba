"""The 27 points of the TodoMVC application spec, by number: docs/reference/todomvc.md."""

import re

import pytest
from playwright.sync_api import expect

from e2e.actions import (
    double_click,
    eventually,
    local,
    local_todo,
    make_account,
    new_name,
    push_edit,
    ready,
    synced,
)

pytestmark = pytest.mark.any_engine

ONE, TWO, THREE = "Buy milk", "Call mum", "Water the plants"


@pytest.fixture
def page(page):
    """The app as somebody finds it who has just signed up."""
    make_account(page, new_name("alice"))
    page.goto("/")
    ready(page)
    return page


@pytest.fixture
def three(page):
    """The app with three todos."""
    for text in (ONE, TWO, THREE):
        add(page, text)
    return page


def new_todo(page):
    return page.locator("input.new-todo")


def add(page, text):
    new_todo(page).fill(text)
    new_todo(page).press("Enter")


def items(page):
    return page.locator(".todo-list li")


def labels(page):
    return items(page).locator("label")


def toggle(page, at):
    items(page).nth(at).locator(".toggle").click()


def done(page):
    """Tell which items are completed."""
    return [
        re.search(r"\bcompleted\b", item.get_attribute("class") or "") is not None
        for item in items(page).all()
    ]


def edit(page, at):
    """Begin to edit an item, and return its field."""
    double_click(labels(page).nth(at))
    return items(page).nth(at).locator("input.edit")


def all_box(page):
    return page.get_by_label("Mark all as complete")


def filter_by(page, name):
    page.locator(".filters").get_by_role("link", name=name, exact=True).click()


# No todos


def test_point_01_without_todos_there_is_no_list_and_no_footer(page):
    for part in (".main", ".footer"):
        expect(page.locator(part)).to_be_hidden()
    add(page, ONE)
    for part in (".main", ".footer"):
        expect(page.locator(part)).to_be_visible()
    items(page).locator(".destroy").click()
    for part in (".main", ".footer"):
        expect(page.locator(part)).to_be_hidden()


# New todo


def test_point_02_the_field_for_a_new_todo_has_the_focus_when_the_page_is_loaded(page):
    expect(new_todo(page)).to_be_focused()
    expect(new_todo(page)).to_have_attribute("placeholder", "What needs to be done?")
    add(page, ONE)
    page.reload()
    expect(new_todo(page)).to_be_focused()


def test_point_03_enter_adds_the_todo_at_the_end(page):
    for count, text in enumerate((ONE, TWO, THREE), start=1):
        add(page, text)
        expect(labels(page)).to_have_text([ONE, TWO, THREE][:count])


def test_point_04_the_field_is_empty_after_that(page):
    add(page, ONE)
    expect(labels(page)).to_have_text([ONE])
    expect(new_todo(page)).to_have_value("")
    expect(new_todo(page)).to_be_focused()


def test_point_05_a_new_text_is_trimmed(page):
    add(page, f"   {ONE}  ")
    expect(labels(page)).to_have_count(1)
    assert labels(page).text_content() == ONE


def test_point_06_nothing_but_spaces_is_no_todo(page):
    for text in ("", "   "):
        add(page, text)
    add(page, ONE)
    expect(labels(page)).to_have_text([ONE])


# Mark all as complete


def test_point_07_the_box_of_all_gives_every_todo_its_own_state(three):
    toggle(three, 1)
    all_box(three).check()
    assert done(three) == [True, True, True]
    all_box(three).uncheck()
    assert done(three) == [False, False, False]


def test_point_08_the_box_of_all_is_empty_once_the_completed_are_cleared(three):
    all_box(three).check()
    three.get_by_role("button", name="Clear completed").click()
    expect(items(three)).to_have_count(0)
    expect(three.locator(".toggle-all")).not_to_be_checked()
    three.reload()
    ready(three)
    expect(three.locator(".toggle-all")).not_to_be_checked()
    add(three, ONE)
    expect(all_box(three)).not_to_be_checked()


def test_point_09_the_box_of_all_follows_the_single_ones(three):
    for at in range(3):
        expect(all_box(three)).not_to_be_checked()
        toggle(three, at)
    expect(all_box(three)).to_be_checked()
    toggle(three, 1)
    expect(all_box(three)).not_to_be_checked()


def test_point_09_also_when_another_device_ticks_them(three):
    synced(three)
    for text in (ONE, TWO, THREE):
        push_edit(three, local_todo(three, text), completed=True)
    expect(all_box(three)).to_be_checked()
    push_edit(three, local_todo(three, TWO), completed=False)
    expect(all_box(three)).not_to_be_checked()


# Item


def test_point_10_the_checkbox_completes_the_todo_and_takes_it_back(three):
    toggle(three, 1)
    assert done(three) == [False, True, False]
    eventually(lambda: local_todo(three, TWO)["completed"], three)
    toggle(three, 1)
    assert done(three) == [False, False, False]
    eventually(lambda: not local_todo(three, TWO)["completed"], three)


def test_point_11_a_double_click_on_the_label_begins_to_edit(three):
    edit(three, 1)
    expect(items(three).nth(1)).to_have_class("editing")
    expect(three.locator("li.editing")).to_have_count(1)


def test_point_12_with_the_pointer_on_the_todo_there_is_a_button_that_removes_it(three):
    items(three).nth(1).hover()
    expect(items(three).nth(1).locator("button.destroy")).to_be_visible()
    items(three).nth(1).locator("button.destroy").click()
    expect(labels(three)).to_have_text([ONE, THREE])


# Editing


def test_point_13_while_editing_the_other_controls_are_hidden(three):
    edit(three, 1)
    item = items(three).nth(1)
    for control in (".toggle", "label", ".destroy"):
        expect(item.locator(control)).to_be_hidden()
    left = item.locator("button, a, input").filter(visible=True)
    assert left.evaluate_all("(all) => all.map((each) => each.className)") == ["grip", "edit"]


def test_point_14_the_field_holds_the_text_and_has_the_focus(three):
    field = edit(three, 1)
    expect(field).to_have_value(TWO)
    expect(field).to_be_focused()


def test_point_15_enter_saves(three):
    field = edit(three, 1)
    field.fill("Call dad")
    field.press("Enter")
    expect(items(three).nth(1)).not_to_have_class(re.compile("editing"))
    expect(labels(three)).to_have_text([ONE, "Call dad", THREE])
    eventually(lambda: local_todo(three, "Call dad"), three)


def test_point_16_leaving_the_field_saves(three):
    edit(three, 1).fill("Call dad")
    toggle(three, 0)
    expect(items(three).nth(1)).not_to_have_class(re.compile("editing"))
    expect(labels(three)).to_have_text([ONE, "Call dad", THREE])
    assert done(three) == [True, False, False]


def test_point_17_an_edited_text_is_trimmed(three):
    field = edit(three, 1)
    field.fill("   Call dad  ")
    field.press("Enter")
    expect(labels(three)).to_have_text([ONE, "Call dad", THREE])
    assert labels(three).nth(1).text_content() == "Call dad"


def test_point_18_an_empty_text_removes_the_todo(three):
    field = edit(three, 1)
    field.fill("  ")
    field.press("Enter")
    expect(labels(three)).to_have_text([ONE, THREE])


def test_point_19_escape_leaves_the_todo_as_it_was(three):
    field = edit(three, 1)
    field.fill("Call dad")
    field.press("Escape")
    expect(items(three).nth(1)).not_to_have_class(re.compile("editing"))
    expect(labels(three)).to_have_text([ONE, TWO, THREE])


# Counter


def test_point_20_the_counter_says_how_many_are_left_in_the_right_number(three):
    counter = three.get_by_test_id("todo-count")
    for at, says in enumerate(("3 items left", "2 items left", "1 item left", "0 items left")):
        expect(counter).to_have_text(says)
        expect(counter.locator("strong")).to_have_text(says.split()[0])
        if at < 3:
            toggle(three, at)


# Clear completed


def test_point_21_the_button_removes_what_is_completed(three):
    toggle(three, 1)
    three.get_by_role("button", name="Clear completed", exact=True).click()
    expect(labels(three)).to_have_text([ONE, THREE])


def test_point_22_the_button_is_hidden_when_nothing_is_completed(three):
    clear = three.locator("button.clear-completed")
    expect(clear).to_be_hidden()
    toggle(three, 1)
    expect(clear).to_be_visible()
    expect(clear).to_have_text("Clear completed")
    clear.click()
    expect(clear).to_be_hidden()


# Persistence


def test_point_23_the_todos_are_there_after_a_reload_without_a_server_too(three):
    toggle(three, 1)
    eventually(lambda: local_todo(three, TWO)["completed"], three)
    three.route("**/sync", lambda route: route.abort())
    three.reload()
    ready(three)
    expect(labels(three)).to_have_text([ONE, TWO, THREE])
    assert done(three) == [False, True, False]
    assert {(record["text"], record["completed"]) for record in local(three)} == {
        (ONE, False),
        (TWO, True),
        (THREE, False),
    }
    assert all(record["id"] for record in local(three))


def test_point_24_editing_is_not_kept(three):
    edit(three, 1).fill("Call d")
    three.evaluate("document.querySelector('.edit').value = 'not left by anybody'")
    three.goto("about:blank")
    three.goto("/")
    ready(three)
    expect(three.locator("li.editing, input.edit")).to_have_count(0)
    expect(labels(three)).to_have_count(3)


# Routing


def test_point_25_three_addresses_show_all_the_active_and_the_completed(three):
    toggle(three, 1)
    for name, address, shown in (
        ("Active", "/active", [ONE, THREE]),
        ("Completed", "/completed", [TWO]),
        ("All", "/", [ONE, TWO, THREE]),
    ):
        filter_by(three, name)
        expect(labels(three)).to_have_text(shown)
        expect(three).to_have_url(re.compile(f":\\d+{address}$"))
        expect(three.locator(".filters .selected")).to_have_text([name])
    three.go_back()
    expect(labels(three)).to_have_text([TWO])
    three.go_back()
    expect(labels(three)).to_have_text([ONE, THREE])


def test_point_26_what_changes_while_filtered_comes_and_goes_at_once(three):
    filter_by(three, "Active")
    toggle(three, 0)
    expect(labels(three)).to_have_text([TWO, THREE])
    filter_by(three, "Completed")
    expect(labels(three)).to_have_text([ONE])
    toggle(three, 0)
    expect(labels(three)).to_have_count(0)


def test_point_26_also_when_another_device_changes_it(three):
    synced(three)
    filter_by(three, "Active")
    push_edit(three, local_todo(three, ONE), completed=True)
    expect(labels(three)).to_have_text([TWO, THREE])
    filter_by(three, "Completed")
    push_edit(three, local_todo(three, TWO), completed=True)
    expect(labels(three)).to_have_text([ONE, TWO])


def test_point_27_the_filter_is_the_same_after_a_reload(three):
    toggle(three, 1)
    synced(three)
    filter_by(three, "Completed")
    three.reload()
    expect(labels(three)).to_have_text([TWO])
    ready(three)
    expect(labels(three)).to_have_text([TWO])
    expect(three.locator(".filters .selected")).to_have_text(["Completed"])
