"""Feedback, disputes, the channel, assets."""

from django.urls import URLPattern, path

from leads.api import assets, channel, feedback

urlpatterns: list[URLPattern] = [
    path("feedback/", feedback.FeedbackList.as_view(), name="feedback-list"),
    path(
        "feedback/acknowledge/",
        feedback.FeedbackAcknowledgeMany.as_view(),
        name="feedback-acknowledge-many",
    ),
    path("feedback/<int:pk>/", feedback.FeedbackDetail.as_view(), name="feedback-detail"),
    path(
        "feedback/<int:pk>/acknowledge/",
        feedback.FeedbackAcknowledge.as_view(),
        name="feedback-acknowledge",
    ),
    path(
        "feedback/<int:pk>/comment/", feedback.FeedbackComments.as_view(), name="feedback-comment"
    ),
    path("feedback/<int:pk>/dispute/", feedback.FeedbackDispute.as_view(), name="feedback-dispute"),
    path("disputes/", feedback.DisputeList.as_view(), name="dispute-list"),
    path("disputes/<int:pk>/", feedback.DisputeDetail.as_view(), name="dispute-detail"),
    path("disputes/<int:pk>/answer/", feedback.DisputeAnswer.as_view(), name="dispute-answer"),
    path("disputes/<int:pk>/rule/", feedback.DisputeRule.as_view(), name="dispute-rule"),
    path("channel/", channel.PostList.as_view(), name="channel-list"),
    path("channel/<int:pk>/", channel.PostDetail.as_view(), name="channel-post"),
    path(
        "channel/<int:pk>/acknowledge/",
        channel.PostAcknowledge.as_view(),
        name="channel-acknowledge",
    ),
    path("assets/", assets.AssetList.as_view(), name="asset-list"),
    path("assets/<int:pk>/", assets.AssetDetail.as_view(), name="asset-detail"),
    path("assets/<int:pk>/send/", assets.AssetSendView.as_view(), name="asset-send"),
]
