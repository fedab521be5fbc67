"""Addresses of the mirror."""

from django.urls import path

from reporting import views

urlpatterns = [
    path("reports/", views.reports, name="reports"),
    path("reviews/", views.reviews, name="reviews"),
]
