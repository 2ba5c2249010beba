"""`python3 dev.py screenshots`: the app in each of its states, into docs/images/.

Phone and desktop, light and dark; and two browsers on the way through docs/tutorial.md.
The pictures are of the real app, on a server of their own.
"""

from __future__ import annotations

import datetime
import os
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

from playwright.sync_api import (
    Browser,
    Locator,
    Page,
    Route,
    ViewportSize,
    expect,
    sync_playwright,
)

from e2e.actions import (
    PASSWORD,
    add_todo,
    answer_to,
    body_of,
    cut_off,
    delete,
    fill_in_log_in,
    local_todo,
    log_in,
    log_out,
    push_edit,
    rename,
    row,
    sign_up,
    status,
    sync_now,
    synced,
    toggle,
)
from e2e.server import ROOT, Server

FOLDER = ROOT / "docs" / "images"
SIZES: dict[str, ViewportSize] = {
    "phone": {"width": 390, "height": 700},
    "desktop": {"width": 1000, "height": 700},
}
TUTORIAL: ViewportSize = {"width": 520, "height": 560}
TODOS = (
    "Buy milk",
    "Call mum about the holidays, and ask whether the dog may come along",
    "Water the plants",
    "Write to the landlord",
    "Learn what a join semilattice is",
)


def empty(page: Page) -> None:
    """Show a list on which nothing has ever been written."""
    synced(page)


def full(page: Page) -> None:
    """Show a list in use."""
    for text in TODOS:
        add_todo(page, text)
    toggle(page, "Water the plants")
    toggle(page, "Buy milk")
    today = datetime.date.today()
    yesterday = today - datetime.timedelta(days=1)
    for text, field, value in (
        (TODOS[1], "Due date", str(yesterday)),
        ("Write to the landlord", "Due date", str(today)),
        ("Learn what a join semilattice is", "Notes", "Any two have a least upper bound."),
    ):
        dialog = details_of(page, text)
        dialog.get_by_label(field).fill(value)
        dialog.get_by_role("button", name="Save").click()
        expect(dialog).to_be_hidden()
    page.evaluate("scrollTo(0, 0)")
    page.mouse.move(0, 0)
    synced(page)


def details_of(page: Page, text: str) -> Locator:
    """Open the details of a todo, and return their dialog."""
    row(page, text).get_by_role("button", name="Details of").click()
    return page.get_by_role("dialog", name="Details")


def details(page: Page) -> None:
    """Show what a row has no room for."""
    expect(details_of(page, "Learn what a join semilattice is")).to_be_visible()


def search(page: Page) -> None:
    """Show what is found by a word."""
    page.keyboard.press("Escape")
    page.get_by_role("searchbox", name="Search").fill("the")
    expect(page.locator(".found")).to_have_text("3 todos found")


def editing(page: Page) -> None:
    """Show a row whose text is being changed."""
    page.keyboard.press("Escape")
    expect(page.locator(".found")).to_be_hidden()
    row(page, "Write to the landlord").get_by_role("button", name="Edit").click()
    page.keyboard.press("End")


def history(page: Page) -> None:
    """Show what was done to a todo."""
    page.keyboard.press("Escape")
    rename(page, "Water the plants", "Water the plants on the balcony")
    synced(page)
    row(page, "Water the plants on the balcony").get_by_role("link", name="History").click()
    expect(page.get_by_test_id("step")).to_have_count(3)
    expect(page.locator(".history").get_by_role("status")).to_be_empty()


def conflict(page: Page) -> None:
    """Show a todo that was changed in two places without knowing of each other."""
    page.get_by_role("button", name="Restore “Water the plants”").click()
    synced(page)
    todo = local_todo(page, "Write to the landlord")
    assert todo
    push_edit(page, todo, conflict=True)
    sync_now(page)
    expect(page.locator("[data-conflict]")).to_be_visible()


def offline(page: Page) -> None:
    """Show edits that the server has not got, and a deletion that can be undone."""
    cut_off(page)
    toggle(page, "Write to the landlord")
    delete(page, "Water the plants")
    page.mouse.move(0, 0)
    expect(status(page)).to_have_attribute("data-state", "offline")
    expect(row(page, "Write to the landlord").locator(".mark")).to_be_visible()


def error(page: Page) -> None:
    """Show a todo that the server would not have."""
    page.keyboard.press("Escape")
    page.unroute("**/sync")
    page.route("**/sync", refuse)
    rename(page, "Learn what a join semilattice is", "Learn everything about joins")
    page.mouse.move(0, 0)
    expect(status(page)).to_have_attribute("data-state", "error")
    expect(row(page, "Learn everything about joins").locator(".mark")).to_be_visible()


def refuse(route: Route) -> None:
    """Answer as the server does to a text that is too long, which would not fit into a picture."""
    sent = body_of(route)["todos"]
    answer = answer_to(route).json()
    message = "A todo cannot be longer than 2000 characters."
    for todo, result in zip(sent, answer["results"], strict=True):
        if "text" in todo.get("clocks", {}):
            verdict = {"status": "rejected", "error": "text_too_long", "message": message}
            result |= verdict | {"fields": ["text"], "errors": {"text": "text_too_long"}}
    answer["todos"] = []
    route.fulfill(json=answer)


def trash(page: Page) -> None:
    """Show what was deleted."""
    page.unroute("**/sync")
    page.get_by_role("button", name="Discard").click()
    delete(page, "Call mum about the holidays, and ask whether the dog may come along")
    synced(page)
    page.get_by_role("link", name="Trash").click()
    expect(page.get_by_test_id("deleted-todo")).to_have_count(2)


def account(page: Page) -> None:
    """Show the account, its devices, and what else can be done with it."""
    page.goto("/accounts/")
    expect(page.get_by_role("heading", name="Devices")).to_be_visible()
    expect(page.locator(".persisted")).not_to_be_empty()


def admin(page: Page) -> None:
    """Show what an operator sees of everybody's devices."""
    page.goto("/")
    synced(page)
    log_out(page)
    page.goto("/admin/accounts/device/")
    fill_in_log_in(page, "olga")
    expect(page.locator("#result_list")).to_be_visible()


STATES: tuple[Callable[[Page], None], ...] = (
    empty,
    full,
    details,
    search,
    editing,
    history,
    conflict,
    offline,
    error,
    trash,
    account,
    admin,
)


def tutorial(browser: Browser, server: Server) -> Iterator[tuple[str, Page]]:
    """Go through the tutorial with two browsers; give what there is to be seen, and its name."""
    first, second = (
        browser.new_context(base_url=server.url, viewport=TUTORIAL).new_page() for _ in range(2)
    )
    sign_up(first, "alice")
    for text in ("Buy milk", "Call mum"):
        add_todo(first, text)
    synced(first)
    log_in(second, "alice")
    synced(second)
    second.evaluate("navigator.serviceWorker.ready.then(() => true)")
    second.context.set_offline(True)
    rename(second, "Buy milk", "Buy oat milk")
    expect(status(second)).to_have_attribute("data-state", "offline")
    expect(row(second, "Buy oat milk").locator(".mark")).to_be_visible()
    yield "second-offline", second
    rename(first, "Buy milk", "Buy soy milk")
    toggle(first, "Call mum")
    synced(first)
    yield "first-online", first
    rename(second, "Call mum", "Call mum at six")
    second.context.set_offline(False)
    sync_now(second)
    synced(second)
    expect(row(second, "Call mum at six").get_by_role("checkbox")).to_be_checked()
    yield "conflict", second
    row(second, "Buy soy milk").get_by_role("link", name="Changed in two places").click()
    expect(second.get_by_test_id("step")).to_have_count(3)
    expect(second.locator(".history").get_by_role("status")).to_be_empty()
    yield "history", second
    synced(second)
    server.kill()
    second.reload()
    add_todo(second, "Written without a server")
    expect(status(second)).to_have_attribute("data-state", "offline")
    expect(row(second, "Written without a server").locator(".mark")).to_be_visible()
    yield "no-server", second


def pages(browser: Browser, url: str) -> Iterator[tuple[str, Page]]:
    """Give a tab of each size and scheme, with somebody signed up, and its name."""
    for size, viewport in SIZES.items():
        for scheme in ("light", "dark"):
            context = browser.new_context(base_url=url, viewport=viewport, color_scheme=scheme)
            page = context.new_page()
            yield f"{size}-{scheme}", page
            context.close()


def main() -> None:
    """Make all pictures anew."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    for picture in FOLDER.glob("*.png"):
        picture.unlink()
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        server = Server(Path(folder)).prepare().start()
        make_admin(server)
        browser = playwright.chromium.launch(executable_path=os.environ.get("E2E_BROWSER") or None)
        for name, page in pages(browser, server.url):
            page.goto("/accounts/login/")
            page.screenshot(path=FOLDER / f"login-{name}.png")
            sign_up(page, f"alice-{name}")
            for state in STATES:
                state(page)
                page.screenshot(path=FOLDER / f"{state.__name__}-{name}.png")
        for name, page in tutorial(browser, server):
            page.mouse.move(0, 0)
            page.screenshot(path=FOLDER / f"tutorial-{name}.png")
        browser.close()
        server.kill()
    print(f"Made {len(list(FOLDER.glob('*.png')))} pictures in {FOLDER.relative_to(ROOT)}.")


def make_admin(server: Server) -> None:
    """Let there be an operator."""
    command = ("createsuperuser", "--noinput", "--username=olga", "--email=olga@example.com")
    server.manage(*command, DJANGO_SUPERUSER_PASSWORD=PASSWORD)


if __name__ == "__main__":
    main()
