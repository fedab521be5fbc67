"""Marketing contests a rejection, Sales answers, a neutral facilitator rules; each once."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.rules import standing
from accounts.services.notices import notify
from leads.enums import Decision, Ruling
from leads.models import Dispute, Feedback
from leads.rules import is_of_marketing, is_of_sales, manages_sales, rules_disputes
from leads.selectors.disputes import (
    answering_for_sales,
    facilitators,
    last_instants_to_dispute,
    parties_of,
)
from leads.services.feedback import worded
from leads.services.overturning import overturn_rejection
from leads.signals import feedback_changed
from smarketing.errors import BadInput, NotAllowed, NotFound, Refused

OPENED, TO_RULE, ANSWERED = "dispute_opened", "dispute_to_rule", "dispute_answered"
RULED = {Ruling.UPHELD: "dispute_upheld", Ruling.OVERTURNED: "dispute_overturned"}
LONGEST = 4_000
OF_MARKETING = _("Disputing a rejection is for Marketing to do.")
OF_SALES = _("The answer comes from the person who decided, or from a manager of Sales.")
OF_FACILITATORS = _("Disputes are ruled by a facilitator.")
NOT_NEUTRAL = _("You are party to this dispute, so somebody else rules it.")
UNDONE = _("This decision was undone.")
NOT_REJECTED = _("Only a rejection can be disputed.")
DISPUTED = _("%(who)s has already disputed this rejection.")
TOO_LATE = _("This rejection could be disputed until %(until)s.")
ANSWERED_ALREADY = _("%(who)s has already answered for Sales.")
RULED_ALREADY = _("%(who)s has already ruled this dispute.")


def open_dispute(feedback_id: int, argument: str, *, actor: User, at: datetime) -> Dispute:
    """Contest a rejection, once, until the end of the n-th business day after the decision.

    Raises NotAllowed for people who do not speak for Marketing, BadInput without an argument, and
    Refused (`undone`, `not_rejected`, `disputed_already`, `too_late`); a refusal changes nothing.
    """
    if not is_of_marketing(standing(actor)):
        raise NotAllowed(OF_MARKETING)
    words = worded(argument, "argument", LONGEST)
    with transaction.atomic():
        feedback = _locked_feedback(feedback_id)
        _refuse_dispute(feedback, at)
        dispute = Dispute.objects.create(
            feedback=feedback, opened_by=actor, argument=words, opened_at=at
        )
        feedback_changed.send(sender=Feedback, feedback=[feedback], what="disputed", at=at)
        _tell(dispute, OPENED, answering_for_sales(feedback).exclude(pk=actor.pk), actor, at)
        _tell(dispute, TO_RULE, facilitators().exclude(pk__in=parties_of(dispute)), actor, at)
    return dispute


def answer_dispute(dispute_id: int, answer: str, *, actor: User, at: datetime) -> Dispute:
    """Say what Sales has to say to it, once, before the ruling.

    Raises NotAllowed for anybody but the person who decided and the managers of Sales, BadInput
    without words, and Refused (`answered_already`, `ruled_already`).
    """
    words = worded(answer, "answer", LONGEST)
    with transaction.atomic():
        dispute = _locked_dispute(dispute_id)
        if not may_answer(actor, dispute):
            raise NotAllowed(OF_SALES)
        _refuse_ruled(dispute)
        if dispute.answered_by is not None:
            who = {"who": dispute.answered_by.name}
            raise Refused(ANSWERED_ALREADY % who, code="answered_already")
        dispute.answer, dispute.answered_by, dispute.answered_at = words, actor, at
        dispute.save(update_fields=["answer", "answered_by", "answered_at"])
        rulers = facilitators().exclude(pk__in=parties_of(dispute))
        _tell(dispute, ANSWERED, _people({dispute.opened_by_id}, rulers, actor), actor, at)
    return dispute


def rule_dispute(
    dispute_id: int, ruling: Ruling, note: str, *, actor: User, at: datetime
) -> Dispute:
    """Rule: the rejection stands, or the lead goes back to Sales, to another rep.

    Raises NotAllowed for everybody but a facilitator who is not party to it, BadInput without a
    note that says why, Refused (`ruled_already`, or whatever forbids the way back); all or nothing.
    """
    if not rules_disputes(standing(actor)):
        raise NotAllowed(OF_FACILITATORS)
    words = worded(note, "note", LONGEST)
    if ruling not in Ruling.values:
        raise BadInput(_("Choose a ruling."), fields={"ruling": [_("Choose a ruling.")]})
    with transaction.atomic():
        dispute = _locked_dispute(dispute_id)
        _refuse_ruled(dispute)
        if actor.pk in parties_of(dispute):
            raise NotAllowed(NOT_NEUTRAL, code="not_neutral")
        dispute.ruling, dispute.ruling_note = ruling, words
        dispute.ruled_by, dispute.ruled_at = actor, at
        dispute.save(update_fields=["ruling", "ruling_note", "ruled_by", "ruled_at"])
        if ruling == Ruling.OVERTURNED:
            overturn_rejection(dispute.feedback, actor=actor, note=words, at=at)
        feedback_changed.send(sender=Feedback, feedback=[dispute.feedback], what="ruled", at=at)
        told = _people(parties_of(dispute), answering_for_sales(dispute.feedback), actor)
        _tell(dispute, RULED[Ruling(ruling)], told, actor, at)
    return dispute


def may_answer(user: User, dispute: Dispute) -> bool:
    """Tell whether `user` may answer for Sales: he decided, or manages in Sales."""
    held = standing(user)
    return manages_sales(held) or (is_of_sales(held) and dispute.feedback.given_by_id == user.pk)


def _refuse_dispute(feedback: Feedback, at: datetime) -> None:
    if feedback.voided_at is not None:
        raise Refused(UNDONE, code="undone")
    if feedback.decision != Decision.REJECTED:
        raise Refused(NOT_REJECTED, code="not_rejected")
    known = Dispute.objects.select_related("opened_by").filter(feedback=feedback).first()
    if known is not None:
        raise Refused(DISPUTED % {"who": known.opened_by.name}, code="disputed_already")
    until = last_instants_to_dispute([feedback.decided_at]).get(feedback.decided_at)
    if until is None or at > until:
        when = {"until": date_format(localtime(until), "j M Y, H:i") if until else "–"}
        raise Refused(TOO_LATE % when, code="too_late")


def _refuse_ruled(dispute: Dispute) -> None:
    if dispute.ruled_by is not None:
        raise Refused(RULED_ALREADY % {"who": dispute.ruled_by.name}, code="ruled_already")


def _locked_feedback(feedback_id: int) -> Feedback:
    """Lock the row, so that of two disputes and an undo one comes first."""
    rows = Feedback.objects.select_for_update(of=("self",)).select_related(
        "lead__contact", "given_by"
    )
    found = rows.filter(pk=feedback_id).first()
    if found is None:
        raise NotFound("no such feedback")
    return found


def _locked_dispute(dispute_id: int) -> Dispute:
    """Lock the row, then read it with its people: what a lock waited for, joins would not see."""
    locked = Dispute.objects.select_for_update().filter(pk=dispute_id).values_list("pk", flat=True)
    if not list(locked):
        raise NotFound("no such dispute")
    return Dispute.objects.select_related(
        "feedback__lead__contact", "feedback__given_by", "opened_by", "answered_by", "ruled_by"
    ).get(pk=dispute_id)


def _people(ids: set[int], others: QuerySet[User], actor: User) -> QuerySet[User]:
    """Return the people with `ids` and the `others`, without who acts."""
    wanted = Q(pk__in=ids) | Q(pk__in=others.values("pk"))
    return User.objects.filter(wanted).exclude(pk=actor.pk)


def _tell(dispute: Dispute, kind: str, people: QuerySet[User], actor: User, at: datetime) -> None:
    params = {"lead": dispute.feedback.lead.contact.name, "by": actor.name}
    url = reverse("dispute-detail", args=[dispute.pk])
    notify(people, kind, params, at=at, url=url, dedupe_key=f"{kind}:{dispute.pk}")
