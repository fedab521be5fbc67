"""The agreement: as it stands, and how the next version comes to be."""

from django.urls import URLPattern, path

from sla.api import agreements as views

NUMBERED = "agreements/<int:number>/"
urlpatterns: list[URLPattern] = [
    path("agreements/", views.AgreementList.as_view(), name="agreement-list"),
    path("agreements/draft/propose/", views.AgreementPropose.as_view(), name="agreement-propose"),
    path(NUMBERED, views.AgreementDetail.as_view(), name="agreement-detail"),
    path(f"{NUMBERED}text/", views.AgreementText.as_view(), name="agreement-text"),
    path(
        f"{NUMBERED}signatures/", views.AgreementSignatures.as_view(), name="agreement-signatures"
    ),
    path(f"{NUMBERED}withdraw/", views.AgreementWithdraw.as_view(), name="agreement-withdraw"),
]
