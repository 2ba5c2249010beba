"""The todos, and the server half of the sync."""

from django.apps import AppConfig


class TodosConfig(AppConfig):
    name = "todos"
