"""The inbox and the lead page: activities, next steps, timeline."""

from django.urls import URLPattern, path

from leads.api import looking, working

urlpatterns: list[URLPattern] = [
    path("inbox/", looking.Inbox.as_view()),
    path("leads/<int:pk>/timeline/", looking.LeadTimeline.as_view()),
    path("leads/<int:pk>/packet/", looking.LeadPacket.as_view()),
    path("leads/<int:pk>/activities/", working.LeadActivities.as_view()),
    path("leads/<int:pk>/next-steps/", working.LeadNextSteps.as_view()),
    path("leads/<int:pk>/snooze/", working.LeadSnooze.as_view()),
    path("leads/<int:pk>/unsnooze/", working.LeadUnsnooze.as_view()),
    path("activities/<int:pk>/", working.ActivityDetail.as_view()),
    path("next-steps/<int:pk>/done/", working.NextStepDone.as_view()),
    path("next-steps/<int:pk>/drop/", working.NextStepDrop.as_view()),
    path("next-steps/<int:pk>/move/", working.NextStepMove.as_view()),
]
