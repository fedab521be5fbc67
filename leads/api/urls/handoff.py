"""Decisions on leads: qualify, accept, reject, recycle, undo; reasons and windows."""

from django.urls import URLPattern, path

from leads.api import deciding_together, handoff, house

VERBS = {
    "qualify": handoff.LeadQualify,
    "nurture": handoff.LeadNurture,
    "accept": handoff.LeadAccept,
    "reject": handoff.LeadReject,
    "recycle": handoff.LeadRecycle,
    "disqualify": handoff.LeadDisqualify,
    "lose": handoff.LeadLose,
    "rework-done": handoff.LeadReworkDone,
    "rate": handoff.LeadRate,
}
TOGETHER = {
    "qualify": deciding_together.LeadsQualify,
    "accept": deciding_together.LeadsAccept,
    "reject": deciding_together.LeadsReject,
}

urlpatterns: list[URLPattern] = [
    *(
        path(f"leads/<int:pk>/{verb}/", view.as_view(), name=f"lead-{verb}")
        for verb, view in VERBS.items()
    ),
    *(
        path(f"leads/together/{verb}/", view.as_view(), name=f"leads-{verb}")
        for verb, view in TOGETHER.items()
    ),
    path("leads/undo/<int:pk>/", handoff.LeadUndo.as_view(), name="lead-undo"),
    path("reasons/", house.ReasonList.as_view(), name="reason-list"),
    path("reasons/<slug:code>/change/", house.ReasonChange.as_view(), name="reason-change"),
    path("reasons/<slug:code>/use/", house.ReasonUse.as_view(), name="reason-use"),
    path("funnel-settings/", house.Funnel.as_view(), name="funnel-settings"),
]
