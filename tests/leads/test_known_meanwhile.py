"""Another session takes the value between our look and our write: the field says who has it."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection, transaction

from leads.enums import LifecycleStage
from leads.models import Company, Contact, ContactExternalId, Lead, ProductLine
from tests.conftest import AT
from tests.leads.api.conftest import caller
from tests.leads.records import facts, lead_at
from tests.leads.test_list import signed_in

pytestmark = pytest.mark.django_db(transaction=True)
S = LifecycleStage
LOOKS = 100_000
WAITING = "SELECT EXISTS (SELECT 1 FROM pg_locks WHERE NOT granted)"


def beaten(winner: Callable[[], Any], loser: Callable[[], Any]) -> Any:
    """Let `winner` write and hold it until `loser` waits for that row; return what loser got."""

    def lose() -> Any:
        try:
            return loser()
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as threads:
        with transaction.atomic():
            winner()
            lost = threads.submit(lose)
            for _look in range(LOOKS):
                with connection.cursor() as cursor:
                    cursor.execute(WAITING)
                    if cursor.fetchone()[0]:
                        break
            else:
                raise AssertionError("nobody waits")
        return lost.result()


def pia(**fields: Any) -> Contact:
    given = {"given_name": "Pia", "captured_through": "form", "created_at": AT, **fields}
    return Contact.objects.create(**given)


def pia_of_crm() -> None:
    ContactExternalId.objects.create(contact=pia(), system="crm", external_id="7")


def rows() -> list[dict[str, Any]]:
    return list(Contact.objects.order_by("id").defer("search").values("email", "city", "version"))


def test_a_contact_by_the_page(marketer):
    desk = signed_in(marketer)
    typed = {"email": "pia@p.example", "city": "Roma"}
    answer = beaten(lambda: pia(email="pia@p.example"), lambda: desk.post("/contacts/new/", typed))
    known = Contact.objects.get()
    assert answer.status_code == 422
    assert answer.context["form"].errors["email"] == ["Pia is known already."]
    assert f'href="/contacts/{known.pk}/"' in answer.content.decode()
    assert rows() == [{"email": "pia@p.example", "city": "", "version": 1}]
    assert Company.objects.count() == 0


@pytest.mark.parametrize(
    ("winner", "body", "field"),
    [
        (lambda: pia(email="pia@p.example"), {"email": "pia@p.example", "city": "Roma"}, "email"),
        (pia_of_crm, {"external_id": {"system": "crm", "id": "7"}, "city": "Roma"}, "external_id"),
    ],
    ids=["email", "outside id"],
)
def test_a_contact_by_rest(winner, body, field, marketer):
    api = caller(marketer)
    answer = beaten(winner, lambda: api.post("/api/v1/contacts/", body, format="json"))
    assert answer.status_code == 409
    assert answer.json() == {
        "code": "contact_known",
        "message": "Pia is known already.",
        "fields": {field: ["Pia is known already."]},
    }
    assert [(row["city"], row["version"]) for row in rows()] == [("", 1)]


def test_the_address_of_a_contact(marketer):
    anna = lead_at(S.LEAD).contact
    before = Contact.objects.filter(pk=anna.pk).values().get()
    body = {"version": anna.version, "email": "pia@p.example", "city": "Roma"}
    api, url = caller(marketer), f"/api/v1/contacts/{anna.pk}/edit/"
    answer = beaten(lambda: pia(email="pia@p.example"), lambda: api.post(url, body, format="json"))
    said = "pia@p.example belongs to Pia already. Merge the two if they are one person."
    assert (answer.status_code, answer.json()["code"]) == (409, "email_taken")
    assert answer.json()["fields"] == {"email": [said]}
    assert Contact.objects.filter(pk=anna.pk).values().get() == before


def test_the_product_line_of_a_lead(marketer):
    line = ProductLine.objects.create(name="Disks", key="disks")
    lead = lead_at(S.LEAD)
    before = facts(lead)
    desk, form = signed_in(marketer), {"product_line": line.pk, "version": lead.version}
    answer = beaten(
        lambda: lead_at(S.LEAD, product_line_id=line.pk),
        lambda: desk.post(f"/leads/{lead.pk}/edit/", form),
    )
    other = Lead.objects.exclude(pk=lead.pk).get()
    assert answer.status_code == 422
    assert "another open lead" in answer.context["form"].errors["product_line"][0]
    assert f'href="/leads/{other.pk}/"' in answer.content.decode()
    assert facts(lead) == before


def test_the_domain_of_a_company(marketer):
    desk = signed_in(marketer)
    answer = beaten(
        lambda: Company.objects.create(
            name="Beta", sort_key="beta", domain="beta.example", created_at=AT
        ),
        lambda: desk.post("/companies/new/", {"name": "Better", "domain": "beta.example"}),
    )
    assert answer.status_code == 422
    assert answer.context["form"].errors["domain"] == ["beta.example belongs to Beta already."]
    assert list(Company.objects.values_list("name", flat=True)) == ["Beta"]
