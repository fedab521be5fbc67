"""Feedback, disputes, the channel, assets."""

from django.urls import URLPattern, path

from leads.views import assets, channel, disputes, feedback, public_assets

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
    path("channel/", channel.channel, name="channel"),
    path("channel/note/", channel.channel_note, name="channel-note"),
    path("channel/alert/", channel.channel_alert, name="channel-alert"),
    path("channel/leads/", channel.channel_leads, name="channel-leads"),
    path("channel/<int:pk>/", channel.channel_post, name="channel-post"),
    path("channel/<int:pk>/acknowledge/", channel.channel_acknowledge, name="channel-acknowledge"),
    path("leads/<int:pk>/channel/", channel.lead_channel, name="lead-channel"),
    path("assets/", assets.asset_list, name="asset-list"),
    path("assets/new/", assets.asset_new, name="asset-new"),
    path("assets/<int:pk>/", assets.asset_detail, name="asset-detail"),
    path("assets/<int:pk>/edit/", assets.asset_edit, name="asset-edit"),
    path("leads/<int:pk>/assets/", assets.lead_assets, name="lead-assets"),
    path("leads/<int:pk>/assets/send/", assets.lead_asset_send, name="lead-asset-send"),
    path("a/<str:token>/", public_assets.asset_page, name="asset-page"),
    path("a/<str:token>/opened/", public_assets.asset_opened, name="asset-opened"),
]
