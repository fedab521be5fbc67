"""An empty installation gets its first administrator from the command line, once."""

from __future__ import annotations

from datetime import datetime
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from accounts import rules
from accounts.models import Organisation, User
from accounts.services.invitations import accept_invitation
from tests.factories import PASSWORD


def create(email: str) -> str:
    words = StringIO()
    call_command("create_administrator", email, name="Ada Bianchi", stdout=words)
    return words.getvalue().strip()


def test_the_link_makes_an_administrator(organisation: Organisation, at: datetime) -> None:
    link = create("Ada@Example.com")
    person = User.objects.get()
    assert (person.email, person.name, person.joined_at) == ("ada@example.com", "Ada Bianchi", None)

    secret = link.rstrip("/").rsplit("/", 1)[1]
    assert person.invited_at is not None
    accept_invitation(person.pk, secret, name="Ada", password=PASSWORD, at=person.invited_at)
    assert rules.is_administrator(User.objects.get())


def test_asking_again_before_he_came_gives_a_new_link(organisation: Organisation) -> None:
    assert create("ada@example.com") != create("ada@example.com")
    assert User.objects.count() == 1


def test_a_second_administrator_is_refused(administrator: User) -> None:
    with pytest.raises(CommandError, match="There is an administrator already"):
        create("ada@example.com")
    assert list(User.objects.all()) == [administrator]


def test_an_address_that_is_none_is_refused(organisation: Organisation) -> None:
    with pytest.raises(CommandError, match="ada is not an e-mail address"):
        create("ada")
    assert User.objects.count() == 0
