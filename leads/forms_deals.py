"""What people type about deals and customers. Amounts are read in the person's own number form."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.enums import Role
from accounts.forms.settings import CURRENCIES as USUAL
from accounts.models import User
from leads.enums import CustomerEventKind, LifecycleStage
from leads.models import Competitor, DealStep, Opportunity, ProductLine, SqlType
from leads.money import CURRENCIES, read_amount, read_rate
from leads.reasons import CodedReason
from leads.services.deals.facts import LONGEST_NAME, DealFacts
from shell.formats import marks, write_number
from smarketing.errors import BadInput

NOTE = forms.Textarea(attrs={"rows": 3})
LONGEST_NOTE = 2_000
NEVER, ON_A_DAY = "never", "on"


def day_input() -> forms.DateInput:
    """The browser's own calendar."""
    return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class NumberField(forms.CharField):
    """A number as the person writes it: read strictly, written back the same way."""

    places = 2

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", 40)
        attrs = {"inputmode": "decimal", "autocomplete": "off", "class": "number"}
        super().__init__(widget=forms.TextInput(attrs=attrs), **kwargs)

    def read(self, text: str) -> Decimal | None:
        """Return the number, None for nothing; raise BadInput."""
        return read_amount(text, marks())

    def to_python(self, value: Any) -> Any:
        text = super().to_python(value) or ""
        try:
            return self.read(text)
        except BadInput as bad:
            raise ValidationError([str(bad)]) from bad

    def run_validators(self, value: Any) -> None:
        """The number was held against its limits when it was read."""

    def prepare_value(self, value: Any) -> Any:
        if not isinstance(value, Decimal):
            return value
        plain = value.normalize()
        return write_number(plain, max(0, -int(plain.as_tuple().exponent)))


class RateField(NumberField):
    """An exchange rate."""

    def read(self, text: str) -> Decimal | None:
        return read_rate(text, marks())


def currency_choices() -> list[tuple[Any, Any]]:
    """Return every currency, those of the house's neighbours first."""
    usual = [code for code, _name in USUAL]
    others = sorted(CURRENCIES - set(usual))
    return [(_("Often used"), [(c, c) for c in usual]), (_("All"), [(c, c) for c in others])]


def sellers() -> Any:
    """Return the people who may own a deal: reps and managers at work."""
    roles = (Role.REP, Role.MANAGER)
    owners = User.objects.active().filter(memberships__role__in=roles)
    return owners.order_by("name", "id").distinct()


class DealForm(forms.Form):
    """A deal, to be made or edited; `version` is that of the row which the page showed."""

    name = forms.CharField(
        required=False, max_length=LONGEST_NAME, label=_("Name"),
        help_text=_("Empty: the product line."),
    )  # fmt: skip
    amount = NumberField(required=False, label=_("Amount"))
    currency = forms.ChoiceField(choices=currency_choices, label=_("Currency"))
    expected_close_on = forms.DateField(
        required=False, label=_("Expected close"), widget=day_input()
    )
    step = forms.ModelChoiceField(
        DealStep.objects.none(), required=False, label=_("Step"), empty_label=_("The first one")
    )
    product_line = forms.ModelChoiceField(
        ProductLine.objects.all(), required=False, label=_("Product line"),
        empty_label=_("As the lead"),
    )  # fmt: skip
    owner = forms.ModelChoiceField(
        User.objects.none(), required=False, label=_("Owner"), empty_label=_("As the lead")
    )
    note = forms.CharField(required=False, max_length=5_000, widget=NOTE, label=_("Note"))
    version = forms.IntegerField(
        required=False, min_value=1, max_value=2**31 - 1, widget=forms.HiddenInput
    )

    def __init__(self, *args: Any, deal: Opportunity | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        steps, owners = DealStep.objects.filter(is_active=True), sellers()
        if deal is not None:
            steps = DealStep.objects.filter(Q(is_active=True) | Q(pk=deal.step_id or 0))
            owners = User.objects.filter(Q(pk__in=owners.values("pk")) | Q(pk=deal.owner_id or 0))
        self.fields["step"].queryset = steps  # type: ignore[attr-defined]  # declared above
        self.fields["owner"].queryset = owners.order_by("name", "id")  # type: ignore[attr-defined]

    def facts(self) -> DealFacts:
        """Return what was typed, as a service takes it."""
        data = self.cleaned_data
        ids = {f"{n}_id": data[n] and data[n].pk for n in ("step", "product_line", "owner")}
        return DealFacts(
            name=data["name"],
            amount=data["amount"],
            currency=data["currency"],
            expected_close_on=data["expected_close_on"],
            note=data["note"],
            **ids,
        )


class ConvertForm(DealForm):
    """A conversion: the first deal, and why a manager decides it."""

    expected = forms.ChoiceField(
        choices=LifecycleStage.choices, required=False, widget=forms.HiddenInput
    )
    reason_note = forms.CharField(
        required=False, max_length=LONGEST_NOTE, label=_("Why you decide it"),
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Asked of managers: the lead's history shows it."),
    )  # fmt: skip


class WinForm(forms.Form):
    """A win; the rate is asked where the deal is in another currency than the organisation's."""

    amount = NumberField(label=_("Amount"))
    rate = RateField(label=_("Exchange rate"))
    note = forms.CharField(
        required=False, max_length=LONGEST_NOTE, widget=NOTE, label=_("Note"),
        help_text=_("What made them buy? Managers say here why they decide."),
    )  # fmt: skip
    version = forms.IntegerField(
        required=False, min_value=1, max_value=2**31 - 1, widget=forms.HiddenInput
    )

    def __init__(self, *args: Any, deal: Opportunity, home: str, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {"amount": deal.amount, "version": deal.version})
        super().__init__(*args, **kwargs)
        self.fields["amount"].label = _("Amount in %(currency)s") % {"currency": deal.currency}
        if deal.currency == home:
            del self.fields["rate"]
        else:
            names = {"currency": deal.currency, "home": home}
            self.fields["rate"].label = _("%(home)s for one %(currency)s") % names
            self.fields["rate"].help_text = _("The rate of the day; figures keep it for good.")


class LoseForm(forms.Form):
    """A loss: why, to whom, and whether to try again."""

    reason = forms.ChoiceField(label=_("Reason"))
    competitor = forms.ModelChoiceField(
        Competitor.objects.all(), required=False, label=_("Lost to"),
        empty_label=_("Nobody, or not known"),
    )  # fmt: skip
    again = forms.ChoiceField(
        choices=[(NEVER, _("Never")), (ON_A_DAY, _("On a day"))],
        initial=NEVER, widget=forms.RadioSelect, label=_("Try again"),
    )  # fmt: skip
    try_again_on = forms.DateField(
        required=False, widget=day_input(), label=_("Try again on"),
        help_text=_("On this day the contact begins anew as a lead, with Marketing."),
    )  # fmt: skip
    note = forms.CharField(required=False, max_length=LONGEST_NOTE, widget=NOTE, label=_("Note"))
    version = forms.IntegerField(
        required=False, min_value=1, max_value=2**31 - 1, widget=forms.HiddenInput
    )

    def __init__(self, *args: Any, reasons: list[CodedReason], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        named = [(reason.code, reason.label) for reason in reasons]
        self.fields["reason"].choices = [("", _("Choose a reason")), *named]  # type: ignore[attr-defined]  # declared above

    def clean(self) -> dict[str, Any]:
        """A day belongs to trying again, and to nothing else."""
        data = super().clean() or {}
        if data.get("again") == ON_A_DAY and not data.get("try_again_on"):
            if "try_again_on" not in self.errors:
                self.add_error("try_again_on", _("Choose the day on which to try again."))
        elif data.get("again") == NEVER:
            data["try_again_on"] = None
        return data


class CustomerEventForm(forms.Form):
    """What happened after the sale."""

    kind = forms.ChoiceField(
        choices=CustomerEventKind.choices, widget=forms.RadioSelect, label=_("What happened")
    )
    occurred_on = forms.DateField(widget=day_input(), label=_("Day"))
    amount = NumberField(required=False, label=_("Amount"))
    currency = forms.ChoiceField(choices=currency_choices, label=_("Currency"))
    note = forms.CharField(required=False, max_length=500, label=_("Note"))

    @property
    def day(self) -> date:
        """The day that was typed."""
        day: date = self.cleaned_data["occurred_on"]
        return day


class StepForm(forms.Form):
    """A step of the board: why, and what kind of SQL the lead has become."""

    note = forms.CharField(
        required=False, max_length=LONGEST_NOTE, widget=NOTE, label=_("Note"),
        help_text=_("A manager who decides says why."),
    )  # fmt: skip
    sql_type = forms.ModelChoiceField(
        SqlType.objects.filter(is_active=True), required=False, label=_("Type of SQL"),
        empty_label=_("Not known yet"),
    )  # fmt: skip
    expected = forms.ChoiceField(
        choices=LifecycleStage.choices, required=False, widget=forms.HiddenInput
    )
    asked = forms.BooleanField(required=False, widget=forms.HiddenInput)
