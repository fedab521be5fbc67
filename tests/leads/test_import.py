"""A file of history: rows whole or not at all, twice is once, each refusal with its reason."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from leads.enums import Cause, Disposition, LifecycleStage
from leads.mapping import read_mapping
from leads.models import Campaign, Company, Contact, Lead, Opportunity, Source, StageTransition
from leads.services.importing import import_history
from leads.signals import stages_changed
from smarketing.errors import BadInput
from tests.conftest import AT

pytestmark = pytest.mark.django_db
S, D = LifecycleStage, Disposition

DATA = {
    "system": "crm",
    "columns": {"id": "external_id", "mail": "email", "from": "source", "value": "amount",
                "fair": "campaign", "rep": "owner"},
    "values": {"*": {"n/a": ""}, "source": {"goggle": "Google"}},
    "constants": {"captured_through": "old crm", "currency": "CHF"},
    "zone": "Europe/Rome",
    "stages": [
        {"column": "state", "in": ["won"], "steps": [
            {"stage": "LEAD", "at": "created"}, {"stage": "CUSTOMER", "at": "closed"}]},
        {"column": "state", "in": ["junk"], "steps": [
            {"stage": "LEAD", "at": "created"},
            {"disposition": "DISQUALIFIED", "at": "closed", "reason": "spam"}]},
        {"column": "state", "in": ["mql"], "steps": [
            {"stage": "LEAD", "at": "created"}, {"stage": "MQL", "at": "closed"}]},
        {"column": "state", "in": [""], "steps": [{"stage": "LEAD", "at": "created"}]},
    ],
}  # fmt: skip
MAPPING = read_mapping(DATA)


def row(**cells: str) -> dict[str, str]:
    names = ("id", "mail", "from", "value", "fair", "rep", "state", "created", "closed")
    return {**dict.fromkeys(names, ""), **cells}


def run(*rows: dict[str, str], actor=None):
    return import_history(rows, MAPPING, actor=actor, at=AT)


def counts(report) -> tuple[int, int, int, int, int]:
    return (
        report.rows, report.created, report.updated, report.unchanged, report.refused,
    )  # fmt: skip


WON = row(id="1", mail="Anna@acme.example", state="won", created="2025-02-01",
          closed="2025-03-01", value="1200.50", **{"from": "goggle"})  # fmt: skip


def test_a_row_becomes_contact_lead_history_and_deal():
    assert counts(run(WON)) == (1, 1, 0, 0, 0)
    lead = Lead.objects.select_related("source", "contact").get()
    began = datetime(2025, 1, 31, 23, 0, tzinfo=UTC)
    won = datetime(2025, 2, 28, 23, 0, tzinfo=UTC)
    assert (lead.stage, lead.disposition, lead.source.name) == (S.CUSTOMER, D.WON, "Google")
    assert (lead.lead_at, lead.customer_at, lead.closed_at, lead.created_at) == (
        began, won, won, AT,
    )  # fmt: skip
    assert (lead.contact.email, lead.contact.captured_through) == ("anna@acme.example", "old crm")
    rows = StageTransition.objects.order_by("id")
    assert [(t.to_stage, t.inferred, t.effective_at, t.cause) for t in rows] == [
        ("LEAD", False, began, Cause.IMPORT),
        *((stage, True, won, Cause.IMPORT) for stage in ("MQL", "SAL", "SQL", "OPPORTUNITY")),
        ("CUSTOMER", False, won, Cause.IMPORT),
    ]
    deal = Opportunity.objects.get()
    assert (deal.state, deal.amount, deal.currency, deal.closed_at) == (
        "WON", Decimal("1200.50"), "CHF", won,
    )  # fmt: skip


def test_it_is_told_as_history():
    told = []

    def listen(history, **kwargs):
        told.append(history)

    stages_changed.connect(listen, weak=False)
    try:
        run(WON)
    finally:
        stages_changed.disconnect(listen)
    assert told == [True]


def test_the_same_file_twice_changes_nothing():
    rows = [WON, row(id="2", state="junk", created="2025-01-01"), row(id="3")]
    run(*rows)
    before = list(StageTransition.objects.values()), list(Lead.objects.values())
    assert counts(run(*rows)) == (3, 0, 0, 3, 0)
    assert (list(StageTransition.objects.values()), list(Lead.objects.values())) == before
    assert Opportunity.objects.count() == 1


def test_a_known_lead_is_brought_forward():
    run(row(id="1", created="2025-02-01"))
    report = run(WON)
    assert counts(report) == (1, 0, 1, 0, 0)
    lead = Lead.objects.get()
    assert (lead.stage, lead.contact.email) == (S.CUSTOMER, "anna@acme.example")
    assert Opportunity.objects.get().state == "WON"


def test_stages_without_a_date_are_of_unknown_time():
    run(row(id="1", state="mql"))
    lead = Lead.objects.get()
    assert (lead.stage, lead.lead_at, lead.mql_at, lead.stage_at) == (S.MQL, None, None, None)
    assert set(StageTransition.objects.values_list("effective_at", flat=True)) == {None}
    assert Contact.objects.get().first_mql_at is None


@pytest.mark.parametrize(
    ("cells", "code"),
    [
        ({"state": "won"}, "no_identity"),
        ({"mail": "x"}, "bad_email"),
        ({"id": "1", "state": "new"}, "no_rule"),
        ({"id": "1", "created": "2025-02-31"}, "bad_date"),
        ({"id": "1", "created": "31/12/2025"}, "bad_date"),
        ({"id": "1", "value": "-1"}, "bad_amount"),
        ({"id": "1", "value": "NaN"}, "bad_amount"),
        ({"id": "1", "value": "1e999"}, "bad_amount"),
        ({"id": "1", "value": "9" * 30}, "bad_amount"),
        ({"id": "1", "value": "1.234,56"}, "bad_amount"),
        ({"id": "x" * 201}, "too_long"),
        ({"id": "a\x00b"}, "bad_character"),
        ({"id": "1", "fair": "none"}, "unknown_campaign"),
        ({"id": "1", "rep": "who@acme.test"}, "unknown_owner"),
        ({"id": "1", "state": "won", "created": "2025-03-01", "closed": "2025-02-01"},
         "out_of_order"),
        ({"id": "1", "created": "9999-01-01"}, "in_the_future"),
    ],
)  # fmt: skip
def test_a_wrong_row_stays_outside_with_its_reason_and_the_others_come_in(cells, code):
    good = row(id="good", mail="berta@beta.example")
    report = run(row(**cells), good)
    assert counts(report) == (2, 1, 0, 0, 1)
    assert [(p.row, p.code) for p in report.problems] == [(2, code)]
    assert list(Contact.objects.values_list("email", flat=True)) == ["berta@beta.example"]
    assert (Lead.objects.count(), Company.objects.count()) == (1, 1)


def test_the_same_person_twice_in_a_file_is_told():
    report = run(row(id="1"), row(id="1", state="won"))
    assert [(p.row, p.code) for p in report.problems] == [(3, "twice_in_file")]
    assert Lead.objects.get().stage == S.LEAD


def test_a_lead_that_ended_otherwise_stays_as_it_is():
    run(row(id="1", state="junk", created="2025-01-01"))
    report = run(row(id="1", state="won", created="2025-01-01", closed="2025-02-01"))
    assert [(p.row, p.code) for p in report.problems] == [(2, "closed")]
    assert Lead.objects.get().disposition == D.DISQUALIFIED


def test_owners_and_campaigns_are_found(rep, marketer):
    Campaign.objects.create(name="Fair", key="fair", channel="event")
    run(row(id="1", rep="BRUNO@acme.test", fair="FAIR"), actor=marketer)
    lead = Lead.objects.get()
    assert (lead.owner, lead.campaign.name) == (rep, "Fair")
    assert lead.contact.captured_by == marketer


def test_without_the_right_every_row_is_refused(rep):
    report = run(row(id="1"), actor=rep)
    assert [(p.row, p.code) for p in report.problems] == [(2, "no_history_right")]
    assert Contact.objects.count() == 0


@pytest.mark.parametrize("many", [1, 300])
def test_a_chunk_costs_at_most_twelve_statements(many):
    Source.objects.create(name="Google", key="google")
    rows = [
        row(id=str(n), mail=f"p{n}@c{n}.example", state="won", value="1", **{"from": "google"})
        for n in range(many)
    ]
    with CaptureQueriesContext(connection) as captured:
        assert counts(run(*rows)) == (many, many, 0, 0, 0)
    of_the_file = 1  # how the house is run
    assert len([q for q in captured if "SAVEPOINT" not in q["sql"]]) == 12 + of_the_file


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"extra": 1}, "extra is not known"),
        ({"columns": {"x": "shoe_size"}}, "shoe_size is not known"),
        ({"system": ""}, "needs the name of its “system”"),
        ({"zone": "Mars/Olympus"}, "no time zone"),
        ({"stages": [{"steps": [{"disposition": "LOST"}]}]}, "first step"),
        ({"stages": [{"steps": [{"stage": "FRIEND"}]}]}, "FRIEND"),
    ],
)
def test_a_mapping_that_makes_no_sense_is_refused(change, words):
    with pytest.raises(BadInput, match=words):
        read_mapping({**DATA, **change})


def test_the_command_prints_counts_and_a_dry_run_keeps_nothing(tmp_path, capsys):
    file, mapping = tmp_path / "leads.csv", tmp_path / "m.json"
    file.write_text(
        "\ufeffid,mail,from,value,fair,rep,state,created,closed\n1,a@b.example,,,,,,,\n"
    )
    mapping.write_text(json.dumps(DATA))
    for dry_run in (True, False):
        call_command("import_leads", str(file), mapping=mapping, dry_run=dry_run)
        assert json.loads(capsys.readouterr().out) == {
            "dry_run": dry_run, "rows": 1, "created": 1, "updated": 0, "unchanged": 0,
            "refused": 0, "problems": [],
        }  # fmt: skip
        assert Lead.objects.count() == (0 if dry_run else 1)


def test_the_command_says_what_is_wrong_with_the_file(tmp_path, capsys):
    file, mapping = tmp_path / "leads.csv", tmp_path / "m.json"
    mapping.write_text(json.dumps(DATA))
    file.write_text("id,mail\n1,a@b.example\n")
    with pytest.raises(CommandError, match="no column closed, created, fair"):
        call_command("import_leads", str(file), mapping=mapping)
    file.write_bytes(b"id\xff\n")
    with pytest.raises(CommandError, match="utf-8"):
        call_command("import_leads", str(file), mapping=mapping)
    with pytest.raises(CommandError, match="Nobody here"):
        call_command("import_leads", str(file), mapping=mapping, email="who@acme.test")
    assert Contact.objects.count() == 0


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"columns": ["mail"]}, "columns: a JSON object is needed."),
        ({"columns": {"mail": ["email"]}}, "mail: a text of at most 1000 characters is needed."),
        ({"values": [1]}, "values: a JSON object is needed."),
        ({"zone": 5}, "zone: a text of at most 1000 characters is needed."),
        ({"encoding": "nonsense"}, "There is no encoding 'nonsense'."),
        ({"delimiter": "ab"}, "delimiter: 'ab' is not one character between two values."),
        ({"date_format": 7}, "date_format: a text of at most 1000 characters is needed."),
        ({"stages": {"a": 1}}, "stages: a JSON list is needed."),
        ({"stages": ["x"]}, "stages: a JSON object is needed."),
        ({"stages": [{"steps": ["x"]}]}, "steps: a JSON object is needed."),
        ({"system": "s" * 51}, "system: a text of at most 50 characters is needed."),
        (
            {"constants": {"currency": "EUROS"}},
            "currency: a text of at most 3 characters is needed.",
        ),
    ],
)
def test_a_mapping_of_wrong_shape_is_refused_in_words(wrong, told):
    with pytest.raises(BadInput) as refused:
        read_mapping({**DATA, **wrong})
    assert str(refused.value) == told


@pytest.mark.parametrize(
    ("cells", "told"),
    [
        ({"from": "we\x00b"}, ("from", "bad_character", "A character that cannot be stored.")),
        ({"created": "0001-01-01"}, ("created", "bad_date", "“0001-01-01” is before 1900.")),
        ({"money": "euros"}, ("money", "bad_currency", "“euros” is not a code like EUR.")),
    ],
)
def test_a_row_that_no_column_holds_is_refused_alone(cells, told):
    data = {**DATA, "columns": {**DATA["columns"], "money": "currency"}}
    good = {"id": "1", "mail": "anna@acme.example", "state": "", "created": "2026-01-05"}
    rows = [{**good, "id": "2", "mail": "bea@acme.example", **cells}, good]
    report = import_history(rows, read_mapping(data), actor=None, at=AT)
    problems = [(p.row, p.column, p.code, p.message) for p in report.problems]
    assert problems == [(2, *told)]
    assert (report.created, report.refused, Contact.objects.count()) == (1, 1, 1)


def test_a_column_told_twice_is_refused(tmp_path):
    (tmp_path / "leads.csv").write_text("mail,mail\na@acme.example,b@acme.example\n")
    mapping = {"columns": {"mail": "email"}, "stages": [{"steps": [{"stage": "LEAD"}]}]}
    (tmp_path / "mapping.json").write_text(json.dumps(mapping))
    with pytest.raises(CommandError, match="more than one column mail"):
        call_command("import_leads", tmp_path / "leads.csv", mapping=tmp_path / "mapping.json")
    assert Contact.objects.count() == 0
