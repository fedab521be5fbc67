"""Two imports of one file at once, and one of a file that came in: nothing is there twice."""

from __future__ import annotations

import gc
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, transaction

from leads.enums import AttributeKind, AttributeSubject
from leads.mapping import read_mapping
from leads.models import Company, Contact, CustomAttribute, Lead, Source
from leads.services.importing import import_history
from leads.services.importing.ahead import CHUNK
from leads.services.importing.session import RowsOfLeads
from leads.services.sending import send, sending_ahead
from tests.conftest import AT
from tests.leads.test_known_meanwhile import beaten, pia

ROWS = 60
MAPPING = read_mapping(
    {
        "system": "crm",
        "columns": {
            "Id": "external_id", "Mail": "email", "Firm": "company", "From": "source",
            "Line": "product_line", "Calls": "activities", "Value": "amount", "Mql": "mql_at",
            "Won": "won_at", "Yes": "consent", "Yes on": "consent_at", "Met": "touch",
            "Met on": "touch_at", "Hall": "lead.attributes.hall",
        },
        "hand_over": True,
    }
)  # fmt: skip


def rows() -> list[dict[str, str]]:
    return [
        {
            "Id": f"x{n}", "Mail": f"p{n}@firm{n % 7}.example", "Firm": f"Firm {n % 7}",
            "From": "Fair", "Line": f"Line {n % 2}", "Calls": str(n % 4), "Value": "12.50",
            "Mql": "2025-02-01", "Won": "2025-03-01" if n % 2 else "", "Yes": "yes",
            "Yes on": "2025-01-01", "Met": "FAIR", "Met on": "2025-01-01", "Hall": "B",
        }
        for n in range(ROWS)
    ]  # fmt: skip


def everything() -> dict[str, list[Any]]:
    """Every row of every table that an import could write."""
    models = [one for app in ("leads", "accounts") for one in apps.get_app_config(app).get_models()]
    return {one._meta.label: list(one._default_manager.order_by("pk").values()) for one in models}


def bring() -> Any:
    try:
        return import_history(rows(), MAPPING, actor=None, at=AT)
    finally:
        connection.close()


@pytest.fixture
def hall(db):
    CustomAttribute.objects.create(
        subject=AttributeSubject.LEAD, key="hall", label="Hall", kind=AttributeKind.TEXT
    )


@pytest.mark.django_db(transaction=True)
def test_two_imports_of_one_file_make_everybody_once(hall):
    with ThreadPoolExecutor(2) as threads:
        reports = [one.result() for one in [threads.submit(bring), threads.submit(bring)]]
    assert sorted((one.created, one.unchanged, one.refused) for one in reports) == [
        (0, ROWS, 0), (ROWS, 0, 0),
    ]  # fmt: skip
    found = (Contact, Lead, Company, Source)
    assert [model.objects.count() for model in found] == [ROWS, ROWS, 7, 1]


@pytest.mark.django_db
def test_the_same_file_twice_changes_nothing_in_any_table(hall):
    first = import_history(rows(), MAPPING, actor=None, at=AT)
    before = everything()
    again = import_history(rows(), MAPPING, actor=None, at=AT)
    assert (first.created, again.unchanged, again.problems) == (ROWS, ROWS, [])
    assert everything() == before
    assert len(before["leads.Touch"]) == len(before["leads.Consent"]) == ROWS
    assert len(before["leads.Assignment"]) == ROWS // 2


def insert(name: str) -> None:
    sql = "INSERT INTO leads_source (name, key) VALUES (%s, %s)"
    send(lambda cursor: cursor.execute(sql, [name, name]))


def send_ahead(*names: str, then: Callable[[], object] = bool) -> None:
    """Send what is named, and do `then` before it was all sent."""
    with transaction.atomic(), sending_ahead():
        for name in names:
            insert(name)
        then()


def break_off() -> None:
    raise KeyError


def look() -> None:
    Source.objects.count()
    raise AssertionError("the question was answered")


@pytest.mark.django_db
class TestSendingAhead:
    """What is sent later is there whenever somebody looks, and an error is never lost."""

    def test_in_order_and_before_the_next_question(self):
        with transaction.atomic(), sending_ahead():
            insert("a")
            insert("b")
            assert list(Source.objects.order_by("id").values_list("name", flat=True)) == ["a", "b"]
            insert("c")
        assert Source.objects.count() == 3

    def test_the_first_error_is_raised_and_nothing_after_it_is_sent(self):
        with pytest.raises(IntegrityError):
            send_ahead("a", "a", "b")
        assert Source.objects.count() == 0

    def test_an_error_is_raised_by_the_next_question(self):
        with pytest.raises(IntegrityError):
            send_ahead("a", "a", then=look)

    def test_what_breaks_off_here_takes_back_what_was_sent(self):
        with pytest.raises(KeyError):
            send_ahead("a", then=break_off)
        assert Source.objects.count() == 0

    def test_it_is_sent_at_once_outside(self):
        insert("a")
        assert Source.objects.count() == 1


@pytest.mark.django_db
def test_an_import_leaves_the_search_for_rings_as_it_was(hall):
    assert gc.isenabled()
    import_history(rows()[:1], MAPPING, actor=None, at=AT)
    assert gc.isenabled()


def test_the_row_of_each_lead_is_known_wherever_its_number_lies():
    rows = RowsOfLeads()
    for lead_id, row in ((1, 2), (4_095, 3), (4_096, 4), (10**9, 1_000_001)):
        rows[lead_id] = row
    known = [rows.get(lead_id) for lead_id in (1, 2, 4_095, 4_096, 4_097, 10**9, 10**10)]
    assert known == [2, 0, 3, 4, 0, 1_000_001, 0]


def half_a_file():
    for n in range(CHUNK + 1):
        if n == CHUNK:
            raise ValueError("the rest cannot be read")
        yield {"Mail": "anna@acme.example" if n == 0 else "", "Id": ""}


@pytest.mark.django_db
def test_what_cannot_be_read_keeps_no_chunk_before_it_outside():
    mapping = read_mapping({"columns": {"Mail": "email"}})
    with pytest.raises(ValueError, match="the rest"):
        import_history(half_a_file(), mapping, actor=None, at=AT)
    assert list(Contact.objects.values_list("email", flat=True)) == ["anna@acme.example"]


@pytest.mark.django_db(transaction=True)
def test_somebody_made_meanwhile_by_another_door_is_found_by_a_second_look():
    mapping = read_mapping({"columns": {"Mail": "email", "City": "city"}})
    known = [{"Mail": "anna@acme.example"}]
    import_history(known, mapping, actor=None, at=AT)
    told = [*known, {"Mail": "pia@p.example", "City": "Roma"}]
    report = beaten(
        lambda: pia(email="pia@p.example"),
        lambda: import_history(told, mapping, actor=None, at=AT),
    )
    assert (report.created, report.unchanged, report.problems) == (1, 1, [])
    rows = Contact.objects.order_by("id").values_list("email", "given_name", "city")
    assert list(rows) == [("anna@acme.example", "", ""), ("pia@p.example", "Pia", "Roma")]
    assert Lead.objects.count() == 2
