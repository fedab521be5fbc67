"""Addresses of accounts."""

from django.urls import path

from accounts.views import calendars

CALENDARS = [
    path("settings/calendars/", calendars.calendar_list, name="settings-calendars"),
    path("settings/calendars/new/", calendars.calendar_new, name="settings-calendar-new"),
    path(
        "settings/calendars/preview/", calendars.calendar_preview, name="settings-calendar-preview"
    ),
    path(
        "settings/calendars/holidays/",
        calendars.calendar_holidays,
        name="settings-calendar-holidays",
    ),
    path("settings/calendars/<int:pk>/", calendars.calendar_edit, name="settings-calendar"),
]

urlpatterns = [*CALENDARS]
