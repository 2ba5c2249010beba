"""People and their devices."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "accounts"
