"""Five hundred todos: the first hundred from the server, the rest from here, at no one's cost."""

import itertools

import pytest
from playwright.sync_api import expect

from e2e.actions import (
    SCRIPTS,
    Held,
    add_todo,
    eventually,
    ready,
    reload_held,
    row,
    sign_up_with,
    synced,
    titles,
    toggle,
)

pytestmark = pytest.mark.any_engine

ALL = [f"todo {number:03}" for number in range(500)]


@pytest.fixture
def page(context):
    """A tab in which each frame is looked at, with Alice's five hundred."""
    context.add_init_script(path=SCRIPTS / "sample-frames.js")
    page = context.new_page()
    sign_up_with(page, ALL)
    return page


def test_all_are_there_in_their_order_and_nothing_jumps(page):
    scripts = Held(page, "**/main*.mjs")
    reload_held(page)
    expect(titles(page)).to_have_text(ALL[:100])
    expect(page.get_by_role("link", name="More")).to_be_visible()
    page.evaluate("document.querySelectorAll('.todo-list li').forEach((row, at) => (row.at = at))")
    row(page, "todo 050").scroll_into_view_if_needed()
    before = page.evaluate("scrollY")
    scripts.release()
    expect(titles(page)).to_have_text(ALL)
    expect(page.get_by_role("link", name="More")).to_have_count(0)
    assert page.evaluate("scrollY") == before
    assert page.evaluate("shifts_") == []
    nodes = page.evaluate("[...document.querySelectorAll('.todo-list li')].map((row) => row.at)")
    assert nodes[:100] == list(range(100))
    # A frame may come while the page is still parsed.
    tops = [frame["tops"] for frame in page.evaluate("frames_") if len(frame["tops"]) >= 100]
    assert all(each[:100] == tops[0][:100] for each in tops)
    expect(page.get_by_test_id("todo-count")).to_have_text("500 items left")


def test_they_come_some_in_each_frame(page):
    page.reload()
    expect(titles(page)).to_have_count(500)
    ready_with = [len(frame["titles"]) for frame in page.evaluate("frames_") if frame["ready"]]
    assert ready_with[0] == 100
    assert max(b - a for a, b in itertools.pairwise(ready_with)) <= 200
    assert ready_with[-1] == 500


def test_what_is_done_while_they_come_is_not_lost_among_them(page):
    page.reload()
    ready(page)
    add_todo(page, "new")
    toggle(page, "todo 000")
    expect(titles(page)).to_have_text([*ALL, "new"])
    expect(row(page, "todo 000")).to_have_class("completed")
    expect(page.get_by_test_id("todo-count")).to_have_text("500 items left")


def test_the_filters_show_the_right_ones_of_them(page):
    for text in ("todo 003", "todo 007"):
        toggle(page, text)
    page.get_by_role("link", name="Completed").click()
    expect(titles(page)).to_have_text(["todo 003", "todo 007"])
    page.get_by_role("link", name="Active").click()
    expect(titles(page)).to_have_text(
        [text for text in ALL if text not in ("todo 003", "todo 007")]
    )


def changes_of_a_tap(page):
    """Tick the first todo by script; return what that changed on the page, until it is saved."""
    synced(page)
    page.evaluate("""() => {
        window.changed = [];
        const what = { subtree: true, childList: true, attributes: true, characterData: true };
        const note = (records) => changed.push(...records.map(({ type }) => type));
        new MutationObserver(note).observe(document.querySelector(".todoapp"), what);
    }""")
    page.evaluate("document.querySelector('.toggle').click()")
    eventually(lambda: page.evaluate("changed.length"), page)
    synced(page)
    return sorted(page.evaluate("changed"))


def test_a_tap_touches_as_little_of_the_page_as_with_ten(page, new_browser):
    few = new_browser().new_page()
    sign_up_with(few, ALL[:10])
    assert changes_of_a_tap(page) == changes_of_a_tap(few)
