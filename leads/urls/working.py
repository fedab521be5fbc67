"""The inbox and the lead page: activities, next steps, timeline."""

from django.urls import URLPattern, path, register_converter

from leads.views import deciding, inbox, timeline, working


class StepVerb:
    """What is done with a next step."""

    regex = "done|drop|move"

    def to_python(self, value: str) -> str:
        """Return the verb."""
        return value

    def to_url(self, value: str) -> str:
        """Return the verb."""
        return value


register_converter(StepVerb, "step_verb")

urlpatterns: list[URLPattern] = [
    path("leads/inbox/", inbox.inbox, name="lead-inbox"),
    path("leads/inbox/bulk/", deciding.inbox_bulk, name="lead-inbox-bulk"),
    path("leads/<int:pk>/accept/", deciding.lead_accept, name="lead-accept"),
    path("leads/<int:pk>/hand-back/", deciding.lead_hand_back, name="lead-hand-back"),
    path("leads/<int:pk>/reject/", deciding.lead_reject, name="lead-reject"),
    path("leads/<int:pk>/advance/", deciding.lead_advance, name="lead-advance"),
    path("leads/<int:pk>/timeline/", timeline.lead_timeline, name="lead-timeline"),
    path("leads/<int:pk>/log/", working.lead_log, name="lead-log"),
    path("leads/<int:pk>/next-steps/", working.step_add, name="next-step-add"),
    path("leads/<int:pk>/snooze/", working.lead_snooze, name="lead-snooze"),
    path("leads/<int:pk>/unsnooze/", working.lead_unsnooze, name="lead-unsnooze"),
    path("activities/<int:pk>/withdraw/", working.activity_withdraw, name="activity-withdraw"),
    path("next-steps/<int:pk>/<step_verb:verb>/", working.step_settle, name="next-step-settle"),
]
