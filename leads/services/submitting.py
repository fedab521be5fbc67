"""What somebody sends by a form: a row, a person, a lead, a touch; nothing known is overwritten."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from django.db import transaction

from accounts.enums import Role
from accounts.models import User
from accounts.rules import holds
from leads.capture_fields import own_values
from leads.enums import Cause, FormKind, LifecycleStage, TouchKind
from leads.models import CaptureForm, Contact, Submission
from leads.moving import Step
from leads.services.companies import CompanyFacts, learn_own
from leads.services.consents import ConsentFacts, record_consents
from leads.services.contacts import TEXTS, ContactFacts
from leads.services.opening import Capture, Opened, open_leads
from leads.services.proposals import Told, propose_changes
from leads.services.scoring import score_contacts
from leads.services.touches import TouchFacts
from leads.services.visits import identify, last_utm_of

OF_CONTACT = (*TEXTS, "email", "company")


@dataclass(frozen=True, kw_only=True)
class Sent:
    """What came in by a form. `nonce` names the shown page: sent twice, it counts once.
    `consent` is the version of the words that the page asked in, 0 where it is not told; `browser`
    the id that the visitor's browser gave itself, where a site of ours knows it."""

    nonce: str
    language: str
    values: Mapping[str, Any]
    utm: Mapping[str, str] = field(default_factory=dict)
    page: str = ""
    consented: bool | None = None
    consent: int = 0
    browser: str = ""


@transaction.atomic
def submit(
    form: CaptureForm, sent: Sent, *, at: datetime, by: User | None = None
) -> tuple[Submission, bool]:
    """Take in what was sent and return its row, and whether it is new.

    The person is found by e-mail or begun; what was empty is filled, what differs waits as a
    proposed change; the touch and the consent are recorded. `by` is who of ours filled it in:
    a rep begins his own lead, and the form's campaign keeps the credit.
    """
    row, is_new = Submission.objects.get_or_create(
        form=form,
        nonce=sent.nonce,
        defaults={
            "values": dict(sent.values),
            "utm": dict(sent.utm),
            "language": sent.language,
            "page": sent.page,
            "consented": sent.consented,
            "recorded_by": by,
            "received_at": at,
        },
    )
    if not is_new:
        return row, False
    if sent.browser and not sent.utm:
        sent = replace(sent, utm=last_utm_of(sent.browser))
    facts = _contact(form, sent)
    _note(row, _begin(form, sent, facts, by, at), at)
    if row.contact_id is not None:
        of_company = _tell_company(row.contact_id, facts, own_values(sent.values, "company"), at)
        told = Told(
            contact_id=row.contact_id,
            facts=facts,
            submission_id=row.pk,
            lead=row.lead,
            of_lead=own_values(sent.values, "lead"),
            of_company=of_company,
        )
        propose_changes([told], at=at)
    _consent(form, sent, row, by, at)
    if sent.browser and row.contact_id is not None:
        identify(sent.browser, row.contact_id, at=at)
    return row, True


def _begin(
    form: CaptureForm, sent: Sent, facts: ContactFacts, by: User | None, at: datetime
) -> Opened:
    """Begin the lead; what the definition of a later stage does not let in begins at the first."""
    for step in _first_steps(by):
        capture = _capture(form, sent, facts, step)
        opened = open_leads([capture], actor=by, at=at, apply_rest=True)
        if opened.leads != (None,):
            break
    return opened


def _contact(form: CaptureForm, sent: Sent) -> ContactFacts:
    values = {name: sent.values.get(name, "") for name in OF_CONTACT}
    own = own_values(sent.values, "contact")
    return ContactFacts(captured_through=f"form: {form.name}"[:100], attributes=own, **values)


def _capture(form: CaptureForm, sent: Sent, facts: ContactFacts, step: Step) -> Capture:
    at_fair = form.kind == FormKind.FAIR
    touch = TouchFacts(
        kind=TouchKind.FAIR if at_fair else TouchKind.FORM,
        detail=form.name,
        url=sent.page,
        outside_id=sent.nonce,
        **dict[str, Any](sent.utm),
    )
    return Capture(
        contact=facts,
        steps=(step,),
        product_line_id=form.product_line_id,
        source_id=form.source_id,
        campaign_id=form.campaign_id,
        touch=touch,
        attributes=own_values(sent.values, "lead"),
    )


def _first_steps(by: User | None) -> list[Step]:
    """A visitor begins as a lead of Marketing; a rep who met the person works it himself."""
    if by is None:
        return [Step(to_stage=LifecycleStage.LEAD, cause=Cause.RULE)]
    stages = [LifecycleStage.LEAD]
    if holds(by, Role.REP):
        stages.insert(0, LifecycleStage.SAL)
    return [Step(to_stage=stage, actor=by) for stage in stages]


def _note(row: Submission, opened: Opened, at: datetime) -> None:
    (contact_id,), (lead,) = opened.contact_ids, opened.leads
    row.contact_id, row.lead = contact_id, lead
    if contact_id is None:  # he was erased: that something came is all we keep
        row.values, row.utm, row.page = {}, {}, ""
    row.save(update_fields=["contact", "lead", "values", "utm", "page"])


def _tell_company(
    contact_id: int, facts: ContactFacts, told: Mapping[str, Any], at: datetime
) -> Mapping[str, Any]:
    """Fill what is not known yet of the company that the person works for, and return what was told
    of it; where another company is meant, or none is known, the answers stay with the submission.

    Only this person's leads are scored anew: those of colleagues are not locked here.
    """
    if not told:
        return {}
    company = Contact.objects.select_related("company").get(pk=contact_id).company
    meant = CompanyFacts(name=facts.company, email=facts.email)
    if company is None:
        return {}
    if meant.key not in ("", company.sort_key) and meant.domain != (company.domain or ""):
        return {}
    if learn_own(company.pk, told):
        score_contacts([contact_id], at=at)
    return told


def _consent(form: CaptureForm, sent: Sent, row: Submission, by: User | None, at: datetime) -> None:
    """Keep a yes with the words it was said to, also where they were changed while the page stood
    open; an empty box is no answer."""
    if not sent.consented or row.contact_id is None:
        return
    version = sent.consent or form.consent_version
    words = form.texts.get(sent.language, {}).get("consent", "")
    if version != form.consent_version:
        then = form.wordings.filter(version=version).first()
        words = then.words.get(sent.language, "") if then else words
        version = version if then else form.consent_version
    said = ConsentFacts(
        given=True, text=words, text_version=str(version), contact_id=row.contact_id
    )
    record_consents([said], through=f"form: {form.name}"[:100], by=by, at=at)
