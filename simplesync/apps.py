"""The project as an application, so that its commands and checks are found."""

from django.apps import AppConfig


class SimpleSyncConfig(AppConfig):
    name = "simplesync"

    def ready(self) -> None:
        from simplesync import checks  # noqa: F401
