"""Both teams comment on a draft and on what is proposed; once it is signed, comments are read."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from sla.enums import SectionKey
from sla.models import AgreementComment
from sla.services.drafting import start_draft
from sla.services.signing import propose, sign
from sla.services.writing import comment, settle_comment
from smarketing.errors import NotAllowed, Refused
from tests.conftest import AT
from tests.sla.agreement.drafts import proposed_by


def test_a_proposed_version_is_commented_until_both_have_signed(
    client: Client, manager_marketing: User, manager_sales: User, rep: User
) -> None:
    version = proposed_by(manager_marketing)
    page, say = (reverse(name, args=[1]) for name in ("agreement-version", "agreement-comment"))
    client.force_login(rep)
    client.post(say, {"section": "sales", "text": "One hour is tight."})
    words = client.get(page).content.decode()
    assert "One hour is tight." in words
    assert "Add comment" in words
    client.post(say, {"section": "sales", "text": " "})
    client.post(say, {"section": "nothing", "text": "Where?"})
    (row,) = AgreementComment.objects.all()
    assert (row.section, row.author) == (SectionKey.SALES, rep)
    for head in (manager_marketing, manager_sales):
        sign(version, actor=head, at=AT, text_hash=version.text_hash)
    client.post(say, {"section": "sales", "text": "Too late."})
    client.post(reverse("agreement-settle", args=[1, row.pk]))
    words = client.get(page).content.decode()
    assert "One hour is tight." in words
    assert "Add comment" not in words
    row.refresh_from_db()
    assert (AgreementComment.objects.count(), row.settled_at) == (1, None)


def test_its_author_and_writers_say_that_it_is_dealt_with(
    client: Client, manager_marketing: User, rep: User, marketer: User, manager_sales: User
) -> None:
    version = proposed_by(manager_marketing)
    row = comment(version, SectionKey.GOAL, "Why so much?", author=rep, at=AT)
    with pytest.raises(NotAllowed):
        settle_comment(version, row.pk, actor=marketer, at=AT)
    client.force_login(rep)
    client.post(reverse("agreement-settle", args=[1, row.pk]))
    row.refresh_from_db()
    assert row.settled_by == rep


def test_comments_of_a_draft_stay_with_what_is_proposed(
    manager_marketing: User, manager_sales: User
) -> None:
    draft = start_draft(actor=manager_sales, at=AT)
    row = comment(draft, SectionKey.VALUES, "Nice.", author=manager_marketing, at=AT)
    version = propose(draft, actor=manager_sales, at=AT)
    settle_comment(version, row.pk, actor=manager_sales, at=AT)
    assert list(version.comments.values_list("text", "settled_by")) == [("Nice.", manager_sales.pk)]
    for head in (manager_marketing, manager_sales):
        sign(version, actor=head, at=AT, text_hash=version.text_hash)
    with pytest.raises(Refused) as refusal:
        comment(version, SectionKey.VALUES, "More.", author=manager_sales, at=AT)
    assert refusal.value.code == "closed"
