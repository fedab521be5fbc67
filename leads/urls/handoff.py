"""Decisions on leads: qualify, accept, reject, recycle, undo; reasons and windows."""

from django.urls import URLPattern, path

from leads.views import reasons, undoing

urlpatterns: list[URLPattern] = [
    path("leads/undo/<int:pk>/", undoing.lead_undo, name="lead-undo"),
    path("settings/reasons/", reasons.reason_list, name="settings-reasons"),
    path("settings/reasons/new/", reasons.reason_edit, name="settings-reason-new"),
    path("settings/reasons/<int:pk>/", reasons.reason_edit, name="settings-reason"),
    path("settings/funnel/", reasons.funnel, name="settings-funnel"),
]
