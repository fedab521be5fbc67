"""Addresses of the agreement."""

from django.urls import path

from sla.views.agreement import agreement

urlpatterns = [path("agreement/", agreement, name="agreement")]
