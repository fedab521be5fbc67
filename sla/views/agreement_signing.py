"""What is done to a version as a whole: begun, proposed, signed, withdrawn, looked at again."""

from __future__ import annotations

from typing import Any

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.rules import standing
from accounts.views.access import member_required, person, requires
from shell.toasts import toast
from sla.enums import AgreementState
from sla.forms_agreement import ProposeForm
from sla.models import Agreement
from sla.rules import writes_agreement
from sla.services import signing
from sla.services.drafting import start_draft
from sla.services.renewing import confirm_renewal
from smarketing import time_source
from smarketing.errors import NotFound, Refused


def writes(user: Any) -> bool:
    """Tell whether the person writes the agreement."""
    return writes_agreement(standing(user))


@require_POST
@requires(writes)
def draft_start(request: HttpRequest) -> HttpResponse:
    """Begin the next version: from the one in force, else from the template."""
    based_on = None
    if request.POST.get("from") != "template":
        based_on = Agreement.objects.filter(state=AgreementState.IN_FORCE).first()
    try:
        start_draft(actor=person(request), at=time_source.now(), based_on=based_on)
        toast(request, _("Draft begun. Both teams can comment on it."))
    except Refused as refusal:
        toast(request, refusal.message, level=messages.ERROR)
    return redirect("agreement-draft")


@require_POST
@requires(writes)
def draft_propose(request: HttpRequest) -> HttpResponse:
    """Propose the draft for signing; nothing in it changes from then on."""
    draft = Agreement.objects.filter(state=AgreementState.DRAFT).first()
    if draft is None:
        raise NotFound("no draft")
    form = ProposeForm(request.POST)
    if not form.is_valid():
        toast(request, form.errors["change_note"][0], level=messages.ERROR)
        return redirect("agreement-draft")
    note = form.cleaned_data["change_note"] if "change_note" in request.POST else None
    try:
        version = signing.propose(
            draft, actor=person(request), at=time_source.now(), change_note=note
        )
    except Refused as refusal:
        toast(request, refusal.message, level=messages.ERROR)
        return redirect("agreement-draft")
    toast(request, _("Version proposed. Both heads are told that it waits for them."))
    return redirect("agreement-version", number=version.number)


@require_POST
@member_required
@reauthentication_required  # type: ignore[untyped-decorator]  # allauth is untyped here
def version_sign(request: HttpRequest, number: int) -> HttpResponse:
    """Sign what was read, after having proved once more who one is."""
    version = _version(number)
    try:
        signing.sign(
            version,
            actor=person(request),
            at=time_source.now(),
            text_hash=request.POST.get("text_hash", ""),
        )
        toast(request, _("You signed version %(n)d.") % {"n": version.number})
    except Refused as refusal:
        toast(request, refusal.message, level=messages.ERROR)
    return redirect("agreement-version", number=number)


@require_POST
@requires(writes)
def version_withdraw(request: HttpRequest, number: int) -> HttpResponse:
    """Take back a version that is not in force yet."""
    try:
        signing.withdraw(_version(number), actor=person(request), at=time_source.now())
        toast(request, _("Version withdrawn. It stays readable."))
    except Refused as refusal:
        toast(request, refusal.message, level=messages.ERROR)
    return redirect("agreement-versions")


@require_POST
@requires(writes)
def version_renew(request: HttpRequest, number: int) -> HttpResponse:
    """Say that the version in force still holds."""
    try:
        confirm_renewal(_version(number), actor=person(request), at=time_source.now())
        toast(request, _("Looked at and confirmed. The next look is planned."))
    except Refused as refusal:
        toast(request, refusal.message, level=messages.ERROR)
    return redirect("agreement")


def _version(number: int) -> Agreement:
    row = Agreement.objects.filter(number=number).first()
    if row is None:
        raise NotFound("no such version")
    return row
