"""A session ends while a list is open, or becomes another one, and nothing is lost."""

import pytest
from playwright.sync_api import expect

from e2e.actions import (
    PASSWORD,
    add_todo,
    fill_in_log_in,
    log_in,
    ready,
    row,
    status,
    sync_now,
    synced,
    titles,
)

pytestmark = pytest.mark.any_engine

NEW_PASSWORD = f"another {PASSWORD}"


@pytest.fixture
def laptop(new_browser, page, alice):
    """Alice's other device, on her list."""
    laptop = new_browser().new_page()
    log_in(laptop, alice)
    ready(laptop)
    synced(laptop)
    return laptop


def change_password(page):
    page.goto("/accounts/password/")
    for label, typed in (
        ("Old password", PASSWORD),
        ("New password:", NEW_PASSWORD),
        ("New password confirmation", NEW_PASSWORD),
    ):
        page.get_by_label(label).fill(typed)
    page.get_by_role("button", name="Change the password").click()
    expect(page.get_by_role("status").first).to_contain_text("Your password was changed")


def test_a_password_changed_on_another_device_ends_the_session_and_loses_nothing(
    page, laptop, alice
):
    change_password(laptop)
    add_todo(page, "after the password was changed")
    expect(status(page)).to_have_attribute("data-state", "signed-out")
    expect(status(page)).to_contain_text("1 todo is saved only on this device")
    laptop.goto("/")
    add_todo(laptop, "by the device that changed it")
    synced(laptop)  # that one is still logged in
    page.get_by_role("link", name="Log in").click()
    fill_in_log_in(page, alice, NEW_PASSWORD)
    both = ["by the device that changed it", "after the password was changed"]
    for device in (page, laptop):
        for text in both:
            expect(row(device, text)).to_be_visible()
        synced(device)


def test_a_log_in_in_another_tab_is_taken_up_without_a_reload(page, alice):
    page.context.clear_cookies(name="sessionid")
    add_todo(page, "while logged out")
    expect(status(page)).to_have_attribute("data-state", "signed-out")
    page.evaluate("window.stays = true")
    other = page.context.new_page()
    log_in(other, alice)  # which also makes another token for the forms
    expect(row(other, "while logged out")).to_be_visible()
    page.bring_to_front()
    sync_now(page)
    synced(page)
    add_todo(page, "after it")
    synced(page)
    expect(titles(page)).to_have_text(["while logged out", "after it"])
    assert page.evaluate("window.stays")
