"""The todos, and the server half of the sync."""

from django.apps import AppConfig


class TodosConfig(AppConfig):
    name = "todos"

    def ready(self) -> None:
        """Let whoever waits hear of each write, and who is logged out."""
        from accounts.sessions import sessions_ended
        from todos.announcements import announce, dismiss
        from todos.sync import head_moved

        head_moved.connect(announce)
        sessions_ended.connect(dismiss)
