"""Marketing builds forms; whoever works at a fair's stand captures by one."""

from __future__ import annotations

import pytest
from django.core.cache import cache

from leads.enums import AttributeKind, AttributeSubject, FormKind, LifecycleStage, Origin
from leads.form_stamp import write_stamp
from leads.models import Campaign, CaptureForm, Lead, Submission, Touch
from leads.services.attributes import define_attribute
from leads.services.forms import FormFacts, save_form
from smarketing.errors import BadInput, NotAllowed, Refused
from tests.conftest import AT
from tests.leads.capture.made import ANNA, TEXTS, a_form, send

pytestmark = pytest.mark.django_db
TYPED = {
    "name": "Contact us", "kind": "WEB", "languages": ["en"], "en_title": "Talk to us",
    "en_consent": "You may write.", "ask_family_name": "required", "ask_message": "optional",
    "allowed_origins": "https://www.acme.example\nhttps://acme.example/", "is_active": "on",
}  # fmt: skip


@pytest.fixture(autouse=True)
def _no_knocks() -> None:
    cache.clear()


def test_the_builder_makes_what_was_typed(marketer, client):
    client.force_login(marketer)
    answer = client.post("/forms/new/", TYPED)
    form = CaptureForm.objects.get()
    assert (answer.status_code, answer.headers["Location"]) == (302, f"/forms/{form.pk}/")
    assert form.fields == [
        {"name": "family_name", "required": True}, {"name": "email", "required": True},
        {"name": "message", "required": False},
    ]  # fmt: skip
    assert form.allowed_origins == ["https://www.acme.example", "https://acme.example"]
    assert form.texts["en"]["title"] == "Talk to us"
    assert (form.created_by, len(form.token), form.consent_version) == (marketer, 32, 1)
    page = client.get(f"/forms/{form.pk}/").content.decode()
    line = f"/f/{form.token}/embed.js&quot; async&gt;&lt;/script&gt;"
    assert page.count(line) == 2  # to read, and to copy; text, never a script of ours


def test_fields_are_called_as_typed_in_each_language(marketer, client, administrator):
    define_attribute(
        subject=AttributeSubject.LEAD, label="Project: start", kind=AttributeKind.DATE,
        by=administrator,
    )  # fmt: skip
    define_attribute(
        subject=AttributeSubject.LEAD, label="Budget", kind=AttributeKind.NUMBER, by=administrator
    )
    budget = "lead.attributes.budget"
    client.force_login(marketer)
    typed = "BUDGET: Spesa prevista\n\nPhone: Cellulare: il suo\nProject: start: Inizio"
    labels = {"it_title": "T", "it_labels": typed}
    told = {**TYPED, "languages": ["en", "it"], **labels, f"ask_{budget}": "optional",
            "ask_phone": "optional"}  # fmt: skip
    assert client.post("/forms/new/", told).status_code == 302
    form = CaptureForm.objects.get()
    assert form.texts["it"]["labels"] == {
        budget: "Spesa prevista", "phone": "Cellulare: il suo",
        "lead.attributes.project_start": "Inizio",
    }  # fmt: skip
    assert "labels" not in form.texts["en"]
    page = client.get(f"/f/{form.token}/?lang=it").content.decode()
    assert ">Spesa prevista <small>" in page
    assert ">Cellulare: il suo <small>" in page
    assert ">Budget <small>" in client.get(f"/f/{form.token}/?lang=en").content.decode()
    edit = client.get(f"/forms/{form.pk}/edit/").content.decode()
    lines = "Phone: Cellulare: il suo\nBudget: Spesa prevista\nProject: start: Inizio"
    assert f"{lines}</textarea>" in edit


@pytest.mark.parametrize("line", ["Shoe size: Scarpe", "Phone Cellulare", f"Phone: {'x' * 151}"])
def test_a_label_of_nothing_is_told_where_it_was_typed(line, marketer, client):
    client.force_login(marketer)
    answer = client.post("/forms/new/", {**TYPED, "en_labels": line})
    assert (answer.status_code, CaptureForm.objects.count()) == (422, 0)
    assert answer.context["typed"].errors.keys() == {"en_labels"}


def test_errors_keep_what_was_typed(marketer, client):
    client.force_login(marketer)
    wrong = {**TYPED, "en_title": "", "allowed_origins": "acme.example", "name": "Kept"}
    answer = client.post("/forms/new/", wrong)
    body = answer.content.decode()
    assert (answer.status_code, 'value="Kept"' in body, CaptureForm.objects.count()) == (
        422,
        True,
        0,
    )
    assert "Write a title in each language." in body
    assert "is no site" in body


def test_the_consents_version_grows_with_its_words_alone(marketer):
    form = a_form(marketer)

    def saved(**facts) -> int:
        told = {"name": form.name, "texts": TEXTS, **facts}
        return save_form(form, FormFacts(**told), actor=marketer, at=AT).consent_version

    changed = {"en": {**TEXTS["en"], "consent": "You may call me."}}
    assert saved() == 1
    assert saved(name="Renamed") == 1
    assert saved(texts=changed) == 2
    assert saved(texts=changed, asked={"city": False}) == 2


def test_a_second_saver_is_told(marketer):
    form = a_form(marketer)
    facts = FormFacts(name="First", texts=TEXTS)
    save_form(form, facts, actor=marketer, at=AT, version=1)
    with pytest.raises(Refused):
        save_form(form, FormFacts(name="Second", texts=TEXTS), actor=marketer, at=AT, version=1)
    form.refresh_from_db()
    assert (form.name, form.version) == ("First", 2)


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"name": " "}, "name"), ({"name": "CONTACT us"}, "name"), ({"languages": []}, "languages"),
        ({"languages": ["xx"]}, "languages"), ({"texts": {}}, "en_title"),
        ({"texts": {"en": {"title": "T"}}, "consent_required": True}, "en_consent"),
        ({"texts": {"en": {"title": "x" * 151}}}, "en_title"),
        ({"redirect_url": "javascript:alert(1)"}, "redirect_url"),
        ({"allowed_origins": ["*"]}, "allowed_origins"),
        ({"allowed_origins": [f"https://a{n}.example" for n in range(21)]}, "allowed_origins"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused_by_field(facts, field, marketer):
    a_form(marketer)
    with pytest.raises(BadInput) as refused:
        save_form(
            None, FormFacts(**{"name": "New", "texts": TEXTS, **facts}), actor=marketer, at=AT
        )
    assert next(iter(refused.value.fields)) == field
    assert CaptureForm.objects.count() == 1


def test_forms_are_for_marketing(rep, administrator):
    for person in (rep, administrator):
        with pytest.raises(NotAllowed):
            a_form(person)


def test_the_list_costs_the_same_with_more_forms(marketer, client, django_assert_num_queries):
    client.force_login(marketer)
    a_form(marketer)
    with django_assert_num_queries(5):
        client.get("/forms/")
    for n in range(3):
        send(a_form(marketer, f"Form {n}"), {**ANNA, "email": f"p{n}@acme.example"})
    with django_assert_num_queries(5):
        client.get("/forms/")


def test_one_form_costs_the_same_however_much_came_in(marketer, client, django_assert_num_queries):
    form = a_form(marketer)
    send(form)
    client.force_login(marketer)
    with django_assert_num_queries(9):
        client.get(f"/forms/{form.pk}/")
    for n in range(3):
        send(form, {**ANNA, "email": f"p{n}@acme.example"})
    with django_assert_num_queries(9):
        client.get(f"/forms/{form.pk}/")


def test_the_code_is_a_drawing_of_the_address(marketer, client):
    client.force_login(marketer)
    answer = client.get(f"/forms/{a_form(marketer).pk}/code.svg")
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "image/svg+xml")
    assert b"<svg" in answer.content
    assert b"<script" not in answer.content


def at_the_stand(client, form: CaptureForm, **values: str) -> int:
    told = {"stamp": values.pop("stamp", write_stamp(form.token, at=AT)), **ANNA, **values}
    return client.post(f"/forms/{form.pk}/stand/", told).status_code


def test_a_rep_at_the_stand_begins_his_own_lead_and_the_campaign_keeps_the_credit(
    marketer, rep, client
):
    fair = Campaign.objects.create(name="Fair", key="fair", channel="event")
    form = a_form(marketer, kind=FormKind.FAIR, campaign_id=fair.pk)
    client.force_login(rep)
    assert client.get(f"/forms/{form.pk}/stand/").status_code == 200
    assert at_the_stand(client, form) == 302
    lead = Lead.objects.select_related("contact").get()
    assert (lead.stage, lead.owner, lead.origin, lead.campaign) == (
        LifecycleStage.SAL, rep, Origin.SALES, fair
    )  # fmt: skip
    assert (lead.contact.captured_by, Submission.objects.get().recorded_by) == (rep, rep)
    touch = Touch.objects.get()
    assert (touch.kind, touch.campaign) == ("FAIR", fair)
    assert "Rossi" in client.get(f"/forms/{form.pk}/stand/").content.decode()


def test_a_marketer_at_the_stand_begins_a_lead_of_marketing(marketer, client):
    form = a_form(marketer, kind=FormKind.FAIR)
    client.force_login(marketer)
    assert at_the_stand(client, form) == 302
    lead = Lead.objects.get()
    assert (lead.stage, lead.origin) == (LifecycleStage.LEAD, Origin.MARKETING)


def test_the_stand_counts_a_double_click_once(marketer, rep, client):
    form = a_form(marketer, kind=FormKind.FAIR)
    client.force_login(rep)
    stamp = write_stamp(form.token, at=AT)
    assert [at_the_stand(client, form, stamp=stamp) for _ in range(2)] == [302, 302]
    assert (Lead.objects.count(), Touch.objects.count()) == (1, 1)


def test_the_stand_is_for_open_forms_of_fairs(marketer, rep, client):
    client.force_login(rep)
    assert at_the_stand(client, a_form(marketer)) == 404
    closed = a_form(marketer, "Closed", kind=FormKind.FAIR, is_active=False)
    assert at_the_stand(client, closed) == 409
    fair = a_form(marketer, "Fair", kind=FormKind.FAIR)
    assert at_the_stand(client, fair, email="none") == 422
    assert Lead.objects.count() == 0
