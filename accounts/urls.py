"""Signing up, the account and its devices, and Django's own log-in, log-out and passwords."""

from django.contrib.auth import views as auth
from django.contrib.auth.decorators import login_not_required
from django.urls import path

from accounts import views
from todos import files

urlpatterns = [
    path("", views.account, name="account"),
    path("email/", views.ChangeEmail.as_view(), name="email_change"),
    path("password/", views.ChangePassword.as_view(), name="password_change"),
    path("export/", files.export, name="export"),
    path("export/todos.ics", files.export_calendar, name="export_calendar"),
    path("import/", files.import_file, name="import"),
    path("devices/<uuid:uid>/name/", views.rename_device, name="device_rename"),
    path("devices/<uuid:uid>/sign-out/", views.sign_out_device, name="device_sign_out"),
    path("devices/sign-out-others/", views.sign_out_others, name="devices_sign_out_others"),
    path("delete/", views.DeleteAccount.as_view(), name="account_delete"),
    path("deleted/", views.deleted, name="account_deleted"),
    path("signup/", views.SignUp.as_view(), name="signup"),
    path("login/", auth.LoginView.as_view(redirect_authenticated_user=True), name="login"),
    # Also for a session that has run out meanwhile: it is as logged out as one can be.
    path("logout/", login_not_required(auth.LogoutView.as_view()), name="logout"),
    path("reset/", views.ForgottenPassword.as_view(), name="password_reset"),
    path("reset/sent/", auth.PasswordResetDoneView.as_view(), name="password_reset_done"),
    path("reset/done/", auth.PasswordResetCompleteView.as_view(), name="password_reset_complete"),
    path("reset/<uidb64>/<token>/", views.NewPassword.as_view(), name="password_reset_confirm"),
]
