"""What a form tells otherwise: beside what we know, until somebody decides."""

from __future__ import annotations

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Organisation
from leads.enums import ChangeState
from leads.models import Contact, ProposedChange
from leads.services.contacts import ContactFacts
from leads.services.proposals import Told, propose_changes, refuse_change, take_change
from smarketing.errors import NotAllowed, Refused
from tests.conftest import AT
from tests.leads.capture.made import a_form, send
from tests.leads.records import lead_at

pytestmark = pytest.mark.django_db
KNOWN = {"given_name": "Anna", "family_name": "Rossi", "phone": "051 22", "company": "Acme"}


@pytest.fixture(autouse=True)
def _no_knocks() -> None:
    cache.clear()


def told(lead, **facts: str) -> int:
    contact = ContactFacts(captured_through="form: X", email="anna@acme.example", **facts)
    return propose_changes([Told(contact_id=lead.contact_id, facts=contact)], at=AT)


def the_change(**facts: str) -> ProposedChange:
    told(lead_at(**KNOWN), **facts)
    return ProposedChange.objects.get()


def test_case_accents_spaces_and_empty_values_propose_nothing():
    lead = lead_at(**KNOWN)
    assert told(lead, given_name="ANNA", family_name=" Róssi ", phone="05122", company="acme") == 0
    assert told(lead, city="Rome") == 0
    assert ProposedChange.objects.count() == 0


def test_what_waits_already_waits_once():
    lead = lead_at(**KNOWN)
    assert (told(lead, phone="1"), told(lead, phone="1"), told(lead, phone="2")) == (1, 1, 1)
    assert list(ProposedChange.objects.values_list("proposed", flat=True)) == ["1", "2"]


def test_the_statements_do_not_grow():
    def proposed(count: int) -> int:
        leads = [lead_at(email=f"p{count}{n}@acme.example", **KNOWN) for n in range(count)]
        facts = ContactFacts(captured_through="form: X", phone="9")
        with CaptureQueriesContext(connection) as asked:
            propose_changes([Told(contact_id=one.contact_id, facts=facts) for one in leads], at=AT)
        return len(asked)

    assert proposed(1) == proposed(3) == 2


@pytest.mark.parametrize(
    ("field", "value"), [("phone", "06 1"), ("family_name", "Verdi"), ("company", "Beta")]
)
def test_a_taken_value_is_the_contacts(field, value, marketer):
    change = the_change(**{field: value})
    contact = take_change(change.pk, actor=marketer, at=AT)
    contact = Contact.objects.select_related("company").get(pk=contact.pk)
    assert str(getattr(contact, field)) == value
    change.refresh_from_db()
    assert (change.state, change.decided_by, change.decided_at) == (ChangeState.TAKEN, marketer, AT)


def test_a_refused_value_changes_nothing(marketer):
    change = the_change(phone="06 1")
    before = Contact.objects.values().get()
    refuse_change(change.pk, actor=marketer, at=AT)
    change.refresh_from_db()
    assert (Contact.objects.values().get(), change.state) == (before, ChangeState.REFUSED)


def test_it_is_decided_once_and_by_who_may(marketer, facilitator):
    change = the_change(phone="06 1")
    with pytest.raises(NotAllowed):
        take_change(change.pk, actor=facilitator, at=AT)
    refuse_change(change.pk, actor=marketer, at=AT)
    for decide in (take_change, refuse_change):
        with pytest.raises(Refused):
            decide(change.pk, actor=marketer, at=AT)
    assert Contact.objects.get().phone == "051 22"


def test_the_pages_show_it_and_decide(marketer, client):
    lead = lead_at(**KNOWN)
    send(a_form(marketer), {"email": "anna@acme.example", "family_name": "Verdi"})
    change = ProposedChange.objects.get()
    client.force_login(marketer)
    for path in (f"/contacts/{lead.contact_id}/", f"/leads/{lead.pk}/proposed/"):
        page = client.get(path).content.decode()
        assert f"/proposed-changes/{change.pk}/take/" in page
        assert "Verdi" in page
    answer = client.post(f"/proposed-changes/{change.pk}/take/")
    assert (answer.status_code, answer.headers["Location"]) == (
        302, f"/contacts/{lead.contact_id}/"
    )  # fmt: skip
    assert Contact.objects.get().family_name == "Verdi"
    assert client.post(f"/proposed-changes/{change.pk}/refuse/").status_code == 409
    assert client.get(f"/leads/{lead.pk}/proposed/").content.strip() == b""


def test_nobody_decides_on_whom_he_does_not_see(rep, client):
    Organisation.objects.update(reps_see_own_team_only=True)
    change = the_change(phone="06 1")
    client.force_login(rep)
    for verb in ("take", "refuse"):
        assert client.post(f"/proposed-changes/{change.pk}/{verb}/").status_code == 404
    change.refresh_from_db()
    assert change.state == ChangeState.OPEN
