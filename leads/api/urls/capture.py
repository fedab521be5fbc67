"""Captures of outside sources; forms, what they brought, tracked sites."""

from django.urls import URLPattern, path

from leads.api import forms, sites
from leads.api.capture import CaptureView

urlpatterns: list[URLPattern] = [
    path("capture/", CaptureView.as_view(), name="capture"),
    path("forms/", forms.FormList.as_view(), name="forms"),
    path("forms/<int:pk>/", forms.FormDetail.as_view(), name="form"),
    path("forms/<int:pk>/change/", forms.FormChanges.as_view(), name="form-change"),
    path("forms/<int:pk>/use/", forms.FormUse.as_view(), name="form-use"),
    path("forms/<int:pk>/wordings/", forms.FormWordings.as_view(), name="form-wordings"),
    path("forms/<int:pk>/submissions/", forms.FormSubmissions.as_view(), name="form-submissions"),
    path("sites/", sites.SiteList.as_view(), name="sites"),
    path("sites/<int:pk>/use/", sites.SiteUse.as_view(), name="site-use"),
    path("proposed-changes/", sites.ProposedChangeList.as_view(), name="proposed-changes"),
    path(
        "proposed-changes/<int:pk>/take/", sites.ProposedChangeTake.as_view(), name="proposed-take"
    ),
    path(
        "proposed-changes/<int:pk>/refuse/",
        sites.ProposedChangeRefuse.as_view(),
        name="proposed-refuse",
    ),
]
