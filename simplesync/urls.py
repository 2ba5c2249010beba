"""Every address of the site, on one screen."""

from django.contrib import admin
from django.contrib.auth.decorators import login_not_required
from django.urls import include, path

from simplesync import monitoring, pwa
from simplesync.api import api
from todos.views import shell

api_urls = api.urls
for pattern in api_urls[0]:
    # It answers 401 by itself, and no redirect.
    login_not_required(pattern.callback)  # type: ignore[type-var]  # each of ninja's has one

urlpatterns = [
    path("", include("todos.urls")),
    path("accounts/", include("accounts.urls")),
    path("admin/", admin.site.urls),
    path("service-worker.js", pwa.service_worker, name="service_worker"),
    path("manifest.webmanifest", pwa.manifest, name="manifest"),
    path("healthz", monitoring.healthz, name="healthz"),
    path("metrics", monitoring.metrics, name="metrics"),
    path("shell/", shell, name="shell"),
    path("", api_urls),  # /sync, /api/openapi.json
]
