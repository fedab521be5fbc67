"""Marketing mail follows the messaging rules of the agreement in force, stage by stage."""

from __future__ import annotations

import pytest

from accounts.models import User
from leads.enums import Disposition, LifecycleStage
from leads.models import Lead
from leads.selectors.mailing import may_mail, stages_of_marketing
from sla.enums import Writer
from sla.models import Agreement
from sla.services.drafting import start_draft
from sla.services.signing import propose, sign
from sla.services.writing import write_messaging
from tests.conftest import AT
from tests.leads.records import lead_at

S, D, W = LifecycleStage, Disposition, Writer
WRITERS = {
    S.LEAD: W.BOTH, S.MQL: W.NOBODY, S.SAL: W.MARKETING, S.SQL: W.SALES,
    S.OPPORTUNITY: W.BOTH, S.CUSTOMER: W.SALES,
}  # fmt: skip
MAILED = {S.LEAD, S.SAL, S.OPPORTUNITY}


def lead_of(stage: LifecycleStage, disposition: Disposition) -> Lead:
    row = lead_at(stage, disposition)
    return Lead.objects.select_related("contact").get(pk=row.pk)


def agreed(head: User, other: User) -> Agreement:
    """The template with other messaging rules, proposed and signed by one."""
    draft = start_draft(actor=head, at=AT)
    write_messaging(draft, WRITERS, actor=head)
    version = propose(draft, actor=head, at=AT)
    sign(version, actor=head, at=AT, text_hash=version.text_hash)
    return version


@pytest.mark.parametrize("stage", S)
def test_each_stage_at_the_instant_of_being_in_force(
    stage: LifecycleStage, manager_marketing: User, manager_sales: User
) -> None:
    lead = lead_of(stage, D.WON if stage is S.CUSTOMER else D.OPEN)
    version = agreed(manager_marketing, manager_sales)
    assert may_mail(lead, stages_of_marketing()) is (stage in {S.LEAD, S.MQL, S.CUSTOMER})
    sign(version, actor=manager_sales, at=AT, text_hash=version.text_hash)
    assert may_mail(lead, stages_of_marketing()) is (stage in MAILED)


def test_who_is_nobodys_work_is_marketings_again(
    manager_marketing: User, manager_sales: User
) -> None:
    version = agreed(manager_marketing, manager_sales)
    sign(version, actor=manager_sales, at=AT, text_hash=version.text_hash)
    for disposition in (D.RECYCLED, D.DISQUALIFIED, D.LOST):
        assert may_mail(lead_of(S.SQL, disposition), stages_of_marketing())


def test_who_objects_is_never_mailed(manager_marketing: User, manager_sales: User) -> None:
    version = agreed(manager_marketing, manager_sales)
    sign(version, actor=manager_sales, at=AT, text_hash=version.text_hash)
    lead = lead_of(S.SAL, D.OPEN)
    lead.contact.no_marketing_since = AT
    assert not may_mail(lead, stages_of_marketing())
