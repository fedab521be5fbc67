"""The library: kept by Marketing, sent by links of their own, real openings become touches."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from leads.enums import ActivityKind, AssetKind, TouchKind, VersionState
from leads.models import (
    Activity,
    Asset,
    AssetSend,
    Campaign,
    Contact,
    Persona,
    PersonaVersion,
    ProductLine,
    Touch,
)
from leads.selectors.assets import assets_for, filtered, fits_of, library, one_asset, sends_of_lead
from leads.services.assets import AssetFacts, NewSend, record_opening, save_asset, send_assets
from smarketing.errors import BadInput, NotAllowed, Refused
from smarketing.logs import without_secrets
from tests.conftest import AT
from tests.leads.records import lead_at

pytestmark = pytest.mark.django_db
TICK = timedelta(microseconds=1)
HALF_AN_HOUR = timedelta(minutes=30)
READER = "Mozilla/5.0 (X11; Linux x86_64) Gecko/20100101 Firefox/128.0"


@pytest.fixture(autouse=True)
def _no_knocks() -> None:
    cache.clear()


def an_asset(marketer, name="Case study: the dairy", **fields: Any) -> Asset:
    facts = {"kind": AssetKind.CASE_STUDY, "url": "https://acme.example/dairy", **fields}
    return save_asset(AssetFacts(name=name, **facts), actor=marketer, at=AT)


def sent(marketer, rep, *, lead=None, at=AT, **fields: Any) -> AssetSend:
    asset = an_asset(marketer, **fields)
    new = NewSend(lead=lead or lead_at(), asset=asset)
    return send_assets([new], actor=rep, at=at)[0]


def opened(send: AssetSend, client: Client | None = None, **headers: str) -> int:
    headers = {"User-Agent": READER, **headers}
    url = f"/a/{send.token}/opened/"
    return (client or Client(enforce_csrf_checks=True)).post(url, headers=headers).status_code


def openings(send: AssetSend) -> tuple[int, int]:
    """Openings counted on the send, and touches written."""
    send.refresh_from_db()
    return send.openings, Touch.objects.filter(kind=TouchKind.ASSET_OPEN).count()


# --- the library --------------------------------------------------------------------------------


def test_marketing_makes_and_changes_an_asset(marketer, manager_marketing):
    persona = Persona.objects.create(name="Plant manager", key="plant manager")
    PersonaVersion.objects.create(
        persona=persona, version=1, state=VersionState.IN_FORCE, created_at=AT,
        journey=[{"key": "compare", "name": "Compares", "questions": []}],
    )  # fmt: skip
    line = ProductLine.objects.create(name="Meters", key="meters")
    asset = an_asset(marketer, product_line_id=line.pk, fits=[(persona.pk, "compare")])
    (fit,) = fits_of(one_asset(marketer, asset.pk))
    assert (fit.persona, fit.step, fit.step_name) == ("Plant manager", "compare", "Compares")
    facts = AssetFacts(
        name="The dairy", kind=AssetKind.VIDEO, body="Words.", fits=[(persona.pk, "")]
    )
    save_asset(facts, asset=asset, actor=manager_marketing, at=AT)
    asset = one_asset(marketer, asset.pk)
    assert (asset.name, asset.kind, asset.url, asset.body, asset.created_by) == (
        "The dairy", AssetKind.VIDEO, "", "Words.", marketer,
    )  # fmt: skip
    assert [fit.step for fit in fits_of(asset)] == [""]


def test_nobody_else_keeps_the_library(rep, manager_sales, facilitator):
    for person in (rep, manager_sales, facilitator):
        with pytest.raises(NotAllowed):
            an_asset(person)
    assert Asset.objects.count() == 0


@pytest.mark.parametrize(
    ("fields", "field"),
    [({"name": " "}, "name"), ({"url": ""}, "url"), ({"name": "THE  DAIRY"}, "name")],
)
def test_a_wrong_asset_is_named_and_changes_nothing(fields, field, marketer):
    an_asset(marketer, name="The dairy")
    with pytest.raises(BadInput) as refused:
        an_asset(marketer, **fields)
    assert list(refused.value.fields) == [field]
    assert list(Asset.objects.values_list("name", flat=True)) == ["The dairy"]


def test_the_library_is_filtered(marketer):
    line = ProductLine.objects.create(name="Meters", key="meters")
    persona = Persona.objects.create(name="Plant manager", key="plant manager")
    dairy = an_asset(marketer, "Làtteria", fits=[(persona.pk, ""), (persona.pk, "x")])
    card = an_asset(marketer, "Card", kind=AssetKind.BATTLE_CARD, product_line_id=line.pk)
    old = an_asset(marketer, "Old", is_active=False)

    def found(**wanted: Any) -> list[Asset]:
        return list(filtered(library(marketer), wanted))

    assert found() == [card, dairy]
    assert found(q="latt") == [dairy]
    assert found(kind="BATTLE_CARD") == [card]
    assert found(product_line=line.pk) == [card]
    assert found(persona=persona.pk) == [dairy]
    assert found(retired="yes") == [card, dairy, old]


@pytest.mark.parametrize("n", [1, 3])
def test_the_library_costs_the_same_for_one_and_for_three(
    n, marketer, rep, django_assert_num_queries
):
    for i in range(n):
        sent(marketer, rep, name=f"Asset {i}", lead=lead_at(email=f"p{i}@acme.example"))
    library(marketer)
    with django_assert_num_queries(2):
        rows = list(library(marketer))
    assert [(row.sent, row.opened) for row in rows] == [(1, 0)] * n


# --- sending ------------------------------------------------------------------------------------


def test_a_send_has_a_link_of_its_own(marketer, rep):
    lead = lead_at(owner=rep)
    asset = an_asset(marketer)
    one, two = send_assets(
        [NewSend(lead=lead, asset=asset, note="He asked."), NewSend(lead=lead, asset=asset)],
        actor=rep,
        at=AT,
    )
    assert (one.lead, one.asset, one.sender, one.note, one.sent_at) == (
        lead, asset, rep, "He asked.", AT,
    )  # fmt: skip
    assert one.token != two.token
    assert (len(one.token), one.openings, one.first_opened_at) == (43, 0, None)
    assert sends_of_lead(lead) == [two, one]


def test_a_link_alone_is_no_attempt_an_email_logged_with_it_is(marketer, rep):
    lead = lead_at(owner=rep)
    asset = an_asset(marketer)
    send_assets([NewSend(lead=lead, asset=asset)], actor=rep, at=AT)
    lead.refresh_from_db()
    assert (lead.attempts, Activity.objects.count()) == (0, 0)
    new = NewSend(lead=lead, asset=asset, logged_as=ActivityKind.EMAIL)
    send_assets([new], actor=rep, at=AT)
    lead.refresh_from_db()
    activity = Activity.objects.get()
    assert (lead.attempts, activity.kind, activity.text) == (
        1, ActivityKind.EMAIL, "Sent “Case study: the dairy”.",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("fields", "code"),
    [({"internal_only": True}, "internal_only"), ({"is_active": False}, "retired")],
)
def test_battle_cards_and_retired_assets_are_never_sent(fields, code, marketer, rep):
    asset = an_asset(marketer, **fields)
    lead = lead_at(owner=rep)
    with pytest.raises(Refused) as refused:
        send_assets([NewSend(lead=lead, asset=asset)], actor=rep, at=AT)
    assert (refused.value.code, AssetSend.objects.count()) == (code, 0)
    assert assets_for(lead) == []


def test_neutral_people_send_nothing(marketer, facilitator):
    asset, lead = an_asset(marketer), lead_at()
    with pytest.raises(NotAllowed):
        send_assets([NewSend(lead=lead, asset=asset)], actor=facilitator, at=AT)
    assert AssetSend.objects.count() == 0


def test_what_suits_the_persona_then_the_product_line_is_offered_first(marketer):
    line = ProductLine.objects.create(name="Meters", key="meters")
    persona = Persona.objects.create(name="Plant manager", key="plant manager")
    plain = an_asset(marketer, "A plain one")
    of_line = an_asset(marketer, "B of the line", product_line_id=line.pk)
    fitting = an_asset(marketer, "C for him", fits=[(persona.pk, ""), (persona.pk, "buy")])
    lead = lead_at(product_line_id=line.pk)
    assert assets_for(lead) == [of_line, plain, fitting]
    lead.persona = persona
    assert assets_for(lead) == [fitting, of_line, plain]


# --- openings -----------------------------------------------------------------------------------


def test_a_real_opening_is_a_touch_of_the_contact(marketer, rep):
    fair = Campaign.objects.create(name="Fair", key="fair", channel="event")
    lead = lead_at()
    send = sent(marketer, rep, lead=lead, campaign_id=fair.pk)
    assert record_opening(send, at=AT) is True
    touch = Touch.objects.get(kind=TouchKind.ASSET_OPEN)
    assert (touch.contact, touch.campaign, touch.asset_id, touch.detail, touch.occurred_at) == (
        lead.contact, fair, send.asset_id, "Case study: the dairy", AT,
    )  # fmt: skip
    send.refresh_from_db()
    assert (send.openings, send.first_opened_at, send.last_opened_at) == (1, AT, AT)


def test_openings_within_thirty_minutes_are_one(marketer, rep):
    send = sent(marketer, rep)
    assert record_opening(send, at=AT) is True
    assert record_opening(send, at=AT + HALF_AN_HOUR - TICK) is False
    assert openings(send) == (1, 1)
    assert record_opening(send, at=AT + HALF_AN_HOUR) is True
    assert openings(send) == (2, 2)
    assert (send.first_opened_at, send.last_opened_at) == (AT, AT + HALF_AN_HOUR)


def test_an_opening_by_a_merged_contact_is_a_touch_of_the_one_that_stands_for_it(marketer, rep):
    lead, other = lead_at(), lead_at(email="bea@acme.example")
    send = sent(marketer, rep, lead=lead)
    Contact.objects.filter(pk=lead.contact_id).update(merged_into=other.contact_id)
    send = AssetSend.objects.select_related("asset", "lead__contact").get()
    record_opening(send, at=AT)
    assert Touch.objects.get(kind=TouchKind.ASSET_OPEN).contact == other.contact


def test_the_page_shows_the_asset_without_a_sign_in(marketer, rep):
    send = sent(marketer, rep, url="", body="We measured for a year.")
    answer = Client().get(f"/a/{send.token}/")
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "We measured for a year." in page
    assert "<title>Case study: the dairy · " in page
    assert answer["X-Robots-Tag"] == "noindex, nofollow, noarchive"
    assert (answer["Referrer-Policy"], "no-store" in answer["Cache-Control"]) == (
        "no-referrer",
        True,
    )
    policy = answer["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert answer.cookies == {}


def test_an_address_is_a_button(marketer, rep):
    send = sent(marketer, rep)
    page = Client().get(f"/a/{send.token}/").content.decode()
    assert '<a class="public-open" href="https://acme.example/dairy" rel="noopener' in page


def test_only_the_beacon_of_a_seen_page_counts(marketer, rep):
    send = sent(marketer, rep)
    client = Client(enforce_csrf_checks=True)
    url = f"/a/{send.token}/"
    assert client.get(url).status_code == 200
    assert client.head(url).status_code == 200
    assert client.get(f"{url}opened/").status_code == 405
    for ahead in ("Sec-Purpose", "Purpose", "X-Purpose", "X-Moz"):
        assert opened(send, client, **{ahead: "prefetch"}) == 204
    assert opened(send, client, **{"Sec-Purpose": "prefetch;prerender"}) == 204
    for agent in ("", "Mozilla/5.0 (compatible; bingbot/2.0)", "curl/8.5", "SafeLinks scanner"):
        assert opened(send, client, **{"User-Agent": agent}) == 204
    assert openings(send) == (0, 0)
    assert opened(send, client) == 204
    assert openings(send) == (1, 1)
    assert opened(send, client) == 204  # a reload
    assert openings(send) == (1, 1)


def test_our_own_people_do_not_count(marketer, rep):
    send = sent(marketer, rep)
    client = Client()
    client.force_login(rep)
    assert opened(send, client) == 204
    assert openings(send) == (0, 0)


def test_an_unknown_link_is_404_in_the_same_words(marketer, rep):
    send = sent(marketer, rep)
    Asset.objects.update(internal_only=True)
    tokens = (send.token, "x" * 43, "short", "ü" * 43, "x" * 400)
    answers = [Client().get(f"/a/{token}/") for token in tokens]
    assert [answer.status_code for answer in answers] == [404] * 5
    assert len({answer.content for answer in answers}) == 1
    posts = [Client().post(f"/a/{token}/opened/").status_code for token in tokens]
    assert posts == [404] * 5
    assert openings(send) == (0, 0)


def test_knocking_is_limited(marketer, rep, monkeypatch):
    monkeypatch.setattr("leads.views.public_assets.MOST_A_MINUTE", 2)
    send = sent(marketer, rep)
    codes = [Client().get(f"/a/{send.token}/").status_code for _ in range(3)]
    assert codes == [200, 200, 429]
    assert [opened(send) for _ in range(3)] == [204, 204, 429]


def test_the_token_of_a_link_stays_out_of_logs():
    token = "AbC-_" + "x" * 38
    assert without_secrets(f"/a/{token}/opened/") == "/a/…/opened/"
    assert without_secrets(f"https://acme.example/a/{token}/") == "https://acme.example/a/…/"
    assert without_secrets("/tmp/a/b/") == "/tmp/a/b/"
