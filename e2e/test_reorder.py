"""Todos are put in another order: dragged by mouse or finger, by keys, by buttons, by a form."""

import re

import pytest
from playwright.sync_api import expect

from e2e.actions import (
    add_todo,
    cut_off,
    eventually,
    local,
    local_todo,
    log_in,
    make_account,
    new_name,
    push,
    push_edit,
    ready,
    row,
    sign_up_with,
    synced,
    titles,
    toggle,
)
from e2e.test_undo import offer, redo, says, undo

ALL = ["one", "two", "three", "four", "five"]
MANY = [f"todo {number:02}" for number in range(60)]
MADE_ROOM = re.compile("translate")  # in the style of a row that gives its place to the dragged one
TOP = "(row) => row.getBoundingClientRect().top"


@pytest.fixture
def page(page):
    """Alice's list of five, all on the server."""
    sign_up_with(page, ALL)
    return page


def grip(page, text):
    return row(page, text).get_by_role("button", name="Move", exact=False).first


def middle(element):
    box = element.bounding_box()
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def grab(page, text):
    """Press a row's grip by the mouse, and take it a little way."""
    grip(page, text).scroll_into_view_if_needed()
    x, y = middle(grip(page, text))
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x, y + 8)


def carry(page, over, part):
    """Take what was grabbed over a row: to its upper part or to its lower."""
    box = row(page, over).bounding_box()
    page.mouse.move(40, box["y"] + part * box["height"], steps=4)


def drag(page, text, over, part=0.75):
    grab(page, text)
    carry(page, over, part)
    page.mouse.up()


def order(page):
    """Return the titles as they are at this moment."""
    return titles(page).all_text_contents()


def stored(page):
    """Return the titles in the order of what the device keeps."""
    live = [record for record in local(page) if not record["deleted"]]
    in_order = sorted(live, key=lambda record: (record["position"], record["id"]))
    return [record["text"] for record in in_order]


def clocks(page):
    return {record["text"]: record["clocks"] for record in local(page)}


def changed(before, after):
    """Return which fields of which todos have new stamps."""
    return {
        (text, field)
        for text, stamps in after.items()
        for field, stamp in stamps.items()
        if before[text].get(field) != stamp
    }


# Dragged


def test_by_mouse_it_follows_the_others_make_room_and_it_is_there_at_once_as_one_edit(page):
    before = clocks(page)
    grab(page, "two")
    carry(page, "four", 0.75)
    top = row(page, "two").evaluate(TOP)
    gap = eventually(
        lambda: row(page, "five").evaluate(TOP) - row(page, "four").evaluate(TOP) > 80, page
    )
    assert gap
    assert order(page) == ALL
    page.mouse.move(40, 300)
    page.mouse.move(40, 310)
    eventually(lambda: row(page, "two").evaluate(TOP) != top, page)
    carry(page, "five", 0.25)
    page.mouse.up()
    assert order(page) == ["one", "three", "four", "two", "five"]
    assert page.locator("[style*=translate], [data-dragged]").count() == 0
    synced(page)
    assert changed(before, clocks(page)) == {("two", "position")}
    page.reload()
    expect(titles(page)).to_have_text(["one", "three", "four", "two", "five"])


@pytest.mark.any_engine
def test_up_and_to_both_ends(page):
    drag(page, "four", over="two", part=0.25)
    assert order(page) == ["one", "four", "two", "three", "five"]
    drag(page, "three", over="one", part=0.25)
    assert order(page) == ["three", "one", "four", "two", "five"]
    drag(page, "one", over="five")
    expect(titles(page)).to_have_text(["three", "four", "two", "five", "one"])
    synced(page)
    assert stored(page) == order(page)


@pytest.mark.any_engine
def test_dropped_where_it_was_it_makes_no_edit(page):
    before = clocks(page)
    grab(page, "two")
    carry(page, "four", 0.75)
    carry(page, "one", 0.75)
    page.mouse.up()
    assert order(page) == ALL
    expect(page.locator(".undo-last")).to_be_disabled()
    assert clocks(page) == before


def test_escape_leaves_it_where_it_was_and_the_release_presses_nothing(page):
    drag(page, "one", over="two")
    grab(page, "two")
    carry(page, "four", 0.75)
    page.keyboard.press("Escape")
    assert page.locator("[style*=translate], [data-dragged]").count() == 0
    page.mouse.up()
    assert order(page) == ["two", "one", "three", "four", "five"]
    expect(offer(page)).to_be_visible()
    expect(page.locator(".moves")).to_have_count(0)


def test_near_an_edge_it_scrolls(new_browser):
    page = new_browser(viewport={"width": 400, "height": 800}).new_page()
    sign_up_with(page, MANY)
    height = page.evaluate("document.documentElement.scrollHeight")
    grab(page, "todo 02")
    page.mouse.move(40, 795)
    expect(row(page, "todo 59")).to_have_attribute("style", MADE_ROOM)
    page.mouse.up()
    assert order(page)[-2:] == ["todo 59", "todo 02"]
    expect(row(page, "todo 02")).to_be_in_viewport()
    grab(page, "todo 02")
    assert page.evaluate("document.documentElement.scrollHeight") - height < 100
    page.mouse.move(40, 5)
    expect(row(page, "todo 00")).to_have_attribute("style", MADE_ROOM)
    page.mouse.up()
    assert order(page)[:3] == ["todo 02", "todo 00", "todo 01"]


@pytest.mark.only_browser("chromium")  # no other can be told what a finger does
def test_by_finger_it_is_dragged_by_its_grip_and_the_page_is_scrolled_by_the_rest(new_browser):
    page = new_browser(viewport={"width": 400, "height": 640}, has_touch=True).new_page()
    sign_up_with(page, MANY)
    session = page.context.new_cdp_session(page)

    def finger(kind, *points):
        touches = [{"x": x, "y": y} for x, y in points]
        session.send("Input.dispatchTouchEvent", {"type": f"touch{kind}", "touchPoints": touches})

    def swipe(x, y, to):
        finger("Start", (x, y))
        for part in range(1, 6):
            finger("Move", (x, y + (to - y) * part / 5))
        finger("End")

    box = grip(page, "todo 02").bounding_box()
    assert (box["width"], box["height"]) == (44, 44)
    x, y = middle(grip(page, "todo 02"))
    to = row(page, "todo 00").bounding_box()["y"]
    swipe(x, y, to + 5)
    assert page.evaluate("scrollY") == 0
    assert order(page)[:3] == ["todo 02", "todo 00", "todo 01"]
    x, y = middle(row(page, "todo 02").get_by_test_id("todo-title"))
    swipe(x, y, y - 200)
    eventually(lambda: page.evaluate("scrollY") > 100, page)
    assert order(page)[:3] == ["todo 02", "todo 00", "todo 01"]


# By keys and by buttons


def test_by_keys_it_goes_up_and_down_keeps_the_focus_and_says_where_it_is(page):
    checkbox = row(page, "two").get_by_role("checkbox")
    checkbox.focus()
    page.keyboard.press("Alt+ArrowDown")
    assert order(page) == ["one", "three", "two", "four", "five"]
    expect(says(page)).to_have_text("Moved to place 3 of 5: two")
    expect(checkbox).to_be_focused()
    page.keyboard.press("Alt+ArrowUp")
    page.keyboard.press("Alt+ArrowUp")
    expect(says(page)).to_have_text("Moved to place 1 of 5: two")
    page.keyboard.press("Alt+ArrowUp")
    expect(says(page)).to_have_text("Already at the top: two")
    expect(titles(page)).to_have_text(["two", "one", "three", "four", "five"])
    expect(checkbox).to_be_focused()
    expect(page.locator(".toast .sentence")).to_have_attribute("aria-live", "polite")
    row(page, "two").get_by_role("button", name="Edit").click()
    page.keyboard.press("Alt+ArrowDown")  # the field's own
    page.keyboard.press("Escape")
    expect(titles(page)).to_have_text(["two", "one", "three", "four", "five"])


def test_who_does_not_drag_presses_the_grip_and_then_buttons(page):
    grip(page, "two").click()
    moves = page.get_by_role("group", name="Move two")
    expect(moves.get_by_role("button", name="Move up")).to_be_focused()
    expect(grip(page, "two")).to_have_attribute("aria-expanded", "true")
    for name, shown in {
        "Move down": ["one", "three", "two", "four", "five"],
        "To the bottom": ["one", "three", "four", "five", "two"],
        "Move up": ["one", "three", "four", "two", "five"],
        "To the top": ["two", "one", "three", "four", "five"],
    }.items():
        moves.get_by_role("button", name=name).click()
        assert order(page) == shown
        expect(moves.get_by_role("button", name=name)).to_be_focused()
    grip(page, "three").click()
    expect(page.locator(".moves")).to_have_count(1)
    page.keyboard.press("Escape")
    expect(page.locator(".moves")).to_have_count(0)
    expect(grip(page, "three")).to_be_focused()
    expect(grip(page, "three")).to_have_attribute("aria-expanded", "false")


@pytest.mark.only_browser("chromium")  # an older Firefox moves the rows between instead
def test_in_a_long_list_one_row_is_moved_and_no_other_is_touched(new_browser):
    page = new_browser().new_page()
    sign_up_with(page, [f"todo {number:03}" for number in range(300)])
    page.evaluate("""() => {
        window.touched = new Set();
        const what = { subtree: true, childList: true, attributes: true };
        const note = (records) => {
            for (const { target, addedNodes, removedNodes } of records)
                for (const each of [target, ...addedNodes, ...removedNodes])
                    touched.add(each.closest?.("[data-testid=todo-item]")?.dataset.id);
        };
        new MutationObserver(note).observe(document.querySelector(".todo-list"), what);
    }""")
    row(page, "todo 000").get_by_role("button", name="Move").click()
    page.get_by_role("button", name="To the bottom").click()
    expect(says(page)).to_have_text("Moved to place 300 of 300: todo 000")
    synced(page)
    touched = page.evaluate("[...touched].filter((id) => id)")
    assert touched == [local_todo(page, "todo 000")["id"]]
    expect(row(page, "todo 000")).to_be_in_viewport()


# In the whole order, and back


@pytest.mark.any_engine
def test_in_a_filtered_list_it_goes_between_those_that_are_shown(page):
    for text in ("two", "four"):
        toggle(page, text)
    synced(page)
    page.get_by_role("link", name="Active").click()
    expect(titles(page)).to_have_text(["one", "three", "five"])
    drag(page, "five", over="three", part=0.25)
    assert order(page) == ["one", "five", "three"]
    expect(says(page)).to_have_text("Moved to place 2 of 3: five")
    row(page, "one").get_by_role("checkbox").focus()
    page.keyboard.press("Alt+ArrowDown")
    assert order(page) == ["five", "one", "three"]
    synced(page)
    page.get_by_role("link", name="All").click()
    expect(titles(page)).to_have_count(5)
    shown = order(page)
    assert [text for text in shown if text in ("five", "one", "three")] == ["five", "one", "three"]
    assert shown.index("two") < shown.index("four")
    assert stored(page) == shown


@pytest.mark.any_engine
def test_a_move_is_one_step_to_undo_and_to_redo(page):
    drag(page, "one", over="three")
    there = ["two", "three", "one", "four", "five"]
    expect(says(page)).to_have_text("Moved to place 3 of 5: one")
    offer(page).click()
    expect(titles(page)).to_have_text(ALL)
    expect(says(page)).to_have_text("Undone: move one")
    redo(page)
    expect(titles(page)).to_have_text(there)
    undo(page)
    expect(titles(page)).to_have_text(ALL)
    expect(page.locator(".undo-last")).to_be_disabled()


@pytest.mark.any_engine
def test_m11_between_equal_keys_the_later_ones_get_new_ones_and_undo_gives_the_old_back(page):
    for text in ALL[1:4]:
        push_edit(page, local_todo(page, text), position="b02V")
    eventually(lambda: [each["position"] for each in local(page)].count("b02V") == 3, page)
    eventually(lambda: order(page) == stored(page), page)
    first, second, third = (text for text in order(page) if text in ALL[1:4])  # by their ids
    before = clocks(page)
    drag(page, "five", over=first)
    shown = order(page)
    at = shown.index(first)
    assert shown[at : at + 4] == [first, "five", second, third]
    synced(page)
    assert stored(page) == shown
    moved = {(text, "position") for text in ("five", second, third)}
    assert changed(before, clocks(page)) == moved
    page.reload()
    expect(titles(page)).to_have_text(shown)
    before = clocks(page)
    drag(page, "five", over=shown[0], part=0.25)
    synced(page)
    assert changed(before, clocks(page)) == {("five", "position")}


# Other devices


def test_what_comes_from_elsewhere_during_a_drag_waits_and_the_drop_counts(page):
    record = local_todo(page, "three")
    grab(page, "three")
    carry(page, "four", 0.75)
    top = row(page, "three").evaluate(TOP)
    push(page, ["new"])
    push_edit(page, eventually(lambda: local_todo(page, "new"), page), position="Zz1")
    push_edit(page, local_todo(page, "five"), deleted=True)
    push_edit(page, record, position="a00001")
    eventually(lambda: local_todo(page, "three")["position"] == "a00001", page)
    eventually(lambda: local_todo(page, "five")["deleted"], page)
    assert order(page) == ALL
    assert row(page, "three").evaluate(TOP) == pytest.approx(top, abs=1)
    page.mouse.up()
    assert order(page) == ["one", "two", "four", "three", "five"]
    expect(titles(page)).to_have_text(["new", "one", "two", "four", "three"])
    synced(page)
    assert stored(page) == ["new", "one", "two", "four", "three"]
    undo(page)
    expect(titles(page)).to_have_text(["new", "three", "one", "two", "four"])


@pytest.mark.any_engine
def test_a_todo_that_is_deleted_elsewhere_while_it_is_dragged_goes_and_that_is_said(page):
    grab(page, "three")
    carry(page, "four", 0.75)
    push_edit(page, local_todo(page, "three"), deleted=True)
    eventually(lambda: local_todo(page, "three")["deleted"], page)
    before = clocks(page)
    page.mouse.up()
    expect(says(page)).to_have_text("Deleted elsewhere meanwhile: three")
    expect(titles(page)).to_have_text(["one", "two", "four", "five"])
    synced(page)
    assert clocks(page) == before


@pytest.mark.any_engine
def test_one_that_no_longer_belongs_to_the_list_when_it_is_dropped_goes_to_its_new_place(page):
    page.get_by_role("link", name="Active").click()
    grab(page, "three")
    carry(page, "four", 0.75)
    push_edit(page, local_todo(page, "three"), completed=True)
    eventually(lambda: local_todo(page, "three")["completed"], page)
    page.mouse.up()
    expect(titles(page)).to_have_text(["one", "two", "four", "five"])
    synced(page)
    page.get_by_role("link", name="All").click()
    expect(titles(page)).to_have_text(["one", "two", "four", "three", "five"])


@pytest.mark.any_engine
def test_beside_one_that_moved_away_meanwhile_it_comes_right_after_the_one_above(page):
    grab(page, "five")
    carry(page, "two", 0.75)
    push_edit(page, local_todo(page, "three"), position="a00001")
    eventually(lambda: local_todo(page, "three")["position"] == "a00001", page)
    page.mouse.up()
    expect(titles(page)).to_have_text(["three", "one", "two", "five", "four"])
    synced(page)
    assert stored(page) == ["three", "one", "two", "five", "four"]


@pytest.mark.any_engine
def test_two_devices_that_move_offline_agree_afterwards(new_browser):
    page, other = (new_browser().new_page() for _ in range(2))
    name = make_account(page, new_name("alice"))
    push(page, ALL)
    page.goto("/")
    log_in(other, name)
    for each in (page, other):
        synced(each)
        expect(titles(each)).to_have_text(ALL)
        cut_off(each)
    drag(page, "one", over="three")
    drag(page, "four", over="one", part=0.25)
    drag(other, "one", over="five")
    drag(other, "two", over="four")
    add_todo(other, "six")
    for each in (page, other, page):
        each.unroute("**/sync")
        each.get_by_role("button", name="Sync now").click()
        synced(each)
    expect(titles(page)).to_have_count(6)
    eventually(lambda: order(page) == order(other) == stored(page) == stored(other), page)
    shown = order(page)
    assert sorted(shown) == sorted([*ALL, "six"])
    assert shown[-2:] == ["one", "six"]  # the later of two moves of one todo counts
    page.reload()
    ready(page)
    expect(titles(page)).to_have_text(shown)


# Without a script


@pytest.mark.any_engine
def test_without_a_script_a_page_moves_it_by_forms(new_browser):
    page = new_browser(java_script_enabled=False).new_page()
    make_account(page, new_name("alice"))
    push(page, ALL)
    page.goto("/")
    expect(page.locator(".todo-list .grip").first).to_be_hidden()
    row(page, "four").get_by_role("link", name="Edit").click()
    page.get_by_role("link", name="Move it to another place").click()
    expect(page.get_by_text("It stands after “three” and before “five”.")).to_be_visible()
    page.get_by_role("button", name="Move up").click()
    expect(page.get_by_text("It stands after “two” and before “three”.")).to_be_visible()
    page.get_by_role("button", name="To the bottom").click()
    page.get_by_role("link", name="Back to the list").click()
    expect(titles(page)).to_have_text(["one", "two", "three", "five", "four"])
