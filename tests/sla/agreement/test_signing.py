"""Proposed over a hash of the whole text, signed by two different people, in force, superseded."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from threading import Thread
from typing import Any

import pytest
from django.db import connection

from accounts.models import Notice, Team, User
from leads.enums import LifecycleStage, Responsible, VersionState
from leads.models import StageDefinition
from leads.services.definitions import Wording, activate_definitions, propose_definition
from sla.enums import AgreementState, CommitmentKind, Side
from sla.models import Agreement, Commitment, Section, Signature
from sla.selectors.agreement_parts import hash_of, with_parts
from sla.services.commitments import remove_commitment
from sla.services.drafting import start_draft
from sla.services.entering_force import bring_into_force
from sla.services.signing import PROPOSED, propose, sign, withdraw
from sla.services.writing import Terms, choose_words, write_terms
from smarketing.errors import BadInput, NotAllowed, Refused
from tests.conftest import AT
from tests.sla.agreement.drafts import proposed_by, signed_by

HOUR = timedelta(hours=1)


def state_of(version: Agreement) -> str:
    return Agreement.objects.values_list("state", flat=True).get(pk=version.pk)


def test_proposing_keeps_the_hash_of_the_text(manager_marketing: User, manager_sales: User) -> None:
    version = proposed_by(manager_marketing)
    assert (version.state, version.proposed_by, version.proposed_at) == (
        "PROPOSED",
        manager_marketing,
        AT,
    )
    assert version.text_hash == hash_of(with_parts().get(pk=version.pk))
    assert len(version.text_hash) == 64
    told = Notice.objects.filter(kind=PROPOSED).values_list("recipient", flat=True)
    assert sorted(told) == sorted([manager_marketing.pk, manager_sales.pk])


def test_every_word_and_number_is_in_the_hash(
    manager_marketing: User, manager_sales: User, marketer: User
) -> None:
    draft = start_draft(actor=manager_marketing, at=AT)

    def now() -> str:
        return hash_of(with_parts().get(pk=draft.pk))

    seen = [now()]
    draft.sections.filter(key="values").update(text="Be kind.")
    seen.append(now())
    draft.commitments.filter(kind=CommitmentKind.VOLUME).update(target=41)
    seen.append(now())
    draft.commitments.get(kind=CommitmentKind.TIME_TO_DECIDE).bands.update(target_minutes=30)
    seen.append(now())
    level = draft.commitments.get(kind=CommitmentKind.TIME_TO_DECIDE).levels.first()
    assert level is not None
    level.delete()
    seen.append(now())
    draft.protocol.filter(step="decide").update(person=manager_sales)
    seen.append(now())
    draft.messaging.filter(stage="MQL").update(writer="NOBODY")
    seen.append(now())
    write_terms(draft, Terms(sales_deputy_id=marketer.pk), actor=manager_sales, at=AT)
    seen.append(now())
    some = list(draft.definitions.values_list("definition", flat=True))[1:]
    choose_words(draft, definitions=some, personas=[], sql_types=[], actor=manager_sales)
    seen.append(now())
    assert len(set(seen)) == len(seen) == 9
    assert now() == seen[-1]


def test_the_hash_does_not_hang_on_rows_or_trailing_zeros(
    manager_marketing: User, manager_sales: User
) -> None:
    draft = start_draft(actor=manager_marketing, at=AT)
    before = hash_of(with_parts().get(pk=draft.pk))
    row = draft.sections.get(key="values")
    text = row.text
    row.delete()
    Section.objects.create(agreement=draft, key="values", text=text, written_at=AT + HOUR)
    draft.commitments.filter(kind=CommitmentKind.VOLUME).update(target="40.0000")
    assert hash_of(with_parts().get(pk=draft.pk)) == before


def test_both_heads_sign_and_it_is_in_force(manager_marketing: User, manager_sales: User) -> None:
    version = proposed_by(manager_marketing)
    sign(version, actor=manager_sales, at=AT + HOUR, text_hash=version.text_hash)
    assert state_of(version) == "PROPOSED"
    sign(version, actor=manager_marketing, at=AT + 2 * HOUR, text_hash=version.text_hash)
    version.refresh_from_db()
    assert (version.state, version.in_force_from) == ("IN_FORCE", AT + 2 * HOUR)
    signatures = version.signatures.order_by("signed_at")
    assert list(signatures.values_list("side", "signer", "text_hash", "signed_at")) == [
        ("SALES", manager_sales.pk, version.text_hash, AT + HOUR),
        ("MARKETING", manager_marketing.pk, version.text_hash, AT + 2 * HOUR),
    ]


def test_nobody_signs_twice_or_for_a_side_that_has_signed(
    manager_marketing: User, manager_sales: User
) -> None:
    version = proposed_by(manager_marketing)
    sign(version, actor=manager_marketing, at=AT, text_hash=version.text_hash)
    with pytest.raises(Refused) as refusal:
        sign(version, actor=manager_marketing, at=AT, text_hash=version.text_hash)
    assert refusal.value.code == "two_people"
    assert (Signature.objects.count(), state_of(version)) == (1, "PROPOSED")


def test_one_person_who_heads_both_teams_cannot_sign_alone(
    manager_marketing: User, manager_sales: User, sales: Team, rep: User
) -> None:
    Team.objects.filter(pk=sales.pk).update(head=manager_marketing)
    draft = start_draft(actor=manager_marketing, at=AT)
    with pytest.raises(Refused) as refusal:
        propose(draft, actor=manager_marketing, at=AT)
    assert (refusal.value.code, state_of(draft)) == ("nobody_signs", "DRAFT")

    write_terms(draft, Terms(sales_deputy_id=rep.pk), actor=manager_marketing, at=AT)
    version = propose(draft, actor=manager_marketing, at=AT)
    sign(version, actor=manager_marketing, at=AT, text_hash=version.text_hash)
    with pytest.raises(Refused) as twice:
        sign(version, actor=manager_marketing, at=AT, text_hash=version.text_hash)
    assert twice.value.code == "two_people"
    by_deputy = sign(version, actor=rep, at=AT, text_hash=version.text_hash)
    assert (by_deputy.side, by_deputy.as_deputy_of) == ("SALES", manager_marketing)
    assert state_of(version) == "IN_FORCE"


def test_only_heads_and_named_deputies_sign(
    manager_marketing: User, manager_sales: User, rep: User, administrator: User
) -> None:
    version = proposed_by(manager_marketing)
    for stranger in (rep, administrator):
        with pytest.raises(NotAllowed):
            sign(version, actor=stranger, at=AT, text_hash=version.text_hash)
    assert Signature.objects.count() == 0


def test_another_text_is_not_signed(manager_marketing: User, manager_sales: User) -> None:
    version = proposed_by(manager_marketing)
    with pytest.raises(Refused) as refusal:
        sign(version, actor=manager_sales, at=AT, text_hash="f" * 64)
    assert refusal.value.code == "another_text"
    # The terms lie in the row itself, which no trigger holds: the hash does.
    Agreement.objects.filter(pk=version.pk).update(longest_pause_days=99)
    with pytest.raises(Refused) as changed:
        sign(version, actor=manager_sales, at=AT, text_hash=version.text_hash)
    assert changed.value.code == "another_text"
    assert Signature.objects.count() == 0


def test_each_team_promises_something(manager_marketing: User, manager_sales: User) -> None:
    draft = start_draft(actor=manager_marketing, at=AT)
    draft.commitments.filter(side=Side.SALES).delete()
    with pytest.raises(Refused) as refusal:
        propose(draft, actor=manager_marketing, at=AT)
    assert (refusal.value.code, state_of(draft)) == ("nothing_promised", "DRAFT")


def test_the_next_version_supersedes_at_the_same_instant(
    manager_marketing: User, manager_sales: User
) -> None:
    first = signed_by(manager_marketing, manager_sales)
    second = signed_by(manager_sales, manager_marketing, at=AT + HOUR, based_on=first)
    first.refresh_from_db()
    assert (first.state, first.superseded_at) == ("SUPERSEDED", AT + HOUR)
    assert (second.state, second.in_force_from, second.superseded_at) == (
        "IN_FORCE",
        AT + HOUR,
        None,
    )


def test_two_versions_never_wait_together(manager_marketing: User, manager_sales: User) -> None:
    waiting = proposed_by(manager_marketing)
    draft = start_draft(actor=manager_sales, at=AT)
    with pytest.raises(Refused) as refusal:
        propose(draft, actor=manager_sales, at=AT)
    assert (refusal.value.code, state_of(draft)) == ("another_waits", "DRAFT")
    withdraw(waiting, actor=manager_sales, at=AT)
    assert propose(draft, actor=manager_sales, at=AT).state == "PROPOSED"


def test_signed_for_a_day_it_waits_until_midnight_in_the_organisation(
    manager_marketing: User, manager_sales: User
) -> None:
    first = signed_by(manager_marketing, manager_sales)
    draft = start_draft(actor=manager_marketing, at=AT, based_on=first)
    write_terms(draft, Terms(wanted_from=date(2026, 3, 5)), actor=manager_marketing, at=AT)
    version = propose(draft, actor=manager_marketing, at=AT)
    for head in (manager_marketing, manager_sales):
        sign(version, actor=head, at=AT, text_hash=version.text_hash)
    assert (state_of(version), state_of(first)) == ("SIGNED", "IN_FORCE")
    midnight = datetime(2026, 3, 4, 23, 0, tzinfo=UTC)  # in Rome
    assert bring_into_force(at=midnight - timedelta(microseconds=1)) is None
    assert (state_of(version), state_of(first)) == ("SIGNED", "IN_FORCE")
    assert bring_into_force(at=midnight) == version
    assert (state_of(version), state_of(first)) == ("IN_FORCE", "SUPERSEDED")
    assert bring_into_force(at=midnight) is None


def test_agreed_definitions_come_into_force_with_it(
    manager_marketing: User, manager_sales: User
) -> None:
    wording = Wording(
        stage=LifecycleStage.MQL, prose="Wants to talk.", responsible=Responsible.SHARED
    )
    new = propose_definition(wording, actor=manager_marketing, at=AT)
    draft = start_draft(actor=manager_marketing, at=AT)
    others = draft.definitions.exclude(definition__stage="MQL")
    chosen = [*others.values_list("definition", flat=True), new.pk]
    choose_words(draft, definitions=chosen, personas=[], sql_types=[], actor=manager_marketing)
    version = propose(draft, actor=manager_marketing, at=AT)
    sign(version, actor=manager_marketing, at=AT, text_hash=version.text_hash)
    assert StageDefinition.objects.get(pk=new.pk).state == VersionState.DRAFT
    sign(version, actor=manager_sales, at=AT + HOUR, text_hash=version.text_hash)
    new.refresh_from_db()
    assert (new.state, new.in_force_from) == (VersionState.IN_FORCE, AT + HOUR)


def test_words_that_were_replaced_hold_the_signature_back(
    manager_marketing: User, manager_sales: User
) -> None:
    version = proposed_by(manager_marketing)
    wording = Wording(stage=LifecycleStage.SQL, prose="Buys.", responsible=Responsible.SHARED)
    newer = propose_definition(wording, actor=manager_sales, at=AT)
    activate_definitions([newer.pk], actor=manager_sales, at=AT)
    with pytest.raises(Refused) as refusal:
        sign(version, actor=manager_sales, at=AT, text_hash=version.text_hash)
    assert (refusal.value.code, Signature.objects.count()) == ("old_words", 0)


def test_what_was_proposed_does_not_change(manager_marketing: User, manager_sales: User) -> None:
    version = proposed_by(manager_marketing)
    some = Commitment.objects.filter(agreement=version).first()
    assert some is not None
    with pytest.raises(Refused) as refusal:
        remove_commitment(version, some.pk, actor=manager_marketing)
    assert refusal.value.code == "not_a_draft"
    assert version.commitments.count() == 13


def test_what_was_in_force_is_not_withdrawn(manager_marketing: User, manager_sales: User) -> None:
    version = signed_by(manager_marketing, manager_sales)
    with pytest.raises(Refused) as refusal:
        withdraw(version, actor=manager_marketing, at=AT)
    assert (refusal.value.code, state_of(version)) == ("too_late", "IN_FORCE")


@pytest.mark.django_db(transaction=True)
def test_two_heads_who_sign_at_one_moment_bring_it_into_force_once(
    manager_marketing: User, manager_sales: User
) -> None:
    version = proposed_by(manager_marketing)
    told: list[Any] = []

    def act(head: User) -> None:
        try:
            sign(version, actor=head, at=AT, text_hash=version.text_hash)
        except Exception as error:  # told below
            told.append(error)
        finally:
            connection.close()

    threads = [Thread(target=act, args=(head,)) for head in (manager_marketing, manager_sales)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert told == []
    assert (Signature.objects.count(), state_of(version)) == (2, AgreementState.IN_FORCE)


@pytest.mark.parametrize(
    ("day", "is_kept"),
    [
        (date(2026, 3, 2), False),
        (date(2026, 3, 3), True),
        (date(2028, 3, 3), True),
        (date(2028, 3, 4), False),
        (date.min, False),
        (date.max, False),
    ],
)
def test_a_day_is_wanted_from_today_to_two_years_ahead(
    manager_marketing: User, day: date, is_kept: bool
) -> None:
    draft = start_draft(actor=manager_marketing, at=AT)
    terms = Terms(wanted_from=day, system_of_record="Acme CRM")
    if is_kept:
        assert write_terms(draft, terms, actor=manager_marketing, at=AT).wanted_from == day
        return
    with pytest.raises(BadInput) as refusal:
        write_terms(draft, terms, actor=manager_marketing, at=AT)
    assert list(refusal.value.fields) == ["wanted_from"]
    draft.refresh_from_db()
    assert (draft.wanted_from, draft.system_of_record) == (None, "")
