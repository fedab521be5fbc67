"""Types of SQL with their playbooks are part of the agreement, in the words that were agreed on."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from leads.models import SqlType
from sla.models import Agreement
from sla.selectors.agreement_parts import AgreedType, canonical_text, hash_of, types_of, with_parts
from sla.selectors.versions import differences
from sla.services.drafting import start_draft
from sla.services.signing import propose, sign
from sla.services.writing import choose_words
from smarketing.errors import BadInput, Refused
from tests.conftest import AT
from tests.sla.agreement.drafts import proposed_by, signed_by


@pytest.fixture
def new_line(manager_marketing: User, manager_sales: User) -> SqlType:
    """The one type in use; another is not."""
    SqlType.objects.create(name="Old", key="old", is_active=False)
    return SqlType.objects.create(
        name="New line", key="new line", description="Builds a plant.", playbook="Visit\n\nOffer\n"
    )


def whole(version: Agreement) -> Agreement:
    return with_parts().get(pk=version.pk)


def test_a_draft_says_what_the_types_say_today(new_line: SqlType, manager_sales: User) -> None:
    draft = start_draft(actor=manager_sales, at=AT)
    said = AgreedType(new_line.pk, "New line", "Builds a plant.", "Visit\n\nOffer\n")
    assert types_of(whole(draft)) == [said]
    assert said.steps == ["Visit", "Offer"]
    SqlType.objects.filter(pk=new_line.pk).update(playbook="Call first")
    assert [one.steps for one in types_of(whole(draft))] == [["Call first"]]


def test_what_was_proposed_stays_as_it_was(
    new_line: SqlType, manager_marketing: User, manager_sales: User
) -> None:
    version = proposed_by(manager_marketing)
    SqlType.objects.filter(pk=new_line.pk).update(playbook="Call first", name="Renamed")
    found = whole(version)
    assert [(one.name, one.steps) for one in types_of(found)] == [("New line", ["Visit", "Offer"])]
    assert hash_of(found) == version.text_hash
    for head in (manager_marketing, manager_sales):
        sign(version, actor=head, at=AT, text_hash=version.text_hash)
    assert Agreement.objects.get(pk=version.pk).in_force


def test_the_playbook_is_in_the_hash(new_line: SqlType, manager_sales: User) -> None:
    draft = start_draft(actor=manager_sales, at=AT)
    before = hash_of(whole(draft))
    SqlType.objects.filter(pk=new_line.pk).update(playbook="Visit\nOffer twice")
    assert hash_of(whole(draft)) != before
    assert "Offer twice" in canonical_text(whole(draft))


def test_without_types_the_text_is_what_it_was_before_they_were_part_of_it(
    manager_marketing: User, manager_sales: User
) -> None:
    assert "sql_types" not in canonical_text(whole(proposed_by(manager_sales)))


def test_a_type_out_of_use_holds_proposal_and_signature_back(
    new_line: SqlType, manager_marketing: User, manager_sales: User
) -> None:
    draft = start_draft(actor=manager_sales, at=AT)
    SqlType.objects.update(is_active=False)
    with pytest.raises(Refused) as proposing:
        propose(draft, actor=manager_sales, at=AT)
    SqlType.objects.update(is_active=True)
    version = propose(draft, actor=manager_sales, at=AT)
    SqlType.objects.update(is_active=False)
    with pytest.raises(Refused) as signing:
        sign(version, actor=manager_sales, at=AT, text_hash=version.text_hash)
    assert [one.value.code for one in (proposing, signing)] == ["old_words", "old_words"]
    assert version.signatures.count() == 0


def test_types_are_chosen(new_line: SqlType, manager_sales: User) -> None:
    draft = start_draft(actor=manager_sales, at=AT)
    old = SqlType.objects.get(key="old")
    definitions = list(draft.definitions.values_list("definition", flat=True))
    with pytest.raises(BadInput) as refusal:
        choose_words(
            draft, definitions=definitions, personas=[], sql_types=[old.pk], actor=manager_sales
        )
    assert list(refusal.value.fields) == ["sql_types"]
    assert [one.name for one in types_of(whole(draft))] == ["New line"]
    choose_words(draft, definitions=definitions, personas=[], sql_types=[], actor=manager_sales)
    assert types_of(whole(draft)) == []


def test_differences_and_print_tell_the_playbook(
    client: Client, new_line: SqlType, manager_marketing: User, manager_sales: User
) -> None:
    before = signed_by(manager_marketing, manager_sales)
    SqlType.objects.filter(pk=new_line.pk).update(playbook="Visit\nOffer twice")
    draft = start_draft(actor=manager_sales, at=AT, based_on=before)
    after = propose(draft, actor=manager_sales, at=AT)
    (change,) = differences(whole(before), whole(after))
    assert (change.label, change.removed, change.added) == (
        "Type of SQL: New line", ("Offer",), ("Offer twice",),
    )  # fmt: skip
    client.force_login(manager_sales)
    paper = client.get(reverse("agreement-print", args=[1])).content.decode()
    assert "Playbook: New line" in paper
    assert "<li>Offer</li>" in paper
