"""Due dates and notes: in a dialog that nothing from elsewhere disturbs, or without a script."""

import pytest
from playwright.sync_api import expect

from e2e.actions import (
    add_todo,
    cut_off,
    eventually,
    local_todo,
    log_in,
    push_edit,
    ready,
    rename,
    row,
    sync_now,
    synced,
    toggle,
)
from todos.fields import FIELDS

pytestmark = pytest.mark.any_engine

NOTES = "At the corner,\n  behind the bakery"


@pytest.fixture
def laptop(page, new_browser, alice, milk):
    """Alice's other device, with the same todo."""
    laptop = new_browser().new_page()
    log_in(laptop, alice)
    ready(laptop)
    synced(laptop)
    return laptop


def open_details(page, text="Buy milk"):
    row(page, text).get_by_role("button", name=f"Details of {text}").click()
    dialog = page.get_by_role("dialog", name="Details")
    expect(dialog).to_be_visible()
    return dialog


def notes_of(page, text="Buy milk"):
    return row(page, text).locator(".notes")


def write(page, notes):
    """Open the details, write notes and save them."""
    open_details(page).get_by_label("Notes").fill(notes)
    page.get_by_role("button", name="Save", exact=True).click()
    expect(notes_of(page)).to_have_text(notes)


def test_notes_are_written_in_the_dialog_and_are_on_the_other_device(page, laptop):
    page.bring_to_front()
    dialog = open_details(page)
    expect(dialog.get_by_label("Notes")).to_be_focused()
    page.keyboard.type("At the corner,")
    page.keyboard.press("Enter")
    page.keyboard.type("  behind the bakery")
    page.keyboard.press("ControlOrMeta+Enter")
    expect(dialog).to_be_hidden()
    expect(row(page, "Buy milk").get_by_role("button", name="Details of")).to_be_focused()
    for each in (page, laptop):
        expect(notes_of(each)).to_have_text(NOTES, use_inner_text=False)
    synced(page)
    assert local_todo(page, "Buy milk")["notes"] == NOTES
    page.reload()
    ready(page)
    notes_of(page).click()  # opens them, too
    expect(page.get_by_role("dialog", name="Details").get_by_label("Notes")).to_have_value(NOTES)


def test_what_a_row_seldom_has_comes_in_its_order(page, milk):
    add_todo(page, "Call mum")
    synced(page)
    parts = row(page, "Call mum").locator("> :is(.due, .notes, .note, .met)")
    expect(parts).to_have_count(0)
    for count, values in enumerate(({"conflict": True}, {"notes": NOTES}, {"due": "2020-02-29"})):
        push_edit(page, local_todo(page, "Call mum"), **values)
        sync_now(page)
        expect(parts.filter(visible=True)).to_have_count(count + 1)
        synced(page)
    expect(parts).to_have_class(["due", "notes", "met"])


def test_escape_and_cancel_change_nothing_and_so_does_saving_what_was_shown(page, milk):
    write(page, NOTES)
    synced(page)
    before = local_todo(page, milk)
    for leave in (
        lambda: page.keyboard.press("Escape"),
        lambda: page.get_by_role("button", name="Cancel").click(),
    ):
        dialog = open_details(page)
        dialog.get_by_label("Notes").fill("half a wo")
        leave()
        expect(dialog).to_be_hidden()
    expect(open_details(page).get_by_label("Notes")).to_have_value(NOTES)
    page.get_by_role("button", name="Save", exact=True).click()
    toggle(page, milk)  # an edit that comes after all of that
    eventually(lambda: local_todo(page, milk)["completed"], page)
    assert local_todo(page, milk)["clocks"]["notes"] == before["clocks"]["notes"]


def test_what_comes_from_elsewhere_neither_closes_the_dialog_nor_changes_what_is_typed(page, milk):
    dialog = open_details(page)
    dialog.get_by_label("Notes").fill("half a wo")
    push_edit(page, local_todo(page, milk), text="Buy oat milk", notes=NOTES, completed=True)
    expect(notes_of(page, "Buy oat milk")).to_have_text(NOTES, use_inner_text=False)
    expect(dialog.get_by_label("Notes")).to_be_focused()
    expect(dialog.get_by_label("Notes")).to_have_value("half a wo")
    page.keyboard.type("rd")
    page.keyboard.press("ControlOrMeta+Enter")
    expect(notes_of(page, "Buy oat milk")).to_have_text("half a word")
    synced(page)
    kept = local_todo(page, "Buy oat milk")
    assert (kept["completed"], kept["notes"]) == (True, "half a word")
    # Whoever wrote had not seen the other's: both are told, and it is marked.
    expect(row(page, "Buy oat milk")).to_have_attribute("data-conflict", "")
    row(page, "Buy oat milk").get_by_role("link", name="History of").click()
    past = page.get_by_role("dialog", name="History")
    expect(past).to_contain_text("Lost to “half a word”: neither had seen the other.")


def test_two_devices_write_first_notes_one_offline_and_either_can_be_had(page, laptop):
    cut_off(laptop)
    write(laptop, "In town")
    write(page, NOTES)
    synced(page)
    laptop.unroute("**/sync")
    sync_now(laptop)
    synced(laptop)
    for each in (page, laptop):
        expect(row(each, "Buy milk")).to_have_attribute("data-conflict", "")
        expect(notes_of(each)).to_have_text(NOTES, use_inner_text=False)
    row(page, "Buy milk").get_by_role("link", name="History of").click()
    past = page.get_by_role("dialog", name="History")
    expect(past).to_contain_text("Notes set to “In town”. Lost to “At the corner,")
    past.get_by_role("button", name="Restore “In town”").click()
    for each in (page, laptop):
        expect(notes_of(each)).to_have_text("In town")


def test_a_record_of_before_there_were_details_gets_them_and_undo_takes_them_away(page, milk):
    assert "notes" not in local_todo(page, milk)
    write(page, "Rye?")
    dialog = open_details(page)
    page.keyboard.press("End")
    page.keyboard.type("?")
    expect(page.get_by_role("dialog", name="Shortcuts")).to_be_hidden()
    page.keyboard.press("ControlOrMeta+z")  # the field's own
    expect(dialog).to_be_visible()
    page.keyboard.press("Escape")
    expect(notes_of(page)).to_have_text("Rye?")
    page.keyboard.press("ControlOrMeta+z")
    expect(notes_of(page)).to_have_text("")
    page.get_by_role("button", name="Redo: change the details of “Buy milk”").first.click()
    expect(notes_of(page)).to_have_text("Rye?")


def test_notes_that_are_too_long_are_not_taken_and_stay_in_the_dialog(page, milk):
    dialog = open_details(page)
    dialog.get_by_label("Notes").fill("x" * 10_001)
    dialog.get_by_role("button", name="Save").click()
    expect(dialog.get_by_role("alert")).to_have_text("The notes are longer than 10000 characters.")
    expect_told(dialog, {"Notes": "The notes are longer than 10000 characters."})
    expect(dialog.get_by_label("Notes")).to_have_value("x" * 10_001)
    dialog.get_by_label("Notes").fill("x" * 10_000)
    expect_told(dialog, {})
    dialog.get_by_role("button", name="Save").click()
    synced(page)
    assert local_todo(page, milk)["notes"] == "x" * 10_000


def expect_told(form, wrong):
    """Expect these fields, and no others, to be marked as wrong and described by what is told."""
    for label in ("Notes", "Due date", "Due time"):
        field = form.get_by_label(label)
        if label in wrong:
            expect(field).to_have_attribute("aria-invalid", "true")
            expect(field).to_have_accessible_description(wrong[label])
        else:
            expect(field).not_to_have_attribute("aria-invalid", "true")
            expect(field).to_have_accessible_description("")


def test_without_a_script_the_page_to_edit_a_todo_has_its_notes(page, new_browser, alice, milk):
    paper = new_browser(java_script_enabled=False).new_page()
    log_in(paper, alice)
    row(paper, milk).get_by_role("link", name="Edit Buy milk").click()
    paper.get_by_label("Notes").fill(NOTES)
    rename(page, milk, "Buy oat milk")  # meanwhile
    synced(page)
    paper.get_by_role("button", name="Save").click()
    expect(notes_of(paper, "Buy oat milk")).to_have_text(NOTES, use_inner_text=False)
    expect(notes_of(page, "Buy oat milk")).to_have_text(NOTES, use_inner_text=False)


def test_both_sides_know_the_same_wrong_notes(module_page):
    some = ["", "a\nb", "x" * 10_000, "x" * 10_001, "\U0001f600" * 10_000, "a\rb", "a\0b", "\ud83d"]
    says = module_page.evaluate(
        """async (some) => {
            const { wrongIn } = await import("/static/js/fields.mjs");
            return some.map((notes) => wrongIn("notes", notes, { notes: 10000 }));
        }""",
        some,
    )
    known = FIELDS["notes"]
    assert says == [known.errors.get(known.check(notes), "") for notes in some]


# When it is due


def due_of(page, text="Buy milk"):
    return row(page, text).locator(".due")


def set_due(page, day, time=""):
    """Open the details, and say when it is due."""
    dialog = open_details(page)
    dialog.get_by_label("Due date").fill(day)
    dialog.get_by_label("Due time").fill(time)
    dialog.get_by_role("button", name="Save").click()
    expect(dialog).to_be_hidden()


def in_zone(new_browser, name, zone):
    """Return the page of another device of Alice's, in a time zone."""
    page = new_browser(timezone_id=zone).new_page()
    log_in(page, name)
    synced(page)
    return page


def test_a_day_is_the_same_in_tokyo_and_in_new_york_and_a_minute_is_not(
    page, new_browser, alice, milk
):
    tokyo = in_zone(new_browser, alice, "Asia/Tokyo")
    new_york = in_zone(new_browser, alice, "America/New_York")
    set_due(tokyo, "2030-12-01")
    for each in (tokyo, new_york):
        expect(due_of(each)).to_have_text("Due 1 Dec 2030")
        expect(due_of(each)).to_have_attribute("datetime", "2030-12-01")
    set_due(tokyo, "2030-12-01", "09:00")
    expect(due_of(tokyo)).to_have_text("Due 1 Dec 2030 09:00")
    expect(due_of(new_york)).to_have_text("Due 30 Nov 2030 19:00")
    synced(tokyo)
    assert local_todo(tokyo, milk)["due"] == "2030-12-01T00:00Z"
    # The server's page says it as the script does, once it knows where its reader is.
    watched = "document.querySelector('.todo-list .due').textContent"
    assert tokyo.request.get("/").text().count(">Due 1 Dec 2030 09:00</time>") == 1
    new_york.reload()
    assert new_york.evaluate(watched) == "Due 30 Nov 2030 19:00"
    dialog = open_details(new_york)
    expect(dialog.get_by_label("Due date")).to_have_value("2030-11-30")
    expect(dialog.get_by_label("Due time")).to_have_value("19:00")


def test_when_the_day_changes_an_open_page_says_so(page, new_browser, alice, milk):
    push_edit(page, local_todo(page, milk), due="2030-12-01")
    context = new_browser(timezone_id="Europe/Berlin")
    device = context.new_page()
    device.clock.install(time="2030-11-30T22:58:30Z")  # half a minute to midnight, in Berlin
    log_in(device, alice)
    expect(due_of(device)).to_have_text("Due tomorrow")
    device.clock.run_for("01:10")
    expect(due_of(device)).to_have_text("Due tomorrow")
    device.clock.run_for("00:30")
    expect(due_of(device)).to_have_text("Due today")
    expect(due_of(device)).to_have_attribute("data-when", "today")
    device.clock.fast_forward("24:00:00")
    device.clock.run_for("01:00")
    expect(due_of(device)).to_have_text("Overdue since yesterday")
    toggle(device, milk)
    expect(due_of(device)).to_have_text("Due yesterday")
    expect(due_of(device)).to_have_attribute("data-when", "")


def test_two_devices_set_it_one_offline_and_the_history_tells_both(page, laptop, milk):
    cut_off(laptop)
    set_due(laptop, "2030-11-03")
    expect(due_of(laptop)).to_have_text("Due 3 Nov 2030")
    set_due(page, "2030-12-24")
    synced(page)
    laptop.unroute("**/sync")
    sync_now(laptop)
    synced(laptop)
    for each in (page, laptop):
        expect(row(each, milk)).to_have_attribute("data-conflict", "")
        expect(due_of(each)).to_have_text("Due 24 Dec 2030")
    row(page, milk).get_by_role("link", name="History of").click()
    past = page.get_by_role("dialog", name="History")
    expect(past).to_contain_text("Lost to 24 Dec 2030: neither had seen the other.")
    past.get_by_role("button", name="Restore 3 Nov 2030").click()
    for each in (page, laptop):
        expect(due_of(each)).to_have_text("Due 3 Nov 2030")
    page.keyboard.press("ControlOrMeta+z")
    expect(due_of(laptop)).to_have_text("Due 24 Dec 2030")


def test_a_time_without_a_day_is_refused_and_an_emptied_day_is_none(page, milk):
    set_due(page, "2030-12-01", "09:00")
    dialog = open_details(page)
    dialog.get_by_label("Due date").fill("")
    dialog.get_by_role("button", name="Save").click()
    says = "A due date is a day, with or without a time."
    expect(dialog.get_by_role("alert")).to_have_text(says)
    expect_told(dialog, {"Due date": says, "Due time": says})
    dialog.get_by_label("Notes").fill("x" * 10_001)
    dialog.get_by_label("Due time").fill("")  # right again, but the notes are not
    expect_told(dialog, {"Notes": "The notes are longer than 10000 characters."})
    page.keyboard.press("Escape")
    expect_told(open_details(page), {})
    dialog.get_by_label("Due date").fill("")
    dialog.get_by_label("Due time").fill("")
    dialog.get_by_role("button", name="Save").click()
    expect(due_of(page)).to_be_hidden()
    synced(page)
    assert local_todo(page, milk)["due"] == ""


def test_without_a_script_a_day_and_a_time_are_typed(page, new_browser, alice, milk):
    paper = new_browser(java_script_enabled=False).new_page()
    log_in(paper, alice)
    row(paper, milk).get_by_role("link", name="Edit Buy milk").click()
    paper.get_by_label("Due time").fill("09:00")
    expect(paper.get_by_text("The time is that of UTC.")).to_be_visible()
    paper.get_by_role("button", name="Save").click()
    for label in ("Due date", "Due time"):
        expect(paper.get_by_label(label)).to_have_attribute("aria-invalid", "true")
        expect(paper.get_by_label(label)).to_have_accessible_description(
            "The time is that of UTC. A due date is a day, with or without a time."
        )
    paper.get_by_label("Due date").fill("2030-12-01")
    paper.get_by_role("button", name="Save").click()
    expect(due_of(paper)).to_have_text("Due 1 Dec 2030 09:00")
    expect(due_of(page)).to_have_attribute("datetime", "2030-12-01T09:00Z")
