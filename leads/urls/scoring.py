"""Score rules and ledger, touches, custom attributes."""

from django.urls import URLPattern, path, re_path

from leads.views import attributes, ledgers, scoring

urlpatterns: list[URLPattern] = [
    path("leads/<int:pk>/score/", ledgers.lead_score, name="lead-score"),
    path("leads/<int:pk>/own-fields/", attributes.lead_own_values, name="lead-own-values"),
    re_path(
        r"^own-fields/(?P<subject>contact|company|lead)/(?P<pk>\d{1,18})/$",
        attributes.own_values_edit,
        name="own-values-edit",
    ),
    path("settings/attributes/", attributes.attributes, name="settings-attributes"),
    path("settings/attributes/new/", attributes.attribute_new, name="settings-attribute-new"),
    path("settings/attributes/<int:pk>/", attributes.attribute_edit, name="settings-attribute"),
    path(
        "settings/attributes/<int:pk>/use/", attributes.attribute_use, name="settings-attribute-use"
    ),
    path("settings/scoring/", scoring.scoring, name="settings-scoring"),
    path("settings/scoring/thresholds/", scoring.thresholds, name="settings-score-thresholds"),
    path("settings/scoring/progress/", scoring.progress, name="settings-scoring-progress"),
    path("settings/scoring/recalculate/", scoring.recalculate, name="settings-scoring-recalculate"),
    re_path(
        r"^settings/scoring/new/(?P<kind>fit|engagement)/$",
        scoring.rule_new,
        name="settings-score-rule-new",
    ),
    path("settings/scoring/<int:pk>/", scoring.rule_edit, name="settings-score-rule"),
    path("settings/scoring/<int:pk>/use/", scoring.rule_use, name="settings-score-rule-use"),
]
