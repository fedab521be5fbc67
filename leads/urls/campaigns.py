"""Campaigns, and the settings of deals: steps and lists of names."""

from django.urls import URLPattern, path

from leads.views import campaigns, catalogue

urlpatterns: list[URLPattern] = [
    path("campaigns/", campaigns.campaign_list, name="campaign-list"),
    path("campaigns/new/", campaigns.campaign_new, name="campaign-new"),
    path("campaigns/<int:pk>/", campaigns.campaign_detail, name="campaign-detail"),
    path("campaigns/<int:pk>/edit/", campaigns.campaign_edit, name="campaign-edit"),
    path("campaigns/<int:pk>/costs/", campaigns.cost_add, name="campaign-cost-add"),
    path(
        "campaigns/<int:pk>/costs/<int:cost>/remove/",
        campaigns.cost_remove,
        name="campaign-cost-remove",
    ),
    path("settings/catalogue/", catalogue.catalogue, name="catalogue"),
    path("settings/catalogue/<str:kind>/add/", catalogue.entry_add, name="catalogue-add"),
    path("settings/catalogue/<str:kind>/<int:pk>/", catalogue.entry_edit, name="catalogue-entry"),
    path(
        "settings/catalogue/<str:kind>/<int:pk>/remove/",
        catalogue.entry_remove,
        name="catalogue-remove",
    ),
    path("settings/deal-steps/", catalogue.steps, name="deal-steps"),
    path("settings/deal-steps/new/", catalogue.step_edit, name="deal-step-new"),
    path("settings/deal-steps/<int:pk>/", catalogue.step_edit, name="deal-step"),
    path("settings/deal-steps/<int:pk>/move/", catalogue.step_move, name="deal-step-move"),
    path("settings/deal-steps/<int:pk>/remove/", catalogue.step_remove, name="deal-step-remove"),
]
