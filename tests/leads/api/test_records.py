"""Contacts, companies, merges and views by REST: as the pages do, refused as the pages refuse."""

from __future__ import annotations

import pytest

from leads.enums import LifecycleStage
from leads.models import Contact, Lead, Merge, NotDuplicate, SavedView
from tests.leads.records import lead_at

pytestmark = pytest.mark.django_db
S = LifecycleStage


@pytest.fixture
def anna() -> Contact:
    return lead_at(S.LEAD, given_name="Anna", family_name="Núñez", company="Acme").contact


def test_contacts_are_listed_as_on_the_page(marketer_api, anna):
    lead_at(S.LEAD, email="b@b.example", given_name="Berta")
    answer = marketer_api.get("/api/v1/contacts/?q=nun")
    assert [row["id"] for row in answer.json()["results"]] == [anna.pk]
    first = marketer_api.get("/api/v1/contacts/?size=1&sort=-created").json()
    assert first["results"][0]["given_name"] == "Berta"
    assert marketer_api.get(first["next"]).json()["results"][0]["id"] == anna.pk
    assert marketer_api.get("/api/v1/contacts/?sort=score").status_code == 422


def test_a_correction_with_an_old_version_is_refused(marketer_api, anna):
    url = f"/api/v1/contacts/{anna.pk}/edit/"
    body = {"version": anna.version, "city": "Roma", "company": "Beta"}
    answer = marketer_api.post(url, body, format="json")
    assert (answer.status_code, answer.json()["city"]) == (200, "Roma")
    assert answer.json()["company"]["name"] == "Beta"
    again = marketer_api.post(url, {**body, "city": "Parma"}, format="json")
    assert (again.status_code, again.json()["code"]) == (409, "changed_meanwhile")
    assert Contact.objects.get(pk=anna.pk).city == "Roma"


def test_a_prospect_is_made_once(marketer_api):
    body = {"email": "pia@p.example", "given_name": "Pia"}
    made = marketer_api.post("/api/v1/contacts/", body, format="json")
    assert (made.status_code, Lead.objects.count()) == (201, 0)
    again = marketer_api.post("/api/v1/contacts/", body, format="json")
    assert (again.status_code, again.json()["code"]) == (409, "contact_known")
    assert Contact.objects.count() == 1


def test_merged_and_taken_back(marketer_api, anna):
    other = lead_at(S.LEAD, email="o@acme.example", given_name="Anna", family_name="Núñez").contact
    (pair,) = marketer_api.get("/api/v1/contacts/duplicates/").json()["results"]
    assert (pair["one"]["id"], pair["two"]["id"], pair["why"]) == (other.pk, anna.pk, ["name"])
    preview = marketer_api.get(f"/api/v1/contacts/{anna.pk}/merge/?loser={other.pk}").json()
    assert preview["closing"] == [Lead.objects.get(contact=other).pk]
    assert {one["field"]: one["outcome"] for one in preview["fields"]}["email"] == "conflict"
    body = {"loser": other.pk, "choices": {"email": "loser"}}
    url = f"/api/v1/contacts/{anna.pk}/merge/"
    merge = marketer_api.post(url, body, format="json")
    assert (merge.status_code, merge.json()["winner"]) == (201, anna.pk)
    assert Contact.objects.get(pk=anna.pk).email == "o@acme.example"
    assert marketer_api.post(url, body, format="json").status_code == 409
    undo = f"/api/v1/merges/{Merge.objects.get().pk}/undo/"
    assert marketer_api.post(undo).json()["undone_at"] is not None
    assert marketer_api.post(undo).json()["code"] == "already_undone"
    body = {"other": other.pk}
    url = f"/api/v1/contacts/{anna.pk}/not-duplicate/"
    assert marketer_api.post(url, body, format="json").status_code == 204
    assert NotDuplicate.objects.count() == 1


def test_views_are_kept_changed_and_deleted(marketer_api):
    body = {"name": "Mine", "query": "stage=MQL"}
    made = marketer_api.post("/api/v1/views/", body, format="json")
    assert (made.status_code, made.json()["reach"]) == (201, "PRIVATE")
    url = f"/api/v1/views/{made.json()['id']}/"
    marketer_api.post(f"{url}edit/", {**body, "name": "New"}, format="json")
    assert [one["name"] for one in marketer_api.get("/api/v1/views/").json()] == ["New"]
    assert marketer_api.post(f"{url}delete/").status_code == 204
    assert SavedView.objects.count() == 0


def test_an_unknown_id_is_told_by_its_field(marketer_api, anna):
    lead = Lead.objects.get()
    body = {"version": lead.version, "campaign": 999_999}
    url = f"/api/v1/leads/{lead.pk}/edit/"
    answer = marketer_api.post(url, body, format="json")
    assert (answer.status_code, list(answer.json()["fields"])) == (422, ["campaign"])
