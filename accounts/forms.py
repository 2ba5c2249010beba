"""The forms around an account."""

from __future__ import annotations

import threading
from typing import Any

from django import forms
from django.contrib.auth.forms import PasswordChangeForm, PasswordResetForm, UserCreationForm
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from limits import parse
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter

from accounts.login_attempts import is_own_password
from accounts.models import Device, User

MAILS = parse("5/hour")  # to one address: nobody fills somebody else's mailbox from here
mails = MovingWindowRateLimiter(MemoryStorage())  # of this process

WRONG_PASSWORD = ValidationError("This is not your password.", code="password_incorrect")


def email_field(help_text: str) -> forms.EmailField:
    """Return the field of an address that need not be given."""
    widget = forms.EmailInput(attrs={"autocomplete": "email"})
    return forms.EmailField(
        label="E-mail", required=False, max_length=254, widget=widget, help_text=help_text
    )


class SignUpForm(UserCreationForm):
    """Django's own form, for our people, with an address that need not be given."""

    email = email_field("Optional. If you forget your password, a new one can be set by mail.")
    field_order = ("username", "email")

    class Meta(UserCreationForm.Meta):
        model = User
        fields = ("username", "email")


class OwnForm(forms.Form):
    """A form of somebody who is logged in, and who proves by the password to be that person."""

    password = forms.CharField(
        strip=False, widget=forms.PasswordInput(attrs={"autocomplete": "current-password"})
    )

    def __init__(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.request = request

    def clean_password(self) -> str:
        """Refuse a wrong password."""
        if not is_own_password(self.request, self.cleaned_data["password"]):
            raise WRONG_PASSWORD
        return str(self.cleaned_data["password"])


class EmailForm(OwnForm):
    """The address of a person: who changes it can have the account, so it asks for the password."""

    email = email_field("Leave it empty to have none.")
    field_order = ("email", "password")


class DeleteForm(OwnForm):
    """That somebody wants the account to be deleted, and knows what that means."""

    understood = forms.BooleanField(
        label="Yes, delete everything, on all devices, for good", label_suffix=""
    )
    field_order = ("understood", "password")


class ChangePasswordForm(PasswordChangeForm):
    """Django's own, but a wrong password counts like at the log-in."""

    def __init__(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.request = request

    def clean_old_password(self) -> str:
        """Refuse a wrong password."""
        if not is_own_password(self.request, self.cleaned_data["old_password"]):
            raise WRONG_PASSWORD
        return str(self.cleaned_data["old_password"])


class ForgottenPasswordForm(PasswordResetForm):
    """Django's own, but how long it takes does not tell whether an address is known."""

    email = forms.EmailField(
        label="E-mail", max_length=254, widget=forms.EmailInput(attrs={"autocomplete": "email"})
    )

    def send_mail(  # type: ignore[override]  # Django names the five only by their places
        self,
        subject: str,
        body: str,
        context: dict[str, Any],
        sender: str | None,
        to: str,
        **more: Any,
    ) -> None:
        """Send the mail while the page is answered already, and not too many of them."""
        if mails.hit(MAILS, to.casefold()):
            mail = (subject, body, context, sender, to)
            threading.Thread(target=super().send_mail, args=mail, kwargs=more, name="mail").start()


class DeviceForm(forms.ModelForm):
    """What a person calls a device."""

    name = forms.CharField(label="Name", required=False, max_length=60)

    class Meta:
        model = Device
        fields = ("name",)
