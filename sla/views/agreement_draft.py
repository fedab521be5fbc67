"""The draft of the next version: written section by section, commented by both teams."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.forms.refusals import attempt
from accounts.rules import standing
from accounts.views.access import member_required, person, requires
from accounts.views.answers import posted, wants_part
from leads.enums import LifecycleStage
from leads.selectors.terms import lexicon
from shell.toasts import toast
from sla.enums import SectionKey, Side
from sla.forms_agreement import (
    CommentForm,
    MessagingForm,
    SectionForm,
    TermsForm,
    WordsForm,
    step_forms,
    terms_initial,
)
from sla.models import Agreement, AgreementComment
from sla.rules import speaks_for, writes_agreement
from sla.selectors import versions
from sla.selectors.contract import clauses_of, open_comments, own_answers
from sla.services import writing
from sla.services.holding import hold_writer
from sla.views.agreement_signing import writes
from smarketing import time_source
from smarketing.errors import BadInput, NotAllowed, NotFound, Refused

WORDS = (SectionKey.DEFINITIONS, SectionKey.PERSONAS)
PROMISES = (SectionKey.GOAL, SectionKey.MARKETING, SectionKey.SALES)


@require_safe
@member_required
def draft(request: HttpRequest) -> HttpResponse:
    """The draft, opened at its first section; without one, how to begin it."""
    if versions.draft() is None:
        context = {"may_write": _may_write(request), "in_force": versions.in_force()}
        return render(request, "sla/agreement/no_draft.html", context)
    return redirect("agreement-draft-part", key=SectionKey.GOAL.value)


@member_required
def draft_part(request: HttpRequest, key: str) -> HttpResponse:
    """One section with what belongs to it; a POST saves its words, as typing does by itself."""
    section, version = _key(key), _draft()
    row = next((one for one in version.sections.all() if one.key == section), None)
    initial = {"text": row.text if row else "", "read": row.version if row else 1}
    form = SectionForm(posted(request), initial=initial)
    if request.method == "POST":
        hold_writer(person(request))
        return _save_section(request, version, section, form)
    return _page(request, version, section, form)


@require_POST
@requires(writes)
def draft_terms(request: HttpRequest) -> HttpResponse:
    """Save deputies, limits, rhythm and the day from which it is wanted."""
    version = _draft()
    form = TermsForm(request.POST)
    return _saved(
        request, version, SectionKey.RENEWAL, form,
        lambda: writing.write_terms(
            version, form.terms(), actor=person(request), at=time_source.now()
        ), terms=form,
    )  # fmt: skip


@require_POST
@requires(writes)
def draft_messaging(request: HttpRequest) -> HttpResponse:
    """Save who writes to the contact at each stage."""
    version = _draft()
    form = MessagingForm(request.POST, draft=version)
    return _saved(
        request, version, SectionKey.MESSAGING, form,
        lambda: writing.write_messaging(version, form.writers(), actor=person(request)),
        messaging=form,
    )  # fmt: skip


@require_POST
@requires(writes)
def draft_words(request: HttpRequest) -> HttpResponse:
    """Save which definitions and personas are part of the draft."""
    version = _draft()
    form = WordsForm(request.POST, draft=version)

    def choose() -> None:
        writing.choose_words(
            version,
            definitions=[row.pk for row in form.cleaned_data["definitions"]],
            personas=[row.pk for row in form.cleaned_data["personas"]],
            sql_types=[row.pk for row in form.cleaned_data["sql_types"]],
            actor=person(request),
        )

    return _saved(request, version, SectionKey.DEFINITIONS, form, choose, words=form)


@require_POST
@requires(writes)
def draft_protocol(request: HttpRequest) -> HttpResponse:
    """Save who answers for each step."""
    version = _draft()
    steps = step_forms(version, request.POST)
    valid = [form.is_valid() for form in steps.values()]  # every one says what is wrong
    if not all(valid):
        return _page(request, version, SectionKey.PROTOCOL, status=422, steps=steps)
    said = {key: form.step() for key, form in steps.items()}
    writing.write_protocol(version, said, actor=person(request))
    toast(request, _("Saved."))
    return redirect("agreement-draft-part", key=SectionKey.PROTOCOL.value)


@require_POST
@member_required
def draft_comment(request: HttpRequest, key: str) -> HttpResponse:
    """Say something to a section."""
    section, version = _key(key), _draft()
    form = CommentForm(request.POST)
    user, at = person(request), time_source.now()

    def say() -> None:
        writing.comment(version, section, form.cleaned_data["text"], author=user, at=at)

    return _saved(request, version, section, form, say, comment=form)


@require_POST
@member_required
def draft_settle(request: HttpRequest, pk: int) -> HttpResponse:
    """Mark a comment as dealt with."""
    row = writing.settle_comment(_draft(), pk, actor=person(request), at=time_source.now())
    return redirect("agreement-draft-part", key=row.section)


@require_POST
@member_required
def draft_answer(request: HttpRequest, side: str, stage: str) -> HttpResponse:
    """Say what a stage means to one's own team, before a common text is sought."""
    if side not in Side.values or stage not in LifecycleStage.values:
        raise NotFound("no such answer")
    version, form = _draft(), CommentForm(request.POST)
    user, at = person(request), time_source.now()
    if Side(side) not in speaks_for(standing(user)):
        raise NotAllowed(writing.NOT_YOUR_SIDE)

    def say() -> None:
        text = form.cleaned_data["text"]
        writing.answer(version, Side(side), LifecycleStage(stage), text, author=user, at=at)

    return _saved(request, version, SectionKey.DEFINITIONS, form, say)


def _save_section(
    request: HttpRequest, version: Agreement, section: SectionKey, form: SectionForm
) -> HttpResponse:
    """Answer typing with a line, a form without scripts with its page."""
    conflict, over, saved = "", None, None
    if form.is_valid():
        try:
            saved = writing.write_section(
                version,
                section,
                form.cleaned_data["text"],
                read=form.cleaned_data["over"] or form.cleaned_data["read"],
                actor=person(request),
                at=time_source.now(),
            )
        except (Refused, BadInput) as refusal:
            form.add_error(None, refusal.message)
            conflict = str(refusal.params.get("text", ""))
            over = refusal.params.get("version")
    if wants_part(request):
        context = {"saved": saved, "form": form, "conflict": conflict, "over": over}
        return render(request, "sla/agreement/_saved.html", context, status=200 if saved else 422)
    if saved is None:
        return _page(request, version, section, form, status=422, conflict=conflict, over=over)
    toast(request, _("Saved."))
    return redirect("agreement-draft-part", key=section.value)


def _saved(
    request: HttpRequest,
    version: Agreement,
    section: SectionKey,
    form: Any,
    save: Callable[[], Any],
    **context: Any,
) -> HttpResponse:
    """Save a valid form and go back to its section; else show the section with the refusals."""
    if form.is_valid() and attempt(form, save):
        toast(request, _("Saved."))
        return redirect("agreement-draft-part", key=section.value)
    if not context:
        toast(request, _("Write something first."), level=messages.ERROR)
    return _page(request, version, section, status=422, **context)


def _page(
    request: HttpRequest,
    version: Agreement,
    section: SectionKey,
    form: SectionForm | None = None,
    status: int = 200,
    **context: Any,
) -> HttpResponse:
    row = next((one for one in version.sections.all() if one.key == section), None)
    initial = {"text": row.text if row else "", "read": row.version if row else 1}
    clauses = clauses_of(version, lexicon())
    counts = open_comments(version)
    for clause in clauses:
        clause.comments = counts.get(clause.key, 0)
    shown = {
        "version": version,
        "clauses": clauses,
        "clause": next(one for one in clauses if one.key is section),
        "form": form or SectionForm(initial=initial),
        "comments": AgreementComment.objects.filter(agreement=version, section=section)
        .select_related("author")
        .order_by("settled_at", "written_at"),
        "comment": CommentForm(),
        "may_write": _may_write(request),
        "promises": section in PROMISES,
        **_extras(request, version, section),
    }
    return render(request, "sla/agreement/draft.html", shown | context, status=status)


def _extras(request: HttpRequest, version: Agreement, section: SectionKey) -> dict[str, Any]:
    """Return the forms that only this section has."""
    if section in WORDS:
        return {
            "words": WordsForm(draft=version),
            "answers": own_answers(version),
            "speaks": {side.value for side in speaks_for(standing(person(request)))},
        }
    if section is SectionKey.PROTOCOL:
        return {"steps": step_forms(version)}
    if section is SectionKey.MESSAGING:
        return {"messaging": MessagingForm(draft=version)}
    if section is SectionKey.RENEWAL:
        return {"terms": TermsForm(initial=terms_initial(version))}
    return {}


def _may_write(request: HttpRequest) -> bool:
    return writes_agreement(standing(person(request)))


def _draft() -> Agreement:
    version = versions.draft()
    if version is None:
        raise NotFound("no draft")
    return version


def _key(key: str) -> SectionKey:
    if key not in SectionKey.values:
        raise NotFound("no such section")
    return SectionKey(key)
