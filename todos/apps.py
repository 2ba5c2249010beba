"""The todos, and the server half of the sync."""

from django.apps import AppConfig


class TodosConfig(AppConfig):
    name = "todos"

    def ready(self) -> None:
        """Let whoever waits hear of each write."""
        from todos.announcements import announce
        from todos.sync import head_moved

        head_moved.connect(announce)
