"""One way to correct a record in place: a card becomes a form and a card again.

Without scripts the form is a page of its own. A conflict comes back as 422 with what was typed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.views.access import person
from leads.forms_records import VersionedForm
from leads.services.editing import ChangedMeanwhile, EmailTaken, LineTaken
from shell.toasts import toast
from smarketing.errors import BadInput, Refused


@dataclass(frozen=True)
class Correction:
    """What is corrected: the row, its form, how it is saved and how its card is drawn again."""

    row: Any
    form: type[VersionedForm]
    initial: Callable[[Any], dict[str, Any]]
    save: Callable[[Mapping[str, Any], int, User], Any]
    title: str
    back: str
    card: str
    context: Callable[[], Mapping[str, Any]]
    more: Mapping[str, Any] = field(default_factory=dict)


def correct(request: HttpRequest, what: Correction) -> HttpResponse:
    """Show the form, or save it: the card again, or the form with what was wrong."""
    user = person(request)
    if request.method != "POST":
        return _form(request, what, what.form(initial=what.initial(what.row)))
    form = what.form(request.POST, initial=what.initial(what.row))
    if not form.is_valid():
        return _form(request, what, form)
    wrong = _wrong(what, form, user)
    if wrong is not None:
        return _form(request, what, wrong.pop("form"), **wrong)
    toast(request, _("Saved."))
    if getattr(request, "htmx", False):
        return render(request, what.card, dict(what.context()))
    return HttpResponseRedirect(what.back)


def _wrong(what: Correction, form: VersionedForm, user: User) -> dict[str, Any] | None:
    """Save; return the form to show again and why, None when all went well."""
    try:
        what.save(form.changes(), form.cleaned_data["version"], user)
    except ChangedMeanwhile as changed:
        return {"form": form.against(what.initial(changed.row)), "conflict": changed}
    except EmailTaken as taken:
        form.add_error("email", str(taken))
        return {"form": form, "taken": taken.contact}
    except LineTaken as taken_line:
        form.add_error("product_line", str(taken_line))
        return {"form": form, "other_lead": taken_line.lead}
    except BadInput as wrong:
        _tell(form, wrong)
        return {"form": form}
    except Refused as refused:
        form.add_error(None, str(refused))
        return {"form": form}
    return None


def _tell(form: VersionedForm, wrong: BadInput) -> None:
    for name, reasons in wrong.fields.items():
        form.add_error(name if name in form.fields else None, [str(one) for one in reasons])
    if not wrong.fields:
        form.add_error(None, str(wrong))


def _form(
    request: HttpRequest, what: Correction, form: VersionedForm, **context: Any
) -> HttpResponse:
    inline = getattr(request, "htmx", False)
    template = "leads/records/_edit_form.html" if inline else "leads/records/edit.html"
    values = {"form": form, "title": what.title, "back": what.back, "here": request.path}
    wrong = form.is_bound and (bool(form.errors) or "conflict" in context)
    shown = {**values, **what.more, **context, "inline": inline}
    return render(request, template, shown, status=422 if wrong else 200)
