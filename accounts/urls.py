"""Signing up, and Django's own log-in and log-out."""

from django.contrib.auth import views as auth
from django.contrib.auth.decorators import login_not_required
from django.urls import path

from accounts import views

urlpatterns = [
    path("signup/", views.SignUp.as_view(), name="signup"),
    path("login/", auth.LoginView.as_view(redirect_authenticated_user=True), name="login"),
    # Also for a session that has run out meanwhile: it is as logged out as one can be.
    path("logout/", login_not_required(auth.LogoutView.as_view()), name="logout"),
]
