"""Addresses of accounts."""

from django.urls import path

from accounts.views import (
    absences,
    calendars,
    chat,
    demo,
    health,
    history,
    inbox,
    invitation,
    organisation,
    own,
    people,
    sign_in,
)

CALENDARS = [
    path("settings/calendars/", calendars.calendar_list, name="settings-calendars"),
    path("settings/calendars/new/", calendars.calendar_new, name="settings-calendar-new"),
    path(
        "settings/calendars/preview/", calendars.calendar_preview, name="settings-calendar-preview"
    ),
    path(
        "settings/calendars/holidays/",
        calendars.calendar_holidays,
        name="settings-calendar-holidays",
    ),
    path("settings/calendars/<int:pk>/", calendars.calendar_edit, name="settings-calendar"),
    path(
        "settings/calendars/<int:pk>/delete/",
        calendars.calendar_delete,
        name="settings-calendar-delete",
    ),
]

PEOPLE = [
    path("settings/users/", people.people_list, name="settings-users"),
    path("settings/users/invite/", people.invite, name="settings-user-invite"),
    path("settings/users/<int:user_id>/", people.person_page, name="settings-user"),
    path("settings/users/<int:user_id>/roles/", people.person_roles, name="settings-user-roles"),
    path(
        "settings/users/<int:user_id>/working-time/",
        people.person_working_time,
        name="settings-user-working-time",
    ),
    path(
        "settings/users/<int:user_id>/renew/", people.renew_invitation, name="settings-user-renew"
    ),
    path(
        "settings/users/<int:user_id>/deactivate/",
        people.deactivate,
        name="settings-user-deactivate",
    ),
    path(
        "settings/users/<int:user_id>/reactivate/",
        people.reactivate,
        name="settings-user-reactivate",
    ),
]
ORGANISATION = [
    path("settings/", organisation.settings_index, name="settings"),
    path("settings/organisation/", organisation.organisation, name="settings-organisation"),
    path("settings/teams/", organisation.teams, name="settings-teams"),
    path("settings/teams/<int:team_id>/chat/", chat.team_chat, name="settings-chat"),
    path("settings/chat/<int:pk>/test/", chat.chat_test, name="settings-chat-test"),
    path("settings/chat/<int:pk>/switch/", chat.chat_switch, name="settings-chat-switch"),
    path("settings/chat/<int:pk>/remove/", chat.chat_remove, name="settings-chat-remove"),
    path("settings/teams/new/", organisation.team_new, name="settings-team-new"),
    path("settings/teams/<int:team_id>/", organisation.team_page, name="settings-team"),
    path(
        "settings/teams/<int:team_id>/remove/",
        organisation.team_remove,
        name="settings-team-remove",
    ),
    path("settings/audit/", history.audit, name="settings-audit"),
    path("settings/health/", health.health_page, name="settings-health"),
]
ABSENCES = [
    path("settings/absences/", absences.absences, name="settings-absences"),
    path("settings/absences/new/", absences.absence_new, name="settings-absence-new"),
    path("settings/absences/<int:absence_id>/", absences.absence_page, name="settings-absence"),
    path(
        "settings/absences/<int:absence_id>/remove/",
        absences.absence_remove,
        name="settings-absence-remove",
    ),
]
OWN = [
    path("profile/", own.profile, name="profile"),
    path("profile/theme/", own.set_theme, name="set-theme"),
    path("settings/notices/", own.notice_preferences, name="notice-preferences"),
    path("settings/tokens/", own.tokens, name="settings-tokens"),
    path("settings/tokens/<int:token_id>/revoke/", own.token_revoke, name="settings-token-revoke"),
    path("inbox/", inbox.inbox, name="inbox"),
    path("inbox/badge/", inbox.badge, name="inbox-badge"),
    path("inbox/read/", inbox.read, name="inbox-read"),
    path("inbox/<int:notice_id>/", inbox.open_notice, name="inbox-open"),
]
DOORS = [
    path("invitation/<int:user_id>/<str:secret>/", invitation.invitation, name="invitation"),
    # The address of a person is the administrators' to change: the library's page is not offered.
    path("accounts/email/", sign_in.not_offered, name="account_email"),
    path("demo/sign-in/", demo.demo_sign_in, name="demo-sign-in"),
]

urlpatterns = [*CALENDARS, *PEOPLE, *ORGANISATION, *ABSENCES, *OWN, *DOORS]
