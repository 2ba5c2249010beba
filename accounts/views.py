"""The pages around a person's account."""

from __future__ import annotations

from django.contrib.auth import login
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import PasswordChangeView
from django.contrib.messages.views import SuccessMessageMixin
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse_lazy
from django.utils.decorators import method_decorator
from django.views.decorators.http import require_safe
from django.views.generic import FormView

from accounts.forms import SignUpForm
from accounts.models import User


@method_decorator(login_not_required, name="dispatch")
class SignUp(FormView):
    """Make an account, and log in to it."""

    form_class = SignUpForm
    template_name = "accounts/signup.html"
    success_url = reverse_lazy("todos:list")

    def dispatch(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        if request.user.is_authenticated:
            return redirect(self.success_url)
        return super().dispatch(request, *args, **kwargs)

    def form_valid(self, form: SignUpForm) -> HttpResponse:
        try:
            with transaction.atomic():
                user = form.save()
        except IntegrityError:  # somebody else took the name between the check and this
            form.add_error("username", User._meta.get_field("username").error_messages["unique"])
            return self.form_invalid(form)
        login(self.request, user)
        return super().form_valid(form)


@require_safe
def account(request: HttpRequest) -> HttpResponse:
    """Show who is logged in, and what can be changed."""
    return render(request, "accounts/account.html")


class ChangePassword(SuccessMessageMixin, PasswordChangeView):
    """Change the password, which ends all of the person's other sessions."""

    template_name = "accounts/password.html"
    success_url = reverse_lazy("account")
    success_message = "Your password was changed, and all other devices are logged out."
