"""Messages reach the page, or the htmx answer, once."""

from __future__ import annotations

import json

import pytest
from django.contrib import messages
from django.contrib.messages.storage.fallback import FallbackStorage
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.test import RequestFactory

from shell.middleware import ToastMiddleware, WrongMethodMiddleware
from shell.toasts import toast

ACCEPTED = {"text": "Lead accepted", "level": "success", "icon": "circle-check", "undo_url": "/u/"}


def request_with_messages(htmx: bool) -> HttpRequest:
    request = RequestFactory().post("/", headers={"HX-Request": "true"} if htmx else {})
    request.session = {}  # type: ignore[assignment]  # the storage only wants a mapping
    request._messages = FallbackStorage(request)  # type: ignore[attr-defined]
    return request


def answer(response: HttpResponse, htmx: bool = True) -> HttpResponse:
    def view(request: HttpRequest) -> HttpResponse:
        toast(request, "Lead accepted", undo_url="/u/")
        return response

    return ToastMiddleware(view)(request_with_messages(htmx))


def test_an_htmx_answer_carries_the_toast_with_its_way_back() -> None:
    header = json.loads(answer(HttpResponse())["HX-Trigger"])
    assert header == {"toasts": {"items": [ACCEPTED]}}


def test_events_that_are_named_already_stay() -> None:
    named = json.loads(answer(HttpResponse(headers={"HX-Trigger": "a, b"}))["HX-Trigger"])
    assert named == {"a": None, "b": None, "toasts": {"items": [ACCEPTED]}}
    detailed = HttpResponse(headers={"HX-Trigger": '{"a": {"n": 1}}'})
    assert json.loads(answer(detailed)["HX-Trigger"])["a"] == {"n": 1}


@pytest.mark.parametrize(
    "response",
    [
        HttpResponse(status=302),
        HttpResponse(status=409),
        HttpResponse(headers={"HX-Redirect": "/"}),
    ],
)
def test_an_answer_that_is_not_shown_keeps_the_toast_waiting(response: HttpResponse) -> None:
    assert "HX-Trigger" not in answer(response)


def test_a_form_with_errors_shows_its_toast() -> None:
    assert "HX-Trigger" in answer(HttpResponse(status=422))


def test_a_whole_page_draws_its_toasts_itself() -> None:
    assert "HX-Trigger" not in answer(HttpResponse(), htmx=False)


def test_levels_have_their_own_icon() -> None:
    def view(request: HttpRequest) -> HttpResponse:
        messages.error(request, "Not saved")
        return HttpResponse()

    header = ToastMiddleware(view)(request_with_messages(True))["HX-Trigger"]
    assert json.loads(header)["toasts"]["items"] == [
        {"text": "Not saved", "level": "error", "icon": "alert-circle", "undo_url": ""}
    ]


def test_a_bare_405_becomes_a_page_that_still_names_the_methods() -> None:
    page = WrongMethodMiddleware(lambda _request: HttpResponseNotAllowed(["POST"]))(
        RequestFactory().get("/")
    )
    assert (page.status_code, page["Allow"]) == (405, "POST")
    assert b"This address cannot be opened like this" in page.content
