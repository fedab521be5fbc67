"""Addresses of the frame."""

from django.urls import path

from shell import views

urlpatterns = [
    path("", views.today, name="today"),
    path("search/", views.search, name="search"),
    path("commands/", views.commands, name="commands"),
    path("favicon.ico", views.favicon, name="favicon"),
    path("gallery/", views.gallery, name="gallery"),
]
