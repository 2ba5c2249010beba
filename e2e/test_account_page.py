"""The account page says what the browser says of the todos that it keeps."""

import pytest
from playwright.sync_api import expect

pytestmark = [pytest.mark.any_engine, pytest.mark.usefixtures("alice")]

SAYS = """
    globalThis.persisted = %s;
    StorageManager.prototype.persisted = async () => globalThis.persisted;
    StorageManager.prototype.persist = async () => (globalThis.persisted = %s);
"""
SILENT = "StorageManager.prototype.persisted = () => new Promise(() => {});"
MISSING = "Object.defineProperty(navigator, 'storage', { value: undefined });"


@pytest.fixture
def told(page, alice):
    """Return a function that opens the page in a browser that says this: its section."""

    def open_page(script):
        page.add_init_script(script)
        page.get_by_role("link", name=alice).click()
        return page.locator(".this-browser")

    return open_page


def test_it_keeps_them(told):
    section = told(SAYS % ("true", "true"))
    expect(section).to_contain_text("keeps your todos until you say otherwise")
    expect(section.get_by_role("button")).to_be_hidden()


def test_it_may_throw_them_away_until_it_is_asked_not_to(told):
    section = told(SAYS % ("false", "true"))
    expect(section).to_contain_text("may throw away")
    section.get_by_role("button", name="Keep my todos").click()
    expect(section).to_contain_text("keeps your todos until you say otherwise")
    expect(section.get_by_role("button")).to_be_hidden()
    expect(section.get_by_role("status")).to_be_focused()


def test_it_does_not_promise_it(told):
    section = told(SAYS % ("false", "false"))
    section.get_by_role("button", name="Keep my todos").click()
    expect(section).to_contain_text("It said no")
    expect(section.get_by_role("button")).to_be_visible()


@pytest.mark.parametrize("script", [SILENT, MISSING], ids=["silent", "missing"])
def test_it_does_not_say(told, script):
    section = told(script)
    expect(section).to_contain_text("does not say")
    expect(section.get_by_role("button")).to_be_hidden()
