"""Score rules and ledger, touches, custom attributes."""

from django.urls import URLPattern, path, re_path

from leads.api import scoring, touches

urlpatterns: list[URLPattern] = [
    path("score-rules/", scoring.ScoreRuleList.as_view(), name="score-rule-list"),
    path("score-rules/preview/", scoring.ScorePreviewView.as_view(), name="score-preview"),
    path(
        "score-rules/<int:pk>/change/", scoring.ScoreRuleChange.as_view(), name="score-rule-change"
    ),
    path("score-rules/<int:pk>/use/", scoring.ScoreRuleUse.as_view(), name="score-rule-use"),
    path("score-thresholds/", scoring.Thresholds.as_view(), name="score-thresholds"),
    path("score-recalculation/", scoring.Recalculation.as_view(), name="score-recalculation"),
    path("leads/<int:pk>/score/", scoring.LeadLedger.as_view(), name="lead-score"),
    path("contacts/<int:pk>/touches/", touches.ContactTouches.as_view(), name="contact-touches"),
    path("attributes/", touches.AttributeList.as_view(), name="attribute-list"),
    path("attributes/<int:pk>/change/", touches.AttributeChange.as_view(), name="attribute-change"),
    path("attributes/<int:pk>/use/", touches.AttributeUse.as_view(), name="attribute-use"),
    re_path(
        r"^own-fields/(?P<subject>contact|company|lead)/(?P<pk>\d{1,18})/$",
        touches.OwnValues.as_view(),
        name="own-values",
    ),
]
