"""Who gets a lead: pools, rules, queues, assignments."""

from django.urls import URLPattern, path

from leads.api import routing

urlpatterns: list[URLPattern] = [
    path("leads/reassign/", routing.LeadsReassign.as_view(), name="leads-reassign"),
    path("leads/<int:pk>/take/", routing.LeadTake.as_view(), name="lead-take"),
    path("leads/<int:pk>/give/", routing.LeadGive.as_view(), name="lead-give"),
    path("leads/<int:pk>/assignments/", routing.LeadAssignments.as_view(), name="lead-assignments"),
    path("routing/pools/", routing.PoolList.as_view(), name="routing-pools"),
    path("routing/rules/", routing.RuleList.as_view(), name="routing-rules"),
    path("routing/rehearsal/", routing.Rehearsal.as_view(), name="routing-rehearsal"),
]
