"""From the rejection to the ruling: overturned, the lead goes to another rep and counts once."""

from __future__ import annotations

from datetime import timedelta

import pytest

from accounts.enums import Role
from accounts.models import Notice
from leads.enums import (
    AssignmentCause,
    Decision,
    Disposition,
    LifecycleStage,
    Ruling,
    TouchKind,
    VersionState,
)
from leads.models import Assignment, Dispute, Feedback, Lead, StageDefinition
from leads.selectors.dispute_packet import packet_of
from leads.selectors.feedback import visible_feedback
from leads.selectors.feedback_figures import total
from leads.services.decisions import By, Rejection, accept_leads, qualify_leads, reject_leads
from leads.services.disputes import answer_dispute, open_dispute, rule_dispute
from leads.services.touches import TouchFacts, record_touches
from smarketing.errors import Refused
from tests.conftest import AT
from tests.factories import member
from tests.leads.records import lead_at
from tests.leads.routing.pools import pool_of, rule_for
from tests.leads.test_races import at_once

pytestmark = pytest.mark.django_db
S, D = LifecycleStage, Disposition
HOUR = timedelta(hours=1)


@pytest.fixture
def greta(sales):
    return member("greta@acme.test", Role.REP, team=sales, name="Greta Villa")


@pytest.fixture
def overturned(marketer, rep, greta, facilitator) -> Dispute:
    """A lead that Bruno rejected, contested, answered, overturned."""
    rule_for(pool_of(rep, greta))
    lead = lead_at(S.MQL, owner=rep)
    reject_leads([lead.pk], Rejection(reason="wrong_fit"), by=By(actor=rep), at=AT)
    feedback = Feedback.objects.get()
    dispute = open_dispute(feedback.pk, "He asked.", actor=marketer, at=AT + HOUR)
    answer_dispute(dispute.pk, "Not to me.", actor=rep, at=AT + 2 * HOUR)
    return rule_dispute(
        dispute.pk, Ruling.OVERTURNED, "He did ask.", actor=facilitator, at=AT + 3 * HOUR
    )


def test_overturned_the_same_row_is_an_mql_of_another_rep(overturned, rep, greta):
    lead = Lead.objects.get()
    assert (lead.stage, lead.disposition, lead.owner, lead.closed_at) == (
        S.MQL,
        D.OPEN,
        greta,
        None,
    )
    last = Assignment.objects.order_by("-pk").first()
    assert last is not None
    assert (last.cause, last.owner, last.from_owner) == (AssignmentCause.OVERTURNED, greta, rep)
    told = Notice.objects.filter(kind="dispute_overturned").values_list(
        "recipient__email", flat=True
    )
    assert sorted(told) == ["alice@acme.test", "bruno@acme.test"]


def test_it_counts_as_one_acceptance_at_the_original_date_and_no_more(overturned, greta, marketer):
    lead = Lead.objects.get()
    accept_leads([lead.pk], by=By(actor=greta), at=AT + 4 * HOUR)
    rows = list(Feedback.objects.order_by("decided_at"))
    assert [(row.decision, row.counts_as, row.decided_at) for row in rows] == [
        (Decision.REJECTED, Decision.ACCEPTED, AT),
        (Decision.ACCEPTED, None, AT + 4 * HOUR),
    ]
    whole = total(visible_feedback(marketer), {})
    assert (whole.accepted, whole.rejected) == (1, 0)


@pytest.mark.django_db(transaction=True)
def test_of_two_rulings_at_once_one_stands(marketer, rep, facilitator):
    fiona = member("fiona@acme.test", Role.FACILITATOR, name="Fiona Sala")
    lead = lead_at(S.MQL, owner=rep)
    reject_leads([lead.pk], Rejection(reason="wrong_fit"), by=By(actor=rep), at=AT)
    made = open_dispute(Feedback.objects.get().pk, "He asked.", actor=marketer, at=AT)

    def ruled_by(person):
        def rule():
            try:
                return rule_dispute(made.pk, Ruling.UPHELD, "No.", actor=person, at=AT)
            except Refused as refused:
                return str(refused)

        return rule

    results = at_once(ruled_by(facilitator), ruled_by(fiona))
    (refused,) = [one for one in results if isinstance(one, str)]
    winner = Dispute.objects.get().ruled_by
    assert refused == f"{winner.name} has already ruled this dispute."


def test_the_packet_tells_what_was_checked_and_nothing_younger(marketer, rep):
    definition = StageDefinition.objects.filter(stage=S.MQL, state=VersionState.IN_FORCE)
    definition.update(state=VersionState.RETIRED)
    StageDefinition.objects.create(
        stage=S.MQL, version=91, responsible="SHARED", state=VersionState.IN_FORCE, created_at=AT,
        criteria=[{"kind": "filled", "field": "contact.job_title", "required": True}],
    )  # fmt: skip
    lead = lead_at(job_title="Plant manager")
    qualify_leads([lead.pk], by=By(actor=marketer), at=AT)
    touch = {"kind": TouchKind.DOWNLOAD, "contact_id": lead.contact_id}
    record_touches([TouchFacts(**touch, occurred_at=AT - HOUR)], at=AT)
    reject_leads([lead.pk], Rejection(reason="wrong_fit"), by=By(actor=rep), at=AT + HOUR)
    record_touches([TouchFacts(**touch, occurred_at=AT + 2 * HOUR)], at=AT + 2 * HOUR)
    packet = packet_of(Feedback.objects.select_related("lead").get())
    assert packet.qualified is not None
    assert (packet.qualified.actor, packet.score) == (marketer, 0)
    assert [(one.value, one.state) for one in packet.criteria] == [("Plant manager", "met")]
    assert [one.occurred_at for one in packet.touches] == [AT - HOUR]
