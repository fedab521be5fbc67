"""Pages of the agreement: the version in force, every other version, what changed between them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.views.decorators.http import require_safe

from accounts.models import User
from accounts.rules import is_administrator, standing
from accounts.views.access import member_required, person
from leads.selectors.terms import lexicon
from shell.pdf import makes_pdf, pdf_of
from sla.enums import AgreementState
from sla.forms_agreement import VersionCommentForm
from sla.models import Agreement
from sla.renewal import renewal_of
from sla.rules import writes_agreement
from sla.selectors import versions
from sla.selectors.contract import clauses_of, comments_on
from sla.selectors.parties import parties, signers
from smarketing import time_source
from smarketing.errors import NotFound

SHEETS = ("css/tokens.css", "css/agreement.css", "css/agreement-print.css")
OPEN = (AgreementState.PROPOSED, AgreementState.SIGNED)


@require_safe
@member_required
def agreement(request: HttpRequest) -> HttpResponse:
    """The agreement in force; while there is none, who will sign it and what is still missing."""
    version = versions.in_force()
    if version is None:
        return _none(request)
    return render(request, "sla/agreement/document.html", _document(request, version))


@require_safe
@member_required
def agreement_version(request: HttpRequest, number: int) -> HttpResponse:
    """A version as a contract: in force, proposed, superseded or withdrawn."""
    version = versions.version_numbered(number)
    return render(request, "sla/agreement/document.html", _document(request, version))


@require_safe
@member_required
def agreement_print(request: HttpRequest, number: int) -> HttpResponse:
    """A version alone on paper: the words, the numbers, the signatures, the hash of the text."""
    version = versions.version_numbered(number)
    context = {"version": version, "clauses": clauses_of(version, lexicon())}
    return render(request, "sla/agreement/print.html", context)


@require_safe
@member_required
def agreement_pdf(request: HttpRequest, number: int) -> HttpResponse:
    """The print page as a file, where the machine can make one."""
    if not makes_pdf():
        raise NotFound("no PDF here")
    version = versions.version_numbered(number)
    context = {"version": version, "clauses": clauses_of(version, lexicon()), "as_pdf": True}
    markup = render_to_string("sla/agreement/print.html", context, request)
    answer = HttpResponse(pdf_of(markup, SHEETS), content_type="application/pdf")
    answer["Content-Disposition"] = f'attachment; filename="agreement-{number}.pdf"'
    return answer


@require_safe
@member_required
def agreement_versions(request: HttpRequest) -> HttpResponse:
    """Every version that was at least proposed, the newest first."""
    context = {"versions": versions.versions(), **_ways(person(request))}
    return render(request, "sla/agreement/versions.html", context)


@require_safe
@member_required
def agreement_changes(request: HttpRequest, number: int) -> HttpResponse:
    """What a version changed of the one that it is based on."""
    version = versions.version_numbered(number)
    if version.based_on is None:
        raise NotFound("the first version changed nothing")
    before = versions.version_numbered(version.based_on.number)
    context = {
        "version": version,
        "before": before,
        "changes": versions.differences(before, version),
    }
    return render(request, "sla/agreement/changes.html", context)


def _none(request: HttpRequest) -> HttpResponse:
    marketing, sales = parties()
    user = person(request)
    context = {
        "marketing": marketing,
        "sales": sales,
        "may_name_heads": is_administrator(user),
        **_ways(user),
    }
    return render(request, "sla/agreement/none.html", context)


def _ways(user: User) -> dict[str, Any]:
    """Return the ways on from here: write, look at what waits."""
    return {
        "may_write": writes_agreement(standing(user)),
        "waiting": versions.on_its_way(),
        "has_draft": Agreement.objects.filter(state=AgreementState.DRAFT).exists(),
    }


def _document(request: HttpRequest, version: Agreement) -> dict[str, Any]:
    user, at = person(request), time_source.now()
    shown_at = at if version.in_force else None
    marketing, sales = signers(version)
    mine = [one for one in (*marketing, *sales) if one.user_id == user.pk]
    signed = {row.side: row for row in version.signatures.all()}
    has_signed = any(row.signer_id == user.pk for row in signed.values())
    open_for_me = [one for one in mine if one.side not in signed]
    return {
        "version": version,
        "clauses": clauses_of(version, lexicon(), at=shown_at),
        "sides": [("marketing", signed.get("MARKETING"), marketing),
                  ("sales", signed.get("SALES"), sales)],
        "may_sign": version.state == AgreementState.PROPOSED and open_for_me and not has_signed,
        "may_end": version.in_force and bool(mine),
        "may_withdraw": version.state in OPEN and writes_agreement(standing(user)),
        "renewal": _renewal(version, at),
        "makes_pdf": makes_pdf(),
        "comments": comments_on(version),
        "comment_form": VersionCommentForm(),
        **_ways(user),
    }  # fmt: skip


def _renewal(version: Agreement, at: datetime) -> Any:
    return renewal_of(version, at) if version.in_force else None
