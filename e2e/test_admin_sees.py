"""What the person who runs the server sees of what happened on the devices."""

import pytest
from playwright.sync_api import expect

from e2e.access import axe_finds
from e2e.actions import (
    Held,
    add_todo,
    fill_in_log_in,
    log_in,
    new_name,
    ready,
    rename,
    row,
    sign_up,
    status,
    sync_now,
    synced,
    titles,
)

pytestmark = pytest.mark.any_engine

WIDER = """document.documentElement.dataset.limits =
    '{"text": 5000, "todosPerRequest": 1000, "bytesPerRequest": 1000000}'"""


# Not what Django's own templates make around it.
OURS = """axe.run(["#changelist-form", ".activity"].filter((part) => document.querySelector(part)),
    { runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"] })"""


@pytest.fixture
def admin(new_browser):
    """The admin, with olga logged in."""
    page = new_browser().new_page()
    page.goto("/admin/")
    fill_in_log_in(page, "olga")
    expect(page.get_by_role("heading", name="Site administration")).to_be_visible()
    return page


def shown(admin, address, name):
    """Return the only row that a search for a person finds."""
    admin.goto(f"{address}?q={name}")
    found = admin.locator("#result_list tbody tr")
    expect(found).to_have_count(1)
    return found


@pytest.mark.parametrize("first", ["page", "laptop"])
def test_a_conflict_of_two_devices_that_were_offline_is_seen_with_both_values(
    page, new_browser, admin, first
):
    alice = sign_up(page, new_name("alice"))
    add_todo(page, "Buy milk")
    synced(page)
    laptop = new_browser().new_page()
    log_in(laptop, alice)
    synced(laptop)
    held = {"page": Held(page, "**/sync"), "laptop": Held(laptop, "**/sync")}
    rename(page, "Buy milk", "Buy oat milk")
    expect(row(page, "Buy oat milk")).to_be_visible()
    rename(laptop, "Buy milk", "Buy soy milk")
    expect(row(laptop, "Buy soy milk")).to_be_visible()
    devices = {"page": page, "laptop": laptop}
    for name in (first, *(devices.keys() - {first})):
        held[name].release()
        synced(devices[name])
    for device in devices.values():
        sync_now(device)
        expect(titles(device)).to_have_text(["Buy soy milk"])
    conflict = shown(admin, "/admin/todos/conflict/", alice)
    expect(conflict.locator(".field-lost")).to_have_text("Buy oat milk")
    expect(conflict.locator(".field-won")).to_have_text("Buy soy milk")
    conflict.get_by_role("link", name="text").click()
    expect(admin.locator(".field-whole_lost")).to_contain_text("Buy oat milk")
    expect(admin.locator(".field-whole_won")).to_contain_text("Buy soy milk")
    ours_is_accessible(admin, f"/admin/todos/conflict/?q={alice}")


def test_a_rejected_todo_is_seen_with_payload_and_reason_and_as_its_devices_last_error(page, admin):
    page.route("**/main*.mjs", believe_in_a_wider_limit)
    alice = sign_up(page, new_name("alice"))
    ready(page)
    add_todo(page, "x" * 2_001)
    expect(status(page)).to_have_attribute("data-state", "error")
    rejection = shown(admin, "/admin/todos/rejection/", alice)
    expect(rejection).to_contain_text("longer than 2000 characters")
    rejection.get_by_role("link", name="text_too_long").click()
    expect(admin.locator(".field-came")).to_contain_text("x" * 2_001)
    expect(admin.locator(".field-reasons")).to_contain_text('"text": "text_too_long"')
    device = shown(admin, "/admin/accounts/device/", alice)
    expect(device.locator(".field-last_error")).to_have_text("text_too_long")
    expect(device.locator(".field-lag")).to_have_text("0")
    ours_is_accessible(admin, f"/admin/todos/rejection/?q={alice}")


def believe_in_a_wider_limit(route):
    """Let the page send what the server will not have."""
    answer = route.fetch()
    route.fulfill(response=answer, body=f"{WIDER};\n{answer.text()}")


def test_how_far_a_device_is_behind_is_seen(page, new_browser, admin):
    alice = sign_up(page, new_name("alice"))
    synced(page)
    laptop = new_browser().new_page()
    log_in(laptop, alice)
    synced(laptop)
    Held(laptop, "**/sync")
    for text in ("Buy milk", "Sow beans"):
        add_todo(page, text)
    synced(page)
    admin.goto(f"/admin/accounts/device/?q={alice}")
    lags = admin.locator("#result_list .field-lag")
    expect(lags).to_have_text(["2", "0"])  # the newest device first


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_activity_is_a_picture(page, admin, scheme):
    sign_up(page, new_name("alice"))
    add_todo(page, "Buy milk")
    synced(page)
    admin.emulate_media(color_scheme=scheme)
    admin.goto("/admin/todos/activity/")
    picture = admin.get_by_role("img", name="Sync activity: the last 48 hours")
    expect(picture).to_be_visible()
    bar = picture.locator(".pushed rect").last
    expect(bar).to_be_visible()
    ground = admin.evaluate("getComputedStyle(document.body).backgroundColor")
    assert bar.evaluate("bar => getComputedStyle(bar).fill") not in (ground, "rgb(0, 0, 0)")
    admin.get_by_text("The numbers of the last 48 hours").click()
    expect(admin.get_by_role("columnheader", name="Conflicts").first).to_be_visible()
    assert axe_finds(admin, "axe.run('#content-main')") == []


def test_what_is_ours_in_the_admin(page, admin):
    alice, text = sign_up(page, new_name("alice")), new_name("Buy milk")
    add_todo(page, text)
    synced(page)
    ours_is_accessible(admin, "/admin/todos/activity/")
    # One row each: with a hundred of other tests' people axe takes minutes.
    sought = {"todos/todo": text, "accounts/device": alice, "accounts/user": alice}
    for address, words in sought.items():
        ours_is_accessible(admin, f"/admin/{address}/?q={words}")
        expect(admin.locator("#result_list tbody tr")).to_have_count(1)


def ours_is_accessible(admin, address):
    """Let axe look at what a page of the admin has of ours, light and dark."""
    for scheme in ("light", "dark"):
        admin.emulate_media(color_scheme=scheme)
        admin.goto(address)
        assert (address, scheme, axe_finds(admin, OURS)) == (address, scheme, [])
