"""Opportunities, the board, campaigns, customers, by REST."""

from django.urls import URLPattern, path

from leads.api import campaigns, catalogue, customers, deals

urlpatterns: list[URLPattern] = [
    path("leads/<int:pk>/convert/", deals.LeadConvert.as_view()),
    path("leads/<int:pk>/opportunities/", deals.LeadOpportunities.as_view()),
    path("leads/<int:pk>/customer-events/", customers.CustomerEvents.as_view()),
    path("opportunities/", deals.OpportunityList.as_view()),
    path("opportunities/<int:pk>/", deals.OpportunityDetail.as_view()),
    path("opportunities/<int:pk>/change/", deals.OpportunityChange.as_view()),
    path("opportunities/<int:pk>/step/", deals.OpportunityStep.as_view()),
    path("opportunities/<int:pk>/win/", deals.OpportunityWin.as_view()),
    path("opportunities/<int:pk>/lose/", deals.OpportunityLose.as_view()),
    path("deal-steps/", catalogue.DealSteps.as_view()),
    path("deal-steps/<int:pk>/change/", catalogue.DealStepChange.as_view()),
    path("deal-steps/<int:pk>/move/", catalogue.DealStepMove.as_view()),
    path("deal-steps/<int:pk>/remove/", catalogue.DealStepRemove.as_view()),
    path("catalogue/<str:kind>/", catalogue.NameList.as_view()),
    path("catalogue/<str:kind>/<int:pk>/change/", catalogue.NameChange.as_view()),
    path("catalogue/<str:kind>/<int:pk>/remove/", catalogue.NameRemove.as_view()),
    path("board/", customers.Board.as_view()),
    path("campaigns/", campaigns.CampaignList.as_view()),
    path("campaigns/<int:pk>/", campaigns.CampaignDetail.as_view()),
    path("campaigns/<int:pk>/change/", campaigns.CampaignChange.as_view()),
    path("campaigns/<int:pk>/costs/", campaigns.CampaignCosts.as_view()),
    path("campaigns/<int:pk>/costs/<int:cost>/remove/", campaigns.CampaignCostRemove.as_view()),
]
