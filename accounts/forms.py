"""The form to sign up with."""

from django.contrib.auth.forms import UserCreationForm

from accounts.models import User


class SignUpForm(UserCreationForm):
    """Django's own form, for our people."""

    class Meta(UserCreationForm.Meta):
        model = User
