"""Proposed, signed by both sides, in force, superseded; or withdrawn on the way."""

from __future__ import annotations

from datetime import datetime

from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.services.notices import notify
from leads.enums import VersionState
from sla.enums import AgreementState, Side
from sla.models import AgreedSqlType, Agreement, Signature
from sla.selectors.agreement_parts import hash_of, with_parts
from sla.selectors.parties import Signer, signers
from sla.services.entering_force import bring_into_force
from sla.services.holding import hold_draft, hold_version, hold_writer
from smarketing.errors import BadInput, NotAllowed, Refused

PROPOSED = "agreement.proposed"
SIDES = (Side.MARKETING, Side.SALES)
ON_ITS_WAY = (AgreementState.DRAFT, AgreementState.PROPOSED, AgreementState.SIGNED)
NOBODY_SIGNS = _("Somebody of each side must be able to sign: name the heads first.")
NOTHING_PROMISED = _("Each team promises at least one thing: add a commitment of %(side)s.")
OLD_WORDS = _("Something agreed on in this version is no longer in use: %(name)s. Choose anew.")
ANOTHER_WAITS = _("Another version waits for its signatures or its day. Withdraw it first.")
NOT_PROPOSED = _("Only a proposed version can be signed.")
NOT_SIGNER = _("The heads of Marketing and Sales sign, or the deputies whom the agreement names.")
ANOTHER_TEXT = _("The text is not the one you read. Read it again before you sign.")
SIGNED_TWICE = _("Two different people sign. You have signed for the other team.")
SIGNED_ALREADY = _("This side has signed already.")
TOO_LATE = _("What was in force cannot be withdrawn.")


def propose(
    draft: Agreement, *, actor: User | None, at: datetime, change_note: str | None = None
) -> Agreement:
    """Freeze a draft for signing, with the hash of its whole text; tell those who sign.

    Raises Refused (`nobody_signs`, `nothing_promised`, `old_words`, `another_waits`), NotAllowed.
    """
    hold_writer(actor)
    try:
        with transaction.atomic():
            hold_draft(draft.pk)
            _keep_types(draft.pk)
            whole = with_parts().get(pk=draft.pk)
            _hold_complete(whole)
            whole.state, whole.text_hash = AgreementState.PROPOSED, hash_of(whole)
            whole.proposed_by, whole.proposed_at = actor, at
            if change_note is not None:
                whole.change_note = change_note.strip()
            whole.save(
                update_fields=["state", "text_hash", "proposed_by", "proposed_at", "change_note"]
            )
            _tell_signers(whole, actor, at)
    except IntegrityError as error:
        raise Refused(ANOTHER_WAITS, code="another_waits") from error
    return whole


def sign(version: Agreement, *, actor: User, at: datetime, text_hash: str) -> Signature:
    """Sign for the side whose head, or named deputy, the actor is; `text_hash` is what he read.

    The second signature brings the version into force, at once or on its day. Who was asked to
    prove who he is must be seen to by the caller. Raises NotAllowed, Refused (`not_proposed`,
    `another_text`, `signed_already`, `two_people`).
    """
    with transaction.atomic():
        held = hold_version(version.pk)
        if held.state != AgreementState.PROPOSED:
            raise Refused(NOT_PROPOSED, code="not_proposed")
        signed = dict(held.signatures.values_list("side", "signer"))
        signer = _signer(held, actor, signed)
        _hold_text(held, text_hash)
        signature = Signature.objects.create(
            agreement=held,
            side=signer.side,
            signer=actor,
            as_deputy_of=signer.deputises,
            text_hash=text_hash,
            signed_at=at,
        )
        if len(signed) + 1 == len(SIDES):
            Agreement.objects.filter(pk=held.pk).update(state=AgreementState.SIGNED)
            bring_into_force(at=at)
    return signature


def withdraw(version: Agreement, *, actor: User | None, at: datetime) -> Agreement:
    """Take back what is not yet in force; it stays readable. Raises NotAllowed, Refused."""
    hold_writer(actor)
    with transaction.atomic():
        held = hold_version(version.pk)
        if held.state not in ON_ITS_WAY:
            raise Refused(TOO_LATE, code="too_late")
        held.state, held.superseded_at = AgreementState.WITHDRAWN, at
        held.save(update_fields=["state", "superseded_at"])
    return held


def _keep_types(draft_id: int) -> None:
    """Write what the types of SQL say today into the draft: from now on it says just that."""
    rows = list(AgreedSqlType.objects.filter(agreement=draft_id).select_related("sql_type"))
    for row in rows:
        kind = row.sql_type
        row.name, row.description, row.playbook = kind.name, kind.description, kind.playbook
    AgreedSqlType.objects.bulk_update(rows, ["name", "description", "playbook"])


def _hold_complete(version: Agreement) -> None:
    """Raise Refused unless the version could come into force."""
    marketing, sales = signers(version)
    people = {one.user_id for one in (*marketing, *sales)}
    if not marketing or not sales or len(people) < len(SIDES):
        raise Refused(NOBODY_SIGNS, code="nobody_signs")
    promised = {row.side for row in version.commitments.all()}
    for side in SIDES:
        if side not in promised:
            raise Refused(NOTHING_PROMISED % {"side": side.label}, code="nothing_promised")
    for name in _retired(version):
        raise Refused(OLD_WORDS % {"name": name}, code="old_words")


def _retired(version: Agreement) -> list[str]:
    definitions = [one.definition for one in version.definitions.all()]
    personas = [one.persona_version for one in version.personas.all()]
    types = [one.sql_type for one in version.sql_types.all()]
    return [
        *(row.get_stage_display() for row in definitions if row.state == VersionState.RETIRED),
        *(row.persona.name for row in personas if row.state == VersionState.RETIRED),
        *(row.name for row in types if not row.is_active),
    ]


def _signer(version: Agreement, actor: User, signed: dict[str, int]) -> Signer:
    """Return for which side the actor signs: one that has not signed yet."""
    marketing, sales = signers(version)
    mine = [one for one in (*marketing, *sales) if one.user_id == actor.pk]
    if not mine or not actor.is_active:
        raise NotAllowed(NOT_SIGNER)
    if actor.pk in signed.values():
        raise Refused(SIGNED_TWICE, code="two_people")
    for one in mine:
        if one.side not in signed:
            return one
    raise Refused(SIGNED_ALREADY, code="signed_already")


def _hold_text(version: Agreement, text_hash: str) -> None:
    if not text_hash:
        raise BadInput(ANOTHER_TEXT, fields={"text_hash": [ANOTHER_TEXT]})
    whole = with_parts().get(pk=version.pk)
    if not text_hash == version.text_hash == hash_of(whole):
        raise Refused(ANOTHER_TEXT, code="another_text")
    for name in _retired(whole):
        raise Refused(OLD_WORDS % {"name": name}, code="old_words")


def _tell_signers(version: Agreement, actor: User | None, at: datetime) -> None:
    ids = {one.user_id for side in signers(version) for one in side}
    notify(
        User.objects.filter(pk__in=ids),
        PROPOSED,
        {"number": version.number, "by": actor.name if actor else ""},
        at=at,
        url=reverse("agreement-version", args=[version.number]),
        dedupe_key=f"agreement-proposed:{version.pk}",
    )
