"""The pages around a person's account."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from axes.utils import reset
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login, logout
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.forms import SetPasswordForm
from django.contrib.auth.views import (
    PasswordChangeView,
    PasswordResetConfirmView,
    PasswordResetView,
)
from django.contrib.messages.views import SuccessMessageMixin
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse_lazy
from django.utils.decorators import method_decorator
from django.views.decorators.http import require_POST, require_safe
from django.views.generic import FormView

from accounts import devices, forms, sessions
from accounts.deletion import delete_account
from accounts.models import Device, User
from accounts.requests import PersonRequest

PASSWORDS = settings.AUTHENTICATION_BACKENDS[-1]  # what logs in who has just signed up


@method_decorator(login_not_required, name="dispatch")
class SignUp(FormView):
    """Make an account, and log in to it."""

    form_class = forms.SignUpForm
    template_name = "accounts/signup.html"
    success_url = reverse_lazy("todos:list")

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.user.is_authenticated:
            return redirect(self.success_url)
        return super().dispatch(request, *args, **kwargs)

    def form_valid(self, form: forms.SignUpForm) -> HttpResponse:
        try:
            with transaction.atomic():
                user = form.save()
        except IntegrityError:  # somebody else took the name between the check and this
            form.add_error("username", User._meta.get_field("username").error_messages["unique"])
            return self.form_invalid(form)
        login(self.request, user, backend=PASSWORDS)
        return super().form_valid(form)


@require_safe
def account(request: PersonRequest) -> HttpResponse:
    """Show who is logged in, from which devices, and what can be changed."""
    own = set(sessions.this_device(request).values_list("pk", flat=True))
    context = {
        "own": own,
        "devices": sorted(devices.listed(request.user), key=lambda device: device.pk not in own),
    }
    return render(request, "accounts/account.html", context)


class WithRequest(FormView):
    """A form that has to know the request, by which it looks whether the password is right."""

    request: PersonRequest

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"request": self.request}


class ChangePassword(WithRequest, SuccessMessageMixin, PasswordChangeView):
    """Change the password, which ends all of the person's other sessions."""

    form_class = forms.ChangePasswordForm
    template_name = "accounts/password.html"
    success_url = reverse_lazy("account")
    success_message = "Your password was changed, and all other devices are logged out."


class ChangeEmail(WithRequest, SuccessMessageMixin, FormView):
    """Change the address to which a link goes when the password is forgotten."""

    form_class = forms.EmailForm
    template_name = "accounts/email.html"
    success_url = reverse_lazy("account")
    success_message = "Your e-mail address was changed."

    def get_initial(self) -> dict[str, str]:
        return {"email": self.request.user.email}

    def form_valid(self, form: forms.EmailForm) -> HttpResponse:
        self.request.user.email = form.cleaned_data["email"]
        self.request.user.save(update_fields=["email"])
        return super().form_valid(form)


# Devices


@require_POST
def rename_device(request: PersonRequest, uid: UUID) -> HttpResponse:
    """Give a device the name that its person wants for it."""
    device = get_object_or_404(Device, user=request.user, uid=uid)
    form = forms.DeviceForm(request.POST, instance=device)
    if form.is_valid():
        Device.objects.filter(user=request.user, uid=uid).update(name=form.cleaned_data["name"])
        messages.success(request, "The device has its new name.")
    else:
        messages.error(request, " ".join(map(str, form.errors["name"])))
    return redirect("account")


@require_POST
def sign_out_device(request: PersonRequest, uid: UUID) -> HttpResponse:
    """Sign another device of this person out."""
    others = Device.objects.filter(user=request.user).exclude(
        pk__in=sessions.this_device(request).values_list("pk", flat=True)
    )
    device = get_object_or_404(others, uid=uid)
    sessions.sign_out(request.user, others.filter(pk=device.pk, signed_out_at=None))
    messages.success(request, f"Signed out: {device.title}.")
    return redirect("account")


@require_POST
def sign_out_others(request: PersonRequest) -> HttpResponse:
    """Sign this person out everywhere but here."""
    sessions.sign_out_others(request)
    messages.success(request, "All other devices are signed out.")
    return redirect("account")


# The end


class DeleteAccount(WithRequest, FormView):
    """Delete the account, with everything in it."""

    form_class = forms.DeleteForm
    template_name = "accounts/delete.html"

    def form_valid(self, form: forms.DeleteForm) -> HttpResponse:
        delete_account(self.request.user)
        logout(self.request)
        response = redirect("account_deleted")
        response.delete_cookie("device", samesite="Lax")
        return response


@login_not_required
@require_safe
def deleted(request: HttpRequest) -> HttpResponse:
    """Say that an account was deleted."""
    return render(request, "accounts/deleted.html")


# A forgotten password


class ForgottenPassword(PasswordResetView):
    """Send a link by which a new password can be set; say the same whether the address is known."""

    form_class = forms.ForgottenPasswordForm


class NewPassword(PasswordResetConfirmView):
    """Set a new password, which ends all of the person's sessions; nobody has to wait any more."""

    def form_valid(self, form: SetPasswordForm) -> HttpResponse:
        response = super().form_valid(form)
        reset(username=form.user.get_username())
        return response
