"""Who gets a lead: pools, rules, queues, assignments."""

from django.urls import URLPattern, path

from leads.api import routing, routing_settings

POOL_VERBS = {"change": routing_settings.PoolChange, "remove": routing_settings.PoolRemove}
RULE_VERBS = {
    "change": routing_settings.RuleChange,
    "use": routing_settings.RuleUse,
    "move": routing_settings.RuleMove,
    "remove": routing_settings.RuleRemove,
}

urlpatterns: list[URLPattern] = [
    path("leads/reassign/", routing.LeadsReassign.as_view(), name="leads-reassign"),
    path("leads/<int:pk>/take/", routing.LeadTake.as_view(), name="lead-take"),
    path("leads/<int:pk>/give/", routing.LeadGive.as_view(), name="lead-give"),
    path("leads/<int:pk>/assignments/", routing.LeadAssignments.as_view(), name="lead-assignments"),
    path("routing/pools/", routing_settings.PoolList.as_view(), name="routing-pools"),
    path("routing/rehearsal/", routing_settings.Rehearsal.as_view(), name="routing-rehearsal"),
    *(
        path(f"routing/pools/<int:pk>/{verb}/", view.as_view(), name=f"routing-pool-{verb}")
        for verb, view in POOL_VERBS.items()
    ),
    path("routing/rules/", routing_settings.RuleList.as_view(), name="routing-rules"),
    *(
        path(f"routing/rules/<int:pk>/{verb}/", view.as_view(), name=f"routing-rule-{verb}")
        for verb, view in RULE_VERBS.items()
    ),
]
