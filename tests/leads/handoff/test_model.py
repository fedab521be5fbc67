"""Random walks of all decisions beside a small model of what should stand."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from accounts.enums import Role
from leads.enums import Decision, Disposition, LifecycleStage
from leads.models import Assignment, Feedback, Lead, StageTransition
from leads.moving import Move, MovesRefused
from leads.services.decisions import (
    By,
    Rejection,
    accept_leads,
    close_leads,
    finish_rework,
    nurture_leads,
    overturn_rejection,
    qualify_leads,
    reject_leads,
)
from leads.services.moves import move_leads
from leads.services.recycling import wake_due
from leads.services.undoing import undo
from smarketing.errors import NotFound, Refused
from tests.conftest import AT
from tests.factories import member
from tests.leads.records import lead_at

S, D = LifecycleStage, Disposition
ENDS = {
    "not_now": D.RECYCLED, "wrong_fit": D.DISQUALIFIED, "existing_customer": D.DISQUALIFIED,
    "bought_elsewhere": D.LOST,
}  # fmt: skip
CLOSES = {D.RECYCLED: "no_contact", D.DISQUALIFIED: "spam", D.LOST: "price"}


@dataclass(frozen=True)
class Row:
    """What the model knows of a lead."""

    stage: LifecycleStage
    disposition: Disposition = D.OPEN
    owner: int | None = None
    returned_by: int | None = None
    counted: tuple[tuple[str, str], ...] = ()
    rate: tuple[str, ...] = ()
    overturned: bool = False
    woken: bool = False

    @property
    def is_open(self) -> bool:
        return self.disposition is D.OPEN


class Handoff(RuleBasedStateMachine):
    """Three leads, a marketer, two reps, a facilitator; every decision that there is."""

    people: dict[str, Any]
    answers: Counter[str]  # of all walks together

    def __init__(self) -> None:
        super().__init__()
        self.whole = transaction.atomic()
        self.whole.__enter__()

    def teardown(self) -> None:
        """Leave nothing to the next walk."""
        transaction.set_rollback(True)
        self.whole.__exit__(None, None, None)

    @initialize()
    def begin(self) -> None:
        self.at = AT
        self.rows: dict[int, Row] = {}
        self.last: tuple[Any, Any, dict[int, Row]] | None = None
        for n in range(3):
            lead = lead_at(S.LEAD, email=f"p{n}@acme.example")
            self.rows[lead.pk] = Row(S.LEAD, counted=(("LEAD", "OPEN"),))
        self.ids = list(self.rows)

    def _do(self, actor: Any, act: Any, changes: dict[int, Row]) -> None:
        """Act; the model says whether it goes through, by whether it changes anything."""
        self.at += timedelta(seconds=1)
        if not changes:
            with pytest.raises(MovesRefused):
                act()
            self.answers["refused"] += 1
            return
        outcome = act()
        self.answers["done"] += 1
        self.last = (actor, outcome.action, {pk: self.rows[pk] for pk in changes})
        self.rows |= changes

    def _may_sell(self, row: Row, person: Any) -> bool:
        return row.owner in (None, person.pk)

    def _decides(self, row: Row, person: Any) -> bool:
        """Sales decides on an MQL unless it has sent it back."""
        waits = row.is_open and row.stage is S.MQL and row.returned_by is None
        return waits and self._may_sell(row, person)

    def _moved(self, row: Row, to: str, end: str, **fields: Any) -> Row:
        return replace(row, counted=(*row.counted, (to, end)), **fields)

    @rule(n=st.integers(0, 2))
    def qualify(self, n: int) -> None:
        pk, actor = self.ids[n], self.people["marketer"]
        row = self.rows[pk]
        fine = row.is_open and row.stage is S.LEAD
        after = self._moved(row, "MQL", "OPEN", stage=S.MQL, owner=None)
        act = lambda: qualify_leads([pk], by=By(actor=actor), at=self.at)  # noqa: E731
        self._do(actor, act, {pk: after} if fine else {})

    @rule(n=st.integers(0, 2), who=st.sampled_from(["rep", "greta"]))
    def accept(self, n: int, who: str) -> None:
        pk, actor = self.ids[n], self.people[who]
        row = self.rows[pk]
        fine = self._decides(row, actor)
        rate = row.rate if row.overturned else (*row.rate, "ACCEPTED")
        after = self._moved(row, "SAL", "OPEN", stage=S.SAL, owner=actor.pk, rate=rate)
        act = lambda: accept_leads([pk], by=By(actor=actor), at=self.at)  # noqa: E731
        self._do(actor, act, {pk: after} if fine else {})

    @rule(n=st.integers(0, 2), who=st.sampled_from(["rep", "greta"]),
          reason=st.sampled_from([*ENDS, "bad_data"]))  # fmt: skip
    def reject(self, n: int, who: str, reason: str) -> None:
        pk, actor = self.ids[n], self.people[who]
        row = self.rows[pk]
        fine = self._decides(row, actor)
        if reason == "bad_data":
            after = replace(row, owner=None, returned_by=row.owner or actor.pk)
        else:
            end = ENDS[reason]
            owner = None if end is D.RECYCLED else row.owner
            rate = row.rate if row.overturned else (*row.rate, "REJECTED")
            after = self._moved(row, "MQL", end.value, disposition=end, owner=owner, rate=rate)
        rejection = Rejection(reason=reason)
        act = lambda: reject_leads([pk], rejection, by=By(actor=actor), at=self.at)  # noqa: E731
        self._do(actor, act, {pk: after} if fine else {})

    @rule(n=st.integers(0, 2))
    def fix(self, n: int) -> None:
        pk, actor = self.ids[n], self.people["marketer"]
        row = self.rows[pk]
        fine = row.returned_by is not None
        after = replace(row, owner=row.returned_by, returned_by=None)
        act = lambda: finish_rework([pk], actor=actor, at=self.at)  # noqa: E731
        self._do(actor, act, {pk: after} if fine else {})

    @rule(n=st.integers(0, 2), end=st.sampled_from(list(CLOSES)))
    def give_up(self, n: int, end: Disposition) -> None:
        """Marketing closes what it has not handed over, and what it was to fix; in no rate."""
        pk, actor = self.ids[n], self.people["marketer"]
        row = self.rows[pk]
        fine = row.is_open and (row.stage is S.LEAD or row.returned_by is not None)
        after = self._moved(row, row.stage.value, end.value, disposition=end, returned_by=None)
        by = By(actor=actor)
        act = lambda: close_leads([pk], end, CLOSES[end], by=by, at=self.at)  # noqa: E731
        self._do(actor, act, {pk: after} if fine else {})

    @rule(n=st.integers(0, 2))
    def nurture(self, n: int) -> None:
        pk, actor = self.ids[n], self.people["marketer"]
        row = self.rows[pk]
        fine = row.is_open and row.stage is S.LEAD
        after = self._moved(row, "LEAD", "RECYCLED", disposition=D.RECYCLED)
        act = lambda: nurture_leads([pk], by=By(actor=actor), at=self.at)  # noqa: E731
        self._do(actor, act, {pk: after} if fine else {})

    @rule(n=st.integers(0, 2), who=st.sampled_from(["rep", "greta"]),
          end=st.sampled_from(list(CLOSES)))  # fmt: skip
    def let_go(self, n: int, who: str, end: Disposition) -> None:
        """Sales closes what it has accepted."""
        pk, actor = self.ids[n], self.people[who]
        row = self.rows[pk]
        if row.stage not in (S.SAL, S.SQL):
            return
        fine = row.is_open and self._may_sell(row, actor)
        owner = None if end is D.RECYCLED else row.owner
        after = self._moved(row, row.stage.value, end.value, disposition=end, owner=owner)
        by = By(actor=actor)
        act = lambda: close_leads([pk], end, CLOSES[end], by=by, at=self.at)  # noqa: E731
        self._do(actor, act, {pk: after} if fine else {})

    @rule(n=st.integers(0, 2), who=st.sampled_from(["rep", "greta"]))
    def advance(self, n: int, who: str) -> None:
        pk, actor = self.ids[n], self.people[who]
        row = self.rows[pk]
        if row.stage is not S.SAL:
            return
        fine = row.is_open and self._may_sell(row, actor)
        after = self._moved(row, "SQL", "OPEN", stage=S.SQL, owner=row.owner or actor.pk)
        move = Move(lead_id=pk, to_stage=S.SQL, actor=actor)
        self._do(actor, lambda: move_leads([move], at=self.at), {pk: after} if fine else {})

    @rule(late=st.booleans(), other=st.booleans())
    def take_back(self, *, late: bool, other: bool) -> None:
        """Undo the last action: in time, too late, or by somebody else."""
        if self.last is None:
            return
        actor, action, before = self.last
        at = max(action.done_at + timedelta(seconds=11 if late else 5), self.at)
        person = self.people["facilitator"] if other else actor
        if other or at > action.done_at + timedelta(seconds=10):
            with pytest.raises(NotFound if other else Refused):
                undo(action.pk, actor=person, at=at)
            return
        undo(action.pk, actor=person, at=at)
        self.rows |= before
        self.last = None

    @rule(n=st.integers(0, 2))
    def overturn(self, n: int) -> None:
        pk = self.ids[n]
        row = self.rows[pk]
        given = Feedback.objects.filter(lead=pk, voided_at=None).order_by("-id").first()
        if given is None or given.decision != Decision.REJECTED or row.overturned or row.woken:
            return
        if row.disposition is D.OPEN or row.stage is not S.MQL:
            return
        self.at += timedelta(seconds=1)
        overturn_rejection(given, actor=self.people["facilitator"], note="", at=self.at)
        self.rows[pk] = replace(
            row, disposition=D.OPEN, owner=None, overturned=True, counted=row.counted[:-1],
            rate=(*row.rate[:-1], "ACCEPTED"),
        )  # fmt: skip
        self.last = None

    @rule()
    def wake(self) -> None:
        """Three months later the recycled ones begin anew."""
        resting = [pk for pk, r in self.rows.items() if r.disposition is D.RECYCLED and not r.woken]
        done = wake_due(self.at + timedelta(days=91))
        assert done == len(resting)
        for pk in resting:
            self.rows[pk] = replace(self.rows[pk], woken=True)
            assert Lead.objects.get(recycled_from=pk).stage == S.LEAD
        self.last = None if resting else self.last

    @invariant()
    def the_record_is_as_the_model_says(self) -> None:
        for pk, row in getattr(self, "rows", {}).items():
            lead = Lead.objects.get(pk=pk)
            assert (lead.stage, lead.disposition) == (row.stage, row.disposition)
            assert (lead.owner_id, lead.returned_at is None, lead.woken_at is None) == (
                row.owner, row.returned_by is None, not row.woken,
            )  # fmt: skip
            told = StageTransition.objects.filter(lead=pk, voided_by=None).order_by("id")
            assert tuple(told.values_list("to_stage", "to_disposition")) == row.counted
            rate = Feedback.objects.filter(lead=pk, voided_at=None, counts_as__isnull=False)
            assert tuple(rate.order_by("id").values_list("counts_as", flat=True)) == row.rate

    @invariant()
    def somebody_has_every_lead_that_was_handed_over(self) -> None:
        for pk, row in getattr(self, "rows", {}).items():
            lead = Lead.objects.get(pk=pk)
            if row.is_open and row.stage is not S.LEAD:
                assert (lead.owner_id is None) is not (lead.queue_id is None)
                last = Assignment.objects.filter(lead=pk, voided_at=None).order_by("-id")[0]
                assert (last.owner_id, last.queue_id) == (lead.owner_id, lead.queue_id)

    @invariant()
    def the_first_mql_is_the_first_that_counts(self) -> None:
        for pk in getattr(self, "rows", {}):
            lead = Lead.objects.select_related("contact").get(pk=pk)
            entries = lead.transitions.filter(
                to_stage="MQL", from_stage="LEAD", voided_by=None, inferred=False
            )
            first = entries.order_by("effective_at").values_list("effective_at", flat=True).first()
            assert lead.contact.first_mql_at == first


@pytest.mark.django_db
def test_random_walks_and_the_model_agree(marketer, rep, sales, facilitator):
    greta = member("greta@acme.test", Role.REP, team=sales, name="Greta Villa")
    Handoff.people = {
        "marketer": marketer, "rep": rep, "greta": greta, "facilitator": facilitator,
    }  # fmt: skip
    Handoff.answers = Counter()
    run_state_machine_as_test(
        Handoff,
        settings=settings(
            max_examples=12,
            stateful_step_count=25,
            derandomize=True,
            database=None,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
    # The walks went somewhere: of what they tried, some was done and some refused.
    assert min(Handoff.answers["done"], Handoff.answers["refused"]) > 0
