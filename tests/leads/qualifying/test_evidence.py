"""Evidence names the definition in force, each criterion, its value, met or not, and the score."""

from __future__ import annotations

from datetime import timedelta

import pytest
from pytest_django.fixtures import DjangoAssertNumQueries

from leads.enums import LifecycleStage, PersonaKind, TouchKind
from leads.models import Lead, StageDefinition
from leads.services.evidence import Entry, gather_evidence
from tests.conftest import AT
from tests.leads.qualifying.records import (
    BUDGET,
    FILLED_PHONE,
    SCORE_60,
    define,
    of_job,
    persona,
    touch,
)
from tests.leads.records import lead_at

pytestmark = pytest.mark.django_db
S = LifecycleStage


def test_evidence_names_definition_criteria_values_and_score() -> None:
    definition = define(S.MQL, FILLED_PHONE, SCORE_60, BUDGET)
    buyer = persona("Plant manager", of_job("Plant manager"))
    lead = lead_at(phone="+39 1", job_title="Plant manager", score=72)
    (found,) = gather_evidence([Entry(lead=lead, stages=[S.MQL], answers={"budget": True})], at=AT)
    assert found.missing == ()
    assert found.stored == {
        "at": "2026-03-03T10:00:00+00:00",
        "score": 72,
        "persona": {"id": buyer.pk, "name": "Plant manager", "version": 1},
        "personas": {},
        "definitions": [
            {
                "id": definition.pk,
                "stage": "MQL",
                "version": 7,
                "criteria": [
                    {"criterion": FILLED_PHONE, "value": "+39 1", "met": True},
                    {"criterion": SCORE_60, "value": 72, "met": True},
                    {"criterion": BUDGET, "value": True, "met": True},
                ],
            }
        ],
    }
    assert (found.persona_id, lead.persona_id) == (buyer.pk, buyer.pk)


def test_required_criteria_hold_back_and_wishes_do_not() -> None:
    define(S.MQL, FILLED_PHONE, {**SCORE_60, "required": False}, BUDGET)
    lead = lead_at(score=10)
    (found,) = gather_evidence([Entry(lead=lead, stages=[S.MQL])], at=AT)
    assert [(one.criterion.kind.value, one.met) for one in found.missing] == [
        ("filled", False),
        ("question", None),
    ]
    assert found.stored is not None
    assert [one["met"] for one in found.stored["definitions"][0]["criteria"]] == [
        False,
        False,
        None,
    ]


def test_a_question_answered_with_no_holds_back() -> None:
    define(S.SQL, BUDGET)
    lead = lead_at(S.SAL)
    (found,) = gather_evidence([Entry(lead=lead, stages=[S.SQL], answers={"budget": False})], at=AT)
    assert [one.met for one in found.missing] == [False]


def test_a_skip_is_checked_by_every_stage_that_it_enters() -> None:
    define(S.MQL, FILLED_PHONE)
    define(S.SQL, BUDGET)
    lead = lead_at()
    (found,) = gather_evidence([Entry(lead=lead, stages=[S.MQL, S.SAL, S.SQL])], at=AT)
    assert [one.criterion.kind.value for one in found.missing] == ["filled", "question"]
    assert found.stored is not None
    assert [one["stage"] for one in found.stored["definitions"]] == ["MQL", "SAL", "SQL"]


def test_a_stage_without_criteria_keeps_evidence_only_where_it_is_a_milestone() -> None:
    lead = lead_at(S.MQL)
    accepted, qualified = gather_evidence(
        [Entry(lead=lead, stages=[S.SAL]), Entry(lead=lead, stages=[S.SQL])], at=AT
    )
    assert (accepted.stored, accepted.missing) == (None, ())
    assert qualified.stored is not None
    assert qualified.stored["definitions"][0]["criteria"] == []


def test_instants_are_kept_as_text_and_the_border_of_days_counts() -> None:
    recent = {"kind": "touch_within", "value": "FORM", "days": 30, "required": True}
    define(S.MQL, recent)
    lead = lead_at()
    at = AT - timedelta(days=30)
    touch(lead, TouchKind.FORM, at)
    (on_time,) = gather_evidence([Entry(lead=lead, stages=[S.MQL])], at=AT)
    (late,) = gather_evidence([Entry(lead=lead, stages=[S.MQL])], at=AT + timedelta(microseconds=1))
    assert on_time.missing == ()
    assert on_time.stored is not None
    assert on_time.stored["definitions"][0]["criteria"][0]["value"] == at.isoformat()
    assert [one.criterion.days for one in late.missing] == [30]


def test_the_best_persona_asks_the_most_and_nobody_fitting_means_none() -> None:
    persona("Anybody Italian", {"kind": "equals", "field": "contact.country", "value": "Italy"})
    exact = persona(
        "Italian plant manager",
        {"kind": "equals", "field": "contact.country", "value": "Italy"},
        of_job("Plant manager"),
    )
    fitting = lead_at(country="Italy", job_title="Plant manager")
    stranger = lead_at(email="bob@beta.example", country="Norway")
    stranger.persona = exact
    found = gather_evidence(
        [Entry(lead=fitting, stages=[S.MQL]), Entry(lead=stranger, stages=[S.MQL])], at=AT
    )
    assert [one.persona_id for one in found] == [exact.pk, None]
    assert stranger.persona_id is None


def test_without_definitions_nothing_holds_back() -> None:
    StageDefinition.objects.all().update(state="RETIRED")
    lead = lead_at()
    (found,) = gather_evidence([Entry(lead=lead, stages=[S.MQL])], at=AT)
    assert found.missing == ()


@pytest.mark.parametrize("n", [1, 3])
def test_the_number_of_statements_is_constant(
    n: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    define(S.MQL, FILLED_PHONE)
    for i in range(n):
        lead_at(email=f"p{i}@acme{i}.example", company=f"Acme {i}")
    leads = Lead.objects.select_related("contact__company").order_by("id")
    entries = [Entry(lead=lead, stages=[S.MQL]) for lead in leads]
    with django_assert_num_queries(5):  # definitions, personas, fields, 2 of touches
        gather_evidence(entries, at=AT)


def test_evidence_names_every_persona_that_its_values_speak_of() -> None:
    define(S.MQL, {"kind": "persona_fits", "required": True})
    persona("Quality lead", of_job("Head of quality"))
    buyer = persona("Plant manager", of_job("Plant manager"))
    plant = persona("Mid-size plant", of_job("Plant manager"), kind=PersonaKind.COMPANY)
    lead = lead_at(job_title="Plant manager")
    (found,) = gather_evidence([Entry(lead=lead, stages=[S.MQL])], at=AT)
    assert found.stored is not None
    assert found.stored["personas"] == {
        str(buyer.pk): "Plant manager",
        str(plant.pk): "Mid-size plant",
    }
