"""Invitations: a link by mail, good for a week, for one person, once."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from django.conf import settings
from django.core import mail
from django.test import Client, override_settings
from django.urls import reverse

from accounts.enums import Role
from accounts.models import Membership, Notice, NoticeDelivery, Team, User
from accounts.services.delivery import deliver_due
from accounts.services.invitations import (
    GOOD_FOR,
    accept_invitation,
    invitation_link,
    invite,
    invited_person,
    join_by_single_sign_on,
    renew_invitation,
)
from accounts.services.roles import Held
from smarketing import time_source
from smarketing.errors import BadInput, NotAllowed, NotFound, Refused
from tests.factories import PASSWORD, TUESDAY

GINA = {"email": " Gina@Acme.test ", "name": "Gina Sala"}


@pytest.fixture
def gina(manager_sales: User, sales: Team) -> User:
    return invite(**GINA, roles=[Held(Role.REP, sales.pk)], by=manager_sales, at=TUESDAY)


def secret_of(person: User) -> str:
    return invitation_link(person, TUESDAY).rstrip("/").rsplit("/", 1)[-1]


def test_the_invited_person_exists_but_cannot_sign_in(gina: User, sales: Team) -> None:
    assert (gina.email, gina.joined_at, gina.invited_at) == ("gina@acme.test", None, TUESDAY)
    assert not gina.has_usable_password()
    assert Membership.objects.get(user=gina).team == sales


def test_the_mail_carries_the_link_and_no_row_does(gina: User) -> None:
    assert deliver_due(TUESDAY) == 1
    (sent,) = mail.outbox
    assert (sent.to, sent.subject) == (
        ["gina@acme.test"],
        "Dario Greco invites you to My organisation",
    )
    link = invitation_link(gina, TUESDAY)
    assert link.startswith("http://127.0.0.1:8000/invitation/")
    assert link in sent.body
    assert link in sent.alternatives[0].content
    notice = Notice.objects.get(recipient=gina)
    assert secret_of(gina) not in f"{notice.params} {notice.url} {notice.dedupe_key}"


def test_accepting_sets_the_password_proves_the_address_and_tells_the_inviter(
    gina: User, manager_sales: User
) -> None:
    at = TUESDAY + GOOD_FOR
    accept_invitation(gina.pk, secret_of(gina), name="Gina Sala", password=PASSWORD, at=at)
    gina.refresh_from_db()
    assert (gina.joined_at, gina.check_password(PASSWORD)) == (at, True)
    assert gina.password.startswith("argon2$argon2id$")
    address = EmailAddress.objects.get(user=gina)
    assert (address.email, address.verified, address.primary) == ("gina@acme.test", True, True)
    told = Notice.objects.get(recipient=manager_sales)
    assert (told.kind, told.params) == ("invitation_accepted", {"name": "Gina Sala"})
    assert Notice.objects.get(recipient=gina).read_at == at


@pytest.mark.parametrize("late", [timedelta(microseconds=1), timedelta(days=1)])
def test_the_link_is_good_for_a_week_and_not_longer(gina: User, late: timedelta) -> None:
    assert invited_person(gina.pk, secret_of(gina), at=TUESDAY + GOOD_FOR) == gina
    with pytest.raises(NotFound):
        invited_person(gina.pk, secret_of(gina), at=TUESDAY + GOOD_FOR + late)


def test_the_link_works_once_and_only_the_newest(gina: User, manager_sales: User) -> None:
    old = secret_of(gina)
    renew_invitation(gina, by=manager_sales, at=TUESDAY + timedelta(minutes=1))
    with pytest.raises(NotFound):
        invited_person(gina.pk, old, at=TUESDAY)
    assert NoticeDelivery.objects.filter(notice__recipient=gina).count() == 2
    new = secret_of(gina)
    accept_invitation(gina.pk, new, name="Gina", password=PASSWORD, at=TUESDAY)
    with pytest.raises(NotFound):
        accept_invitation(gina.pk, new, name="Gina", password=PASSWORD + "2", at=TUESDAY)
    with pytest.raises(Refused):
        renew_invitation(gina, by=manager_sales, at=TUESDAY)


def test_a_wrong_secret_or_another_persons_opens_nothing(gina: User, rep: User) -> None:
    for user_id, secret in [(gina.pk, "0" * 64), (rep.pk, secret_of(gina)), (9_999, "x")]:
        with pytest.raises(NotFound):
            invited_person(user_id, secret, at=TUESDAY)


def test_the_link_survives_a_new_key_while_the_old_one_is_kept(gina: User) -> None:
    secret, old_key = secret_of(gina), settings.SECRET_KEY
    with override_settings(SECRET_KEY="n" * 60, SECRET_KEY_FALLBACKS=[old_key]):
        assert invited_person(gina.pk, secret, at=TUESDAY) == gina
    with override_settings(SECRET_KEY="n" * 60, SECRET_KEY_FALLBACKS=[]), pytest.raises(NotFound):
        invited_person(gina.pk, secret, at=TUESDAY)


@pytest.mark.parametrize(
    ("name", "password", "field"),
    [("", PASSWORD, "name"), ("Gina", "short", "password"), ("Gina", "gina@acme.test", "password")],
)
def test_a_weak_password_or_no_name_is_refused(
    gina: User, name: str, password: str, field: str
) -> None:
    with pytest.raises(BadInput) as refusal:
        accept_invitation(gina.pk, secret_of(gina), name=name, password=password, at=TUESDAY)
    assert list(refusal.value.fields) == [field]
    gina.refresh_from_db()
    assert (gina.joined_at, gina.has_usable_password()) == (None, False)


@pytest.mark.parametrize(
    ("email", "name", "field"),
    [
        ("nobody", "Gina", "email"),
        ("BRUNO@acme.test", "Gina", "email"),
        ("g@acme.test", " ", "name"),
    ],
)
def test_a_senseless_invitation_is_refused(
    administrator: User, rep: User, email: str, name: str, field: str
) -> None:
    people = User.objects.count()
    with pytest.raises(BadInput) as refusal:
        invite(email=email, name=name, roles=[], by=administrator, at=TUESDAY)
    assert list(refusal.value.fields) == [field]
    assert (User.objects.count(), Notice.objects.count()) == (people, 0)


def test_heads_invite_only_into_their_teams(
    manager_sales: User, rep: User, sales: Team, marketing: Team
) -> None:
    people = User.objects.count()
    for by, roles in [
        (manager_sales, []),
        (manager_sales, [Held(Role.MARKETER, marketing.pk)]),
        (manager_sales, [Held(Role.ADMINISTRATOR)]),
        (rep, [Held(Role.REP, sales.pk)]),
    ]:
        with pytest.raises(NotAllowed):
            invite(**GINA, roles=roles, by=by, at=TUESDAY)
    assert (User.objects.count(), NoticeDelivery.objects.count()) == (people, 0)


def test_a_stranger_does_not_renew(gina: User, manager_marketing: User) -> None:
    with pytest.raises(NotAllowed):
        renew_invitation(gina, by=manager_marketing, at=TUESDAY + timedelta(days=1))
    gina.refresh_from_db()
    assert gina.invited_at == TUESDAY


def test_single_sign_on_joins_once(gina: User, manager_sales: User) -> None:
    join_by_single_sign_on(gina, at=TUESDAY)
    join_by_single_sign_on(User.objects.get(pk=gina.pk), at=TUESDAY + timedelta(days=1))
    gina.refresh_from_db()
    assert gina.joined_at == TUESDAY
    assert Notice.objects.filter(recipient=manager_sales).count() == 1


def test_the_page_lets_the_person_in(manager_sales: User, sales: Team, client: Client) -> None:
    at = time_source.now()
    gina = invite(**GINA, roles=[Held(Role.REP, sales.pk)], by=manager_sales, at=at)
    path = reverse("invitation", args=[gina.pk, secret_of(gina)])
    assert "Join My organisation" in client.get(path).content.decode()
    weak = client.post(path, {"name": "Gina", "password": "short"})
    assert weak.status_code == 422
    assert re.search(r"too short", weak.content.decode())
    accepted = client.post(path, {"name": "Gina Sala", "password": PASSWORD})
    assert (accepted.status_code, accepted["Location"]) == (302, "/")
    assert client.get("/profile/").status_code == 200
    gone = client.get(path)
    assert gone.status_code == 410
    assert "no longer good" in gone.content.decode()


def test_a_forgotten_password_is_no_way_around_an_invitation(gina: User, client: Client) -> None:
    answer = client.post("/accounts/password/reset/", {"email": "gina@acme.test"})
    assert (answer.status_code, answer["Location"]) == (302, "/accounts/password/reset/done/")
    assert [message.subject for message in mail.outbox] == ["You have no account here"]
