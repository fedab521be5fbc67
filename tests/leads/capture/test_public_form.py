"""The public door: what gets in, what does not, and that nobody is told anything."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.utils import translation
from django.utils.translation import gettext

from leads.capture_fields import page_of, site_of, utm_of
from leads.enums import Disposition, FormKind, LifecycleStage, Origin
from leads.form_stamp import read_stamp, write_stamp
from leads.models import Campaign, Consent, Contact, Lead, ProposedChange, Source, Submission, Touch
from leads.services.erasure_list import note_erased
from leads.services.forms import open_form
from leads.views.public_forms import LARGEST_BODY, MOST_SENT
from tests.conftest import AT
from tests.leads.capture.made import ANNA, a_form, send, stamp_of, written
from tests.leads.records import lead_at

pytestmark = pytest.mark.django_db
TICK = timedelta(microseconds=1)
HOSTILE = [
    "<script>alert(1)</script>", "{{7*7}}", "javascript:alert(1)", "<img src=x onerror=alert(1)>"
]  # fmt: skip


@pytest.fixture(autouse=True)
def _no_knocks() -> None:
    cache.clear()


def test_a_new_person_becomes_contact_lead_touch_and_row(marketer):
    campaign = Campaign.objects.create(name="Spring", key="spring", channel="search")
    source = Source.objects.create(name="Web", key="web")
    form = a_form(marketer, campaign_id=campaign.pk, source_id=source.pk)
    answer = send(
        form, {**ANNA, "company": "Acme", "message": "Call me.", "consent": "on"},
        utm_source="news", utm_medium="mail", utm_campaign="c", utm_id="no",
        page="https://www.acme.example/contact",
    )  # fmt: skip
    assert (answer.status_code, b"Merci." in answer.content) == (202, True)
    lead = Lead.objects.select_related("contact__company").get()
    contact = lead.contact
    assert (lead.stage, lead.origin, lead.campaign, lead.source, lead.owner) == (
        LifecycleStage.LEAD, Origin.MARKETING, campaign, source, None
    )  # fmt: skip
    assert (contact.email, contact.family_name, contact.company.name) == (
        "anna@acme.example", "Rossi", "Acme"
    )  # fmt: skip
    assert (contact.captured_through, contact.captured_by) == ("form: Contact us", None)
    row = Submission.objects.get()
    assert (row.contact, row.lead, row.values, row.utm, row.page, row.consented) == (
        contact, lead, {**ANNA, "company": "Acme", "message": "Call me."},
        {"utm_source": "news", "utm_medium": "mail", "utm_campaign": "c"},
        "https://www.acme.example/contact", True,
    )  # fmt: skip
    touch = Touch.objects.get()
    assert (touch.kind, touch.detail, touch.url, touch.utm_source, touch.utm_campaign) == (
        "FORM", "Contact us", "https://www.acme.example/contact", "news", "c"
    )  # fmt: skip
    assert (touch.campaign, touch.source) == (campaign, source)
    consent = Consent.objects.get()
    assert (consent.contact, consent.given, consent.through) == (contact, True, "form: Contact us")
    assert (consent.text, consent.text_version) == ("You may write to me.", "1")


def test_a_known_person_is_touched_and_not_changed_and_told_the_same(marketer):
    lead = lead_at(
        email="known@acme.example", family_name="Bianchi", phone="051 22", company="Acme"
    )
    before = Contact.objects.values().get()
    form = a_form(marketer)
    values = {"family_name": "Mallory", "phone": "06 1", "company": "Evil"}
    known = send(form, {**values, "email": "KNOWN@acme.example"})
    assert Contact.objects.values().get() == before
    proposed = ProposedChange.objects.values_list("field", "known", "proposed").order_by("field")
    assert list(proposed) == [
        ("company", "Acme", "Evil"), ("family_name", "Bianchi", "Mallory"),
        ("phone", "051 22", "06 1"),
    ]  # fmt: skip
    row = Submission.objects.get()
    assert (row.lead, row.contact_id, Touch.objects.count()) == (lead, lead.contact_id, 1)
    unknown = send(form, {**values, "email": "nobody@acme.example"})
    assert (known.status_code, known.content) == (unknown.status_code, unknown.content)


def test_of_who_was_erased_nothing_is_kept_and_he_is_told_the_same(marketer):
    form = a_form(marketer)
    note_erased(["anna@acme.example"], [], at=AT)
    page = "https://www.acme.example/contact"
    erased = send(form, {**ANNA, "consent": "on"}, page=page, utm_source="news")
    assert written() == (0, 0, 0, 1)
    row = Submission.objects.get()
    assert (row.values, row.utm, row.page, row.contact, row.lead) == ({}, {}, "", None, None)
    assert Consent.objects.count() == 0
    other = send(form, {**ANNA, "email": "other@acme.example"})
    assert (erased.status_code, erased.content) == (other.status_code, other.content)


def test_an_empty_value_of_a_known_person_is_filled(marketer):
    lead = lead_at(email="anna@acme.example")
    send(a_form(marketer), {**ANNA, "phone": "051"})
    lead.contact.refresh_from_db()
    assert (lead.contact.family_name, lead.contact.phone) == ("Rossi", "051")
    assert ProposedChange.objects.count() == 0


def test_somebody_who_was_lost_returns_with_a_new_row(marketer):
    lead_at(LifecycleStage.SAL, Disposition.LOST, email="anna@acme.example")
    send(a_form(marketer))
    new = Lead.objects.latest("id")
    assert (Lead.objects.count(), new.stage, new.returning) == (2, LifecycleStage.LEAD, True)


def test_the_trap_tells_nothing_and_nothing_is_written(marketer):
    form = a_form(marketer)
    trapped = send(form, website="https://spam.example")
    assert written() == (0, 0, 0, 0)
    honest = send(form)
    assert (trapped.status_code, trapped.content) == (honest.status_code, honest.content)


@pytest.mark.parametrize("seconds", [0.5, 60 * 60 * 25])
def test_too_fast_or_too_late_asks_once_more(seconds, marketer):
    form = a_form(marketer)
    stamp = stamp_of(form, seconds)
    answer = send(form, stamp=stamp)
    assert (answer.status_code, b'value="Rossi"' in answer.content, written()) == (
        422, True, (0, 0, 0, 0)
    )  # fmt: skip
    assert (f'value="{stamp}"'.encode() in answer.content) is (seconds < 2)


@pytest.mark.parametrize(
    ("age", "fits"),
    [
        (timedelta(seconds=2) - TICK, False), (timedelta(seconds=2), True),
        (timedelta(hours=24), True), (timedelta(hours=24) + timedelta(milliseconds=1), False),
    ],
)  # fmt: skip
def test_a_person_needs_two_seconds_and_has_a_day(age, fits):
    stamp = read_stamp(write_stamp("t", at=AT), "t")
    assert stamp.is_in_time(AT + age) is fits


def test_a_stamp_that_is_not_this_forms_is_none(marketer):
    form, other = a_form(marketer), a_form(marketer, "Other")
    for stamp in ("", "made up", stamp_of(other), stamp_of(form)[:-1] + "!"):
        assert send(form, stamp=stamp or " ").status_code == 422
    assert written() == (0, 0, 0, 0)


def test_the_same_page_sent_twice_counts_once(marketer):
    form = a_form(marketer)
    stamp = stamp_of(form)
    first, again = send(form, stamp=stamp), send(form, stamp=stamp)
    assert (first.status_code, first.content) == (again.status_code, again.content)
    assert written() == (1, 1, 1, 1)


def test_no_such_form_is_404(marketer):
    a_form(marketer)
    for token in ("none", "x" * 200, "a%00b", "%F0%9F"):
        assert Client().get(f"/f/{token}/").status_code == 404
        assert Client().post(f"/f/{token}/", ANNA).status_code == 404
        assert Client().get(f"/f/{token}/embed.js").status_code == 404


def test_a_closed_form_says_so_and_takes_nothing(marketer):
    form = a_form(marketer)
    open_form(form, is_open=False, actor=marketer)
    assert (Client().get(f"/f/{form.token}/").status_code, send(form).status_code) == (410, 410)
    assert written() == (0, 0, 0, 0)


@pytest.mark.parametrize(
    ("origin", "status"),
    [
        ("https://www.acme.example", 202), ("http://testserver", 202), (None, 202),
        ("https://evil.example", 403), ("null", 403), ("http://www.acme.example", 403),
        ("https://www.acme.example.evil.example", 403),
    ],
)  # fmt: skip
def test_only_its_own_sites_send_it(origin, status, marketer):
    form = a_form(marketer, allowed_origins=["https://www.acme.example"])
    headers = {"Origin": origin} if origin else {}
    assert send(form, headers=headers).status_code == status
    assert written()[3] == (1 if status == 202 else 0)


def test_one_address_sends_thirty_a_minute(marketer):
    form, other = a_form(marketer), a_form(marketer, "Other")
    stamp = stamp_of(form)
    for _n in range(MOST_SENT):
        assert send(form, stamp=stamp).status_code == 202
    assert (send(form).status_code, written()) == (429, (1, 1, 1, 1))
    assert send(other).status_code == 202


def test_what_is_too_large_is_not_read(marketer):
    answer = send(a_form(marketer), {**ANNA, "message": "x" * (LARGEST_BODY + 1)})
    assert (answer.status_code, written()) == (413, (0, 0, 0, 0))


@pytest.mark.parametrize(
    "wrong",
    [
        {"email": ""}, {"email": "no address"}, {"email": "a" * 250 + "@acme.example"},
        {"family_name": ""}, {"family_name": "x" * 101}, {"phone": "1" * 51},
        {"message": "x" * 2001}, {"family_name": "a\0b"},
    ],
)  # fmt: skip
def test_bad_values_are_refused_at_their_field(wrong, marketer):
    answer = send(a_form(marketer), {**ANNA, **wrong})
    assert (answer.status_code, b"aria-invalid" in answer.content) == (422, True)
    assert written() == (0, 0, 0, 0)


def test_what_was_not_asked_is_not_taken(marketer):
    send(a_form(marketer), {**ANNA, "job_title": "Queen", "country": "Nowhere", "owner": "1"})
    contact = Contact.objects.get()
    assert (contact.job_title, contact.country) == ("", "")
    assert Submission.objects.get().values == ANNA


def test_a_required_consent_is_required(marketer):
    form = a_form(marketer, consent_required=True)
    assert (send(form).status_code, written()) == (422, (0, 0, 0, 0))
    assert send(form, consent="on").status_code == 202


def test_without_a_yes_no_consent_is_kept(marketer):
    send(a_form(marketer))
    assert (Consent.objects.count(), Submission.objects.get().consented) == (0, False)


@pytest.mark.parametrize("text", HOSTILE)
def test_texts_stay_texts_wherever_they_are_shown(text, marketer, client):
    form = a_form(marketer)
    send(form, {"email": "anna@acme.example", "family_name": text, "message": text}, page=text,
         utm_source=text)  # fmt: skip
    row = Submission.objects.get()
    assert (row.values["message"], row.page) == (text, "")
    client.force_login(marketer)
    for path in (f"/forms/{form.pk}/", f"/contacts/{row.contact_id}/", f"/leads/{row.lead_id}/"):
        body = client.get(path).content.decode()
        assert "<script>alert" not in body
        assert "<img src=x" not in body
        assert 'href="javascript:' not in body
        assert ">49<" not in body
    again = send(form, {"email": "", "family_name": text}).content.decode()
    assert "<script>alert" not in again
    assert "onerror=alert(1)>" not in again


def test_the_page_knows_no_session_and_says_who_may_frame_it(marketer):
    form = a_form(marketer, allowed_origins=["https://www.acme.example"])
    for client in (Client(), Client(enforce_csrf_checks=True)):
        answer = client.get(f"/f/{form.token}/?utm_source=news&page=https://a.example/x&evil=1")
        policy = answer.headers["Content-Security-Policy"]
        assert "frame-ancestors https://www.acme.example" in policy
        assert ("unsafe" in policy, "nonce" in policy) == (False, False)
        assert "X-Frame-Options" not in answer.headers
        assert answer.cookies == {}
        body = answer.content.decode()
        assert '<input type="hidden" name="utm_source" value="news">' in body
        assert "evil" not in body
    alone = a_form(marketer, "Alone")
    policy = Client().get(f"/f/{alone.token}/").headers["Content-Security-Policy"]
    assert "frame-ancestors 'none'" in policy


def test_it_speaks_its_languages(marketer):
    texts = {"en": {"title": "Talk to us"}, "it": {"title": "Parliamone", "intro": "Ciao"}}
    form = a_form(marketer, languages=["en", "it"], texts=texts)
    client = Client()
    assert "Parliamone" in client.get(f"/f/{form.token}/?lang=it").content.decode()
    in_french = client.get(f"/f/{form.token}/", headers={"Accept-Language": "fr"})
    assert "Talk to us" in in_french.content.decode()
    send(form, query="?lang=it")
    assert Submission.objects.get().language == "it"


@pytest.mark.parametrize(
    ("language", "phone", "button", "thanks"),
    [("it", "Telefono", "Invia richiesta", "Grazie"),
     ("es", "Teléfono", "Enviar solicitud", "Gracias"),
     ("fr", "Téléphone", "Envoyer la demande", "Merci")],
)  # fmt: skip
def test_its_own_words_are_in_the_language_too(marketer, language, phone, button, thanks):
    form = a_form(marketer, languages=[language], texts={language: {"title": "T"}})
    page = Client().get(f"/f/{form.token}/").content.decode()
    assert f">{phone} <small>" in page
    assert f'<button type="submit">{button}</button>' in page
    with translation.override(language):
        required = gettext("This field is required.")  # in the words of a library
    wrong = send(form, {"email": "anna@acme.example"}).content.decode()
    assert (required in wrong, "This field is required" in wrong) == (True, False)
    assert f"<h1>{thanks}</h1>" in send(form).content.decode()


def test_it_goes_on_to_the_page_that_was_named(marketer):
    form = a_form(marketer, redirect_url="https://www.acme.example/thanks")
    answer = send(form)
    assert (answer.status_code, answer.headers["Location"]) == (
        303, "https://www.acme.example/thanks"
    )  # fmt: skip
    framed = send(form, query="?frame=1")
    assert framed.status_code == 202
    assert 'data-go="https://www.acme.example/thanks"' in framed.content.decode()
    policy = Client().get(f"/f/{form.token}/").headers["Content-Security-Policy"]
    assert "form-action 'self' https://www.acme.example" in policy


def test_the_embed_script_names_its_frame(marketer):
    form = a_form(marketer)
    answer = Client().get(f"/f/{form.token}/embed.js")
    assert answer.headers["Content-Type"].startswith("text/javascript")
    assert f"http://testserver/f/{form.token}/".replace("-", "\\u002D") in answer.content.decode()


def test_a_form_of_a_fair_makes_fair_touches(marketer):
    send(a_form(marketer, kind=FormKind.FAIR))
    assert Touch.objects.get().kind == "FAIR"


@pytest.mark.parametrize(
    ("line", "site"),
    [
        ("https://www.Acme.example/", "https://www.acme.example"),
        ("https://acme.example:8443", "https://acme.example:8443"),
        ("https://acme.example:443", ""), ("http://localhost:8000", "http://localhost:8000"),
        ("http://acme.example", ""), ("https://acme.example/page", ""), ("acme.example", ""),
        ("https://*.acme.example", ""), ("https://a.example; script-src *", ""), ("*", ""),
        ("javascript:alert(1)", ""), ("https://", ""), ("https://a.example https://b.example", ""),
        ("https://a@b.example", ""), ("https://a.example:99999", ""),
    ],
)  # fmt: skip
def test_a_site_is_an_origin_alone(line, site):
    assert site_of(line) == site


def test_only_known_utm_values_and_web_addresses_pass():
    told = {"utm_source": " a\0 ", "utm_term": "x" * 200, "utm_id": "1", "gclid": "2"}
    assert utm_of(told) == {"utm_source": "a", "utm_term": "x" * 150}
    told = ("https://a.example/x", "javascript:1", "/x", "//a", "http://[")
    assert [page_of(text) for text in told] == ["https://a.example/x", "", "", "", ""]


@pytest.mark.django_db(transaction=True)
def test_twenty_parallel_posts_of_one_new_address_make_one_of_all(marketer):
    form = a_form(marketer)
    start = Barrier(20)

    def post() -> int:
        start.wait()
        try:
            return send(form).status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(20) as threads:
        told = [done.result() for done in [threads.submit(post) for _ in range(20)]]
    assert told == [202] * 20
    assert written() == (1, 1, 20, 20)
    assert Submission.objects.filter(lead=Lead.objects.get()).count() == 20
