"""What is sent to break it: refused by field, per row of a list, never a 500; texts stay texts."""

from __future__ import annotations

import json

import pytest
from django.core.cache import cache
from django.test import Client

from leads.models import CaptureReceipt, Contact, Lead, Submission, Touch
from leads.services.capturing import MOST
from tests.leads.api.conftest import marketer_api  # noqa: F401  # a fixture
from tests.leads.capture.made import ANNA, a_form, send, stamp_of, written

pytestmark = pytest.mark.django_db
PATH = "/api/v1/capture/"
CAPTURE = {"kind": "FORM", "email": "anna@acme.example"}
TEXTS = [
    "=HYPERLINK(\"http://evil.example\")", "+cmd|' /C calc'!A0", "@SUM(1)", "\t=1", "\r=1",
    "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "{{7*7}}", "javascript:alert(1)",
    "<svg onload=alert(1)>", "\u202egnp.exe", "\u200bRossi", "Ròssì 東京 🙂", "'; DROP TABLE x; --",
]  # fmt: skip
LONG = {
    "email": "a" * 255 + "@acme.example", "given_name": "x" * 101, "family_name": "x" * 101,
    "company": "x" * 201, "phone": "1" * 51, "job_title": "x" * 151, "country": "x" * 101,
    "city": "x" * 101, "detail": "x" * 301, "url": "x" * 501, "utm_source": "x" * 151,
    "key": "x" * 101,
}  # fmt: skip
WRONG = [
    {"email": "no address"}, {"email": "a@b@c"}, {"email": 7}, {"email": ["a@acme.example"]},
    {"email": "a\0@acme.example"}, {"email": "a@acme.example\nBcc: b@acme.example"},
    {"occurred_at": "2026-02-31T10:00:00Z"}, {"occurred_at": "0001-01-01T00:00:00+14:00"},
    {"occurred_at": "9999-12-31T23:59:59-12:00"}, {"occurred_at": "now"}, {"occurred_at": True},
    {"kind": "SPELL"}, {"kind": None}, {"family_name": "a\0b"}, {"family_name": {"a": 1}},
    {"external_id": "7"}, {"consent": "yes"}, {"consent": {}},
    {"consent": {"given": True, "purpose": "ALL"}},
]  # fmt: skip


@pytest.fixture(autouse=True)
def _no_knocks() -> None:
    cache.clear()


def nothing_is_written() -> bool:
    return not any(m.objects.exists() for m in (Contact, Lead, Touch, CaptureReceipt))


@pytest.mark.parametrize("wrong", [*WRONG, *[{name: value} for name, value in LONG.items()]])
def test_the_api_refuses_by_field_alone_and_in_a_list(wrong, marketer_api):  # noqa: F811
    alone = marketer_api.post(PATH, {**CAPTURE, **wrong})
    assert alone.status_code in (400, 422)
    assert list(alone.json()["fields"]) == list(wrong)
    assert nothing_is_written()
    good = {"kind": "FORM", "email": "olga@beta.example"}
    both = marketer_api.post(PATH, {"captures": [{**CAPTURE, **wrong}, good]})
    bad, kept = both.json()["results"]
    assert (both.status_code, bad["verdict"], kept["verdict"]) == (200, "refused", "begun")
    assert list(bad["problem"]["fields"]) == list(wrong)
    assert Contact.objects.get().email == "olga@beta.example"


@pytest.mark.parametrize(
    "body",
    ["", "{", "[", "[]", "null", "7", '"x"', "[" * 5_000, '{"captures": {}}', '{"captures": 7}',
     '{"kind": "FORM", "email": "\\ud800@acme.example"}', '{"captures": [[], 7, null, "x"]}',
     '{"kind": "FORM", "email": NaN}', '{"kind": 1e999}'],
)  # fmt: skip
def test_a_body_that_is_none_is_refused(body, marketer_api):  # noqa: F811
    answer = marketer_api.generic("POST", PATH, body, content_type="application/json")
    assert answer.status_code in (200, 400, 422)
    if answer.status_code == 200:
        assert {one["verdict"] for one in answer.json()["results"]} == {"refused"}
    assert nothing_is_written()


def test_five_hundred_with_every_fault_have_a_result_each(marketer_api):  # noqa: F811
    faults = [{**CAPTURE, **WRONG[n % len(WRONG)], "key": f"w{n}"} for n in range(MOST // 2)]
    good = [
        {"kind": "FAIR", "email": f"p{n}@acme.example", "key": f"g{n}"} for n in range(MOST // 2)
    ]
    captures = [one for pair in zip(faults, good, strict=True) for one in pair]
    first = marketer_api.post(PATH, {"captures": captures}).json()["results"]
    assert [one["verdict"] for one in first] == ["refused", "begun"] * (MOST // 2)
    again = marketer_api.post(PATH, {"captures": captures}).json()["results"]
    assert [one["again"] for one in again] == [False, True] * (MOST // 2)
    assert (Contact.objects.count(), Touch.objects.count()) == (MOST // 2, MOST // 2)


@pytest.mark.parametrize("text", TEXTS)
def test_any_text_is_kept_as_text_and_shown_as_text(text, marketer_api, marketer, client):  # noqa: F811
    captured = marketer_api.post(PATH, {**CAPTURE, "family_name": f"x{text}", "detail": text})
    assert captured.status_code == 201
    assert Contact.objects.get().family_name == f"x{text}".strip()
    send(a_form(marketer), {"email": "b@acme.example", "family_name": f"y{text}", "message": text})
    assert Submission.objects.get().values["family_name"] == f"y{text}".strip()
    client.force_login(marketer)
    row = Submission.objects.get()
    for path in (f"/forms/{row.form_id}/", f"/contacts/{row.contact_id}/"):
        page = client.get(path).content.decode()
        assert all(one not in page for one in ("<script>alert", "<img src=x", "<svg onload"))
        assert ">x49<" not in page


@pytest.mark.parametrize(
    "stamp", ["x" * 10_000, "a:b:c", "\u202e", "eyJ9:x:y", ":", "%00", "null", "{}"]
)
def test_any_stamp_but_ours_is_none(stamp, marketer):
    assert send(a_form(marketer), stamp=stamp).status_code == 422
    assert written() == (0, 0, 0, 0)


def test_a_body_in_another_alphabet_or_shape_is_refused(marketer):
    form = a_form(marketer)
    told = {"stamp": stamp_of(form), **ANNA}
    for body, kind in (
        (json.dumps(told), "application/json"), (b"\xff\xfe\x00", "text/plain"),
        (b"email=%ff%fe&stamp=%00", "application/x-www-form-urlencoded"),
        (b"--x\r\n", "multipart/form-data; boundary=x"), (b"x", "multipart/form-data"),
    ):  # fmt: skip
        answer = Client().post(f"/f/{form.token}/", body, content_type=kind)
        assert answer.status_code in (400, 422)
    assert written() == (0, 0, 0, 0)


def test_a_thousand_fields_more_change_nothing(marketer):
    form = a_form(marketer)
    more = {f"x{n}": "y" for n in range(900)}
    assert send(form, {**ANNA, **more}).status_code == 202
    assert Submission.objects.get().values == ANNA
    flood = {f"x{n}": "y" for n in range(1_200)}
    assert send(form, {**ANNA, **flood}).status_code == 413
    assert written()[3] == 1
