"""The sign-in: passwords, lockout, second step, single sign-on, its mails, its sessions."""

from __future__ import annotations

import re

import pytest
from allauth.account.models import EmailAddress
from allauth.core import context
from allauth.mfa.totp.internal.auth import TOTP, hotp_value, yield_hotp_counters_from_time
from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.helpers import complete_social_login
from allauth.socialaccount.models import SocialAccount, SocialLogin
from allauth.usersessions.models import UserSession
from django.contrib.auth.models import AnonymousUser
from django.contrib.messages.middleware import MessageMiddleware
from django.contrib.sessions.middleware import SessionMiddleware
from django.core import mail
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory, override_settings

from accounts.models import Organisation, User
from accounts.services.people import confirm_email
from tests.factories import PASSWORD, TUESDAY, UserFactory

NEW_PASSWORD = "another fine long sentence"
LOGIN = "/accounts/login/"


@pytest.fixture(autouse=True)
def fresh_limits(db: None) -> None:
    cache.clear()


@pytest.fixture
def bruno(organisation: Organisation) -> User:
    user = UserFactory(email="bruno@acme.test", name="Bruno Conti", password=PASSWORD)
    confirm_email(user)
    return user


def sign_in(client: Client, password: str = PASSWORD, email: str = "bruno@acme.test") -> bool:
    client.post(LOGIN, {"login": email, "password": password})
    return "_auth_user_id" in client.session


def test_the_address_signs_in_in_any_case_and_the_hash_is_argon2(
    bruno: User, client: Client
) -> None:
    assert bruno.password.startswith("argon2$argon2id$")
    assert sign_in(client, email=" Bruno@ACME.test")
    assert list(UserSession.objects.values_list("user", flat=True)) == [bruno.pk]


def test_a_wrong_password_and_an_unknown_address_are_refused_alike(
    bruno: User, client: Client
) -> None:
    wrong = client.post(LOGIN, {"login": bruno.email, "password": "wrong"}).content.decode()
    unknown = client.post(LOGIN, {"login": "who@acme.test", "password": "wrong"}).content.decode()
    shown = [re.search(r'role="alert".*?</div></div>', page, re.S) for page in (wrong, unknown)]
    assert shown[0] is not None
    assert shown[1] is not None
    assert shown[0].group() == shown[1].group()


def test_after_five_failures_even_the_right_password_waits(bruno: User, client: Client) -> None:
    for _ in range(5):
        assert not sign_in(client, "wrong")
    assert not sign_in(client)
    cache.clear()  # the limit's time is over
    assert sign_in(client)


def test_somebody_deactivated_is_told_so_and_stays_outside(bruno: User, client: Client) -> None:
    User.objects.filter(pk=bruno.pk).update(is_active=False, deactivated_at=TUESDAY)
    answer = client.post(LOGIN, {"login": bruno.email, "password": PASSWORD})
    assert (answer.status_code, answer["Location"]) == (302, "/accounts/inactive/")
    assert "_auth_user_id" not in client.session


def test_nobody_signs_up_alone(client: Client, organisation: Organisation) -> None:
    answer = client.post(
        "/accounts/signup/",
        {"email": "eve@evil.test", "password1": PASSWORD, "password2": PASSWORD},
    )
    assert "by invitation" in answer.content.decode()
    assert User.objects.count() == 0


def test_nobody_changes_his_own_address(bruno: User, client: Client) -> None:
    sign_in(client)
    for facts in ({"action_add": "", "email": "x@acme.test"}, {"action_primary": ""}):
        assert client.post("/accounts/email/", facts).status_code == 404
    assert EmailAddress.objects.get().email == "bruno@acme.test"


def test_a_new_password_ends_the_other_sessions_and_keeps_this_one(bruno: User) -> None:
    here, elsewhere = Client(), Client()
    assert sign_in(here)
    assert sign_in(elsewhere)
    answer = here.post(
        "/accounts/password/change/",
        {"oldpassword": PASSWORD, "password1": NEW_PASSWORD, "password2": NEW_PASSWORD},
    )
    assert answer.status_code == 302
    assert here.get("/profile/").status_code == 200
    assert elsewhere.get("/profile/").status_code == 302
    assert UserSession.objects.filter(user=bruno).count() == 1
    assert [message.subject for message in mail.outbox] == ["Your password was changed"]


def test_a_forgotten_password_is_reset_by_a_link_to_our_own_address(
    bruno: User, client: Client
) -> None:
    elsewhere = Client()
    sign_in(elsewhere)
    User.objects.filter(pk=bruno.pk).update(language="it")
    client.post("/accounts/password/reset/", {"email": "BRUNO@acme.test"}, HTTP_HOST="localhost")
    (sent,) = mail.outbox
    assert sent.to == ["bruno@acme.test"]
    assert '<html lang="it">' in sent.alternatives[0].content
    link = re.search(r"http://127\.0\.0\.1:8000(/accounts/password/reset/key/\S+)", sent.body)
    assert link is not None
    form = client.get(link.group(1), follow=True)
    path = form.redirect_chain[-1][0]
    done = client.post(path, {"password1": NEW_PASSWORD, "password2": NEW_PASSWORD})
    assert done.status_code == 302
    assert elsewhere.get("/profile/").status_code == 302
    assert sign_in(Client(), NEW_PASSWORD)


def test_an_unknown_address_gets_the_same_answer_and_its_own_mail(client: Client) -> None:
    answer = client.post("/accounts/password/reset/", {"email": "who@acme.test"})
    assert (answer.status_code, answer["Location"]) == (302, "/accounts/password/reset/done/")
    assert [message.subject for message in mail.outbox] == ["You have no account here"]


@override_settings(
    EMAIL_BACKEND="django.core.mail.backends.smtp.EmailBackend",
    EMAIL_HOST="127.0.0.1",
    EMAIL_PORT=1,
)
def test_a_mail_server_that_is_down_fails_the_mail_not_the_page(
    bruno: User, client: Client
) -> None:
    answer = client.post("/accounts/password/reset/", {"email": bruno.email}, follow=True)
    assert answer.status_code == 200
    assert "could not be sent" in answer.content.decode()


def test_the_second_step_is_asked_for_and_checked(bruno: User, client: Client) -> None:
    secret = "JBSWY3DPEHPK3PXP"
    TOTP.activate(bruno, secret)
    assert not sign_in(client)
    code = hotp_value(secret, next(yield_hotp_counters_from_time()))
    wrong = client.post("/accounts/2fa/authenticate/", {"code": f"{(code + 1) % 10**6:06}"})
    assert wrong.status_code == 200
    assert "_auth_user_id" not in client.session
    right = client.post("/accounts/2fa/authenticate/", {"code": f"{code:06}"})
    assert (right.status_code, right["Location"]) == (302, "/")
    assert client.session["_auth_user_id"] == str(bruno.pk)


# --- single sign-on ------------------------------------------------------------------------------


def by_single_sign_on(email: str, *, verified: bool = True) -> tuple[HttpRequest, HttpResponse]:
    """Come back from the identity provider as the person with `email`."""
    request = RequestFactory().get("/accounts/oidc/oidc/login/callback/")
    SessionMiddleware(lambda _request: HttpResponse()).process_request(request)
    MessageMiddleware(lambda _request: HttpResponse()).process_request(request)
    request.user = AnonymousUser()
    login = SocialLogin(
        provider=get_adapter().get_provider(request, "oidc"),
        user=User(email=email, name="From outside"),
        account=SocialAccount(provider="oidc", uid=email),
        email_addresses=[EmailAddress(email=email, verified=verified, primary=True)],
    )
    with context.request_context(request):
        return request, complete_social_login(request, login)


@pytest.fixture
def oidc(settings: object) -> None:
    settings.SOCIALACCOUNT_PROVIDERS = {  # type: ignore[attr-defined]
        "openid_connect": {
            "APPS": [
                {
                    "provider_id": "oidc",
                    "name": "Acme ID",
                    "client_id": "smarketing",
                    "secret": "s",
                    "settings": {"server_url": "https://id.acme.test"},
                }
            ]
        }
    }


@pytest.mark.usefixtures("oidc")
def test_single_sign_on_finds_the_person_by_a_proved_address(bruno: User) -> None:
    request, answer = by_single_sign_on("bruno@acme.test")
    assert (answer.status_code, request.user) == (302, bruno)
    assert SocialAccount.objects.get().user == bruno


@pytest.mark.usefixtures("oidc")
def test_whom_the_provider_vouches_for_needs_no_link(organisation: Organisation) -> None:
    invited = UserFactory(email="gina@acme.test", joined_at=None, invited_at=TUESDAY)
    by_single_sign_on("gina@acme.test")
    invited.refresh_from_db()
    assert invited.joined_at is not None
    assert EmailAddress.objects.get(user=invited).verified


@pytest.mark.usefixtures("oidc")
@pytest.mark.parametrize(
    ("email", "verified"), [("eve@evil.test", True), ("bruno@acme.test", False)]
)
def test_single_sign_on_creates_nobody_and_believes_no_unproved_address(
    bruno: User, email: str, verified: bool
) -> None:
    request, answer = by_single_sign_on(email, verified=verified)
    assert "People join by invitation" in answer.content.decode()
    assert (User.objects.count(), SocialAccount.objects.count()) == (1, 0)
    assert not request.user.is_authenticated


@pytest.mark.usefixtures("oidc")
def test_single_sign_on_does_not_open_a_closed_account(bruno: User) -> None:
    User.objects.filter(pk=bruno.pk).update(is_active=False, deactivated_at=TUESDAY)
    request, answer = by_single_sign_on("bruno@acme.test")
    assert (answer.status_code, answer["Location"]) == (302, "/accounts/inactive/")
    assert not request.user.is_authenticated
