"""Addresses of the promise, part by part."""

from django.urls import URLPattern

from sla.urls import agreement, calculator, clocks, ladder, periods

urlpatterns: list[URLPattern] = [
    *agreement.urlpatterns,
    *ladder.urlpatterns,
    *clocks.urlpatterns,
    *periods.urlpatterns,
    *calculator.urlpatterns,
]
