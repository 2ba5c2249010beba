"""What comes from elsewhere moves nothing that a hand or an eye is at."""

import pytest
from playwright.sync_api import expect

from e2e.actions import (
    eventually,
    local_todo,
    push,
    push_edit,
    row,
    sign_up_with,
    titles,
)

TOP = "(row) => row.getBoundingClientRect().top"


@pytest.fixture
def page(page):
    """Alice's list of thirty."""
    sign_up_with(page, [f"todo {number:02}" for number in range(30)])
    return page


def tick_of(page, text):
    return row(page, text).get_by_role("checkbox")


def delete_elsewhere(page, text):
    """Delete a todo on another device, and wait until this one has heard of it."""
    push_edit(page, local_todo(page, text), deleted=True)
    eventually(lambda: local_todo(page, text)["deleted"], page)


def test_a_tap_hits_what_it_aimed_at_though_a_row_above_goes_meanwhile(page):
    tick_of(page, "todo 05").hover()
    page.mouse.down()
    delete_elsewhere(page, "todo 02")
    expect(row(page, "todo 02")).to_be_visible()
    page.mouse.up()
    expect(tick_of(page, "todo 05")).to_be_checked()
    expect(row(page, "todo 02")).to_have_count(0)
    expect(page.locator("li.completed")).to_have_count(1)


def test_a_press_that_ends_elsewhere_holds_nothing_back_for_ever(page):
    tick_of(page, "todo 05").hover()
    page.mouse.down()
    page.mouse.move(1, 1)
    page.mouse.up()
    delete_elsewhere(page, "todo 02")
    expect(row(page, "todo 02")).to_have_count(0)


def pointer(page, kind, pointer_id):
    """Let a pointer do something of which the browser itself knows nothing."""
    event = f"new PointerEvent('pointer{kind}', {{ pointerId: {pointer_id} }})"
    page.evaluate(f"void window.dispatchEvent({event})")


def test_a_release_that_was_missed_is_noticed_with_the_next_move(page):
    page.evaluate("addEventListener('pointermove', (event) => (window.mouse = event.pointerId))")
    page.mouse.move(40, 40)
    pointer(page, "down", page.evaluate("mouse"))
    delete_elsewhere(page, "todo 02")
    expect(row(page, "todo 02")).to_be_visible()
    page.mouse.move(50, 50)
    expect(row(page, "todo 02")).to_have_count(0)


def test_a_press_that_ends_without_a_click_holds_nothing_back_for_ever(page):
    pointer(page, "down", 7)
    delete_elsewhere(page, "todo 02")
    expect(row(page, "todo 02")).to_be_visible()
    pointer(page, "up", 7)
    expect(row(page, "todo 02")).to_have_count(0)


def test_of_two_fingers_the_last_one_counts(page):
    pointer(page, "down", 7)
    pointer(page, "down", 8)
    delete_elsewhere(page, "todo 02")
    pointer(page, "up", 7)
    page.clock.install()
    page.clock.run_for(1_000)
    expect(row(page, "todo 02")).to_be_visible()
    page.clock.resume()
    pointer(page, "up", 8)
    expect(row(page, "todo 02")).to_have_count(0)


def test_between_the_two_clicks_of_a_double_click_nothing_moves(page):
    title = row(page, "todo 05").get_by_test_id("todo-title")
    title.hover()
    page.mouse.down()
    delete_elsewhere(page, "todo 02")
    page.mouse.up()
    page.mouse.down()
    page.mouse.up()
    title.dispatch_event("dblclick")
    expect(page.get_by_label("Edit", exact=True)).to_have_value("todo 05")
    expect(row(page, "todo 02")).to_have_count(0)
    expect(page.get_by_label("Edit", exact=True)).to_be_focused()


def test_a_tap_beside_an_open_field_is_not_lost_though_the_field_closes(page):
    long = " ".join(["word"] * 200)
    push_edit(page, local_todo(page, "todo 05"), text=long)
    row(page, long).get_by_role("button", name="Edit").click()
    page.get_by_label("Edit", exact=True).fill("short")
    page.keyboard.press("Home")
    tick = tick_of(page, "todo 06").bounding_box()
    page.mouse.move(tick["x"] + 5, tick["y"] + 5)
    page.mouse.down()
    page.evaluate("new Promise((resolve) => requestAnimationFrame(resolve))")
    page.mouse.up()
    expect(tick_of(page, "todo 06")).to_be_checked()
    expect(row(page, "short")).to_be_visible()
    expect(page.get_by_label("Edit", exact=True)).to_have_count(0)


def test_the_row_under_the_pointer_stays_there(page):
    page.evaluate("document.activeElement.blur()")
    row(page, "todo 05").hover()
    before = row(page, "todo 05").evaluate(TOP)
    push(page, ["in front"])
    push_edit(page, eventually(lambda: local_todo(page, "in front"), page), position="Zz1")
    expect(titles(page).first).to_have_text("in front")
    assert row(page, "todo 05").evaluate(TOP) == pytest.approx(before, abs=1)
    delete_elsewhere(page, "todo 02")
    expect(row(page, "todo 02")).to_have_count(0)
    assert row(page, "todo 05").evaluate(TOP) == pytest.approx(before, abs=1)


def test_the_row_with_the_focus_stays_there_and_keeps_it_though_it_changes_its_place(page):
    page.mouse.move(0, 0)
    tick_of(page, "todo 15").focus()
    before = row(page, "todo 15").evaluate(TOP)
    push_edit(page, local_todo(page, "todo 20"), position="Zz1")
    expect(titles(page).first).to_have_text("todo 20")
    assert row(page, "todo 15").evaluate(TOP) == pytest.approx(before, abs=1)
    after = local_todo(page, "todo 10")["position"] + "V"
    push_edit(page, local_todo(page, "todo 15"), position=after)
    expect(titles(page).nth(12)).to_have_text("todo 15")
    expect(tick_of(page, "todo 15")).to_be_focused()


def test_what_is_read_further_down_stays_there(page):
    page.evaluate("document.activeElement.blur()")
    page.mouse.move(0, 0)
    page.evaluate("scrollTo(0, document.body.scrollHeight)")
    before = row(page, "todo 25").evaluate(TOP)
    for text in ("todo 01", "todo 02", "todo 03"):
        delete_elsewhere(page, text)
    expect(titles(page)).to_have_count(27)
    assert row(page, "todo 25").evaluate(TOP) == pytest.approx(before, abs=1)


@pytest.mark.parametrize(
    ("focus", "values"),
    [
        ("Sync now", {}),
        (None, {"deleted": True}),
        (None, {"position": "z1"}),
    ],
    ids=["with the focus on the status line", "though the first one goes", "though it moves away"],
)
def test_what_is_in_the_window_stays_there(page, focus, values):
    page.evaluate("document.activeElement.blur()")
    page.mouse.move(0, 0)
    page.evaluate("scrollTo(0, 700)")
    if focus:
        page.get_by_role("button", name=focus).focus()
    first = page.evaluate("""() => {
        const { left, width } = document.querySelector(".todo-list").getBoundingClientRect();
        const row = document.elementFromPoint(left + width / 2, 0.1 * innerHeight).closest("li");
        return row.querySelector("label").textContent;
    }""")
    seen = f"todo {int(first.split()[1]) + 5:02}"
    before = row(page, seen).evaluate(TOP)
    if values:
        push_edit(page, local_todo(page, first), **values)
    delete_elsewhere(page, "todo 01")
    expect(row(page, "todo 01")).to_have_count(0)
    assert row(page, seen).evaluate(TOP) == pytest.approx(before, abs=1)


def test_a_row_that_goes_elsewhere_gives_its_focus_to_the_next_row_and_to_no_button(page):
    row(page, "todo 05").get_by_role("button", name="Delete").focus()
    delete_elsewhere(page, "todo 05")
    expect(row(page, "todo 06")).to_be_focused()
    page.keyboard.press("Tab")
    expect(row(page, "todo 06").get_by_role("button", name="Move")).to_be_focused()


def test_of_moves_that_are_offered_the_focus_stays_near_when_their_row_goes(page):
    row(page, "todo 05").get_by_role("button", name="Move").click()
    expect(page.get_by_role("button", name="Move up")).to_be_focused()
    delete_elsewhere(page, "todo 05")
    expect(row(page, "todo 06")).to_be_focused()


def test_a_mark_that_somebody_has_looked_at_leaves_its_focus_to_its_row(page):
    push_edit(page, local_todo(page, "todo 05"), conflict=True)
    mark = page.get_by_role("link", name="Changed in two places")
    mark.focus()
    expect(mark).to_be_focused()
    push_edit(page, local_todo(page, "todo 05"), conflict=False)
    expect(mark).to_be_hidden()
    expect(row(page, "todo 05")).to_be_focused()


@pytest.mark.parametrize("opener", ["Details of", "History of"])
def test_a_dialog_whose_row_has_gone_leaves_the_focus_on_the_page(page, opener):
    row(page, "todo 05").get_by_label(f"{opener} todo 05").click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_be_visible()
    delete_elsewhere(page, "todo 05")
    expect(row(page, "todo 05")).to_have_count(0)
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    expect(page.get_by_placeholder("What needs to be done?")).to_be_focused()


def test_the_list_of_shortcuts_gives_the_focus_back_though_the_row_that_had_it_has_gone(page):
    row(page, "todo 05").get_by_role("checkbox").focus()
    page.keyboard.press("?")
    delete_elsewhere(page, "todo 05")
    expect(row(page, "todo 05")).to_have_count(0)
    page.keyboard.press("Escape")
    expect(page.get_by_placeholder("What needs to be done?")).to_be_focused()
