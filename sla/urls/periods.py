"""Period commitments, their pace and what is done about those that were missed."""

from django.urls import URLPattern, path

from sla.views import periods

urlpatterns: list[URLPattern] = [
    path("sla/", periods.sla, name="sla"),
    path("sla/commitments/<int:pk>/", periods.commitment, name="commitment"),
]
