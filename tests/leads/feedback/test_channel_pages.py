"""The pages of the channel and of the library: what is shown to whom, and what forms do."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.test import Client

from leads.enums import AssetKind, PostKind
from leads.models import Asset, AssetSend, ChannelPost
from leads.services.assets import AssetFacts, NewSend, save_asset, send_assets
from leads.services.channel import NewPost, acknowledge_posts, write_alert, write_note
from tests.conftest import AT
from tests.leads.records import lead_at

pytestmark = pytest.mark.django_db


def as_(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def an_asset(marketer, **fields) -> Asset:
    facts = {"name": "Guide", "kind": AssetKind.DATA_SHEET, "body": "Words.", **fields}
    return save_asset(AssetFacts(**facts), actor=marketer, at=AT)


def test_marketing_stands_left_and_sales_right(marketer, rep):
    write_note(NewPost(text="They ask for less."), actor=rep, at=AT)
    write_alert(NewPost(text="It goes out.", goes_out_at=AT), actor=marketer, at=AT)
    page = as_(rep).get("/channel/").content.decode()
    assert page.index("Marketing tells Sales") < page.index("It goes out.")
    assert page.index("It goes out.") < page.index("Sales tells Marketing")
    assert page.index("Sales tells Marketing") < page.index("They ask for less.")


def test_a_phone_begins_with_what_the_other_side_says(marketer, rep):
    assert as_(marketer).get("/channel/").context["side"] == "notes"
    assert as_(rep).get("/channel/").context["side"] == "alerts"
    assert as_(rep).get("/channel/?side=notes").context["side"] == "notes"


def test_what_was_acknowledged_leaves_the_unread(marketer, rep):
    post = write_alert(NewPost(text="Out.", goes_out_at=AT), actor=marketer, at=AT)
    client = as_(rep)
    assert len(client.get("/channel/?show=unread").context["alerts"]["posts"]) == 1
    assert "Campaigns that go out" in client.get("/").content.decode()
    answer = client.post(f"/channel/{post.pk}/acknowledge/", headers={"HX-Request": "true"})
    assert "Acknowledged by you" in answer.content.decode()
    assert client.get("/channel/?show=unread").context["alerts"]["posts"] == []


def test_each_side_goes_on_by_itself(rep, marketer):
    for i in range(21):
        at = AT + timedelta(minutes=i)
        write_note(NewPost(text=f"Note {i}"), actor=rep, at=at)
    write_alert(NewPost(text="Out.", goes_out_at=AT), actor=marketer, at=AT)
    client = as_(marketer)
    first = client.get("/channel/").context
    assert (len(first["notes"]["posts"]), first["alerts"]["next_page"]) == (20, "")
    second = client.get(f"/channel/{first['notes']['next_page']}").context
    assert [told.post.text for told in second["notes"]["posts"]] == ["Note 0"]
    assert len(second["alerts"]["posts"]) == 1


def test_a_note_is_written_with_the_lead_that_it_came_from(rep):
    lead = lead_at(owner=rep, given_name="Anna", family_name="Verdi")
    client = as_(rep)
    page = client.get(f"/channel/note/?lead={lead.pk}").content.decode()
    assert f'value="{lead.pk}" checked' in page
    empty = client.post("/channel/note/", {"text": "", "leads": [lead.pk]})
    assert (empty.status_code, ChannelPost.objects.count()) == (422, 0)
    assert f'value="{lead.pk}" checked' in empty.content.decode()
    client.post("/channel/note/", {"text": "She wants less.", "leads": [lead.pk]})
    post = ChannelPost.objects.get()
    assert (post.kind, list(post.leads.all())) == (PostKind.NOTE, [lead])


def test_leads_are_found_by_words(rep):
    lead_at(given_name="Anna", family_name="Verdi")
    client = as_(rep)
    assert "Anna Verdi" in client.get("/channel/leads/?q=verd").content.decode()
    assert "No lead of this name." in client.get("/channel/leads/?q=zzz").content.decode()


def test_an_alert_is_written_in_the_authors_own_time(marketer):
    client = as_(marketer)
    body = {"text": "Out.", "goes_out_at": "2026-03-06T09:00", "what_to_say": "Ask."}
    with time_machine.travel(datetime(2026, 3, 6, 8, 0, 1, tzinfo=UTC), tick=False):
        for wrong in ("", "2026-03-06T09:00"):
            answer = client.post("/channel/alert/", {**body, "goes_out_at": wrong})
            assert answer.status_code == 422
            assert answer.context["form"].errors["goes_out_at"]
    assert ChannelPost.objects.count() == 0
    with time_machine.travel(AT, tick=False):
        client.post("/channel/alert/", body)
    post = ChannelPost.objects.get()
    assert post.goes_out_at.isoformat() == "2026-03-06T08:00:00+00:00"  # 9:00 in Rome


def test_the_lead_page_shows_what_the_channel_says(rep):
    lead = lead_at(owner=rep)
    post = NewPost(text="She wants less.", lead_ids=[lead.pk])
    write_note(post, actor=rep, at=AT)
    assert "She wants less." in as_(rep).get(f"/leads/{lead.pk}/channel/").content.decode()


def test_statements_do_not_grow_with_the_posts(rep, marketer, django_assert_num_queries):
    client = as_(marketer)
    for n in (1, 3):
        while ChannelPost.objects.count() < 2 * n:
            write_note(NewPost(text="Note"), actor=rep, at=AT)
            post = write_alert(NewPost(text="Out.", goes_out_at=AT), actor=marketer, at=AT)
            acknowledge_posts([post.pk], actor=rep, at=AT)
        client.get("/channel/")
        with django_assert_num_queries(17):
            client.get("/channel/")


# --- assets -------------------------------------------------------------------------------------


def test_an_asset_is_made_and_changed_on_pages(marketer, rep):
    client = as_(marketer)
    body = {"name": "Guide", "kind": "DATA_SHEET", "is_active": "on"}
    refused = client.post("/assets/new/", body)
    assert (refused.status_code, Asset.objects.count()) == (422, 0)
    assert "Give an address or a text." in refused.content.decode()
    client.post("/assets/new/", {**body, "url": "https://acme.example/guide"})
    asset = Asset.objects.get()
    client.post(f"/assets/{asset.pk}/edit/", {**body, "name": "The guide", "body": "Words."})
    asset.refresh_from_db()
    assert (asset.name, asset.url, asset.body) == ("The guide", "", "Words.")
    assert "The guide" in as_(rep).get("/assets/").content.decode()


def test_a_link_is_made_on_the_lead_page_ready_to_copy(marketer, rep):
    lead, asset = lead_at(owner=rep), an_asset(marketer)
    an_asset(marketer, name="Card", internal_only=True)
    client = as_(rep)
    page = client.get(f"/leads/{lead.pk}/assets/", headers={"HX-Request": "true"})
    assert "Card" not in page.content.decode()
    url = f"/leads/{lead.pk}/assets/send/"
    assert client.post(url, {"asset": "99"}).status_code == 422
    answer = client.post(url, {"asset": asset.pk}, headers={"HX-Request": "true"})
    token = AssetSend.objects.get().token
    assert f'data-copy="http://testserver/a/{token}/"' in answer.content.decode()


def test_a_battle_card_is_read_and_never_offered(marketer, rep):
    card = an_asset(marketer, name="Card", internal_only=True, body="We say: less.")
    page = as_(rep).get(f"/assets/{card.pk}/").content.decode()
    assert "We say: less." in page
    assert "it is never sent" in page


def test_the_asset_shows_to_whom_it_went(marketer, rep):
    asset = an_asset(marketer)
    lead = lead_at(given_name="Anna", family_name="Verdi")
    send_assets([NewSend(lead=lead, asset=asset)], actor=rep, at=AT)
    page = as_(marketer).get(f"/assets/{asset.pk}/").content.decode()
    assert "Anna Verdi" in page
    assert "Not opened" in page


def test_made_up_filters_of_the_library_are_left_out(marketer):
    an_asset(marketer)
    query = "kind=NONE&persona=x&product_line=99999999999999999999&q=%00"
    answer = as_(marketer).get(f"/assets/?{query}")
    assert (answer.status_code, len(answer.context["assets"])) == (200, 1)
