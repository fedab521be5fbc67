"""Settings: the lists of names that leads and deals choose from, and the steps of deals."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.forms.refusals import attempt
from accounts.rules import standing
from accounts.views.access import person, requires
from leads.forms_campaigns import DealStepForm, NameForm
from leads.models import DealStep
from leads.rules import keeps_catalogue
from leads.selectors.deals import deal_steps
from leads.services.naming import (
    KINDS,
    move_step,
    name_entry,
    remove_entry,
    remove_step,
    save_step,
)
from shell.toasts import toast
from smarketing.errors import NotAllowed, NotFound, Refused

LISTS: dict[str, dict[str, Any]] = {
    "product-lines": {
        "title": gettext_lazy("Product lines"),
        "text": gettext_lazy("What you sell, as finely as your funnel tells apart."),
        "used": "leads",
    },
    "sources": {
        "title": gettext_lazy("Sources"),
        "text": gettext_lazy("Where leads were first captured."),
        "used": "leads",
    },
    "competitors": {
        "title": gettext_lazy("Competitors"),
        "text": gettext_lazy("To whom deals are lost."),
        "used": "",
    },
}


def may_keep(user: Any) -> bool:
    """Tell whether the person keeps these lists."""
    return keeps_catalogue(standing(user))


@require_safe
@requires(may_keep)
def catalogue(request: HttpRequest) -> HttpResponse:
    """Every list of names, with how many leads each name has."""
    return _lists(request)


def _lists(request: HttpRequest, wrong: tuple[str, NameForm] | None = None) -> HttpResponse:
    lists = [
        {
            "kind": kind,
            **LISTS[kind],
            "rows": _rows(kind),
            "form": wrong[1] if wrong and wrong[0] == kind else NameForm(auto_id=f"{kind}-%s"),
        }
        for kind in KINDS
    ]
    return render(
        request, "leads/settings/catalogue.html", {"lists": lists}, status=422 if wrong else 200
    )


def _rows(kind: str) -> Any:
    rows = KINDS[kind].objects.order_by("name")
    used = LISTS[kind]["used"]
    return rows.annotate(used=Count(used)) if used else rows


@require_POST
@requires(may_keep)
def entry_add(request: HttpRequest, kind: str) -> HttpResponse:
    """Add a name to a list."""
    form = NameForm(request.POST, auto_id=f"{kind}-%s")

    def add() -> None:
        name_entry(kind, form.cleaned_data["name"], actor=person(request))

    if kind not in KINDS:
        raise NotFound("no such list")
    if form.is_valid() and attempt(form, add):
        toast(request, _("“%(name)s” added.") % form.cleaned_data)
        return redirect("catalogue")
    return _lists(request, (kind, form))


@require_http_methods(["GET", "HEAD", "POST"])
@requires(may_keep)
def entry_edit(request: HttpRequest, kind: str, pk: int) -> HttpResponse:
    """Rename an entry of a list."""
    row = KINDS[kind].objects.filter(pk=pk).first() if kind in KINDS else None
    if row is None:
        raise NotFound("no such entry")
    form = NameForm(request.POST if request.method == "POST" else None, initial={"name": row.name})

    def rename() -> None:
        name_entry(kind, form.cleaned_data["name"], pk=pk, actor=person(request))

    if form.is_bound and form.is_valid() and attempt(form, rename):
        toast(request, _("Renamed."))
        return redirect("catalogue")
    context = {"form": form, "row": row, "kind": kind, "title": LISTS[kind]["title"]}
    return render(request, "leads/settings/entry.html", context, status=422 if form.errors else 200)


@require_POST
@requires(may_keep)
def entry_remove(request: HttpRequest, kind: str, pk: int) -> HttpResponse:
    """Remove a name that nothing points to."""
    _tell(request, lambda: remove_entry(kind, pk, actor=person(request)), _("Removed."))
    return redirect("catalogue")


@require_safe
@requires(may_keep)
def steps(request: HttpRequest) -> HttpResponse:
    """The steps of deals, in order."""
    return render(request, "leads/settings/steps.html", {"steps": deal_steps()})


@require_http_methods(["GET", "HEAD", "POST"])
@requires(may_keep)
def step_edit(request: HttpRequest, pk: int | None = None) -> HttpResponse:
    """Add a step, or change one."""
    step = next((step for step in deal_steps() if step.pk == pk), None)
    if pk is not None and step is None:
        raise NotFound("no such step")
    form = DealStepForm(request.POST if request.method == "POST" else None, initial=_initial(step))

    def save() -> None:
        data = form.cleaned_data
        save_step(
            pk,
            name=data["name"],
            probability=form.share,
            is_active=data["is_active"],
            actor=person(request),
        )

    if form.is_bound and form.is_valid() and attempt(form, save):
        toast(request, _("Step saved."))
        return redirect("deal-steps")
    context = {"form": form, "step": step}
    return render(request, "leads/settings/step.html", context, status=422 if form.errors else 200)


def _initial(step: DealStep | None) -> dict[str, Any]:
    if step is None:
        return {"is_active": True}
    chance = int(step.probability * 100)
    return {"name": step.name, "chance": chance, "is_active": step.is_active}


@require_POST
@requires(may_keep)
def step_move(request: HttpRequest, pk: int) -> HttpResponse:
    """Move a step up or down."""
    by = -1 if request.POST.get("by") == "up" else 1
    move_step(pk, by, actor=person(request))
    return redirect("deal-steps")


@require_POST
@requires(may_keep)
def step_remove(request: HttpRequest, pk: int) -> HttpResponse:
    """Remove a step that no deal ever stood at."""
    _tell(request, lambda: remove_step(pk, actor=person(request)), _("Step removed."))
    return redirect("deal-steps")


def _tell(request: HttpRequest, act: Callable[[], None], said: str) -> None:
    """Do it and say so, or say why not."""
    try:
        act()
    except (NotAllowed, NotFound):
        raise
    except Refused as refused:
        toast(request, str(refused), level=messages.ERROR)
    else:
        toast(request, said)
