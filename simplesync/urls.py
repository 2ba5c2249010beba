"""Every address of the site, on one screen."""

from django.contrib import admin
from django.contrib.auth.decorators import login_not_required
from django.urls import include, path

from simplesync.api import api

api_urls = api.urls
for pattern in api_urls[0]:
    login_not_required(pattern.callback)  # it answers 401 by itself, and no redirect

urlpatterns = [
    path("", include("todos.urls")),
    path("accounts/", include("accounts.urls")),
    path("admin/", admin.site.urls),
    path("", api_urls),  # /sync, /api/openapi.json
]
