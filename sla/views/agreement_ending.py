"""Both sides end a commitment before its agreement does."""

from __future__ import annotations

from typing import Any

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.forms.refusals import attempt
from accounts.views.access import member_required, person
from accounts.views.answers import posted
from shell.toasts import toast
from sla.enums import AgreementState
from sla.forms_agreement import EndingForm
from sla.models import Commitment
from sla.promise_words import say
from sla.selectors.agreement_parts import with_parts
from sla.selectors.house import house
from sla.services import ending
from smarketing import time_source
from smarketing.errors import NotFound, Refused


@require_http_methods(["GET", "HEAD", "POST"])
@member_required
def commitment_end(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask for the end of a commitment in force, or agree to what the other side asked."""
    row = _row(pk)
    ending.signer_of(row, person(request))
    answer: HttpResponse = _proved(request, row)
    return answer


@require_POST
@member_required
def commitment_end_back(request: HttpRequest, pk: int) -> HttpResponse:
    """Take back what one's side asked for."""
    try:
        ending.take_ending_back(pk, actor=person(request), at=time_source.now())
        toast(request, _("Taken back. The commitment goes on."))
    except Refused as refusal:
        toast(request, refusal.message, level=messages.ERROR)
    return redirect("agreement")


@reauthentication_required  # type: ignore[untyped-decorator]  # allauth is untyped here
def _proved(request: HttpRequest, row: Commitment) -> HttpResponse:
    """Go on once the person has proved again who he is."""
    form = EndingForm(posted(request))
    if request.method == "POST" and _agrees(request, row):
        return redirect("agreement")
    if form.is_bound and "read" not in request.POST and _asks(request, row, form):
        return redirect("agreement")
    return _page(request, row, form)


def _agrees(request: HttpRequest, row: Commitment) -> bool:
    """Agree to the wish that was read, if one was."""
    if not request.POST.get("read", "").isdigit():
        return False
    user, at = person(request), time_source.now()
    try:
        agreed = ending.agree_to_end(row.pk, read=int(request.POST["read"]), actor=user, at=at)
    except Refused as refusal:
        toast(request, refusal.message, level=messages.ERROR)
        return True
    if agreed.ends_on is not None and agreed.ends_on > house().day(at):
        toast(request, _("Agreed. The commitment ends on its day."))
    else:
        toast(request, _("Agreed. The commitment has ended."))
    return True


def _asks(request: HttpRequest, row: Commitment, form: EndingForm) -> bool:
    if not form.is_valid():
        return False
    user, at = person(request), time_source.now()
    done = attempt(form, lambda: ending.ask_to_end(row.pk, form.wish(), actor=user, at=at))
    if done:
        toast(request, _("Asked. It ends when the other side agrees."))
    return done


def _page(request: HttpRequest, row: Commitment, form: EndingForm) -> HttpResponse:
    user, at = person(request), time_source.now()
    signer = ending.signer_of(row, user)
    spoken = {one.side: one for one in row.endings.all()}
    mine = spoken.pop(signer.side, None)
    cancelled, late = ending.open_of(row.pk, at) if row.is_timed else (0, 0)
    context: dict[str, Any] = {
        "row": row,
        "said": say(row, house().currency),
        "form": form,
        "mine": mine,
        "wish": next(iter(spoken.values()), None),
        "cancelled": cancelled,
        "late": late,
    }
    status = 422 if form.is_bound else 200
    return render(request, "sla/agreement/end.html", context, status=status)


def _row(pk: int) -> Commitment:
    """Return a commitment in force that has not ended, with what is read of it."""
    rows = Commitment.objects.filter(
        pk=pk, agreement__state=AgreementState.IN_FORCE, ended_at__isnull=True
    ).prefetch_related("endings__head", "bands", "levels", "shares__user")
    row = rows.select_related("team", "product_line", "persona", "source").first()
    if row is None:
        raise NotFound(ending.NOT_THERE)
    row.agreement = with_parts().get(pk=row.agreement_id)
    return row
