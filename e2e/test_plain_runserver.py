"""`manage.py runserver` by itself: no environment, no tables, no collected files."""

from playwright.sync_api import expect

from e2e.actions import add_todo, new_name, ready, sign_up, synced, titles
from e2e.server import Server


def test_it_serves_the_whole_app_from_nothing(new_browser, tmp_path):
    nothing = dict.fromkeys(("DEBUG", "HTTPS", "SECRET_KEY", "STATIC_ROOT", "SYNC_RATE"), "")
    nothing["DJANGO_SETTINGS_MODULE"] = "simplesync.settings"
    server = Server(tmp_path, **nothing).start()
    try:
        page = new_browser(base_url=server.url).new_page()
        sign_up(page, new_name("alice"))
        ready(page)
        add_todo(page, "Buy milk")
        synced(page)
        page.reload()
        expect(titles(page)).to_have_text(["Buy milk"])
        assert server.rows("SELECT text FROM todos_todo") == [("Buy milk",)]
    finally:
        server.kill()
