"""Feedback, disputes, the channel, assets."""

from django.urls import URLPattern, path

from leads.views import areas, disputes, feedback

urlpatterns: list[URLPattern] = [
    path("feedback/", feedback.feedback_list, name="feedback"),
    path("feedback/acknowledge/", feedback.acknowledge_selected, name="feedback-acknowledge-many"),
    path("feedback/disputes/", disputes.dispute_list, name="disputes"),
    path("feedback/disputes/<int:pk>/", disputes.dispute_detail, name="dispute-detail"),
    path("feedback/disputes/<int:pk>/answer/", disputes.dispute_answer, name="dispute-answer"),
    path("feedback/disputes/<int:pk>/rule/", disputes.dispute_rule, name="dispute-rule"),
    path("feedback/<int:pk>/", feedback.feedback_detail, name="feedback-detail"),
    path("feedback/<int:pk>/acknowledge/", feedback.acknowledge_one, name="feedback-acknowledge"),
    path("feedback/<int:pk>/comment/", feedback.comment_on, name="feedback-comment"),
    path("feedback/<int:pk>/dispute/", feedback.dispute, name="feedback-dispute"),
    path("leads/<int:pk>/feedback/", feedback.lead_feedback, name="lead-feedback"),
    path("channel/", areas.channel, name="channel"),
]
