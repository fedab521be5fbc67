"""Addresses of the API and its documentation, served without any outside host."""

from django.urls import include, path
from drf_spectacular.views import SpectacularAPIView

from smarketing.api import no_such_endpoint

app_name = "api"

urlpatterns = [
    path("schema/", SpectacularAPIView.as_view(), name="schema"),
    path("v1/", include("leads.api.urls")),
    path("v1/", include("sla.api.urls")),
    path("v1/", include("reporting.api.urls")),
    path("", no_such_endpoint),
    path("<path:rest>", no_such_endpoint),
]
