"""The pages of contacts and companies: lists, records, corrections in place, merges, views."""

from __future__ import annotations

from importlib import import_module

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from leads.enums import Disposition, LifecycleStage, TouchKind, ViewReach
from leads.models import Company, Contact, Lead, Merge, NotDuplicate, ProductLine, SavedView, Touch
from leads.ordering import CONTACT_ORDERS, Place, page_of
from leads.selectors.contacts import listed_contacts
from leads.selectors.duplicates import duplicates_of, likely_duplicates
from leads.services.contacts import ContactFacts
from leads.services.merging import merge_contacts
from leads.services.recording import create_contact
from leads.services.saved_views import ViewFacts, save_view
from leads.telling import TOUCHED
from smarketing.errors import BadInput, NotAllowed
from tests.conftest import AT
from tests.leads.records import lead_at
from tests.leads.test_list import signed_in

pytestmark = pytest.mark.django_db
S, D = LifecycleStage, Disposition


@pytest.fixture
def desk(marketer):
    return signed_in(marketer)


def anna(**fields) -> Contact:
    given = {"given_name": "Anna", "family_name": "Núñez", "company": "Acme Öl", **fields}
    return lead_at(S.LEAD, **given).contact


def names(client, query: str = "") -> list[str]:
    answer = client.get(f"/contacts/{query}")
    assert answer.status_code == 200
    return [row.given_name for row in answer.context["page"].rows]


class TestLists:
    def test_contacts_by_name_without_the_merged_ones(self, desk, marketer):
        first = anna()
        second = anna(email="b@b.example", given_name="Berta", family_name="Aa")
        gone = anna(email="c@c.example", given_name="Carla", family_name="Zz")
        merge_contacts(first.pk, gone.pk, actor=marketer, at=AT)
        assert names(desk) == ["Berta", "Anna"]
        assert names(desk, "?sort=-name") == ["Anna", "Berta"]
        assert names(desk, f"?company={second.company_id}") == ["Berta"]

    def test_without_a_name_they_stand_where_their_e_mail_does(self, desk, marketer):
        for given, family, email in (
            ("Berta", "Aa", "zz@b.example"), ("", "", "Bruno@b.example"),
            ("Carla", "Cc", "a@b.example"), ("", "", "dd@b.example"),
        ):  # fmt: skip
            anna(email=email, given_name=given, family_name=family)
        shown = ["Berta Aa", "bruno@b.example", "Carla Cc", "dd@b.example"]
        assert [row.name for row in desk.get("/contacts/").context["page"].rows] == shown
        rows, seen, after = listed_contacts(marketer), [], ""
        for _page in shown:
            page = page_of(rows, Place(sort="name", size=1, after=after, orders=CONTACT_ORDERS))
            seen += [row.name for row in page.rows]
            after = page.after
        assert (seen, after) == (shown, "")

    def test_the_place_follows_the_e_mail_and_the_name(self, desk):
        contact = anna(email="dd@b.example", given_name="", family_name="")
        anna(email="a@b.example", given_name="Carla", family_name="Cc")
        form = {"email": "aa@b.example", "version": contact.version, "company": "Acme Öl"}
        desk.post(f"/contacts/{contact.pk}/edit/", form)
        assert names(desk) == ["", "Carla"]
        form = {**form, "version": contact.version + 1, "family_name": "Zz"}
        desk.post(f"/contacts/{contact.pk}/edit/", form)
        assert names(desk) == ["Carla", ""]

    def test_those_kept_without_a_place_get_one(self, desk, marketer):
        kept, gone, named = anna(email="b@b.example"), anna(email="c@b.example"), anna()
        merge_contacts(kept.pk, gone.pk, actor=marketer, at=AT)
        Contact.objects.exclude(pk=named.pk).update(given_name="", family_name="", sort_key="")
        with connection.cursor() as cursor:
            cursor.execute(import_module("leads.migrations.0014_nameless_in_order").ORDER_SQL)
        places = dict(Contact.objects.values_list("pk", "sort_key"))
        assert places == {
            kept.pk: "b@b.example", gone.pk: "b@b.example", named.pk: "nunez anna",
        }  # fmt: skip

    def test_contacts_by_words_and_by_their_leads(self, desk, marketer, rep):
        anna()
        anna(email="b@b.example", given_name="Berta", company="Beta")
        lead_at(S.CUSTOMER, D.WON, email="w@w.example", given_name="Wanda")
        facts = ContactFacts(captured_through="typed in", email="p@p.example", given_name="Pia")
        create_contact(facts, actor=marketer, at=AT)
        assert names(desk, "?q=nun+an") == ["Anna"]
        assert names(desk, "?q=beta") == ["Berta"]
        assert names(desk, "?lead=none") == ["Pia"]
        assert names(desk, "?lead=won") == ["Wanda"]
        assert sorted(names(desk, "?lead=open")) == ["Anna", "Berta"]

    @pytest.mark.parametrize("url", ["/contacts/", "/companies/"])
    def test_the_statements_do_not_grow_with_the_rows(self, url, desk):
        spent = []
        for many in (1, 3):
            for n in range(many):
                anna(email=f"p{many}{n}@c{many}{n}.example", company=f"C{many}{n}")
            desk.get(url)
            with CaptureQueriesContext(connection) as captured:
                assert desk.get(url).status_code == 200
            spent.append(len(captured))
        assert spent[0] == spent[1]

    def test_companies_by_beginning_of_name_or_domain(self, desk, rep):
        company = anna().company
        Company.objects.filter(pk=company.pk).update(owner=rep, sector="Water")

        def found(query: str) -> list[str]:
            return [row.name for row in desk.get(f"/companies/{query}").context["page"].rows]

        assert found("") == found("?q=ol+ac") == found("?q=acme.ex") == ["Acme Öl"]
        assert found(f"?owner={rep.pk}") == found("?sector=Water") == ["Acme Öl"]
        assert found("?q=acme.example") == found("?q=acm") == ["Acme Öl"]
        assert found("?q=%27+%26+%7C") == found("?q=..") == []
        assert found("?owner=nobody") == found("?q=beta") == []

    def test_an_unknown_place_leads_to_the_first_page(self, desk):
        assert desk.get("/contacts/?after=zzz&q=a").headers["Location"] == "/contacts/?q=a"

    def test_empty_lists_say_what_to_do(self, desk):
        assert "No contacts yet" in desk.get("/contacts/").content.decode()
        assert "No contact matches" in desk.get("/contacts/?q=nobody").content.decode()
        assert "No companies yet" in desk.get("/companies/").content.decode()

    def test_a_fragment_holds_the_results_alone(self, desk):
        anna()
        part = desk.get("/contacts/?q=anna", headers={"HX-Request": "true"}).content.decode()
        assert "<html" not in part
        assert "Anna Núñez" in part


def test_touches_carry_the_icons_of_their_kinds(desk):
    contact = anna()
    Touch.objects.bulk_create(
        Touch(contact=contact, kind=kind, occurred_at=AT, recorded_at=AT) for kind in TouchKind
    )
    page = desk.get(f"/contacts/{contact.pk}/").content.decode()
    assert set(TOUCHED) == set(TouchKind)
    for _title, icon in TOUCHED.values():
        assert f'icons.svg#{icon}"' in page


class TestCorrections:
    def form(self, contact: Contact, **typed) -> dict:
        seen = {
            "email": contact.email, "given_name": contact.given_name,
            "family_name": contact.family_name, "company": contact.company.name,
            "job_title": contact.job_title, "phone": contact.phone, "city": contact.city,
            "country": contact.country,
        }  # fmt: skip
        initial = {f"initial-{name}": value for name, value in seen.items()}
        return {**seen, **initial, "version": contact.version, **typed}

    def test_what_changed_is_written_and_found(self, desk):
        contact = anna()
        answer = desk.post(f"/contacts/{contact.pk}/edit/", self.form(contact, city="Roma"))
        assert answer.headers["Location"] == f"/contacts/{contact.pk}/"
        fresh = Contact.objects.get(pk=contact.pk)
        assert (fresh.city, fresh.version) == ("Roma", contact.version + 1)
        desk.post(f"/contacts/{contact.pk}/edit/", self.form(fresh, family_name="Verdi"))
        assert names(desk, "?q=verdi") == ["Anna"]
        assert names(desk, "?q=nunez") == []

    def test_the_second_saver_is_told_and_keeps_what_he_typed(self, desk, rep):
        contact = anna(city="Parma", phone="1")
        stale = self.form(contact, phone="3")
        first = self.form(contact, city="Roma", phone="2")
        signed_in(rep).post(f"/contacts/{contact.pk}/edit/", first)
        answer = desk.post(f"/contacts/{contact.pk}/edit/", stale)
        page = answer.content.decode()
        assert answer.status_code == 422
        assert "Bruno Conti has changed this meanwhile" in page
        assert "Phone is “2” now." in page
        assert "City is “Roma” now." in page
        form = answer.context["form"]
        assert (form["phone"].value(), form["city"].value()) == ("3", "Roma")
        fresh = Contact.objects.get(pk=contact.pk)
        assert (fresh.city, fresh.phone) == ("Roma", "2")
        again = {name: form[name].value() for name in form.fields}
        initial = {f"initial-{name}": form.data[f"initial-{name}"] for name in form.fields
                   if name != "version"}  # fmt: skip
        desk.post(f"/contacts/{contact.pk}/edit/", {**again, **initial})
        fresh.refresh_from_db()
        assert (fresh.city, fresh.phone) == ("Roma", "3")

    def test_an_address_of_somebody_else_offers_a_merge(self, desk):
        contact, other = anna(), anna(email="b@b.example", given_name="Berta")
        answer = desk.post(f"/contacts/{contact.pk}/edit/", self.form(contact, email="B@b.example"))
        assert answer.status_code == 422
        assert f"/contacts/{contact.pk}/merge/?with={other.pk}" in answer.content.decode()
        assert Contact.objects.get(pk=contact.pk).email == "anna@acme.example"

    def test_a_company_with_a_new_name_is_found_by_it_with_its_people(self, desk):
        company = anna().company
        form = {"name": "Borea", "version": company.version, "domain": company.domain}
        desk.post(f"/companies/{company.pk}/edit/", form)
        assert names(desk, "?q=borea") == ["Anna"]
        assert names(desk, "?q=acme+ol") == []

    def test_a_domain_belongs_to_one_company(self, desk):
        company = anna().company
        other = anna(email="b@b.example", company="Beta").company
        form = {"name": "Beta", "domain": company.domain, "version": other.version}
        answer = desk.post(f"/companies/{other.pk}/edit/", form)
        assert answer.status_code == 422
        assert "belongs to Acme Öl already" in answer.content.decode()
        assert Company.objects.get(pk=other.pk).domain == "b.example"

    def test_a_lead_is_corrected_in_place(self, desk):
        lead = lead_at(S.LEAD)
        line = ProductLine.objects.create(name="Disks", key="disks")
        form = {"product_line": line.pk, "version": lead.version}
        desk.post(f"/leads/{lead.pk}/edit/", form)
        assert Lead.objects.get(pk=lead.pk).product_line == line
        assert desk.post(f"/leads/{lead.pk}/edit/", {**form, "product_line": ""}).status_code == 422

    def test_the_neutral_ones_correct_nothing(self, facilitator):
        contact = anna()
        neutral = signed_in(facilitator)
        assert neutral.get(f"/contacts/{contact.pk}/").status_code == 200
        assert neutral.get(f"/contacts/{contact.pk}/edit/").status_code == 403


class TestBegunByHand:
    def test_a_prospect_is_a_contact_without_a_lead(self, desk, marketer):
        desk.post("/contacts/new/", {"email": "Pia@P.example", "given_name": "Pia"})
        contact = Contact.objects.get()
        assert (contact.email, contact.captured_through) == ("pia@p.example", "typed in")
        assert (contact.captured_by, Lead.objects.count()) == (marketer, 0)

    def test_who_is_known_is_named_and_left_as_he_is(self, desk):
        contact = anna(city="")
        answer = desk.post("/contacts/new/", {"email": contact.email, "city": "Roma"})
        assert answer.status_code == 422
        assert f"/contacts/{contact.pk}/" in answer.content.decode()
        assert Contact.objects.get().city == ""

    def test_a_company_by_hand(self, desk, rep):
        answer = desk.post("/companies/new/", {"name": "Öl", "domain": "WWW.Oel.example"})
        company = Company.objects.get()
        assert answer.headers["Location"] == f"/companies/{company.pk}/"
        assert (company.sort_key, company.domain) == ("ol", "oel.example")
        assert desk.post("/companies/new/", {"name": " "}).status_code == 422
        assert Company.objects.count() == 1


class TestDuplicates:
    def test_what_two_share_is_told(self, marketer):
        one = anna(phone="+39 02 555 1234")
        same_name = anna(email="other@acme.example")
        same_phone = anna(
            email="p@beta.example", given_name="Pia", company="Beta", phone="0039 02-5551234"
        )
        mailbox = anna(email="a@acme.example", given_name="Ada")
        Contact.objects.filter(pk=mailbox.pk).update(
            email="anna@acme.test", company=one.company, sort_key="rossi ada"
        )
        anna(email="x@x.example", given_name="Xenia", family_name="Xu", company="Xerxes")
        found = {pair.two.pk: pair.why for pair in duplicates_of(marketer, one.pk)}
        assert found == {
            same_name.pk: ("name",), same_phone.pk: ("phone",), mailbox.pk: ("mailbox",),
        }  # fmt: skip
        assert {(p.one.pk, p.two.pk) for p in likely_duplicates(marketer).pairs} == {
            (same_name.pk, one.pk), (same_phone.pk, one.pk), (mailbox.pk, one.pk),
        }  # fmt: skip

    def test_two_people_are_not_proposed_again(self, desk, marketer):
        one, two = anna(), anna(email="other@acme.example")
        url = f"/contacts/{two.pk}/not/{one.pk}/"
        for _twice in range(2):
            assert desk.post(url).status_code == 302
        said = NotDuplicate.objects.get()
        assert (said.first_id, said.second_id, said.said_by) == (one.pk, two.pk, marketer)
        assert likely_duplicates(marketer).pairs == []
        assert "No likely duplicates" in desk.get("/contacts/duplicates/").content.decode()

    def test_merged_by_the_page_and_taken_back(self, desk):
        one, two = anna(), anna(email="other@acme.example", city="Roma")
        assert desk.get(f"/contacts/{one.pk}/merge/?with={two.pk}").status_code == 200
        answer = desk.post(f"/contacts/{one.pk}/merge/", {"with": two.pk})
        assert answer.headers["Location"] == f"/contacts/{one.pk}/"
        assert desk.get(f"/contacts/{two.pk}/").headers["Location"] == f"/contacts/{one.pk}/"
        assert Contact.objects.get(pk=one.pk).city == "Roma"
        merge = Merge.objects.get()
        assert f"/merges/{merge.pk}/undo/" in desk.get(f"/contacts/{one.pk}/").content.decode()
        desk.post(f"/merges/{merge.pk}/undo/")
        assert desk.get(f"/contacts/{two.pk}/").status_code == 200

    def test_a_merged_lead_leads_to_the_other_and_its_own_row_stays_readable(self, desk, marketer):
        one, two = anna(), anna(email="other@acme.example")
        merge_contacts(one.pk, two.pk, actor=marketer, at=AT)
        kept, merged = Lead.objects.get(contact=one), Lead.objects.get(contact=two)
        assert desk.get(f"/leads/{merged.pk}/").headers["Location"] == f"/leads/{kept.pk}/"
        assert desk.get(f"/leads/{merged.pk}/?own=1").status_code == 200

    def test_the_page_of_a_merged_contacts_lead_shows_the_person(self, desk, marketer):
        line = ProductLine.objects.create(name="Disks", key="disks")
        kept = anna(phone="+39 051 1", job_title="Buyer")
        lead = lead_at(
            S.MQL, email="old@old.example", given_name="A.", family_name="N.", city="Roma",
            company="Old", product_line_id=line.pk,
        )  # fmt: skip
        lead_at(S.LEAD, email="b@acme.example", given_name="Berta", family_name="Núñez",
                company="Acme Öl")  # fmt: skip
        merge_contacts(kept.pk, lead.contact_id, actor=marketer, at=AT)
        for url in (f"/leads/{lead.pk}/", f"/leads/{lead.pk}/preview/"):
            page = desk.get(url)
            assert page.context["contact"] == kept
            assert page.content.decode().count("A. N.") == page.content.decode().count("with A. N.")
        page = desk.get(f"/leads/{lead.pk}/")
        text = page.content.decode()
        for fact in ("Anna Núñez", "anna@acme.example", "+39 051 1", "Buyer", "Roma", "Acme Öl"):
            assert fact in text
        assert f'href="/contacts/{kept.pk}/"' in text
        assert [one.name for one in page.context["packet"].relatives.colleagues] == ["Berta Núñez"]
        assert [one.pk for one in page.context["page"].cycles] != [lead.pk]

    def test_the_page_of_a_merged_contacts_lead_costs_the_same(self, desk, marketer):
        line = ProductLine.objects.create(name="Disks", key="disks")
        kept, lead = anna(), lead_at(S.MQL, email="old@old.example", product_line_id=line.pk)
        spent = []
        for _merged in (False, True):
            desk.get(f"/leads/{lead.pk}/")
            with CaptureQueriesContext(connection) as captured:
                assert desk.get(f"/leads/{lead.pk}/").status_code == 200
            spent.append(len(captured))
            if not kept.merged_from.exists():
                merge_contacts(kept.pk, lead.contact_id, actor=marketer, at=AT)
        assert spent[0] == spent[1]


class TestViews:
    def facts(self, **given) -> ViewFacts:
        return ViewFacts(**{"name": "Mine", "query": "?stage=MQL&after=zzz", **given})

    def test_a_view_keeps_the_address_without_the_place(self, marketer):
        view = save_view(self.facts(), actor=marketer, at=AT)
        assert (view.query, view.reach, view.owner) == ("stage=MQL", "PRIVATE", marketer)

    def test_who_sees_which_view(self, marketer, rep, manager_sales, sales, desk):
        save_view(self.facts(), actor=marketer, at=AT)
        ours = self.facts(name="Ours", reach=ViewReach.TEAM, team_id=sales.pk)
        save_view(ours, actor=rep, at=AT)
        save_view(self.facts(name="All", reach=ViewReach.ALL), actor=manager_sales, at=AT)

        def seen(client) -> list[str]:
            return [view.name for view in client.get("/leads/").context["choices"].views]

        assert seen(desk) == ["All", "Mine"]
        assert seen(signed_in(rep)) == seen(signed_in(manager_sales)) == ["All", "Ours"]

    def test_what_is_refused_is_not_kept(self, marketer, sales):
        save_view(self.facts(), actor=marketer, at=AT)
        for facts, error in [
            (self.facts(), BadInput),
            (self.facts(name=" "), BadInput),
            (self.facts(name="A", reach=ViewReach.ALL), NotAllowed),
            (self.facts(name="T", reach=ViewReach.TEAM, team_id=sales.pk), NotAllowed),
            (self.facts(name="D", default_for="REP"), BadInput),
            (self.facts(name="L", query="q=" + "x" * 2000), BadInput),
        ]:
            with pytest.raises(error):
                save_view(facts, actor=marketer, at=AT)
        assert SavedView.objects.count() == 1

    def test_a_default_opens_first_for_its_role_and_can_be_left(self, rep, manager_sales, desk):
        facts = self.facts(name="First", reach=ViewReach.ALL, default_for="REP")
        view = save_view(facts, actor=manager_sales, at=AT)
        other = save_view(
            self.facts(name="New", reach=ViewReach.ALL, default_for="REP", query="stage=SAL"),
            actor=manager_sales, at=AT,
        )  # fmt: skip
        view.refresh_from_db()
        assert view.default_for == ""
        answer = signed_in(rep).get("/leads/")
        assert answer.headers["Location"] == f"/leads/?stage=SAL&view={other.pk}"
        assert signed_in(rep).get("/leads/?view=0").status_code == 200
        assert desk.get("/leads/").status_code == 200

    def test_kept_renamed_and_deleted_by_the_pages(self, desk, marketer, rep):
        posted = {"name": "Mine", "reach": "PRIVATE", "query": "stage=MQL"}
        answer = desk.post("/views/new/", posted)
        view = SavedView.objects.get()
        assert answer.headers["Location"] == f"/leads/?stage=MQL&view={view.pk}"
        assert desk.post("/views/new/", posted).status_code == 422
        desk.post(f"/views/{view.pk}/", {**posted, "name": "New"})
        view.refresh_from_db()
        assert view.name == "New"
        assert signed_in(rep).get(f"/views/{view.pk}/").status_code == 404
        assert signed_in(rep).post(f"/views/{view.pk}/delete/").status_code == 404
        desk.post(f"/views/{view.pk}/delete/")
        assert SavedView.objects.count() == 0
