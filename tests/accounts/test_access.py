"""The doors: visitors sign in and come back, missing rights are 403."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from accounts.models import User
from accounts.rules import is_administrator
from accounts.views.access import member_required, person, requires, signed_in
from smarketing.errors import NotAllowed

FACTORY = RequestFactory()


def page(request: HttpRequest) -> HttpResponse:
    return HttpResponse(person(request).name)


def as_(user: User | AnonymousUser, request: HttpRequest) -> HttpRequest:
    request.user = user
    return request


def test_a_visitor_signs_in_and_comes_back() -> None:
    answer = signed_in(page)(as_(AnonymousUser(), FACTORY.get("/settings/users/?q=a")))
    assert answer.status_code == 302
    assert answer["Location"] == "/accounts/login/?next=/settings/users/%3Fq%3Da"


def test_a_visitor_who_posts_comes_back_to_the_start() -> None:
    answer = signed_in(page)(as_(AnonymousUser(), FACTORY.post("/settings/users/")))
    assert answer["Location"] == "/accounts/login/?next=/"


@pytest.mark.parametrize(
    ("current", "back"),
    [
        ("http://testserver/inbox/?a=1", "/inbox/%3Fa%3D1"),
        ("http://evil.test/inbox/", "/"),
        ("", "/"),
    ],
)
def test_a_fragment_of_a_visitor_moves_the_whole_page(current: str, back: str) -> None:
    request = FACTORY.get("/x/", headers={"HX-Request": "true", "HX-Current-URL": current})
    answer = signed_in(page)(as_(AnonymousUser(), request))
    assert answer.status_code == 204
    assert answer["HX-Redirect"] == f"/accounts/login/?next={back}"


def test_one_right_of_several_is_enough(rep: User, administrator: User) -> None:
    guarded = requires(is_administrator, lambda user: user == rep)(page)
    assert guarded(as_(rep, FACTORY.get("/"))).status_code == 200
    assert guarded(as_(administrator, FACTORY.get("/"))).status_code == 200


def test_a_missing_right_is_refused(rep: User, newcomer: User) -> None:
    with pytest.raises(NotAllowed):
        requires(is_administrator)(page)(as_(rep, FACTORY.get("/")))
    with pytest.raises(NotAllowed):
        member_required(page)(as_(newcomer, FACTORY.get("/")))
    assert signed_in(page)(as_(newcomer, FACTORY.get("/"))).status_code == 200


def test_someone_deactivated_is_a_visitor(rep: User) -> None:
    rep.is_active = False
    assert signed_in(page)(as_(rep, FACTORY.get("/"))).status_code == 302
