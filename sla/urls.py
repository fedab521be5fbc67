"""Addresses of the agreement."""

from django.urls import path

from sla import views

urlpatterns = [path("agreement/", views.agreement, name="agreement")]
