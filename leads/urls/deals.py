"""Opportunities, the board, campaigns, customers."""

from django.urls import URLPattern, path

from leads.urls import campaigns
from leads.views import board, board_moves, converting, deal_closing, opportunities

urlpatterns: list[URLPattern] = [
    path("leads/board/", board.lead_board, name="lead-board"),
    path("leads/board/<str:stage>/", board.board_more, name="board-more"),
    path("leads/<int:pk>/board/", board_moves.board_drop, name="board-drop"),
    path("opportunities/", opportunities.opportunity_list, name="opportunity-list"),
    path("opportunities/<int:pk>/", opportunities.opportunity_detail, name="opportunity-detail"),
    path("opportunities/<int:pk>/step/", opportunities.opportunity_step, name="opportunity-step"),
    path("opportunities/<int:pk>/win/", deal_closing.opportunity_win, name="opportunity-win"),
    path("opportunities/<int:pk>/lose/", deal_closing.opportunity_lose, name="opportunity-lose"),
    path("leads/<int:pk>/convert/", converting.lead_convert, name="lead-convert"),
    path("leads/<int:pk>/opportunities/", converting.lead_opportunities, name="lead-opportunities"),
    path("leads/<int:pk>/opportunities/new/", converting.opportunity_new, name="opportunity-new"),
    path("leads/<int:pk>/customer/", converting.customer_event_new, name="customer-event-new"),
    *campaigns.urlpatterns,
]
