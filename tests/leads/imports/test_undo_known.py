"""What a file said of known companies and leads, taken back with the import."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from leads.enums import AssignmentCause
from leads.models import Assignment, Company, Competitor, Lead, SqlType
from leads.services.imports.steering import run_import
from leads.services.imports.undoing import undo_chunk, undo_import
from leads.services.imports.working import do_chunk
from leads.signals import leads_assigned
from tests.conftest import AT
from tests.leads.imports.made import checked, done, go

pytestmark = pytest.mark.django_db
LATER = AT + timedelta(hours=1)
HEAD = "Email,Created,Sector,Employees,Company country\n"
STORY = "Email,Stage,Owner,Attempts,Lost to,SQL type\n"
STAGES = {"LEAD": "LEAD", "SQL": "SQL", "LOST": "LOST"}


def undone(one: Any, actor: Any) -> None:
    undo_import(one.pk, actor=actor, at=LATER)
    go(LATER)


def acme() -> tuple[str, int | None, str]:
    return Company.objects.values_list("sector", "employees", "country").get()


def test_a_known_company_is_as_it_was(marketer):
    done(HEAD + "anna@acme.example,2026-01-05,Food,,\n", marketer)
    one = done(HEAD + "anna@acme.example,2026-01-05,Beer,80,Italy\n", marketer)
    assert acme() == ("Food", 80, "Italy")
    undone(one, marketer)
    assert acme() == ("Food", None, "")


def test_what_somebody_corrected_since_stays(marketer):
    done(HEAD + "anna@acme.example,2026-01-05,,,\n", marketer)
    one = done(HEAD + "anna@acme.example,2026-01-05,Food,80,\n", marketer)
    company = Company.objects.get()
    Company.objects.filter(pk=company.pk).update(employees=90, version=company.version + 1)
    undone(one, marketer)
    assert acme() == ("", 90, "")


def test_a_company_that_came_with_one_chunk_and_was_told_more_by_the_next_goes(marketer):
    rows = "anna@acme.example,2026-01-05,Food,,\nbea@acme.example,2026-01-05,,80,\n"
    one = checked(HEAD + rows, marketer)
    run_import(one.pk, actor=marketer, at=AT)
    while do_chunk(one.pk, at=AT, size=1):
        pass
    assert acme() == ("Food", 80, "")
    undo_import(one.pk, actor=marketer, at=LATER)
    undo_chunk(one.pk, at=LATER)
    assert acme() == ("Food", None, "")
    go(LATER + timedelta(seconds=121))
    assert Company.objects.count() == 0


def test_owner_attempts_type_and_competitor_are_as_they_were(marketer, rep):
    SqlType.objects.create(name="Big order", key="big order")
    done(STORY + f"anna@acme.example,SQL,,2,,\nbea@acme.example,SQL,{rep.email},,,\n", marketer,
         stages=STAGES)  # fmt: skip
    before = list(Lead.objects.order_by("id").values())
    news = "anna@acme.example,SQL,{0},5,,Big order\nbea@acme.example,LOST,,3,Beta,Big order\n"
    told = {"stages": STAGES, "policies": {"*": "update"}}
    one = done(STORY + news.format(rep.email), marketer, **told)
    anna, bea = Lead.objects.order_by("id").select_related("competitor")
    assert (anna.owner, anna.attempts, anna.sql_type_id is None) == (rep, 5, False)
    assert (str(bea.competitor), bea.attempts, bea.disposition) == ("Beta", 3, "LOST")
    undone(one, marketer)
    after = list(Lead.objects.order_by("id").values())
    for rows in (before, after):
        for row in rows:
            del row["version"]
    assert after == before
    assert Competitor.objects.count() == 0  # it came with the file


def test_a_lead_that_comes_back_to_its_owner_is_told_like_any_other(marketer, rep, manager_sales):
    done(STORY + f"anna@acme.example,SQL,{rep.email},,,\n", marketer, stages=STAGES)
    told = {"stages": STAGES, "policies": {"*": "update"}}
    row = f"anna@acme.example,SQL,{manager_sales.email},,,\n"
    one = done(STORY + row, marketer, **told)
    assert Lead.objects.get().owner == manager_sales
    seen: list[Assignment] = []

    def hear(assignments: list[Assignment], **_more: Any) -> None:
        seen.extend(assignments)

    leads_assigned.connect(hear)
    try:
        undone(one, marketer)
    finally:
        leads_assigned.disconnect(hear)
    assert Lead.objects.get().owner == rep
    (row,) = seen
    assert (row.owner, row.from_owner, row.cause, row.actor, row.assigned_at) == (
        rep, manager_sales, AssignmentCause.UNDONE, marketer, LATER,
    )  # fmt: skip
