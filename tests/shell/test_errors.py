"""Error pages: the right status, what happened, why, what to do; without database or person."""

from __future__ import annotations

import json

import pytest
from allauth.core.internal.ratelimit import respond_429
from django.core.exceptions import BadRequest, PermissionDenied
from django.core.handlers.exception import convert_exception_to_response
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory

from shell import errors
from smarketing.errors import BadInput, NotAllowed, Refused
from smarketing.middleware import DomainErrorMiddleware

PAGES = {
    errors.bad_request: (400, "This request cannot be read"),
    errors.forbidden: (403, "This is not yours to open"),
    errors.not_found: (404, "There is no such page"),
    errors.too_many_requests: (429, "Too many tries"),
    errors.server_error: (500, "Something broke on our side"),
    errors.unavailable: (503, "We are back in a moment"),
    errors.csrf_failure: (403, "This form is too old"),
}


@pytest.mark.parametrize(("view", "told"), PAGES.items())
def test_status_and_words_without_a_database(view: object, told: tuple[int, str]) -> None:
    status, words = told
    response: HttpResponse = view(RequestFactory().get("/"))  # type: ignore[operator]
    page = response.content.decode()
    assert (response.status_code, words in page) == (status, True)
    assert "data-error-message" in page
    assert '<a class="btn' in page


def test_waiting_is_told_to_machines_too() -> None:
    request = RequestFactory().get("/")
    assert errors.too_many_requests(request)["Retry-After"] == "300"
    assert errors.unavailable(request)["Retry-After"] == "60"


@pytest.mark.parametrize(
    ("error", "status"),
    [(Refused("Acme is closed"), 409), (NotAllowed("Not you"), 403), (BadInput("No date"), 422)],
)
def test_a_domain_error_is_told_in_its_own_words(error: Exception, status: int) -> None:
    middleware = DomainErrorMiddleware(lambda _request: HttpResponse())
    response = middleware.process_exception(RequestFactory().post("/"), error)
    assert response is not None
    assert response.status_code == status
    assert f"data-error-message>{error}</p>" in response.content.decode()


def test_the_lock_out_answers_with_our_page() -> None:
    response = respond_429(RequestFactory().post("/accounts/login/"))
    assert response.status_code == 429
    assert "Too many tries" in response.content.decode()


@pytest.mark.django_db
def test_an_unknown_address(client: Client) -> None:
    response = client.get("/nowhere/")
    assert response.status_code == 404
    assert "There is no such page" in response.content.decode()


@pytest.mark.django_db
def test_a_form_without_its_token(client: Client) -> None:
    strict = Client(enforce_csrf_checks=True)
    response = strict.post("/accounts/login/", {"login": "alice@acme.test", "password": "x"})
    assert response.status_code == 403
    assert "This form is too old" in response.content.decode()


def test_a_forbidden_page_does_not_tell_its_reason() -> None:
    page = errors.forbidden(RequestFactory().get("/"), PermissionDenied("secret detail"))
    assert "secret detail" not in page.content.decode()


@pytest.mark.parametrize(
    ("error", "status", "code", "words"),
    [
        (ValueError("a bug"), 500, "server_error", "Something broke on our side"),
        (OperationalError("no database"), 503, "unavailable", "We are back in a moment"),
        (BadRequest("no sense"), 400, "bad_request", "This request cannot be read"),
    ],
)
def test_people_get_a_page_and_programs_a_body(
    error: Exception, status: int, code: str, words: str
) -> None:
    def fail(_request: HttpRequest) -> HttpResponse:
        raise error

    for path in ("/leads/", "/api/v1/leads/"):
        answer = convert_exception_to_response(fail)(RequestFactory().get(path))
        assert answer.status_code == status
        if path.startswith("/api/"):
            body = json.loads(answer.content)
            assert (body["code"], body["fields"]) == (code, {})
        else:
            assert words in answer.content.decode()
