"""Signing up, the account, and Django's own log-in, log-out and change of the password."""

from django.contrib.auth import views as auth
from django.contrib.auth.decorators import login_not_required
from django.urls import path

from accounts import views
from todos import files

urlpatterns = [
    path("", views.account, name="account"),
    path("password/", views.ChangePassword.as_view(), name="password_change"),
    path("export/", files.export, name="export"),
    path("export/todos.ics", files.export_calendar, name="export_calendar"),
    path("import/", files.import_file, name="import"),
    path("signup/", views.SignUp.as_view(), name="signup"),
    path("login/", auth.LoginView.as_view(redirect_authenticated_user=True), name="login"),
    # Also for a session that has run out meanwhile: it is as logged out as one can be.
    path("logout/", login_not_required(auth.LogoutView.as_view()), name="logout"),
]
