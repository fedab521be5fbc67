"""The pages of the agreement: read, write, comment, sign."""

from __future__ import annotations

from typing import Any

from django.test import Client
from django.urls import reverse

from accounts.models import User
from sla.enums import CommitmentKind, SectionKey
from sla.models import Agreement, Section, Signature
from sla.selectors.agreement_parts import with_parts
from sla.selectors.versions import differences
from sla.services.drafting import start_draft
from sla.services.signing import propose
from sla.services.writing import write_section
from tests.conftest import AT
from tests.sla.agreement.drafts import proposed_by, signed_by

COST = 27


def part(key: SectionKey) -> str:
    return reverse("agreement-draft-part", args=[key.value])


def test_the_document_reads_like_a_contract(
    client: Client, manager_marketing: User, manager_sales: User, rep: User
) -> None:
    version = signed_by(manager_marketing, manager_sales)
    client.force_login(rep)
    words = client.get(reverse("agreement")).content.decode()
    for said in (
        "Every MQL is accepted or rejected",
        "8 business hours",
        "Score 80 or more: 1 business hour",
        "€300,000 a quarter",
        "Carla Moretti",
        version.text_hash,
    ):
        assert said in words
    paper = client.get(reverse("agreement-print", args=[1])).content.decode()
    assert "Dario Greco" in paper


def test_words_saved_in_between_are_not_overwritten(
    client: Client, manager_marketing: User, manager_sales: User
) -> None:
    draft = start_draft(actor=manager_marketing, at=AT)
    write_section(draft, SectionKey.VALUES, "Theirs.", read=1, actor=manager_sales, at=AT)
    client.force_login(manager_marketing)
    answer = client.post(part(SectionKey.VALUES), {"text": "Mine.", "read": "1"})
    assert answer.status_code == 422
    words = answer.content.decode()
    assert "Dario Greco saved this part meanwhile" in words
    assert "Theirs." in words
    row = Section.objects.get(agreement=draft, key="values")
    assert (row.text, row.version, row.written_by) == ("Theirs.", 2, manager_sales)
    assert '<button class="btn btn-sm" type="submit" name="over" value="2">' in words
    mine = {"text": "Mine.", "read": "1", "over": "2"}
    # Somebody who saves once more in between is read first, too.
    write_section(draft, SectionKey.VALUES, "Anew.", read=2, actor=manager_sales, at=AT)
    again = client.post(part(SectionKey.VALUES), mine, headers={"HX-Request": "true"})
    assert again.status_code == 422
    assert 'name="over" value="3"' in again.content.decode()
    assert client.post(part(SectionKey.VALUES), mine | {"over": "3"}).status_code == 302
    row.refresh_from_db()
    assert (row.text, row.version, row.written_by) == ("Mine.", 4, manager_marketing)
    assert client.post(part(SectionKey.VALUES), {"text": "Both.", "read": "4"}).status_code == 302
    row.refresh_from_db()
    assert (row.text, row.version) == ("Both.", 5)


def test_a_head_signs_what_he_read(
    client: Client, manager_marketing: User, manager_sales: User
) -> None:
    manager_sales.set_password("a-long-word-of-his-own")
    manager_sales.save()
    version = proposed_by(manager_marketing)
    client.force_login(manager_sales)
    url, page = (reverse(name, args=[1]) for name in ("agreement-sign", "agreement-version"))
    first = client.post(url, {"text_hash": version.text_hash})
    assert first.url.startswith(reverse("account_reauthenticate"))  # type: ignore[attr-defined]
    assert Signature.objects.count() == 0
    client.post(first.url, {"password": "a-long-word-of-his-own"})  # type: ignore[attr-defined]
    client.post(url, {"text_hash": version.text_hash})
    assert list(Signature.objects.values_list("signer", flat=True)) == [manager_sales.pk]
    assert "Sign agreement" not in client.get(page).content.decode()


def test_differences_are_told_in_words(manager_marketing: User, manager_sales: User) -> None:
    before = signed_by(manager_marketing, manager_sales)
    draft = start_draft(actor=manager_sales, at=AT, based_on=before)
    draft.commitments.filter(kind=CommitmentKind.VOLUME).update(target=45)
    draft.commitments.filter(kind=CommitmentKind.EFFORT).delete()
    write_section(draft, SectionKey.VALUES, "Be kind.", read=1, actor=manager_sales, at=AT)
    propose(draft, actor=manager_sales, at=AT)
    old, new = (with_parts().get(number=n) for n in (1, 2))
    found: dict[str, Any] = {one.label: one for one in differences(old, new)}
    assert list(found) == [
        "Values",
        "Marketing: Leads that become MQL",
        "Sales: Attempts per rep and working day",
    ]
    volume = found["Marketing: Leads that become MQL"]
    assert (volume.removed, volume.added) == (("40 a month",), ("45 a month",))
    assert found["Sales: Attempts per rep and working day"].added == ()


def test_the_page_costs_the_same_however_much_is_promised(
    client: Client,
    manager_marketing: User,
    manager_sales: User,
    django_assert_num_queries: Any,
) -> None:
    long = signed_by(manager_marketing, manager_sales)
    client.force_login(manager_sales)
    url = reverse("agreement")
    client.get(url)
    with django_assert_num_queries(COST):
        client.get(url)
    short = start_draft(actor=None, at=AT, based_on=long)
    short.commitments.exclude(kind__in=["TIME_TO_DECIDE", "REVENUE"]).delete()
    Agreement.objects.filter(pk=long.pk).update(state="SUPERSEDED")
    Agreement.objects.filter(pk=short.pk).update(
        state="IN_FORCE", in_force_from=AT, text_hash="0" * 64
    )
    with django_assert_num_queries(COST - 1):  # nobody signed it, so no signer is read
        client.get(url)


def test_a_note_that_cannot_be_kept_holds_the_proposal_back(
    client: Client, manager_marketing: User, manager_sales: User
) -> None:
    draft = start_draft(actor=manager_marketing, at=AT)
    client.force_login(manager_marketing)
    for note, said in (("a\0", "Null characters"), ("a" * 5_001, "at most 5000 characters")):
        page = client.post(reverse("agreement-draft-propose"), {"change_note": note}, follow=True)
        assert said in page.content.decode()
        draft.refresh_from_db()
        assert (draft.state, draft.change_note) == ("DRAFT", "")
