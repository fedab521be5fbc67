"""Sign-in, second step, single sign-on: allauth's pages."""

from __future__ import annotations

from tests.access.matrix.answers import (
    AWAY,
    EVERYONE,
    EVERYONE_DOES,
    EVERYONE_NO,
    EVERYONE_NONE,
    MOVED,
    NOTHING,
    PUBLIC,
    VISITORS,
    Line,
)

# allauth's pages as far as people without a password and a second step see them.
NOT_OURS = "  in       403      403      403 403  403         403           403"
SIGN_IN = [
    Line("accounts/login/", get=VISITORS, post=VISITORS),
    Line("accounts/logout/", get="302 200 200 200 200 200 200 200", post=AWAY),
    Line("accounts/inactive/", get=PUBLIC),
    Line("accounts/signup/", get=VISITORS, post=VISITORS),  # it says that people are invited
    Line("accounts/reauthenticate/", get=NOT_OURS, post=NOT_OURS),
    Line("accounts/email/", get=NOTHING, post=NOTHING),  # ours comes first, and is not there
    Line("accounts/confirm-email/", get=PUBLIC),
    Line("accounts/password/change/", get=EVERYONE_DOES, post=EVERYONE_DOES),
    Line("accounts/password/set/", get=EVERYONE, post=EVERYONE),
    Line("accounts/password/reset/", get=PUBLIC, post=PUBLIC),
    Line("accounts/password/reset/done/", get=PUBLIC),
    Line("accounts/password/reset/key/done/", get=PUBLIC),
    Line(
        r"accounts/^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        get=PUBLIC,
        post=PUBLIC,
        path="accounts/password/reset/key/1-wrong/",
    ),
    Line("accounts/login/code/confirm/", get=AWAY, post=AWAY),
    Line(
        r"accounts/^confirm-email/(?P<key>[-:\w]+)/$",
        get=PUBLIC,
        post=NOTHING,
        path="accounts/confirm-email/x:y/",
    ),
    Line("accounts/sessions/", get=EVERYONE, post=EVERYONE_DOES),
]
SECOND_STEP = [
    Line("accounts/2fa/", get=EVERYONE, post=EVERYONE_NO),
    Line("accounts/2fa/authenticate/", get=AWAY, post=AWAY),
    Line("accounts/2fa/reauthenticate/", get=NOT_OURS, post=NOT_OURS),
    Line("accounts/2fa/totp/activate/", get=EVERYONE, post=EVERYONE),
    Line("accounts/2fa/totp/deactivate/", get=EVERYONE_NONE, post=EVERYONE_NONE),
    Line("accounts/2fa/recovery-codes/", get=EVERYONE_NONE, post=EVERYONE_NO),
    Line("accounts/2fa/recovery-codes/generate/", get=EVERYONE, post=EVERYONE),
    Line("accounts/2fa/recovery-codes/download/", get=EVERYONE_NONE, post=EVERYONE_NONE),
    Line("accounts/2fa/webauthn/", get=EVERYONE, post=EVERYONE_NO),
    Line("accounts/2fa/webauthn/add/", get=EVERYONE, post=EVERYONE),
    Line("accounts/2fa/webauthn/reauthenticate/", get=NOT_OURS, post=NOT_OURS),
    Line(
        "accounts/2fa/webauthn/keys/<int:pk>/remove/",
        get=EVERYONE_NONE,
        post=EVERYONE_NONE,
        path="accounts/2fa/webauthn/keys/9/remove/",
    ),
    Line(
        "accounts/2fa/webauthn/keys/<int:pk>/edit/",
        get=EVERYONE_NONE,
        post=EVERYONE_NONE,
        path="accounts/2fa/webauthn/keys/9/edit/",
    ),
    Line("accounts/2fa/webauthn/login/", get=AWAY, post=AWAY),
]
SINGLE_SIGN_ON = [
    Line("accounts/3rdparty/", get=EVERYONE, post=EVERYONE),
    Line("accounts/3rdparty/signup/", get=AWAY, post=AWAY),
    Line("accounts/3rdparty/login/cancelled/", get=PUBLIC),
    Line("accounts/3rdparty/login/error/", get="401 401 401 401 401 401 401 401"),
    Line("accounts/social/login/cancelled/", get=MOVED, post=MOVED),
    Line("accounts/social/login/error/", get=MOVED, post=MOVED),
    Line("accounts/social/signup/", get=MOVED, post=MOVED),
    Line("accounts/social/connections/", get=MOVED, post=MOVED),
    Line(
        "accounts/oidc/^(?P<provider_id>[^/]+)/login/",
        get=NOTHING,
        post=NOTHING,
        path="accounts/oidc/oidc/login/",
    ),
    Line(
        "accounts/oidc/^(?P<provider_id>[^/]+)/login/callback/",
        get=NOTHING,
        post=NOTHING,
        path="accounts/oidc/oidc/login/callback/",
    ),
]
