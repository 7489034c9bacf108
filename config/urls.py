"""Where each app's pages hang."""

from django.conf import settings
from django.contrib import admin
from django.urls import include, path

from bookings.api import api
from config import health

handler400 = "config.errors.bad_request"
handler404 = "config.errors.not_found"
handler500 = "config.errors.server_error"

urlpatterns = [
    path("healthz", health.alive, name="healthz"),
    path("readyz", health.ready, name="readyz"),
    path(settings.ADMIN_PATH, admin.site.urls),
    path("language/", include("django.conf.urls.i18n")),
    path("api/v1/", api.urls),
    path("", include("accounts.urls")),
    path("", include("availability.urls")),
    path("", include("bookings.urls")),
    path("", include("integrations.urls")),
]
