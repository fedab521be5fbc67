"""The pages of definitions, types of SQL and personas."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from leads.enums import LifecycleStage, PersonaKind
from leads.models import Persona, PersonaComment, PersonaVersion, SqlType, StageDefinition
from tests.leads.qualifying.records import BUDGET, FILLED_PHONE, SCORE_60, define, of_job, persona

pytestmark = pytest.mark.django_db
NEW = "/settings/definitions/mql/new/"


@pytest.fixture
def marketers(client: Client, marketer: User) -> Client:
    """Alice's browser."""
    client.force_login(marketer)
    return client


def rows(prefix: str, *lines: dict[str, Any]) -> dict[str, Any]:
    """What a browser posts of rows of criteria."""
    data: dict[str, Any] = {f"{prefix}-TOTAL_FORMS": len(lines), f"{prefix}-INITIAL_FORMS": 0}
    for n, line in enumerate(lines):
        data |= {f"{prefix}-{n}-{name}": value for name, value in line.items()}
    return data


def proposal(*lines: dict[str, Any]) -> dict[str, Any]:
    return {"prose": "Worth a call.", "responsible": "SHARED", **rows("criteria", *lines)}


def test_the_definitions_are_read_as_words(marketers: Client, rep: User) -> None:
    define(LifecycleStage.MQL, FILLED_PHONE, BUDGET)
    for user in (None, rep):
        if user:
            marketers.force_login(user)
        page = marketers.get("/settings/definitions/").content.decode()
        assert "Phone is filled in" in page
        assert "Is there a budget?" in page
        assert ("New wording" in page) == (user is None)


def test_a_new_wording_begins_with_the_one_in_force(marketers: Client) -> None:
    define(LifecycleStage.MQL, SCORE_60, {**FILLED_PHONE, "required": False})
    answer = marketers.get(NEW)
    shown = [form.initial for form in answer.context["rows"] if form.initial]
    assert [(one["kind"], one.get("score"), one["required"]) for one in shown] == [
        ("score_at_least", 60, True),
        ("filled", None, False),
    ]


def test_rows_become_criteria_of_every_kind(marketers: Client) -> None:
    fits = persona("Chief")
    lines = [
        {"kind": "filled", "field": "contact.phone", "required": "on"},
        {"kind": "equals", "field": "lead.returning", "value": "No"},
        {"kind": "equals", "field": "lead.origin", "value": "Marketing"},
        {"kind": "at_least", "field": "company.employees", "value": "50"},
        {"kind": "in", "field": "contact.country", "value": "Italy, Spain,"},
        {"kind": "score_at_least", "score": "60"},
        {"kind": "persona_fits", "persona": str(fits.pk)},
        {"kind": "not_excluded"},
        {"kind": "touch_within", "touch": "FORM", "days": "30"},
        {"kind": "question", "label": "Is there a budget?", "required": "on"},
        {"kind": "filled", "field": "contact.city", "DELETE": "on"},
        {"kind": ""},
    ]
    answer = marketers.post(NEW, proposal(*lines))
    assert (answer.status_code, answer["Location"]) == (302, "/settings/definitions/mql/")
    row = StageDefinition.objects.get(stage="MQL", state="DRAFT")
    assert row.criteria == [
        {"kind": "filled", "field": "contact.phone", "required": True},
        {"kind": "equals", "field": "lead.returning", "value": False, "required": False},
        {"kind": "equals", "field": "lead.origin", "value": "marketing", "required": False},
        {"kind": "at_least", "field": "company.employees", "value": 50, "required": False},
        {"kind": "in", "field": "contact.country", "value": ["Italy", "Spain"], "required": False},
        {"kind": "score_at_least", "value": 60, "required": False},
        {"kind": "persona_fits", "value": fits.pk, "required": False},
        {"kind": "not_excluded", "required": False},
        {"kind": "touch_within", "value": "FORM", "days": 30, "required": False},
        {
            "kind": "question",
            "label": "Is there a budget?",
            "key": "is-there-a-budget",
            "required": True,
        },
    ]
    again = marketers.get(NEW)  # whatever was kept can be shown again
    assert again.status_code == 200


def test_what_is_wrong_stands_at_its_row_and_the_rest_is_kept(marketers: Client) -> None:
    lines = [
        {"kind": "filled", "field": "contact.phone"},
        {"kind": "at_least", "field": "company.employees", "value": "many"},
    ]
    answer = marketers.post(NEW, proposal(*lines))
    assert answer.status_code == 422
    forms = list(answer.context["rows"])
    assert [form.non_field_errors() for form in forms[:2]] == [[], ["Give a number."]]
    page = answer.content.decode()
    assert "Give a number." in page
    assert 'value="many"' in page
    assert StageDefinition.objects.filter(state="DRAFT").count() == 0


def test_an_odd_post_is_refused_in_words(marketers: Client) -> None:
    for data in ({}, {"criteria-TOTAL_FORMS": "x"}, proposal({"kind": "nonsense"})):
        assert marketers.post(NEW, data).status_code == 422
    assert StageDefinition.objects.filter(state="DRAFT").count() == 0


def test_a_proposal_is_put_in_force_on_its_page(marketers: Client, manager_sales: User) -> None:
    marketers.post(NEW, proposal({"kind": "filled", "field": "contact.phone"}))
    row = StageDefinition.objects.get(stage="MQL", state="DRAFT")
    url = f"/settings/definitions/{row.pk}/activate/"
    assert url not in marketers.get("/settings/definitions/mql/").content.decode()
    marketers.force_login(manager_sales)
    assert url in marketers.get("/settings/definitions/mql/").content.decode()
    marketers.post(url)
    row.refresh_from_db()
    assert row.state == "IN_FORCE"


def test_unknown_stages_are_not_there(marketers: Client) -> None:
    for stage in ("nonsense", "MQL"):
        assert marketers.get(f"/settings/definitions/{stage}/").status_code == 404


def test_types_of_sql_are_named_once(marketers: Client) -> None:
    data = {"name": " New  line ", "playbook": "Ask.\nOffer.", "is_active": "on"}
    assert marketers.post("/settings/sql-types/new/", data).status_code == 302
    row = SqlType.objects.get()
    assert (row.name, row.key) == ("New line", "new line")
    assert marketers.post("/settings/sql-types/new/", {"name": "NEW LINE"}).status_code == 422
    changed = {"name": "New line", "playbook": "Ask."}
    assert marketers.post(f"/settings/sql-types/{row.pk}/", changed).status_code == 302
    row.refresh_from_db()
    assert (row.playbook, row.is_active) == ("Ask.", False)
    assert "Not in use" in marketers.get("/settings/sql-types/").content.decode()


def portrait(**fields: Any) -> dict[str, Any]:
    journey = {
        "journey-TOTAL_FORMS": 2,
        "journey-INITIAL_FORMS": 0,
        "journey-0-name": "Notices",
        "journey-0-questions": "Why?\nHow long?",
    }
    job = {"kind": "in", "field": "contact.job_title", "value": "Chief"}
    return {
        "description": "Runs it.",
        "sources": "Talks\n",
        **rows("criteria", job),
        **rows("exclusions", {"kind": "filled", "field": "contact.city"}),
        **journey,
        **fields,
    }


def test_a_persona_is_described_by_a_form(marketers: Client) -> None:
    data = portrait(name="Chief", kind="BUYER")
    answer = marketers.post("/personas/new/", data)
    row = PersonaVersion.objects.select_related("persona").get()
    assert answer["Location"] == f"/personas/{row.persona_id}/"
    assert (row.persona.name, row.persona.kind, row.state) == ("Chief", PersonaKind.BUYER, "DRAFT")
    assert row.criteria == [{**of_job("Chief"), "required": False}]
    assert row.journey == [
        {"key": "notices", "name": "Notices", "questions": ["Why?", "How long?"]}
    ]
    assert row.sources == ["Talks"]
    again = marketers.post("/personas/new/", data)
    assert again.status_code == 422
    assert "There is a persona of this name already." in again.content.decode()
    edited = marketers.post(f"/personas/{row.persona_id}/edit/", portrait(goals="Less"))
    assert edited.status_code == 302
    assert Persona.objects.get().versions.count() == 2


def test_a_question_needs_a_step(marketers: Client) -> None:
    data = portrait(name="Chief", kind="BUYER") | {"journey-0-name": ""}
    assert marketers.post("/personas/new/", data).status_code == 422
    assert Persona.objects.count() == 0


def test_the_page_of_a_persona_reads_whole_and_takes_comments(marketers: Client, rep: User) -> None:
    row = persona("Chief", of_job("Chief"), opening_line="How is the line?", sources=["Talks"])
    page = marketers.get(f"/personas/{row.pk}/").content.decode()
    for words in ("How is the line?", "Job title is one of: Chief", "Talks", "Propose a version"):
        assert words in page
    marketers.force_login(rep)
    assert marketers.post(f"/personas/{row.pk}/", {"text": ""}).status_code == 422
    assert marketers.post(f"/personas/{row.pk}/", {"text": "He decides."}).status_code == 302
    assert PersonaComment.objects.get().author == rep
    page = marketers.get(f"/personas/{row.pk}/").content.decode()
    assert ("He decides." in page, "Propose a version" in page) == (True, False)


def test_managers_put_personas_in_force_and_out_of_use(
    marketers: Client, manager_marketing: User
) -> None:
    marketers.post("/personas/new/", portrait(name="Chief", kind="BUYER"))
    row = PersonaVersion.objects.get()
    marketers.force_login(manager_marketing)
    assert marketers.post(f"/personas/versions/{row.pk}/activate/").status_code == 302
    assert marketers.post(f"/personas/{row.persona_id}/use/", {"active": "no"}).status_code == 302
    row.refresh_from_db()
    assert (row.state, row.persona.is_active) == ("IN_FORCE", False)
    assert "Not in use" in marketers.get("/personas/").content.decode()


def test_what_people_wrote_is_shown_as_text(marketers: Client) -> None:
    odd = "<script>alert(1)</script>"
    row = persona("Chief", opening_line=odd, description=odd, sources=[odd])
    page = marketers.get(f"/personas/{row.pk}/").content.decode()
    assert odd not in page
    assert page.count("&lt;script&gt;alert(1)&lt;/script&gt;") == 3
