"""What people type about leads."""

from __future__ import annotations

from datetime import datetime, time
from functools import cached_property
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from leads.enums import Disposition, LifecycleStage
from leads.models import Campaign, Competitor, ProductLine, Source
from leads.selectors.house import HouseRules, house_rules
from leads.services.contacts import LONGEST

CLOSINGS = [
    (value, value.label)
    for value in (Disposition.RECYCLED, Disposition.DISQUALIFIED, Disposition.LOST)
]
CLOSING_HINTS = {
    Disposition.RECYCLED: _("Not now: back to Marketing, which keeps in touch."),
    Disposition.DISQUALIFIED: _("Will never fit, or is a customer already."),
    Disposition.LOST: _("Decided for somebody else or against buying."),
}
NOTE = forms.Textarea(attrs={"rows": 3})
MORNING = time(9)
FIRST_YEAR, LAST_YEAR = 2000, 2200


class MoveForm(forms.Form):
    """A move to a later stage; `expected` is the stage that the page showed."""

    to_stage = forms.ChoiceField(choices=LifecycleStage.choices, label=_("To stage"))
    expected = forms.ChoiceField(
        choices=LifecycleStage.choices, required=False, widget=forms.HiddenInput
    )
    note = forms.CharField(required=False, max_length=2_000, widget=NOTE, label=_("Note"))


class CloseForm(forms.Form):
    """How and why a lead is closed. A reason belongs to the ways of closing that it leads to."""

    disposition = forms.ChoiceField(
        choices=CLOSINGS, widget=forms.RadioSelect, label=_("How does it end?")
    )
    reason = forms.ChoiceField(label=_("Reason"))
    until = forms.DateField(
        required=False, label=_("Try again on"), widget=forms.DateInput(attrs={"type": "date"}),
        help_text=_("For a recycled lead. Empty: after the usual wait."),
    )  # fmt: skip
    competitor = forms.ModelChoiceField(
        Competitor.objects.all(), required=False, label=_("Bought from"),
        empty_label=_("Not known"), help_text=_("For a lost lead."),
    )  # fmt: skip
    note = forms.CharField(
        required=False, max_length=2_000, widget=NOTE, label=_("Note"),
        help_text=_("Whoever meets this contact next reads it."),
    )  # fmt: skip
    expected = forms.ChoiceField(
        choices=LifecycleStage.choices, required=False, widget=forms.HiddenInput
    )

    def __init__(
        self, *args: Any, dispositions: tuple[Disposition, ...] = (), **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.kinds = dispositions or tuple(value for value, _label in CLOSINGS)
        choices = [(kind.value, f"{kind.label} – {CLOSING_HINTS[kind]}") for kind in self.kinds]
        self._field("disposition").choices = choices
        # Asked only when somebody looks, both by the one statement that reads the house's rules.
        self._field("reason").choices = self._reasons
        self.fields["competitor"].widget.choices = self._competitors

    @cached_property
    def house(self) -> HouseRules:
        """The rules of the house; one statement."""
        return house_rules()

    def _reasons(self) -> list[Any]:
        groups = [
            (kind.label, [(one.code, one.label) for one in self.house.reasons_for(kind)])
            for kind in self.kinds
        ]
        return [("", _("Choose a reason")), *groups]

    def _competitors(self) -> list[Any]:
        return [("", _("Not known")), *self.house.competitors]

    def _field(self, name: str) -> forms.ChoiceField:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101  # they are declared above
        return field

    def clean_until(self) -> datetime | None:
        """The morning of the day, in the reader's zone."""
        day = self.cleaned_data["until"]
        if day is None:
            return None
        if not FIRST_YEAR <= day.year <= LAST_YEAR:
            raise forms.ValidationError(_("Choose a day within the next years."))
        return timezone.make_aware(datetime.combine(day, MORNING))

    def clean(self) -> dict[str, Any]:
        """A reason belongs to its ways of closing; some say more in a note."""
        data = super().clean() or {}
        disposition, code = data.get("disposition"), data.get("reason")
        reason = self.house.reasons.get(code) if code else None
        if reason is None or not disposition:
            return data
        if disposition not in reason.dispositions:
            self.add_error("reason", _("This reason does not go with the way that you chose."))
        if reason.note_needed and not str(data.get("note", "")).strip():
            self.add_error("note", _("Say in a few words what the other reason is."))
        return data

    def particulars(self) -> dict[str, Any]:
        """Return what a step tells beside its disposition, as `leads.moving.Step` names it."""
        data = self.cleaned_data
        recycles = data["disposition"] == Disposition.RECYCLED
        loses = data["disposition"] == Disposition.LOST
        competitor = data["competitor"] if loses else None
        return {
            "reason": data["reason"],
            "note": data["note"],
            "recycle_until": data["until"] if recycles else None,
            "competitor_id": competitor.pk if competitor else None,
        }


class BulkForm(forms.Form):
    """Several leads of the list and what is to be done with them."""

    MOST = 500
    LONGEST_ID = 18

    selected = forms.TypedMultipleChoiceField(coerce=int, label=_("Leads"))
    action = forms.ChoiceField(
        choices=[
            ("qualify", _("Qualify")),
            ("accept", _("Accept")),
            ("move", _("Move")),
            ("close", _("Close")),
        ]
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        given = self.data.getlist("selected") if hasattr(self.data, "getlist") else []
        ids = [v for v in given if v.isdecimal() and len(v) <= self.LONGEST_ID][: self.MOST]
        field = self.fields["selected"]
        assert isinstance(field, forms.TypedMultipleChoiceField)  # noqa: S101  # declared above
        field.choices = [(value, value) for value in ids]


class NewLeadForm(forms.Form):
    """A person who showed interest, and where the lead begins."""

    email = forms.EmailField(max_length=LONGEST["email"], label=_("E-mail"))
    given_name = forms.CharField(
        required=False, max_length=LONGEST["given_name"], label=_("Given name")
    )
    family_name = forms.CharField(
        required=False, max_length=LONGEST["family_name"], label=_("Family name")
    )
    company = forms.CharField(
        required=False, max_length=LONGEST["company"], label=_("Company"),
        help_text=_("Empty: found by the e-mail's domain."),
    )  # fmt: skip
    job_title = forms.CharField(
        required=False, max_length=LONGEST["job_title"], label=_("Job title")
    )
    phone = forms.CharField(required=False, max_length=LONGEST["phone"], label=_("Phone"))
    country = forms.CharField(required=False, max_length=LONGEST["country"], label=_("Country"))
    city = forms.CharField(required=False, max_length=LONGEST["city"], label=_("City"))
    source = forms.ModelChoiceField(
        Source.objects.all(), required=False, label=_("Source"), empty_label=_("Not known")
    )
    campaign = forms.ModelChoiceField(
        Campaign.objects.all(), required=False, label=_("Campaign"), empty_label=_("None")
    )
    product_line = forms.ModelChoiceField(
        ProductLine.objects.all(), required=False, label=_("Product line"),
        empty_label=_("Not known yet"),
    )  # fmt: skip
    stage = forms.ChoiceField(label=_("Begins as"))
    note = forms.CharField(required=False, max_length=2_000, widget=NOTE, label=_("Note"))

    def __init__(self, *args: Any, stages: list[LifecycleStage], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["stage"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101  # declared above
        field.choices = [(stage.value, stage.label) for stage in stages]
