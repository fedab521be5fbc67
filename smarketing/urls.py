"""The one table of addresses; each app brings its own."""

from django.urls import include, path

urlpatterns = [
    path("", include("jobs.urls")),
    path("", include("shell.urls")),
    path("", include("accounts.urls")),
    path("", include("leads.urls")),
    path("", include("sla.urls")),
    path("", include("reporting.urls")),
    path("accounts/", include("allauth.urls")),
    path("api/", include("smarketing.api_urls")),
]

handler400 = "shell.errors.bad_request"
handler403 = "shell.errors.forbidden"
handler404 = "shell.errors.not_found"
handler429 = "shell.errors.too_many_requests"  # asked by allauth
handler500 = "shell.errors.server_error"
