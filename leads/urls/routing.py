"""Who gets a lead: pools, rules, queues, assignments."""

from django.urls import URLPattern, path

from leads.views import assigning, routing_settings

urlpatterns: list[URLPattern] = [
    path("settings/routing/", routing_settings.routing, name="settings-routing"),
    path(
        "settings/routing/rehearsal/", routing_settings.rehearsal, name="settings-routing-rehearsal"
    ),
    path("settings/routing/pools/new/", routing_settings.pool, name="settings-routing-pool-new"),
    path("settings/routing/pools/<int:pk>/", routing_settings.pool, name="settings-routing-pool"),
    path(
        "settings/routing/pools/<int:pk>/remove/",
        routing_settings.pool_remove,
        name="settings-routing-pool-remove",
    ),
    path("settings/routing/rules/new/", routing_settings.rule, name="settings-routing-rule-new"),
    path("settings/routing/rules/<int:pk>/", routing_settings.rule, name="settings-routing-rule"),
    path(
        "settings/routing/rules/<int:pk>/move/",
        routing_settings.rule_move,
        name="settings-routing-rule-move",
    ),
    path(
        "settings/routing/rules/<int:pk>/remove/",
        routing_settings.rule_remove,
        name="settings-routing-rule-remove",
    ),
    path("leads/give/", assigning.give_many, name="lead-give-many"),
    path("leads/of/<int:user_id>/give/", assigning.give_all, name="lead-give-all"),
    path("leads/<int:pk>/owner/", assigning.owner_fragment, name="lead-owner"),
    path("leads/<int:pk>/take/", assigning.take, name="lead-take"),
    path("leads/<int:pk>/give/", assigning.give, name="lead-give"),
]
