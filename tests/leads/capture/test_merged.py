"""Rows that were merged into one person: forms, proposals and visits are that person's."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.cache import cache

from leads.models import Consent, Contact, Lead, ProposedChange, Submission, Touch, Visitor
from leads.services.merging import merge_contacts
from leads.services.proposals import take_change
from leads.services.sites import add_site
from leads.services.visits import Seen, identify, record_view
from tests.conftest import AT
from tests.leads.api.conftest import caller
from tests.leads.capture.made import a_form, send
from tests.leads.records import lead_at

pytestmark = pytest.mark.django_db
HOME = "https://www.acme.example"
BROWSER = "a" * 32


@pytest.fixture(autouse=True)
def _no_knocks() -> None:
    cache.clear()


@pytest.fixture
def pair() -> tuple[Lead, Lead]:
    """The one who stays, and the other."""
    known = {"given_name": "Anna", "family_name": "Rossi"}
    return (
        lead_at(email="anna@acme.example", phone="051", **known),
        lead_at(email="anna@home.example", phone="051", **known),
    )


def merge(pair: tuple[Lead, Lead], marketer) -> Contact:
    merge_contacts(pair[0].contact_id, pair[1].contact_id, actor=marketer, at=AT)
    return Contact.objects.get(pk=pair[0].contact_id)


def test_a_post_by_the_other_address_is_the_persons(pair, marketer, client):
    stays = merge(pair, marketer)
    rows = Contact.objects.count(), Lead.objects.count()
    told = {"email": "ANNA@home.example", "family_name": "Verdi", "consent": "on"}
    assert send(a_form(marketer), told).status_code == 202
    row = Submission.objects.get()
    assert (row.contact, Touch.objects.get().contact_id) == (stays, stays.pk)
    assert Consent.objects.get().contact == stays
    assert (Contact.objects.count(), Lead.objects.count()) == rows
    changes = ProposedChange.objects.filter(contact=stays).values_list("field", "proposed")
    assert ("family_name", "Verdi") in list(changes)
    client.force_login(marketer)
    assert "Verdi" in client.get(f"/contacts/{stays.pk}/").content.decode()


def test_what_was_proposed_of_the_other_row_is_decided_of_the_person(pair, marketer, client):
    send(a_form(marketer), {"email": "anna@home.example", "family_name": "Rossi", "phone": "06 1"})
    change = ProposedChange.objects.get()
    assert change.contact_id == pair[1].contact_id
    stays = merge(pair, marketer)
    client.force_login(marketer)
    take = f"/proposed-changes/{change.pk}/take/"
    for path in (f"/contacts/{stays.pk}/", f"/leads/{pair[0].pk}/proposed/"):
        assert take in client.get(path).content.decode()
    told = caller(marketer).get(f"/api/v1/proposed-changes/?contact={stays.pk}").json()["results"]
    assert [one["id"] for one in told] == [change.pk]
    assert take_change(change.pk, actor=marketer, at=AT) == stays
    phones = Contact.objects.order_by("id").values_list("phone", flat=True)
    assert list(phones) == ["06 1", "051"]


def test_visits_of_the_other_row_are_the_persons(pair, marketer, client):
    site = add_site("Acme", [HOME], asks_consent=False, actor=marketer, at=AT)
    record_view(site, Seen(browser=BROWSER, url=f"{HOME}/first"), at=AT)
    identify(BROWSER, pair[1].contact_id, at=AT)
    stays = merge(pair, marketer)
    again = Seen(browser=BROWSER, url=f"{HOME}/again", utm={"utm_source": "news"})
    record_view(site, again, at=AT + timedelta(days=1))
    assert Visitor.objects.get().contact_id == pair[1].contact_id
    client.force_login(marketer)
    page = client.get(f"/contacts/{stays.pk}/").content.decode()
    assert f"{HOME}/first" in page
    assert f"{HOME}/again" in page
    touches = caller(marketer).get(f"/api/v1/contacts/{stays.pk}/touches/").json()["results"]
    assert [(one["kind"], one["url"]) for one in touches] == [("VISIT", f"{HOME}/again")]
