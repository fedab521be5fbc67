"""Places in lists and numbers made up by hand: ours are found again, others break nothing."""

from __future__ import annotations

import base64
import json

import pytest
from django.core import signing
from django.test import Client

from accounts.keyset import SALT, key_from, key_to
from accounts.models import User


def test_a_key_is_read_as_written() -> None:
    assert key_from(key_to(("Ñandú", 7)), (str, int)) == ("Ñandú", 7)
    assert (key_to(None), key_from("", (str,)), key_from(None, (str,))) == ("", None, None)


@pytest.mark.parametrize("text", ["x", "\x00", "é"])
def test_what_nobody_signed_is_no_key(text: str) -> None:
    assert key_from(text, (str, int)) is None


# Signed in the test: a signature holds the second, and every process must name a case alike.
@pytest.mark.parametrize("signed", [["a"], {"a": 1}, ["a", "b"]], ids=str)
def test_what_has_another_shape_is_no_key(signed: object) -> None:
    assert key_from(signing.dumps(signed, salt=SALT), (str, int)) is None


def test_a_key_cut_short_is_no_key() -> None:
    assert key_from(key_to(("a", 1))[:-1], (str, int)) is None


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/settings/users/", "/settings/audit/", "/inbox/"])
@pytest.mark.parametrize(
    "key", [["\x00", 1], ["9999-12-31T23:59:59-23:59", 1], ["9999-12-31T23:59:59-23:59", 1, 1]]
)
def test_a_key_of_ones_own_making_breaks_nothing(
    client: Client, administrator: User, path: str, key: list[object]
) -> None:
    client.force_login(administrator)
    made = base64.urlsafe_b64encode(json.dumps(key).encode()).decode().rstrip("=")
    assert client.get(path, {"after": made}).status_code == 200


@pytest.mark.django_db
def test_a_notice_of_an_endless_number_is_nobodys(client: Client, rep: User) -> None:
    client.force_login(rep)
    assert client.post("/inbox/read/", {"notice": "9" * 5_000}).status_code == 302
