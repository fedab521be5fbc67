"""Forms, tracked sites and proposed changes by REST: what their pages do, for who may."""

from __future__ import annotations

import pytest
from django.conf import settings
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.enums import Scope
from accounts.models import Organisation
from leads.enums import ChangeState
from leads.models import Campaign, CaptureForm, Contact, ProposedChange, TrackedSite
from leads.services.sites import add_site
from tests.conftest import AT
from tests.leads.api.conftest import caller, marketer_api, rep_api  # noqa: F401  # fixtures
from tests.leads.capture.made import ANNA, a_form, send
from tests.leads.records import lead_at

pytestmark = pytest.mark.django_db
FORMS, SITES, CHANGES = "/api/v1/forms/", "/api/v1/sites/", "/api/v1/proposed-changes/"
FORM = {
    "name": "Contact us", "languages": ["en"],
    "texts": {"en": {"title": "Talk to us", "consent": "You may write."}},
    "fields": [{"name": "family_name", "required": True}],
    "allowed_origins": ["https://www.acme.example"],
}  # fmt: skip
SITE = {"name": "Acme", "origins": ["https://www.acme.example"]}


@pytest.fixture(autouse=True)
def _no_knocks() -> None:
    cache.clear()


def test_a_form_is_built_read_changed_and_closed(marketer_api, marketer):  # noqa: F811
    spring = Campaign.objects.create(name="Spring", key="spring", channel="search")
    made = marketer_api.post(FORMS, {**FORM, "campaign": spring.pk})
    form = CaptureForm.objects.get()
    told = made.json()
    assert (made.status_code, form.created_by, told["id"]) == (201, marketer, form.pk)
    assert (told["address"], told["campaign"]) == (
        f"{settings.BASE_URL}/f/{form.token}/", {"id": spring.pk, "name": "Spring"}
    )  # fmt: skip
    assert told["line"] == f'<script src="{told["address"]}embed.js" async></script>'
    assert told["fields"] == [
        {"name": "family_name", "required": True}, {"name": "email", "required": True}
    ]  # fmt: skip
    assert marketer_api.get(f"{FORMS}{form.pk}/").json() == told
    assert marketer_api.get(FORMS).json() == [told]
    words = {"en": {"title": "Talk to us", "consent": "You may call."}}
    changed = marketer_api.post(
        f"{FORMS}{form.pk}/change/", {**FORM, "texts": words, "version": told["version"]}
    )
    assert (changed.status_code, changed.json()["consent_version"]) == (200, 2)
    wordings = marketer_api.get(f"{FORMS}{form.pk}/wordings/").json()
    assert [(one["version"], one["words"]) for one in wordings] == [
        (2, {"en": "You may call."}), (1, {"en": "You may write."})
    ]  # fmt: skip
    closed = marketer_api.post(f"{FORMS}{form.pk}/use/", {"in_use": False})
    assert closed.json()["is_open"] is False
    assert send(form).status_code == 410


def test_labels_are_told_by_name_and_kept(marketer_api):  # noqa: F811
    words = {"title": "T", "labels": {"phone": "Cellulare", "city": " "}}
    made = marketer_api.post(FORMS, {**FORM, "languages": ["it"], "texts": {"it": words}})
    assert (made.status_code, made.json()["texts"]["it"]["labels"]) == (
        201, {"phone": "Cellulare"}
    )  # fmt: skip
    for labels in ({"shoe_size": "X"}, {"phone": "x" * 151}, {"phone": "a\0b"}, ["phone"]):
        texts = {"it": {"title": "T", "labels": labels}}
        told = {**FORM, "name": "Other", "languages": ["it"], "texts": texts}
        assert marketer_api.post(FORMS, told).status_code in (400, 422)
    assert CaptureForm.objects.count() == 1


def test_a_second_saver_is_told(marketer_api):  # noqa: F811
    told = marketer_api.post(FORMS, FORM).json()
    path = f"{FORMS}{told['id']}/change/"
    assert marketer_api.post(path, {**FORM, "name": "A", "version": 1}).status_code == 200
    late = marketer_api.post(path, {**FORM, "name": "B", "version": 1})
    assert (late.status_code, late.json()["code"]) == (409, "changed_meanwhile")
    assert CaptureForm.objects.get().name == "A"


@pytest.mark.parametrize(
    ("wrong", "status", "field"),
    [
        ({"name": ""}, 400, "name"), ({"name": "x" * 151}, 400, "name"),
        ({"name": "a\0b"}, 400, "name"), ({"kind": "TV"}, 400, "kind"),
        ({"languages": []}, 400, "languages"), ({"languages": ["xx"]}, 400, "languages"),
        ({"texts": {}}, 422, "en_title"), ({"texts": {"en": {"title": ""}}}, 400, "texts"),
        ({"fields": [{"name": "shoe_size"}]}, 422, "asked"), ({"fields": "all"}, 400, "fields"),
        ({"fields": [{"name": "email"}] * 141}, 400, "fields"),
        ({"redirect_url": "javascript:alert(1)"}, 400, "redirect_url"),
        ({"allowed_origins": ["*"]}, 422, "allowed_origins"),
        ({"allowed_origins": ["https://a.example; script-src *"]}, 422, "allowed_origins"),
        ({"campaign": 999}, 422, "campaign"), ({"campaign": 10**30}, 400, "campaign"),
        ({"source": 999}, 422, "source"), ({"product_line": 0}, 400, "product_line"),
    ],
)  # fmt: skip
def test_bad_input_is_refused_by_field(wrong, status, field, marketer_api):  # noqa: F811
    answer = marketer_api.post(FORMS, {**FORM, **wrong})
    assert (answer.status_code, list(answer.json()["fields"])) == (status, [field])
    assert CaptureForm.objects.count() == 0


def test_forms_and_sites_are_for_marketing_to_make(rep_api, marketer):  # noqa: F811
    form = a_form(marketer)
    site = add_site("Acme", SITE["origins"], asks_consent=True, actor=marketer, at=AT)
    for path, body in (
        (FORMS, FORM), (f"{FORMS}{form.pk}/change/", FORM),
        (f"{FORMS}{form.pk}/use/", {"in_use": False}), (SITES, SITE),
        (f"{SITES}{site.pk}/use/", {"in_use": False}),
    ):  # fmt: skip
        assert rep_api.post(path, body).status_code == 403
    form.refresh_from_db()
    site.refresh_from_db()
    assert (form.is_active, form.version, site.is_active) == (True, 1, True)
    assert (CaptureForm.objects.count(), TrackedSite.objects.count()) == (1, 1)
    assert caller(marketer, Scope.LEADS_READ).post(FORMS, FORM).status_code == 403


def test_what_came_in_is_told_page_by_page(marketer_api, marketer, monkeypatch):  # noqa: F811
    form = a_form(marketer)
    monkeypatch.setattr("leads.selectors.forms.PAGE", 2)
    for n in range(3):
        send(form, {**ANNA, "email": f"p{n}@acme.example"}, utm_source="news")
    first = marketer_api.get(f"{FORMS}{form.pk}/submissions/").json()
    rest = marketer_api.get(first["next"]).json()
    told = [*first["results"], *rest["results"]]
    assert [one["values"]["email"] for one in told] == [f"p{n}@acme.example" for n in (2, 1, 0)]
    assert (rest["next"], told[0]["utm"], told[0]["consented"]) == (
        None, {"utm_source": "news"}, False
    )  # fmt: skip
    bad = marketer_api.get(f"{FORMS}{form.pk}/submissions/?after=x")
    assert (bad.status_code, bad.json()["code"]) == (404, "bad_cursor")


def test_nobody_is_told_of_whom_he_does_not_see(rep_api, marketer):  # noqa: F811
    form = a_form(marketer)
    lead = lead_at(email="anna@acme.example", family_name="Bianchi")
    send(form)
    path = f"{FORMS}{form.pk}/submissions/"
    change = ProposedChange.objects.get()
    assert len(rep_api.get(path).json()["results"]) == 1
    Organisation.objects.update(reps_see_own_team_only=True)
    assert rep_api.get(path).json()["results"] == []
    assert rep_api.get(CHANGES).json()["results"] == []
    assert rep_api.get(f"{CHANGES}?contact={lead.contact_id}").status_code == 404
    for verb in ("take", "refuse"):
        assert rep_api.post(f"{CHANGES}{change.pk}/{verb}/").status_code == 404
    assert Contact.objects.get().family_name == "Bianchi"


def test_lists_cost_the_same_with_more_rows(marketer_api, marketer):  # noqa: F811
    form = a_form(marketer)
    lead_at(email="anna@acme.example", family_name="Bianchi")
    send(form)

    def costs() -> dict[str, int]:
        told = {}
        for path in ("forms/", f"forms/{form.pk}/submissions/", "sites/", "proposed-changes/"):
            with CaptureQueriesContext(connection) as asked:
                assert marketer_api.get(f"/api/v1/{path}").status_code == 200
            told[path.replace(str(form.pk), "n")] = len(asked)
        return told

    costs()  # what a process or a token's first request asks once
    wanted = {"forms/": 4, "forms/n/submissions/": 6, "sites/": 4, "proposed-changes/": 4}
    assert costs() == wanted
    for n in range(3):
        send(a_form(marketer, f"{n}"), {**ANNA, "family_name": f"Verdi {n}"})
        send(form, {**ANNA, "email": f"p{n}@acme.example"})
        add_site(f"S{n}", SITE["origins"], asks_consent=True, actor=marketer, at=AT)
    assert costs() == wanted


def test_a_proposed_change_is_taken_or_refused_once(marketer_api, marketer):  # noqa: F811
    lead_at(email="anna@acme.example", family_name="Bianchi", phone="051")
    form = a_form(marketer)
    send(form, {**ANNA, "phone": "06 1"})
    phone, name = (ProposedChange.objects.get(field=one) for one in ("phone", "family_name"))
    listed = marketer_api.get(f"{CHANGES}?contact={phone.contact_id}").json()["results"]
    assert [(one["field"], one["known"], one["proposed"]) for one in listed] == [
        ("phone", "051", "06 1"), ("family_name", "Bianchi", "Rossi")
    ]  # fmt: skip
    taken = marketer_api.post(f"{CHANGES}{phone.pk}/take/").json()
    assert (taken["state"], taken["decided_by"]["id"]) == (ChangeState.TAKEN, marketer.pk)
    assert marketer_api.post(f"{CHANGES}{name.pk}/refuse/").json()["state"] == ChangeState.REFUSED
    contact = Contact.objects.get()
    assert (contact.phone, contact.family_name) == ("06 1", "Bianchi")
    again = marketer_api.post(f"{CHANGES}{phone.pk}/refuse/")
    assert (again.status_code, again.json()["code"]) == (409, "decided")
    assert marketer_api.get(CHANGES).json()["results"] == []


@pytest.mark.parametrize("contact", ["x", "0", "-1", "9" * 30, "1e3"])
def test_an_id_that_is_none_is_refused(contact, marketer_api):  # noqa: F811
    answer = marketer_api.get(f"{CHANGES}?contact={contact}")
    assert (answer.status_code, list(answer.json()["fields"])) == (422, ["contact"])


def test_a_site_is_added_and_its_counting_stopped(marketer_api, marketer):  # noqa: F811
    made = marketer_api.post(SITES, {**SITE, "asks_consent": False})
    site = TrackedSite.objects.get()
    told = made.json()
    assert (made.status_code, site.created_by, told["browsers"]) == (201, marketer, 0)
    assert told["line"] == f'<script src="{settings.BASE_URL}/t/{site.token}.js" async></script>'
    stopped = marketer_api.post(f"{SITES}{site.pk}/use/", {"in_use": False}).json()
    assert stopped == {**told, "in_use": False}
    assert marketer_api.get(SITES).json() == [stopped]


@pytest.mark.parametrize(
    ("wrong", "status"),
    [({"origins": []}, 400), ({"origins": ["http://acme.example"]}, 422), ({"name": ""}, 400),
     ({"name": "x" * 151}, 400), ({"origins": ["https://a.example/x"]}, 422),
     ({"origins": ["https://a.example"] * 21}, 400)],
)  # fmt: skip
def test_what_is_no_site_is_refused(wrong, status, marketer_api):  # noqa: F811
    answer = marketer_api.post(SITES, {**SITE, **wrong})
    assert (answer.status_code, list(answer.json()["fields"])) == (status, list(wrong))
    assert TrackedSite.objects.count() == 0
