"""Form fields: label, control, help and error, tied together for every reader."""

from __future__ import annotations

from typing import Any

from django import forms, template
from django.forms import BoundField
from django.utils.safestring import SafeString

from shell.components.drawing import draw

register = template.Library()

GROUPS = (forms.RadioSelect, forms.CheckboxSelectMultiple)


@register.simple_tag
def form_field(
    field: BoundField | None, label: Any = "", hint: Any = "", **attrs: Any
) -> SafeString:
    """A field with label, help and errors; `attrs` go to its control (autocomplete="email",
    hx_get="…": underscores become dashes). `hint=None` leaves out its help text. An unknown field
    (None) draws nothing."""
    if not isinstance(field, BoundField):
        return SafeString("")
    if field.is_hidden:
        return SafeString(field.as_widget() + SafeString("".join(map(str, field.errors))))
    widget = field.field.widget
    hint = field.help_text if hint == "" else hint
    values = {
        "field": field,
        "label": label or field.label,
        "hint": hint,
        "kind": _kind(widget),
        "control": field.as_widget(attrs=_control_attrs(field, bool(hint), attrs)),
    }
    return draw("form_field", **values)


@register.simple_tag
def form_fields(form: forms.BaseForm | None) -> SafeString:
    """Every field of a form in its order, after the errors of the form as a whole; nothing for
    what is no form."""
    if not isinstance(form, forms.BaseForm):
        return SafeString("")
    drawn = [form_errors(form), *(form_field(field) for field in form)]
    return SafeString("".join(drawn))


@register.simple_tag
def form_errors(form: forms.BaseForm | None) -> SafeString:
    """The errors of a form as a whole."""
    errors = form.non_field_errors() if isinstance(form, forms.BaseForm) and form.is_bound else []
    return draw("form_errors", errors=errors) if errors else SafeString("")


def _kind(widget: forms.Widget) -> str:
    if isinstance(widget, GROUPS):
        return "group"
    if isinstance(widget, forms.CheckboxInput):
        return "check"
    return "plain"


def _control_class(widget: forms.Widget, *, wrong: bool) -> str:
    """Our class beside the widget's own."""
    if isinstance(widget, forms.CheckboxInput):
        ours = "form-check-input"
    elif isinstance(widget, forms.Select):
        ours = "form-select"
    else:
        ours = "form-control"
    own = str(widget.attrs.get("class", ""))
    return " ".join(filter(None, (own, ours, "is-invalid" if wrong else "")))


def _control_attrs(field: BoundField, hinted: bool, attrs: dict[str, Any]) -> dict[str, Any]:
    """Attributes of the control: who labels it, who describes it, whether it is wrong."""
    widget = field.field.widget
    described = [f"{field.auto_id}-hint"] if hinted else []
    if field.errors:
        described.append(f"{field.auto_id}-error")
    given = {name.replace("_", "-"): value for name, value in attrs.items()}
    out = {**given, "class": _control_class(widget, wrong=bool(field.errors))}
    if described:
        out["aria-describedby"] = " ".join(described)
    if field.errors:
        out["aria-invalid"] = "true"
    if isinstance(widget, forms.DateInput) and widget.input_type == "text":
        out.setdefault("inputmode", "numeric")
    if isinstance(widget, forms.Textarea) and widget.attrs.get("rows") == "10":
        out.setdefault("rows", "3")  # Django's own default is a page, not a note
    return out
