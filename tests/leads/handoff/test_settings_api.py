"""Reasons and windows by REST, as on their settings pages."""

from __future__ import annotations

import pytest

from leads.models import FunnelSettings, Reason
from leads.selectors.house import funnel_settings
from tests.leads.api.conftest import caller

pytestmark = pytest.mark.django_db
API = "/api/v1/"
STRIKE = {"own_label": "On strike", "outcome": "RECYCLE", "note_needed": True}
WINDOWS = {
    "undo_seconds": 20,
    "nurture_days": 30,
    "hot_touch_wakes": False,
    "cooldown_days": 10,
    "dispute_days": 3,
    "attempts_before_no_contact": 4,
    "field_note_weekday": None,
}


@pytest.fixture
def head_api(manager_sales):
    return caller(manager_sales)


@pytest.fixture
def rep_api(rep):
    return caller(rep)


def kept():
    """Every reason as it is stored."""
    names = ("code", "own_label", "outcome", "key", "note_needed", "is_active")
    return list(Reason.objects.order_by("pk").values_list(*names))


def test_a_reason_is_added_changed_and_taken_out_of_use(head_api, rep_api):
    made = head_api.post(f"{API}reasons/", STRIKE)
    assert made.status_code == 201
    told = {**STRIKE, "code": "on_strike", "label": "On strike", "key": None, "is_active": True}
    assert made.json() == told
    url = f"{API}reasons/on_strike/"
    change = {"own_label": "Strike", "outcome": "DISQUALIFY"}
    told = {**told, **change, "label": "Strike", "note_needed": False}
    assert head_api.post(f"{url}change/", change).json() == told
    assert "on_strike" in [one["code"] for one in rep_api.get(f"{API}reasons/").json()]
    unused = head_api.post(f"{url}use/", {"in_use": False})
    assert unused.json() == {**told, "is_active": False}
    assert "on_strike" not in [one["code"] for one in rep_api.get(f"{API}reasons/").json()]


def test_a_reason_out_of_use_leaves_the_pad(head_api):
    free = Reason.objects.filter(key__isnull=False).first()
    assert free is not None
    out = head_api.post(f"{API}reasons/{free.code}/use/", {"in_use": False}).json()
    assert (out["key"], out["is_active"]) == (None, False)


@pytest.mark.parametrize(
    ("address", "body", "status", "field"),
    [
        ("reasons/", {**STRIKE, "own_label": " "}, 422, "own_label"),
        ("reasons/", {**STRIKE, "key": 1}, 422, "key"),
        ("reasons/", {**STRIKE, "key": 9}, 400, "key"),
        ("reasons/spam/change/", {"outcome": "SHRUG"}, 400, "outcome"),
    ],
)
def test_a_wrong_reason_changes_nothing(address, body, status, field, head_api):
    before = kept()
    refused = head_api.post(f"{API}{address}", body)
    assert (refused.status_code, list(refused.json()["fields"])) == (status, [field])
    assert kept() == before


def test_windows_are_set_whole(head_api):
    assert head_api.post(f"{API}funnel-settings/", WINDOWS).json() == WINDOWS
    assert head_api.get(f"{API}funnel-settings/").json() == WINDOWS
    stored = funnel_settings()
    assert {name: getattr(stored, name) for name in WINDOWS} == WINDOWS


@pytest.mark.parametrize(
    ("wrong", "field"),
    [({"undo_seconds": 61}, "undo_seconds"), ({"field_note_weekday": 8}, "field_note_weekday")],
)
def test_wrong_windows_change_nothing(wrong, field, head_api):
    before = FunnelSettings.objects.values().get()
    refused = head_api.post(f"{API}funnel-settings/", {**WINDOWS, **wrong})
    assert (refused.status_code, list(refused.json()["fields"])) == (400, [field])
    assert FunnelSettings.objects.values().get() == before


@pytest.mark.parametrize(
    ("address", "body"),
    [
        ("reasons/", STRIKE),
        ("reasons/spam/change/", STRIKE),
        ("reasons/spam/use/", {"in_use": False}),
        ("funnel-settings/", WINDOWS),
    ],
)
def test_reps_set_nothing(address, body, rep_api):
    before = kept(), FunnelSettings.objects.values().get()
    refused = rep_api.post(f"{API}{address}", body)
    assert (refused.status_code, refused.json()["code"]) == (403, "not_allowed")
    assert (kept(), FunnelSettings.objects.values().get()) == before


def test_what_is_not_there_is_404(head_api):
    assert head_api.post(f"{API}reasons/none_such/use/", {"in_use": True}).status_code == 404
    assert head_api.post(f"{API}reasons/none_such/change/", STRIKE).status_code == 404


@pytest.mark.parametrize("others", [0, 3])
def test_adding_a_reason_takes_as_many_statements_however_many_there_are(
    others, head_api, django_assert_num_queries
):
    for n in range(others):
        Reason.objects.create(code=f"other_{n}", own_label=f"Other {n}", outcome="LOSE")
    with django_assert_num_queries(8):
        assert head_api.post(f"{API}reasons/", STRIKE).status_code == 201
