"""Nobody sees the moment where the page stops being the server's and becomes the device's."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from e2e.actions import (
    SCRIPTS,
    Held,
    cut_off,
    delete,
    eventually,
    local,
    local_todo,
    new_name,
    push,
    ready,
    reload_held,
    rename,
    row,
    sign_up,
    sign_up_with,
    status,
    synced,
    titles,
    toggle,
)

# A machine under load may need longer than the second for which the page waits for its scripts.
HOLD_LONGER = """
    const hold = () => {
        for (const animation of document.getAnimations())
            if (animation.animationName === "held") animation.pause();
        requestAnimationFrame(hold);
    };
    requestAnimationFrame(hold);
"""


@pytest.fixture
def reloads(pytestconfig):
    """How often a page is looked at."""
    return 30 if pytestconfig.getoption("--all") else 6


@pytest.fixture
def page(context):
    """A tab in which each frame is looked at."""
    context.add_init_script(path=SCRIPTS / "sample-frames.js")
    return context.new_page()


def sign_up_with_old(page, count):
    """Sign up, with that many todos on the server and here."""
    sign_up_with(page, [f"old {number}" for number in range(count)])


def frames(page):
    return page.evaluate("frames_")


def with_rows(page):
    return [frame for frame in frames(page) if frame["titles"]]


def go_offline(page):
    """Let no sync through; pages and files still come from the server."""
    cut_off(page)


def rename_here(page, count):
    """Give the first todos another text, of which the server does not hear."""
    go_offline(page)
    for number in range(count):
        rename(page, f"old {number}", f"new {number}")
    eventually(lambda: sum(todo["text"].startswith("new") for todo in local(page)) == count, page)


def a_frame_after(page):
    """Return the frames, once there is one after the page is ready."""
    ready(page)
    return eventually(lambda: (seen := frames(page))[-1]["ready"] and seen, page)


@pytest.mark.parametrize("ahead", [1, pytest.param(20, marks=pytest.mark.any_engine)])
def test_what_is_newer_here_is_never_preceded_by_what_the_server_has(page, ahead, reloads):
    page.add_init_script(HOLD_LONGER)
    sign_up_with_old(page, 20)
    rename_here(page, ahead)
    stale = {f"old {number}" for number in range(ahead)}
    shown = 0
    for _ in range(reloads):
        page.reload()
        seen = a_frame_after(page)
        assert [frame for frame in seen if stale & set(frame["titles"])] == []
        shown += sum(f"new {ahead - 1}" in frame["titles"] for frame in seen)
    assert shown >= reloads


def test_what_was_ticked_or_deleted_here_is_never_preceded_by_what_the_server_has(page, reloads):
    page.add_init_script(HOLD_LONGER)
    sign_up_with_old(page, 3)
    go_offline(page)
    toggle(page, "old 2")
    delete(page, "old 1")
    eventually(lambda: local_todo(page, "old 1")["deleted"], page)
    shown = 0
    for _ in range(reloads):
        page.reload()
        for frame in a_frame_after(page):
            assert (frame["titles"], frame["ticks"]) in (
                ([], []),
                (["old 0", "old 2"], [False, True]),
            )
            shown += bool(frame["titles"])
    assert shown >= reloads


def test_the_servers_list_is_held_back_for_a_second_at_most_when_scripts_are_late(page):
    sign_up_with_old(page, 3)
    rename_here(page, 1)
    scripts = Held(page, "**/*.mjs")
    reload_held(page)
    seen = eventually(lambda: with_rows(page) and frames(page), page)
    first = with_rows(page)[0]
    assert first["titles"] == ["old 0", "old 1", "old 2"]
    assert not first["ready"]
    assert any(frame["held"] for frame in seen)
    rules = "[...document.styleSheets].flatMap((sheet) => [...sheet.cssRules])"
    held = f"{rules}.find((rule) => rule.conditionText?.includes('scripting')).cssRules[0].style"
    assert page.evaluate(f"{held}.animationDuration") == "1s"
    scripts.release()
    expect(titles(page)).to_have_text(["new 0", "old 1", "old 2"])


def test_a_page_that_is_not_behind_is_not_held_back(page):
    sign_up_with_old(page, 3)
    page.reload()
    assert not any(frame["held"] for frame in a_frame_after(page))
    rename_here(page, 1)
    page.unroute("**/sync")
    synced(page)
    page.reload()
    assert not any(frame["held"] for frame in a_frame_after(page))


def test_somebody_elses_page_is_not_held_back(page, context):
    sign_up_with_old(page, 1)
    rename_here(page, 1)
    context.clear_cookies(name="sessionid")
    other = context.new_page()
    sign_up(other, new_name("bob"))
    ready(other)
    push(other, ["bob's own"])
    other.reload()
    expect(titles(other)).to_have_text(["bob's own"])
    assert not any(frame["held"] for frame in a_frame_after(other))


def test_the_servers_list_is_usable_while_scripts_are_late_and_then_overwritten_row_by_row(page):
    sign_up_with_old(page, 4)
    rename_here(page, 1)
    scripts = Held(page, "**/*.mjs")
    reload_held(page)
    expect(row(page, "old 0")).to_be_visible()
    row(page, "old 3").get_by_role("checkbox").click()
    row(page, "old 3").get_by_role("button", name="Save").click()
    expect(page.locator("html:not([data-ready]) .completed label")).to_have_text(["old 3"])
    expect(titles(page)).to_have_text(["old 0", "old 1", "old 2", "old 3"])
    page.evaluate("document.querySelectorAll('.todo-list li').forEach((row, at) => (row.at = at))")
    row(page, "old 2").get_by_role("checkbox").click()
    scripts.release()
    ready(page)
    expect(titles(page)).to_have_text(["new 0", "old 1", "old 2", "old 3"])
    nodes = page.evaluate("[...document.querySelectorAll('.todo-list li')].map((row) => row.at)")
    assert nodes == [0, 1, 2, 3]
    touched = page.evaluate("mutations_.length")
    assert touched > 0
    page.unroute("**/sync")
    synced(page)
    assert [local_todo(page, text)["completed"] for text in ("new 0", "old 2", "old 3")] == [
        False,
        True,
        True,
    ]


@pytest.mark.parametrize("count", [1, 100])
def test_a_reload_in_sync_changes_nothing_and_moves_nothing(page, count):
    sign_up_with_old(page, count)
    page.reload()
    synced(page)
    seen = a_frame_after(page)
    assert page.evaluate("mutations_") == []
    assert page.evaluate("shifts_") == []
    full = [frame["tops"] for frame in seen if len(frame["tops"]) == count]
    assert full
    assert all(tops == full[0] for tops in full)


def test_without_its_scripts_the_servers_list_stays_and_works(page):
    sign_up_with_old(page, 3)
    rename_here(page, 1)
    page.route("**/*.mjs", lambda route: route.abort())
    page.reload()
    expect(row(page, "old 0")).to_be_visible()
    row(page, "old 1").get_by_role("checkbox").click()
    row(page, "old 1").get_by_role("button", name="Save").click()
    expect(row(page, "old 1")).to_have_class("completed")
    row(page, "old 2").get_by_role("button", name="Delete").click()
    expect(titles(page)).to_have_text(["old 0", "old 1"])
    page.get_by_placeholder("What needs to be done?").fill("by the form")
    page.keyboard.press("Enter")
    expect(titles(page)).to_have_text(["old 0", "old 1", "by the form"])
    row(page, "old 1").get_by_role("link", name="Edit").click()
    page.get_by_label("What needs to be done?").fill("renamed by the form")
    page.get_by_role("button", name="Save").click()
    expect(titles(page)).to_have_text(["old 0", "renamed by the form", "by the form"])
    page.unroute("**/*.mjs")
    page.unroute("**/sync")
    page.reload()
    expect(titles(page)).to_have_text(["new 0", "renamed by the form", "by the form"])
    expect(status(page)).to_have_attribute("data-state", "synced")
