"""What the gallery shows: fixed samples, so that two screenshots can be compared."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django import forms


class SampleForm(forms.Form):
    """One field of each kind."""

    name = forms.CharField(label="Name", help_text="As it is written on the contract.")
    email = forms.EmailField(label="E-mail", initial="alice@acme.example")
    side = forms.ChoiceField(
        label="Side", choices=[("marketing", "Marketing"), ("sales", "Sales")], required=False
    )
    due_on = forms.DateField(label="Due", widget=forms.DateInput(attrs={"type": "date"}))
    rating = forms.ChoiceField(
        label="Fit", choices=[("1", "Poor"), ("2", "Fair"), ("3", "Good")], widget=forms.RadioSelect
    )
    note = forms.CharField(label="Note", widget=forms.Textarea, required=False)
    notify = forms.BooleanField(
        label="Tell me when it changes", required=False, help_text="By e-mail, once."
    )


def context(now: datetime) -> dict[str, Any]:
    """Everything that the gallery's template names, as of `now`."""
    wrong = SampleForm({"name": "", "email": "alice", "rating": "2", "due_on": ""})
    wrong.is_valid()
    return {
        "now": now,
        "sample_form": SampleForm(auto_id="sample_%s"),
        "wrong_form": _renamed(wrong),
        "steps": _steps(now),
        "rows": ROWS,
        "columns": [("name", "Name"), ("stage", "Stage"), ("amount", "Amount")],
        "shown_columns": ["name", "stage"],
        "in_3_min": now + timedelta(minutes=3),
        "in_25_min": now + timedelta(minutes=25),
        "an_hour_ago": now - timedelta(hours=1),
        "yesterday": now - timedelta(days=1, hours=3),
        "last_month": now - timedelta(days=33),
        "span": timedelta(hours=2, minutes=10),
        "chart_option": CHART_OPTION,
        "chart_columns": ["Week", "Marketing", "Sales"],
        "chart_rows": CHART_ROWS,
        "tones": ["on-track", "at-risk", "late", "paused", "met-late", "neutral", "accent",
                  "marketing", "shared", "sales"],
    }  # fmt: skip


def _renamed(form: SampleForm) -> SampleForm:
    """Two forms on one page need ids of their own."""
    form.auto_id = "wrong_%s"
    return form


def _steps(now: datetime) -> list[dict[str, Any]]:
    stages = [("LEAD", "Lead"), ("MQL", "MQL"), ("SAL", "SAL"), ("SQL", "SQL"),
              ("OPPORTUNITY", "Opportunity"), ("CUSTOMER", "Customer")]  # fmt: skip
    current = 3
    return [
        {
            "key": key,
            "label": label,
            "at": now - timedelta(days=20 - 5 * place) if place <= current else None,
            "state": "done" if place < current else "current" if place == current else "todo",
            "inferred": key == "SAL",
        }
        for place, (key, label) in enumerate(stages)
    ]


ROWS = [
    {"id": 1, "name": "Acme", "stage": "MQL", "owner": "Alice Rossi", "amount": 12400},
    {"id": 2, "name": "Globex", "stage": "SQL", "owner": "Bruno Keller", "amount": 8150.5},
    {"id": 3, "name": "Initech", "stage": "CUSTOMER", "owner": "Chiara Moreau", "amount": 96000},
]
CHART_ROWS = [["12", 84, 61], ["13", 92, 70], ["14", 78, 74], ["15", 103, 81]]
CHART_OPTION = {
    "tooltip": {"trigger": "axis"},
    "xAxis": {"type": "category", "data": [row[0] for row in CHART_ROWS]},
    "yAxis": {"type": "value"},
    "series": [
        {"name": "Marketing", "type": "bar", "data": [row[1] for row in CHART_ROWS],
         "itemStyle": {"color": "token:marketing", "borderRadius": [3, 3, 0, 0]}},
        {"name": "Sales", "type": "bar", "data": [row[2] for row in CHART_ROWS],
         "itemStyle": {"color": "token:sales", "borderRadius": [3, 3, 0, 0]}},
    ],
}  # fmt: skip
