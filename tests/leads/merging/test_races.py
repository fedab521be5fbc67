"""Two merges of the same contacts at the same moment: one wins, the other is told."""

from __future__ import annotations

from functools import partial

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from leads.models import Contact, Merge
from leads.services.merging import merge_contacts
from smarketing.errors import Refused
from tests.conftest import AT
from tests.leads.records import lead_at
from tests.leads.test_races import at_once

pytestmark = pytest.mark.django_db(transaction=True)


def merge(winner: int, loser: int, actor) -> Merge | Refused:
    try:
        return merge_contacts(winner, loser, actor=actor, at=AT)
    except Refused as refused:
        return refused


def test_of_two_merges_into_each_other_one_wins(marketer):
    for n in range(10):
        a, b = (lead_at(email=f"{name}{n}@acme.example").contact_id for name in "ab")
        results = at_once(partial(merge, a, b, marketer), partial(merge, b, a, marketer))
        lost = [one for one in results if isinstance(one, Refused)]
        assert [one.code for one in lost] == ["already_merged"]
        heads = set(Contact.objects.filter(id__in=(a, b)).values_list("merged_into_id", flat=True))
        assert heads in ({None, a}, {None, b})


def test_a_chain_made_at_once_is_flat(marketer):
    for n in range(5):
        a, b, c = (lead_at(email=f"{name}{n}@acme.example").contact_id for name in "abc")
        at_once(partial(merge, b, a, marketer), partial(merge, c, b, marketer))
        heads = dict(Contact.objects.filter(id__in=(a, b, c)).values_list("id", "merged_into_id"))
        assert heads in ({a: c, b: c, c: None}, {a: None, b: c, c: None})


def test_rows_are_locked_in_id_order(marketer):
    a, b = (lead_at(email=f"{name}@acme.example").contact_id for name in "ab")
    with CaptureQueriesContext(connection) as captured:
        merge_contacts(b, a, actor=marketer, at=AT)
    locks = [q["sql"] for q in captured if "FOR UPDATE" in q["sql"]]
    contacts = [sql for sql in locks if 'FROM "leads_contact"' in sql]
    assert contacts
    assert all('ORDER BY "leads_contact"."id" ASC' in sql for sql in contacts)
    assert 'FROM "leads_lead"' in locks[0]
