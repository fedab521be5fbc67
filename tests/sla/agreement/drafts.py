"""Drafts and signed versions for tests, made as people make them."""

from __future__ import annotations

from datetime import datetime

from accounts.models import User
from sla.models import Agreement
from sla.services.drafting import start_draft
from sla.services.signing import propose, sign
from tests.conftest import AT


def proposed_by(head: User, *, at: datetime = AT) -> Agreement:
    """The template, proposed as it is."""
    return propose(start_draft(actor=head, at=at), actor=head, at=at)


def signed_by(*heads: User, at: datetime = AT, based_on: Agreement | None = None) -> Agreement:
    """A version that these people signed, the first having proposed it."""
    draft = start_draft(actor=heads[0], at=at, based_on=based_on)
    whole = propose(draft, actor=heads[0], at=at)
    for head in heads:
        sign(whole, actor=head, at=at, text_hash=whole.text_hash)
    return Agreement.objects.get(pk=draft.pk)
