"""The one table of addresses; each app brings its own."""

from django.urls import include, path

urlpatterns = [
    path("", include("jobs.urls")),
    path("", include("accounts.urls")),
    path("", include("leads.urls")),
    path("", include("sla.urls")),
    path("", include("reporting.urls")),
    path("accounts/", include("allauth.urls")),
    path("api/", include("smarketing.api_urls")),
]

handler400 = "smarketing.views.bad_request"
handler403 = "smarketing.views.forbidden"
handler404 = "smarketing.views.not_found"
handler500 = "smarketing.views.server_error"
