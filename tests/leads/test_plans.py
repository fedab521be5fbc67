"""At 100 000 leads no hot path reads a whole table: PostgreSQL's own plans say so."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from django.db.models import QuerySet
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext

from accounts.enums import Role
from accounts.models import User
from accounts.rules import Standing
from leads.enums import LifecycleStage
from leads.filters import LeadFilter
from leads.models import Activity, Contact, Feedback, Lead, NextStep, StageTransition, Touch
from leads.ordering import CONTACT_ORDERS, ORDERS, Place, page_of
from leads.record_filters import CompanyFilter, ContactFilter
from leads.search import MOST_MATCHES, companies_matching, contacts_matching, notes_matching
from leads.selectors.canonical import united_ids
from leads.selectors.companies import company_page, listed_companies, visible_company
from leads.selectors.contacts import contact_page, known_values, listed_contacts, visible_contact
from leads.selectors.duplicates import duplicates_of, likely_duplicates
from leads.selectors.lists import count_of, listed_leads
from tests.conftest import AT

# One process of the suite fills its database with them, not each.
pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("a hundred thousand leads")]
ROWS = 100_000
BIG = {
    "leads_lead", "leads_contact", "leads_touch", "leads_activity", "leads_stagetransition",
    "leads_feedback", "leads_nextstep",
}  # fmt: skip
FILL = """
    INSERT INTO leads_source (name, key) SELECT 'S' || n, 's' || n FROM generate_series(1, 20) n;
    INSERT INTO leads_campaign (name, key, channel, currency)
        SELECT 'C' || n, 'c' || n, 'event', 'EUR' FROM generate_series(1, 50) n;
    INSERT INTO leads_company (name, sort_key, domain, sector, country, attributes, version,
            created_at)
        SELECT 'Company ' || n, 'company ' || n, 'c' || n || '.example', 'sector ' || n % 9,
            'country ' || n % 30, '{}', 1, %(at)s::timestamptz - n * interval '1 minute'
        FROM generate_series(1, %(rows)s / 5) n;
    INSERT INTO leads_contact (email, given_name, family_name, sort_key, phone, job_title, country,
            city, system_of_record, captured_through, attributes, version, created_at, company_id,
            search)
        SELECT 'p' || n || '@c' || n || '.example', 'Anna' || n % 997, 'Rossi' || n,
            'rossi' || n || ' anna' || n % 997, '+39 02 ' || 1000000 + n, '', 'country ' || n % 30,
            '', '', 'test', '{}', 1, %(at)s::timestamptz - n * interval '1 minute',
            c.first + n % (%(rows)s / 5),
            to_tsvector('simple', 'anna' || n % 997 || ' rossi' || n || ' company')
        FROM generate_series(1, %(rows)s) n, (SELECT min(id) AS first FROM leads_company) c;
    INSERT INTO leads_lead (contact_id, stage, disposition, origin, "returning", source_id,
            campaign_id, owner_id, attributes, score, attempts, version, lead_at, stage_at,
            created_at, closed_at, nurture_until, next_due_at, last_activity_at)
        SELECT c.id, s.stage, s.disposition, 'marketing', c.id % 10 = 0, f.source + c.id % 20,
            f.campaign + c.id % 50, CASE WHEN s.stage <> 'LEAD' THEN %(owner)s::bigint END, '{}',
            c.id * 37 % 100, c.id % 7, 1, t.at, t.at, t.at,
            CASE WHEN s.disposition <> 'OPEN' THEN t.at END,
            CASE WHEN s.disposition = 'RECYCLED' THEN t.at + interval '700 days' END,
            t.at + interval '9 days', t.at + interval '1 day'
        FROM leads_contact c,
            (SELECT (SELECT min(id) FROM leads_source) AS source,
                (SELECT min(id) FROM leads_campaign) AS campaign) f,
            LATERAL (SELECT %(at)s::timestamptz - (c.id * 7919 % 700) * interval '1 day' AS at) t,
            LATERAL (SELECT (ARRAY['LEAD','LEAD','LEAD','MQL','SAL','SQL','OPPORTUNITY','CUSTOMER',
                    'LEAD','MQL'])[1 + c.id % 10] AS stage,
                (ARRAY['OPEN','RECYCLED','DISQUALIFIED','OPEN','OPEN','LOST','OPEN','WON',
                    'RECYCLED','DISQUALIFIED'])[1 + c.id % 10] AS disposition) s;
    INSERT INTO leads_stagetransition (lead_id, to_stage, to_disposition, cause, reason, note,
            effective_at, recorded_at, inferred)
        SELECT id, stage, disposition, 'import', '', '', lead_at, lead_at, false FROM leads_lead;
    INSERT INTO leads_touch (contact_id, kind, detail, url, utm_source, utm_medium, utm_campaign,
            utm_term, utm_content, outside_id, occurred_at, recorded_at)
        SELECT id, 'FORM', '', '', '', '', '', '', '', '', created_at, created_at
        FROM leads_contact;
    INSERT INTO leads_activity (lead_id, actor_id, kind, direction, is_automatic, text, occurred_at,
            logged_at, search)
        SELECT id, %(owner)s, 'NOTE', 'OUTBOUND', false, 'note ' || id, stage_at, stage_at,
            to_tsvector('simple', 'note word' || id) FROM leads_lead;
    INSERT INTO leads_feedback (lead_id, decision, counts_as, reason, text, decided_at)
        SELECT id, 'ACCEPTED', 'ACCEPTED', '', '', stage_at FROM leads_lead;
    INSERT INTO leads_nextstep (lead_id, owner_id, kind, text, due_at, created_by_id, created_at,
            done_at)
        SELECT id, %(owner)s, 'CALL', '', stage_at, %(owner)s, stage_at,
            CASE WHEN id % 50 <> 0 THEN stage_at END FROM leads_lead;
"""
# What waits to enter an index of words is read as a list, which no plan would choose.
TIDY_WORDS = """
    SELECT gin_clean_pending_list(i.oid) FROM pg_class AS i JOIN pg_am AS a ON a.oid = i.relam
    WHERE a.amname = 'gin' AND i.relkind = 'i' AND i.relname LIKE 'leads_%'
"""
FILLED = """
    leads_source, leads_campaign, leads_company, leads_contact, leads_lead, leads_stagetransition,
    leads_touch, leads_activity, leads_feedback, leads_nextstep
"""
SORTS = [sign + key for key in ORDERS for sign in ("", "-")]
FILTERS = [
    "disposition=OPEN", "disposition=any", "stage=MQL", "owner=me", "source={source}",
    "campaign={campaign}", "q=rossi57", "q=word57", "score_from=90", "returning=yes",
    "began_from=2026-02-01&began_to=2026-02-07", "stage_days=600", "snoozed=no",
]  # fmt: skip


@pytest.fixture(scope="module")
def many(django_db_setup: None, django_db_blocker: Any) -> Iterator[User]:
    """A hundred thousand leads, rolled back after the module; their owner."""
    with django_db_blocker.unblock():
        _vacuum()
        with transaction.atomic():
            yield _filled()
            transaction.set_rollback(True)
        _vacuum()


def _vacuum() -> None:
    """Clear what tests rolled back: it lies in the tables still, blurs plans and slows the rest."""
    with connection.cursor() as cursor:
        cursor.execute(f"VACUUM ANALYZE {FILLED}")


def _filled() -> User:
    owner = User.objects.create(email="bruno@acme.test", name="Bruno", joined_at=AT)
    owner._standing = Standing(frozenset({Role.MANAGER}), *[frozenset()] * 3)
    with connection.cursor() as cursor:
        sql = FILL.replace(" % ", " %% ")
        cursor.execute(sql, {"rows": ROWS, "at": AT, "owner": owner.pk})
        # Once for all: undone with a test, the checks of every row would wait for the next one too.
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED")
        cursor.execute(TIDY_WORDS)
        cursor.execute(f"ANALYZE {FILLED}")
    return owner


def scans(sql: str, params: Any = None) -> list[str]:
    """The big tables that a statement would read as a whole."""
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (FORMAT JSON) {sql}", params)
        (answer,) = cursor.fetchone()
    plan = answer if isinstance(answer, list) else json.loads(answer)
    found: list[str] = []

    def walk(node: dict[str, Any]) -> None:
        if node["Node Type"] == "Seq Scan" and node.get("Relation Name") in BIG:
            found.append(node["Relation Name"])
        for below in node.get("Plans", ()):
            walk(below)

    walk(plan[0]["Plan"])
    return found


def scans_of(rows: QuerySet[Any]) -> list[str]:
    return scans(*rows.query.sql_with_params())


def statements(work: Any) -> dict[str, list[str]]:
    """Run `work` and return its statements that would read a big table as a whole."""
    with CaptureQueriesContext(connection) as captured:
        work()
    reads = [q["sql"] for q in captured if q["sql"].lstrip().startswith(("SELECT", "WITH", "("))]
    return {sql: found for sql in reads if (found := scans(sql.replace("%", "%%")))}


def leads_like(owner: User, query: str) -> QuerySet[Any]:
    """The leads of a list as the page asks for them."""
    request = RequestFactory().get(f"/leads/?{query}")
    request.user = owner
    data = request.GET.copy()
    data.setdefault("disposition", "any" if "q=" in query else "OPEN")
    rows: QuerySet[Any] = LeadFilter(data, queryset=listed_leads(owner), request=request, at=AT).qs
    return rows


@pytest.fixture(scope="module")
def names(many: User) -> dict[str, int]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT min(s.id), min(c.id) FROM leads_source s, leads_campaign c")
        source, campaign = cursor.fetchone()
    return {"source": source, "campaign": campaign}


@pytest.mark.parametrize("query", FILTERS)
def test_the_list_of_leads_in_every_order(query, many, names):
    rows = leads_like(many, query.format(**names))
    wrong = {}
    for sort in SORTS:
        found = statements(lambda sort=sort: page_of(rows, Place(sort=sort, size=25)))
        if found:
            wrong[sort] = list(found.values())
    assert wrong == {}


def test_a_page_far_down_the_list(many):
    rows = leads_like(many, "disposition=any")
    page = page_of(rows, Place(size=100))
    for _n in range(5):
        page = page_of(rows, Place(size=100, after=page.after))
    assert statements(lambda: page_of(rows, Place(size=100, after=page.after))) == {}


def test_a_column_of_the_board_and_the_qualify_queue(many):
    open_leads = Lead.objects.open()
    board = open_leads.filter(stage=LifecycleStage.MQL).order_by("-score", "-id")[:20]
    queue = open_leads.filter(stage=LifecycleStage.LEAD).order_by("-score", "-id")[:50]
    assert [scans_of(board), scans_of(queue)] == [[], []]


def test_the_inbox(many):
    mine = Lead.objects.open().filter(owner=many, stage=LifecycleStage.MQL)
    assert scans_of(mine.order_by("next_due_at")[:50]) == []


def test_what_wakes_is_found_by_its_date(many):
    due = Lead.objects.filter(
        disposition="RECYCLED", woken_at__isnull=True, nurture_until__lte=AT - timedelta(days=1)
    )
    assert scans_of(due.order_by("nurture_until")[:500]) == []


def test_the_timeline_of_a_lead(many):
    lead = Lead.objects.order_by("-id").first()
    assert lead is not None
    assert scans_of(Activity.objects.filter(lead=lead).order_by("-occurred_at", "-id")[:50]) == []
    assert scans_of(StageTransition.objects.filter(lead=lead).order_by("-id")[:50]) == []
    people = united_ids([lead.contact_id])[lead.contact_id]
    touches = Touch.objects.filter(contact_id__in=people)
    assert scans_of(touches.order_by("-occurred_at", "-id")[:50]) == []


def test_feedback_and_next_steps(many):
    assert scans_of(Feedback.objects.order_by("-decided_at", "-id")[:50]) == []
    unread = Feedback.objects.filter(acknowledged_at__isnull=True, voided_at__isnull=True)
    assert scans_of(unread.order_by("decided_at")[:50]) == []
    steps = NextStep.objects.filter(owner=many, done_at__isnull=True, dropped_at__isnull=True)
    assert scans_of(steps.order_by("due_at")[:50]) == []


def test_the_words_of_people_companies_and_notes(many):
    assert scans_of(contacts_matching("rossi57")[:MOST_MATCHES]) == []
    assert scans_of(companies_matching("company 57")[:MOST_MATCHES]) == []
    assert scans_of(notes_matching("word57")[:MOST_MATCHES]) == []


@pytest.mark.parametrize("query", ["", "q=rossi57", "country=country 7", "lead=open", "lead=won"])
def test_the_list_of_contacts(query, many):
    request = RequestFactory().get(f"/contacts/?{query}")
    rows = ContactFilter(request.GET, queryset=listed_contacts(many), request=request).qs
    for sort in ("name", "-name", "created", "-created"):
        place = Place(sort=sort, size=25, orders=CONTACT_ORDERS)
        assert statements(lambda place=place: page_of(rows, place)) == {}


@pytest.mark.parametrize("query", ["", "q=company 57", "sector=sector 7", "owner=nobody"])
def test_the_list_of_companies(query, many):
    request = RequestFactory().get(f"/companies/?{query}")
    request.user = many
    rows = CompanyFilter(request.GET, queryset=listed_companies(many), request=request).qs
    for sort in ("name", "-created"):
        place = Place(sort=sort, size=25, orders=CONTACT_ORDERS)
        assert statements(lambda place=place: page_of(rows, place)) == {}


def test_the_pages_of_a_contact_and_of_a_company(many):
    contact = Contact.objects.order_by("-id").first()
    assert contact is not None
    seen = visible_contact(many, contact.pk)
    assert statements(lambda: contact_page(many, seen, at=AT)) == {}
    company = visible_company(many, contact.company_id or 0)
    assert statements(lambda: company_page(many, company)) == {}


def test_duplicates_and_known_values(many):
    last = Contact.objects.order_by("-id").first()
    assert last is not None
    assert statements(lambda: likely_duplicates(many)) == {}
    assert statements(lambda: duplicates_of(many, last.pk)) == {}
    assert statements(lambda: known_values("leads_contact", "country")) == {}
    assert statements(lambda: united_ids([last.pk])) == {}


def test_the_count_of_a_narrow_list(many):
    assert statements(lambda: count_of(leads_like(many, "q=rossi57"))) == {}
