"""Definitions, personas, the qualify queue."""

from django.urls import URLPattern, path

from leads.views import definitions

urlpatterns: list[URLPattern] = [
    path("settings/definitions/", definitions.definitions, name="definitions"),
    path(
        "settings/definitions/<slug:stage>/",
        definitions.definition_history,
        name="definition-history",
    ),
    path(
        "settings/definitions/<slug:stage>/new/", definitions.definition_new, name="definition-new"
    ),
    path(
        "settings/definitions/<int:pk>/activate/",
        definitions.definition_activate,
        name="definition-activate",
    ),
    path(
        "settings/definitions/<int:pk>/withdraw/",
        definitions.definition_withdraw,
        name="definition-withdraw",
    ),
    path("settings/sql-types/", definitions.sql_types, name="sql-types"),
    path("settings/sql-types/new/", definitions.sql_type, name="sql-type-new"),
    path("settings/sql-types/<int:pk>/", definitions.sql_type, name="sql-type"),
]
