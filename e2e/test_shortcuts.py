"""The list of shortcuts, by its key and by its button."""

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.usefixtures("milk")


def shortcuts(page):
    return page.get_by_role("dialog", name="Shortcuts")


def new_todo(page):
    return page.get_by_placeholder("What needs to be done?")


def test_the_key_opens_it_outside_the_fields(page):
    page.get_by_role("checkbox", name="Toggle Todo").focus()
    page.keyboard.press("?")
    expect(shortcuts(page)).to_be_visible()
    page.keyboard.press("?")
    for name in ("undo what was done last", "redo it"):
        expect(shortcuts(page)).to_contain_text(name)
    page.keyboard.press("Escape")
    expect(shortcuts(page)).to_be_hidden()
    expect(page.get_by_role("checkbox", name="Toggle Todo")).to_be_focused()


def test_in_a_field_the_key_is_a_character(page):
    new_todo(page).press("?")
    expect(new_todo(page)).to_have_value("?")
    page.get_by_role("button", name="Edit").click()
    page.get_by_label("Edit", exact=True).press("?")
    expect(shortcuts(page)).to_be_hidden()


def test_its_button_opens_it_and_has_the_focus_again_afterwards(page):
    button = page.get_by_role("button", name="Shortcuts")
    button.click()
    expect(shortcuts(page)).to_be_visible()
    page.get_by_role("button", name="Close").click()
    expect(shortcuts(page)).to_be_hidden()
    expect(button).to_be_focused()
