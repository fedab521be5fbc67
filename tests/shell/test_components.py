"""The exact output of the small components, and the promises of the large ones."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django import forms
from django.template import Context, Template
from django.test import RequestFactory
from django.utils import timezone

NOW = datetime(2026, 3, 3, 10, 0, tzinfo=UTC)
CHECK = (
    '<svg class="icon" aria-hidden="true"><use href="/static/vendor/icons.svg#check"></use></svg>'
)


def draw(source: str, **values: Any) -> str:
    """Render a template that loads the components, white space folded."""
    with timezone.override(UTC):
        html = Template("{% load ui i18n %}" + source).render(Context({"now": NOW, **values}))
    return " ".join(html.split())


def test_icon() -> None:
    assert draw('{% icon "check" %}') == CHECK
    assert draw('{% icon "star-filled" "s" %}') == (
        '<svg class="icon icon-s icon-fill" aria-hidden="true">'
        '<use href="/static/vendor/icons.svg#star-filled"></use></svg>'
    )


def test_an_icon_without_a_word_has_a_name() -> None:
    assert draw('{% icon "bell" "" label %}', label='"Notices"') == (
        '<svg class="icon" role="img" aria-label="&quot;Notices&quot;">'
        '<use href="/static/vendor/icons.svg#bell"></use></svg>'
    )


def test_badge_brings_the_icon_of_its_state() -> None:
    assert draw('{% badge "On track" "on-track" %}') == (
        f'<span class="badge-state tone-on-track">{CHECK}On track</span>'
    )
    assert draw('{% badge "New" %}') == '<span class="badge-state tone-neutral">New</span>'


def test_text_is_escaped() -> None:
    assert draw("{% badge text %}", text="<b>") == (
        '<span class="badge-state tone-neutral">&lt;b&gt;</span>'
    )


def test_stage_badge_takes_a_member_or_a_key() -> None:
    member = SimpleNamespace(value="MQL", label="Qualified")
    assert draw("{% stage_badge stage %}", stage=member) == (
        '<span class="stage stage-mql">Qualified</span>'
    )
    assert draw('{% stage_badge "SAL" "Accepted" %}') == (
        '<span class="stage stage-sal">Accepted</span>'
    )


def test_person_and_nobody() -> None:
    assert draw("{% person user %}", user="Alice Rossi") == (
        '<span class="person"><span class="avatar-i" aria-hidden="true">AR</span>'
        '<span class="truncate">Alice Rossi</span></span>'
    )
    assert draw('{% person user "Nobody" %}', user=None) == '<span class="muted">Nobody</span>'


def test_a_bare_number_stays_an_id() -> None:
    assert draw('<a href="?lead={{ n }}">', n=133_347) == '<a href="?lead=133347">'


def test_figures() -> None:
    assert draw("{{ n|number }}", n=1234) == "1,234"
    assert draw('{{ n|money:"EUR" }}', n=12400) == "€12,400"
    assert draw("{{ n|percent:1 }}", n=0.8645) == "86.5%"
    assert draw("{{ n|duration }}", n=timedelta(minutes=65)) == "1 h 5 min"


def test_when() -> None:
    assert draw("{% when at %}", at=NOW + timedelta(minutes=25)) == (
        '<time datetime="2026-03-03T10:25:00+00:00" title="Tuesday 3 March 2026, 10:25:00 UTC">'
        "Today 10:25 (in 25 min)</time>"
    )
    assert draw("{% when at %}", at=None) == '<span class="muted">–</span>'


@pytest.mark.parametrize(
    ("minutes", "tone", "icon"),
    [(25, "on-track", "clock"), (4, "at-risk", "clock"), (-1, "late", "flag")],
)
def test_countdown_knows_its_state_without_scripts(minutes: int, tone: str, icon: str) -> None:
    due = NOW + timedelta(minutes=minutes)
    html = draw("{% countdown due warn %}", due=due, warn=NOW + timedelta(minutes=minutes - 5))
    assert f'class="badge-state countdown tone-{tone}" data-countdown="{due.isoformat()}"' in html
    assert f"icons.svg#{icon}" in html


def test_countdown_without_due_instant_draws_nothing() -> None:
    assert draw("{% countdown due %}", due=None) == ""


def test_stat_shows_a_dash_for_nothing_and_marks_for_thousands() -> None:
    assert '<span class="stat-value">1,412</span>' in draw('{% stat "MQLs" 1412 %}')
    assert '<span class="stat-value">–</span>' in draw('{% stat "MQLs" none %}', none=None)


def test_progress_is_a_named_progress_element() -> None:
    html = draw('{% progress 412 1600 "MQLs" tone="marketing" %}')
    assert "<span>MQLs</span>" in html
    assert "412 of 1,600" in html
    assert '<progress class="pace pace-marketing" value="412" max="1600" aria-label="MQLs">' in html


def test_blocks_hold_what_is_put_into_them() -> None:
    html = draw('{% card title=t side="sales" %}<p>in</p>{% endcard %}', t="<Acme>")
    assert '<section class="card card-sales">' in html
    assert '<h2 class="card-title">&lt;Acme&gt;</h2>' in html
    assert '<div class="card-body"><p>in</p></div>' in html


def test_empty_state_holds_the_next_step() -> None:
    html = draw('{% empty_state "None" "Why" "users" %}<a href="/x">Go</a>{% endempty_state %}')
    assert '<p class="empty-title">None</p> <p>Why</p>' in html
    assert '<div class="empty-actions"><a href="/x">Go</a></div>' in html


def test_dialog_is_named_by_its_title() -> None:
    html = draw('{% dialog "d" "Reject" %}x{% enddialog %}')
    assert '<dialog class="dialog" id="d" aria-labelledby="d-title">' in html
    assert '<h2 id="d-title">Reject</h2>' in html


class LeadForm(forms.Form):
    """A form with a help text, an optional field and a choice."""

    name = forms.CharField(help_text="As on the contract.")
    note = forms.CharField(required=False, widget=forms.Textarea)
    fit = forms.ChoiceField(choices=[("1", "Poor"), ("2", "Good")], widget=forms.RadioSelect)


def test_a_field_is_tied_to_its_label_its_help_and_its_error() -> None:
    html = draw("{% form_field form.name %}", form=LeadForm({"name": ""}))
    assert '<label class="form-label" for="id_name">Name</label>' in html
    assert 'aria-describedby="id_name-hint id_name-error"' in html
    assert 'aria-invalid="true"' in html
    assert '<div class="form-hint" id="id_name-hint">As on the contract.</div>' in html
    assert '<div class="form-error" id="id_name-error">' in html
    assert "This field is required." in html


def test_a_field_may_leave_its_help_and_take_attributes() -> None:
    html = draw('{% form_field form.name hint=None hx_get="/x" %}', form=LeadForm())
    assert 'hx-get="/x"' in html
    assert "As on the contract." not in html


def test_an_optional_field_says_so() -> None:
    html = draw("{% form_field form.note %}", form=LeadForm())
    assert '<span class="field-optional">optional</span>' in html
    assert 'rows="3"' in html


def test_a_group_of_choices_is_a_fieldset() -> None:
    html = draw("{% form_field form.fit %}", form=LeadForm({"fit": "2"}))
    assert '<legend class="form-label">Fit</legend>' in html
    assert 'value="2" id="id_fit_1" checked' in html
    assert 'value="1" id="id_fit_0" required>' in html


def test_an_unknown_field_draws_nothing() -> None:
    assert draw("{% form_field form.missing %}", form=LeadForm()) == ""


def test_a_column_head_turns_the_order_and_leaves_the_page_behind() -> None:
    request = RequestFactory().get("/leads/", {"stage": "MQL", "after": "x", "sort": "name"})
    ascending = draw('{% column_head "name" "Name" sort="name" %}', request=request)
    assert 'aria-sort="ascending"' in ascending
    assert 'href="?stage=MQL&amp;sort=-name"' in ascending
    other = draw('{% column_head "score" "Score" sort="name" numeric=True %}', request=request)
    assert '<th scope="col" class="number" aria-sort="none">' in other
    assert 'href="?stage=MQL&amp;sort=score"' in other


def test_a_filter_chip_takes_its_own_key_away() -> None:
    request = RequestFactory().get("/leads/", {"stage": "MQL", "owner": "3"})
    html = draw('{% filter_chip "Owner" "Alice" key="owner" %}', request=request)
    assert 'href="?stage=MQL"' in html
    assert 'aria-label="Remove the filter Owner"' in html


def test_a_filter_bar_carries_the_order_along() -> None:
    request = RequestFactory().get("/leads/", {"sort": "-name", "stage": "MQL"})
    html = draw(
        '{% filter_bar "Filter leads" target="#list" %}x{% endfilter_bar %}', request=request
    )
    assert '<input type="hidden" name="sort" value="-name">' in html
    assert 'hx-get="/leads/" hx-target="#list"' in html


def test_a_chart_has_its_table_and_says_when_there_is_nothing() -> None:
    source = '{% chart "c" "Weeks" option=option columns=columns rows=rows %}'
    html = draw(source, option={"a": "</script>"}, columns=["Week", "MQLs"], rows=[["12", 84]])
    assert '<th scope="row">12</th><td class="number">84</td>' in html
    assert '<script id="c-option" type="application/json">{"a": "\\u003C/script\\u003E"}' in html
    empty = draw(source, option={}, columns=[], rows=[])
    assert "Nothing to draw for this period yet" in empty
    assert "<table" not in empty


def test_stage_path_names_what_was_passed_over() -> None:
    steps = [
        {"key": "LEAD", "label": "Lead", "at": NOW, "state": "done", "inferred": False},
        {"key": "MQL", "label": "MQL", "at": None, "state": "current", "inferred": True},
    ]
    html = draw("{% stage_path steps %}", steps=steps)
    assert '<li class="stage-step stage-mql is-current is-inferred" aria-current="step">' in html
    assert "passed over" in html
