"""The recipe of docs/reference/settings.md: a backup is restored under a live browser."""

import sqlite3

from playwright.sync_api import expect

from e2e.actions import add_todo, eventually, new_name, ready, rename, sign_up, synced, titles
from e2e.server import Server


def copy(source, target):
    """Let SQLite itself copy a database."""
    with sqlite3.connect(source) as old, sqlite3.connect(target) as new:
        old.backup(new)
    old.close()
    new.close()


def test_r6_what_the_backup_does_not_have_comes_back_from_the_browser(new_browser, tmp_path):
    server = Server(tmp_path).prepare().start()
    try:
        page = new_browser(base_url=server.url).new_page()
        sign_up(page, new_name("alice"))
        ready(page)
        add_todo(page, "before the backup")
        synced(page)
        copy(server.database, tmp_path / "backup.sqlite3")
        add_todo(page, "after the backup")
        rename(page, "before the backup", "renamed after it")
        synced(page)
        server.kill()
        for suffix in ("-wal", "-shm"):
            server.database.with_name(server.database.name + suffix).unlink(missing_ok=True)
        copy(tmp_path / "backup.sqlite3", server.database)
        server.start()
        texts = "SELECT text FROM todos_todo ORDER BY position"
        expected = [("renamed after it",), ("after the backup",)]
        eventually(lambda: server.rows(texts) == expected, page)
        synced(page)
        expect(titles(page)).to_have_text(["renamed after it", "after the backup"])
    finally:
        server.kill()
