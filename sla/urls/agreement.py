"""The agreement: as it stands, and how the next version comes to be."""

from django.urls import URLPattern, path

from sla.views import agreement as views
from sla.views import agreement_comments as comments
from sla.views import agreement_commitments as commitments
from sla.views import agreement_draft as draft
from sla.views import agreement_ending as ending
from sla.views import agreement_signing as signing

urlpatterns: list[URLPattern] = [
    path("agreement/", views.agreement, name="agreement"),
    path("agreement/versions/", views.agreement_versions, name="agreement-versions"),
    path("agreement/<int:number>/", views.agreement_version, name="agreement-version"),
    path("agreement/<int:number>/print/", views.agreement_print, name="agreement-print"),
    path("agreement/<int:number>/pdf/", views.agreement_pdf, name="agreement-pdf"),
    path("agreement/<int:number>/changes/", views.agreement_changes, name="agreement-changes"),
    path("agreement/<int:number>/sign/", signing.version_sign, name="agreement-sign"),
    path("agreement/<int:number>/withdraw/", signing.version_withdraw, name="agreement-withdraw"),
    path("agreement/<int:number>/comment/", comments.version_comment, name="agreement-comment"),
    path(
        "agreement/<int:number>/comments/<int:pk>/settle/",
        comments.version_settle,
        name="agreement-settle",
    ),
    path("agreement/<int:number>/renew/", signing.version_renew, name="agreement-renew"),
    path("agreement/commitments/<int:pk>/end/", ending.commitment_end, name="agreement-end"),
    path(
        "agreement/commitments/<int:pk>/end/back/",
        ending.commitment_end_back,
        name="agreement-end-back",
    ),
    path("agreement/draft/", draft.draft, name="agreement-draft"),
    path("agreement/draft/start/", signing.draft_start, name="agreement-draft-start"),
    path("agreement/draft/propose/", signing.draft_propose, name="agreement-draft-propose"),
    path("agreement/draft/terms/", draft.draft_terms, name="agreement-draft-terms"),
    path("agreement/draft/messaging/", draft.draft_messaging, name="agreement-draft-messaging"),
    path("agreement/draft/words/", draft.draft_words, name="agreement-draft-words"),
    path("agreement/draft/protocol/", draft.draft_protocol, name="agreement-draft-protocol"),
    path("agreement/draft/part/<str:key>/", draft.draft_part, name="agreement-draft-part"),
    path(
        "agreement/draft/part/<str:key>/comment/",
        draft.draft_comment,
        name="agreement-draft-comment",
    ),
    path(
        "agreement/draft/comments/<int:pk>/settle/",
        draft.draft_settle,
        name="agreement-draft-settle",
    ),
    path(
        "agreement/draft/answers/<str:side>/<str:stage>/",
        draft.draft_answer,
        name="agreement-draft-answer",
    ),
    path(
        "agreement/draft/commitments/new/<str:side>/",
        commitments.commitment_new,
        name="agreement-commitment-new",
    ),
    path(
        "agreement/draft/commitments/<int:pk>/",
        commitments.commitment_edit,
        name="agreement-commitment",
    ),
    path(
        "agreement/draft/commitments/<int:pk>/remove/",
        commitments.commitment_remove,
        name="agreement-commitment-remove",
    ),
]
