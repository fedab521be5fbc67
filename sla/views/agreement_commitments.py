"""The commitments of a draft, one form each."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.forms.refusals import attempt
from accounts.views.access import person, requires
from accounts.views.answers import posted
from shell.toasts import toast
from sla.enums import PERIODIC, TIMED, AgreementState, SectionKey, Side
from sla.forms_commitments import CommitmentForm, commitment_initial
from sla.models import Agreement, Commitment
from sla.services.commitments import remove_commitment, save_commitment
from sla.views.agreement_signing import writes
from smarketing.errors import NotFound

SECTION_OF = {
    Side.BOTH: SectionKey.GOAL,
    Side.MARKETING: SectionKey.MARKETING,
    Side.SALES: SectionKey.SALES,
}
# Which kinds use a part of the form; the page shows no other.
SHOWN_FOR = {
    "timed": " ".join(sorted(TIMED)),
    "periodic": " ".join(sorted(PERIODIC)),
    "staged": "TIME_TO_FIRST_ATTEMPT TIME_IN_STAGE ATTEMPTS VOLUME RATE",
}
# A good ladder to begin with.
BEGIN = {
    "most_reroutes": 1,
    "period": "MONTH",
    "levels": [
        {"share": 75, "tell_owner": True},
        {"share": 100, "tell_owner": True, "tell_manager": True},
        {"share": 150, "tell_head": True},
    ],
}


@requires(writes)
def commitment_new(request: HttpRequest, side: str) -> HttpResponse:
    """Add a commitment of one side, or the shared goal."""
    if side.upper() not in Side.values:
        raise NotFound("no such side")
    return _edit(request, Side(side.upper()), None)


@requires(writes)
def commitment_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a commitment of the draft."""
    row = _row(pk)
    return _edit(request, Side(row.side), row)


@require_POST
@requires(writes)
def commitment_remove(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a commitment out of the draft."""
    row = _row(pk)
    section = SECTION_OF[Side(row.side)]
    remove_commitment(row.agreement, pk, actor=person(request))
    toast(request, _("Commitment removed."))
    return redirect("agreement-draft-part", key=section.value)


def _edit(request: HttpRequest, side: Side, row: Commitment | None) -> HttpResponse:
    draft = row.agreement if row else _draft()
    initial = commitment_initial(row) if row else BEGIN
    form = CommitmentForm(posted(request), side=side, initial=initial)

    def save() -> None:
        pk = row.pk if row else None
        save_commitment(draft, form.facts(), actor=person(request), pk=pk)

    section = SECTION_OF[side]
    if form.is_bound and form.is_valid() and attempt(form, save):
        toast(request, _("Commitment saved."))
        return redirect("agreement-draft-part", key=section.value)
    context = {"form": form, "row": row, "side": side, "section": section, **SHOWN_FOR}
    status = 422 if form.is_bound else 200
    return render(request, "sla/agreement/commitment.html", context, status=status)


def _draft() -> Agreement:
    row = Agreement.objects.filter(state=AgreementState.DRAFT).first()
    if row is None:
        raise NotFound("no draft")
    return row


def _row(pk: int) -> Commitment:
    rows = Commitment.objects.filter(agreement__state=AgreementState.DRAFT, pk=pk)
    row = rows.select_related("agreement").prefetch_related("bands", "levels", "shares").first()
    if row is None:
        raise NotFound("no such commitment")
    return row
