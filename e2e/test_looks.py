"""From 320 pixels on and at twice the size nothing is cut, and all of it is done by keyboard."""

import base64

import pytest
from playwright.sync_api import expect

from e2e.access import all_by_tab, all_of_it_fits, all_of_one_size_by_tab, at_each_size, look
from e2e.actions import (
    add_todo,
    cut_off,
    delete,
    local_todo,
    new_name,
    push,
    push_edit,
    ready,
    row,
    sign_up,
    sign_up_with,
    status,
    synced,
    toggle,
)

pytestmark = pytest.mark.any_engine

LONG = {
    "a word": "x" * 200,
    "digits": "1234567890" * 12,
    "a sentence": "Call mum about the holidays in the south and ask whether the dog may come along",
    "from right to left": "לקנות חלב ולחם מהחנות בפינת הרחוב לפני שבת, ולהחזיר את הספרים לספרייה",
    "emoji": "👩‍👩‍👧‍👦🎉" * 30,
}


def go_offline(page, text):
    """Tick a todo, and wait for all that then says that the server does not know."""
    cut_off(page)
    toggle(page, text)
    expect(status(page)).to_have_attribute("data-state", "offline")
    expect(row(page, text).locator(".mark")).to_be_visible()


def press(page, name):
    page.get_by_role("button", name=name).click()


def heading(page, text):
    expect(page.get_by_role("heading", name=text)).to_be_visible()


# The size


def test_long_texts_stand_in_their_rows(page):
    sign_up_with(page, [*LONG.values(), "Buy milk"])
    all_of_it_fits(page, "the list")
    go_offline(page, "Buy milk")
    all_of_it_fits(page, "offline")
    for text in LONG.values():
        row(page, text).get_by_role("button", name="Edit").click()
        all_of_it_fits(page, f"editing {text}")
        page.keyboard.press("Escape")
    row(page, LONG["a word"]).locator(".grip").click()
    expect(page.locator(".moves")).to_be_visible()
    all_of_it_fits(page, "moving")
    add_todo(page, "y" * 2_000)
    page.get_by_placeholder("What needs to be done?").fill("x" * 2_001)
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_be_visible()
    all_of_it_fits(page, "adding, refused")


def test_the_toast_shows_its_button_whatever_was_deleted(page):
    sign_up_with(page, list(LONG.values()))
    for kind, text in LONG.items():
        delete(page, text)
        expect(page.locator(".toast bdi")).to_have_text(text)
        expect(page.get_by_role("button", name="Undo")).to_be_in_viewport(ratio=1)
        all_of_it_fits(page, f"{kind} deleted")


def test_what_the_toast_says_of_an_undo_is_not_cut(page):
    sign_up_with(page, ["one", "two", LONG["a sentence"]])
    delete(page, LONG["a sentence"])
    press(page, "Undo")
    expect(page.get_by_role("button", name="Redo")).to_be_in_viewport(ratio=1)
    all_of_it_fits(page, "a deletion undone")
    page.get_by_label("Mark all as complete").check()
    synced(page)
    for text in ("one", "two"):
        push_edit(page, local_todo(page, text), completed=False)
        expect(row(page, text).get_by_role("checkbox")).not_to_be_checked()
    press(page, "Undo")
    expect(page.locator(".toast .says")).to_contain_text("but for 2 changed meanwhile")
    all_of_it_fits(page, "a part undone")


def test_without_a_script_long_texts_stand_in_their_rows(page):
    page.route("**/*.mjs", lambda route: route.abort())
    sign_up(page, new_name("alice"))
    push(page, [*LONG.values(), *(f"todo {number}" for number in range(100))])
    page.goto("/")
    all_of_it_fits(page, "the list")
    row(page, LONG["a word"]).get_by_role("link", name="Edit").click()
    heading(page, "Edit a todo")
    all_of_it_fits(page, "the page to edit")
    page.get_by_label("What needs to be done?").fill("x" * 2_001)
    press(page, "Save")
    expect(page.get_by_role("alert")).to_contain_text("longer than 2000")
    all_of_it_fits(page, "the page to edit, refused")
    page.get_by_role("link", name="Move it to another place").click()
    heading(page, "Move a todo")
    all_of_it_fits(page, "the page to move")


def test_a_long_name_stands_in_its_place(page):
    sign_up(page, new_name("a" * 130))
    ready(page)
    all_of_it_fits(page, "the list")


def test_the_account_is_not_cut_and_is_used_by_keyboard(page):
    sign_up(page, new_name("a" * 130))
    synced(page)  # so that there is a device
    for address in ("", "email/", "password/", "delete/"):
        page.goto(f"/accounts/{address}")
        for summary in page.locator("summary").all():
            summary.click()
        all_of_it_fits(page, address)
        all_by_tab(page)


def fill_the_trash(page, texts):
    """Delete todos, and open the Trash."""
    sign_up_with(page, texts)
    for text in texts:
        delete(page, text)
    synced(page)
    page.get_by_role("link", name="Trash").click()
    expect(page.get_by_test_id("deleted-todo")).to_have_count(len(texts))


def test_the_trash_is_not_cut_and_is_used_by_keyboard(page):
    fill_the_trash(page, list(LONG.values()))
    all_of_it_fits(page, "the Trash")
    all_by_tab(page)
    page.get_by_role("link", name="Empty the Trash").click()
    all_of_it_fits(page, "whether to empty it")
    all_by_tab(page)


# The keyboard


def test_the_whole_list_is_reached_by_tab_and_never_under_the_status_line(page):
    sign_up_with(page, [f"todo {number}" for number in range(12)])
    go_offline(page, "todo 0")
    all_by_tab(page)


def test_the_toast_is_reached_by_tab_and_covers_nothing_that_is(page):
    texts = [f"todo {number}" for number in range(12)]
    sign_up_with(page, texts)

    def by_tab_with_the_toast(_size):
        # Anew at each size, which moves the toast away from the pointer that keeps it.
        delete(page, texts.pop())
        page.locator(".toast").hover()  # so that it stays
        all_of_one_size_by_tab(page)
        expect(page.get_by_role("button", name="Undo")).to_be_visible()

    at_each_size(page, by_tab_with_the_toast)


@pytest.mark.parametrize("address", ["login", "signup"])
def test_the_accounts_pages_are_gone_through_by_tab(page, address):
    page.goto(f"/accounts/{address}/")
    all_by_tab(page)


def test_without_a_script_it_is_gone_through_by_tab(page):
    page.route("**/*.mjs", lambda route: route.abort())
    sign_up(page, new_name("alice"))
    push(page, ["Buy milk", *LONG.values()])
    page.goto("/")
    all_by_tab(page)


def test_a_row_that_undo_gives_the_focus_to_shows_it(page):
    sign_up_with(page, ["one", "two"])
    page.get_by_role("button", name="Delete one").focus()
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Undo").focus()
    page.keyboard.press("Enter")
    expect(row(page, "one")).to_be_focused()
    assert look(page, "focused")["outlined"]


# What the system asks for


def colours(page, element):
    """Return how many colours there are in the picture of an element."""
    picture = base64.b64encode(element.screenshot()).decode()
    return page.evaluate(
        """async (picture) => {
            const image = new Image();
            image.src = `data:image/png;base64,${picture}`;
            await image.decode();
            const canvas = new OffscreenCanvas(image.width, image.height).getContext("2d");
            canvas.drawImage(image, 0, 0);
            const { data } = canvas.getImageData(0, 0, image.width, image.height);
            return new Set(new Uint32Array(data.buffer)).size;
        }""",
        picture,
    )


@pytest.mark.only_browser("chromium")  # no other can be told to
def test_with_the_systems_colours_all_is_still_seen(new_browser):
    page = new_browser(forced_colors="active").new_page()
    sign_up_with(page, ["one", "two", "three"])
    go_offline(page, "one")
    for name in (".grip", ".toggle", ".destroy", ".mark"):
        assert colours(page, row(page, "one").locator(name)) > 1, name
    cross = row(page, "one").locator(".destroy")
    seen = cross.screenshot()
    cross.evaluate("(button) => (button.style.color = 'ButtonFace')")
    assert cross.screenshot() != seen
    ticked, unticked = (row(page, text).locator(".toggle") for text in ("one", "two"))
    assert ticked.screenshot() != unticked.screenshot()
    unsaved = row(page, "one").locator(".mark").screenshot()
    page.evaluate("document.querySelector('li').toggleAttribute('data-rejected', true)")
    assert row(page, "one").locator(".mark").screenshot() != unsaved
    edges = [
        link.evaluate("(link) => getComputedStyle(link).borderTopColor")
        for link in page.locator(".filters a").all()
    ]
    ground = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert [edge == ground for edge in edges] == [False, True, True]
    delete(page, "three")
    assert (
        page.locator(".toast").evaluate("(toast) => getComputedStyle(toast).borderTopWidth")
        == "1px"
    )


def around(page, control):
    """Return a picture of a control and of what lies around it."""
    box = control.bounding_box()
    left, top = max(box["x"] - 6, 0), max(box["y"] - 6, 0)
    size = {"width": box["width"] + 12, "height": box["height"] + 12}
    return page.screenshot(clip={"x": left, "y": top, **size})


def in_trouble(page):
    go_offline(page, "one")
    delete(page, "three")
    page.locator(".toast").hover()  # so that it stays


def with_the_details(page):
    page.get_by_role("button", name="Details of one").click()
    expect(page.get_by_role("dialog", name="Details")).to_be_visible()


def in_the_trash(page):
    delete(page, "three")
    synced(page)
    page.goto("/trash/")


@pytest.mark.only_browser("chromium")
@pytest.mark.parametrize(
    "state",
    [in_trouble, with_the_details, in_the_trash, lambda page: page.goto("/accounts/email/")],
    ids=["the list", "a dialog", "the Trash", "a form"],
)
def test_with_the_systems_colours_each_control_and_its_focus_are_seen(new_browser, state):
    page = new_browser(forced_colors="active").new_page()
    sign_up_with(page, ["one", "two", "three"])
    state(page)
    for at in range(look(page, "begin")):
        control = page.evaluate_handle("(at) => controls_[at]", at).as_element()
        control.focus()
        page.keyboard.press("Shift")  # from now on it is the keyboard that is used
        focused = around(page, control)
        control.evaluate("(element) => element.blur()")
        assert around(page, control) != focused, control.evaluate("(it) => it.outerHTML")
        assert colours(page, control) > 1, control.evaluate("(it) => it.outerHTML")


@pytest.mark.only_browser("chromium")
def test_it_is_light_or_dark_as_the_system_is(new_browser):
    grounds = {}
    for scheme in ("light", "dark"):
        page = new_browser(color_scheme=scheme).new_page()
        page.goto("/accounts/login/")
        ground = page.evaluate("getComputedStyle(document.body).backgroundColor")
        grounds[scheme] = int(ground.removeprefix("rgb(").split(",")[0])
    assert grounds["light"] > 200
    assert grounds["dark"] < 50
