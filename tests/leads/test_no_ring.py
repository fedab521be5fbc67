"""Captures and decisions about one person at once: none waits for the other in a ring."""

from __future__ import annotations

import pytest

from leads.enums import LifecycleStage, TouchKind
from leads.models import Lead
from leads.moving import Move, Step
from leads.services.contacts import ContactFacts
from leads.services.moves import move_leads
from leads.services.opening import Capture, open_leads
from leads.services.touches import TouchFacts
from tests.conftest import AT
from tests.leads.records import lead_at
from tests.leads.scoring.made import engagement_rule
from tests.leads.test_races import at_once

pytestmark = pytest.mark.django_db(transaction=True)
S = LifecycleStage
ROUNDS = 8


def test_captures_and_a_qualification_of_one_person(marketer):
    engagement_rule(5, TouchKind.FORM)
    for n in range(ROUNDS):
        lead = lead_at(S.LEAD, email=f"p{n}@acme.example")
        capture = Capture(
            contact=ContactFacts(captured_through="form", email=f"p{n}@acme.example", city="Roma"),
            steps=[Step(to_stage=S.LEAD, actor=marketer)],
            touch=TouchFacts(kind=TouchKind.FORM),
        )
        move = Move(lead_id=lead.pk, to_stage=S.MQL, actor=marketer)
        at_once(
            lambda: open_leads([capture], actor=marketer, at=AT),  # noqa: B023  # run at once
            lambda: move_leads([move], at=AT),  # noqa: B023
            lambda: open_leads([capture], actor=marketer, at=AT),  # noqa: B023
        )
        lead.refresh_from_db()
        assert lead.stage == S.MQL
        assert Lead.objects.filter(contact=lead.contact_id).count() == 1
