"""Settings of the score: rules, thresholds, what a change would do, the recalculation."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.forms.refusals import attempt
from accounts.rules import standing
from accounts.views.access import person, requires
from accounts.views.answers import form_page, posted
from leads import rules
from leads.enums import ScoreKind
from leads.forms_scoring import EngagementForm, FitForm, ThresholdForm
from leads.models import FunnelSettings, ScoreRule
from leads.score_chart import chart_of
from leads.scoring import KINDS_OF_FIT, Rule, Thresholds
from leads.selectors.house import funnel_settings
from leads.selectors.score_preview import Plan, preview
from leads.selectors.score_rules import latest_run, rules_with, told_rules
from leads.selectors.scoring import rules_in_use
from leads.selectors.terms import lexicon, terms
from leads.services import score_rules as services
from leads.services.scoring import thresholds_of
from shell.toasts import toast
from smarketing import time_source

RuleForm = FitForm | EngagementForm


def reads(user: Any) -> bool:
    """Tell whether the person may read the score's rules."""
    return rules.reads_scoring(standing(user))


def manages(user: Any) -> bool:
    """Tell whether the person sets them."""
    return rules.manages_scoring(standing(user))


@require_safe
@requires(reads)
def scoring(request: HttpRequest) -> HttpResponse:
    """Rules and thresholds, what they make of today's leads, and how the recalculation goes."""
    settings, told = funnel_settings(), told_rules(lexicon())
    context = {
        "settings": settings,
        "fit": [one for one in told if one.rule.kind == ScoreKind.FIT and one.rule.is_active],
        "engagement": [
            one for one in told if one.rule.kind == ScoreKind.ENGAGEMENT and one.rule.is_active
        ],
        "unused": [one for one in told if not one.rule.is_active],
        "manages": manages(request.user),
        "run": latest_run(),
        **_preview(_in_force()),
    }
    return render(request, "leads/scoring/page.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(manages)
def rule_new(request: HttpRequest, kind: str) -> HttpResponse:
    """Make a rule; the button "Preview" shows what it would do and keeps nothing."""
    return _rule_page(request, None, ScoreKind(kind.upper()))


@require_http_methods(["GET", "HEAD", "POST"])
@requires(manages)
def rule_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a rule."""
    rule = get_object_or_404(ScoreRule, pk=pk)
    return _rule_page(request, rule, ScoreKind(rule.kind))


@require_POST
@requires(manages)
def rule_use(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a rule out of use, or back."""
    rule = get_object_or_404(ScoreRule, pk=pk)
    in_use = request.POST.get("in_use") == "1"
    services.use_rule(rule, in_use=in_use, by=person(request), at=time_source.now())
    said = _("“%(name)s” counts again.") if in_use else _("“%(name)s” no longer counts.")
    toast(request, said % {"name": rule.name})
    return redirect("settings-scoring")


@require_http_methods(["GET", "HEAD", "POST"])
@requires(manages)
def thresholds(request: HttpRequest) -> HttpResponse:
    """Set the thresholds."""
    settings = funnel_settings()
    form = ThresholdForm(posted(request), settings=settings)
    by, at = person(request), time_source.now()

    def save() -> None:
        services.save_thresholds(**form.values(), by=by, at=at)

    if _saves(request) and form.is_valid() and attempt(form, save):
        toast(request, _("Thresholds saved. Scores are being recalculated."))
        return redirect("settings-scoring")
    now = _in_force()
    limits = _drafted_thresholds(form) if _previews(request) else None
    context = _preview(now, Plan(now.rules, limits or now.thresholds))
    return _form_answer(request, "leads/scoring/thresholds.html", form, context)


@require_POST
@requires(manages)
def recalculate(request: HttpRequest) -> HttpResponse:
    """Recalculate every open lead in the background."""
    services.recalculate(by=person(request), at=time_source.now())
    toast(request, _("Scores are being recalculated. You can leave this page."))
    return redirect("settings-scoring")


@require_safe
@requires(reads)
def progress(request: HttpRequest) -> HttpResponse:
    """How far the recalculation is; the fragment asks again until it is done."""
    return render(request, "leads/scoring/_progress.html", {"run": latest_run()})


def _rule_page(request: HttpRequest, rule: ScoreRule | None, kind: ScoreKind) -> HttpResponse:
    form = _rule_form(request, rule, kind)
    by, at = person(request), time_source.now()

    def save() -> None:
        services.save_rule(form.facts(), rule=rule, by=by, at=at)

    if _saves(request) and form.is_valid() and attempt(form, save):
        toast(request, _("Rule saved. Scores are being recalculated."))
        return redirect("settings-scoring")
    now = _in_force()
    given = _with_draft(form, rule) if _previews(request) else None
    context = {
        "rule": rule,
        "kind": kind,
        **_preview(now, Plan(given or now.rules, now.thresholds)),
    }
    return _form_answer(request, "leads/scoring/rule.html", form, context)


def _rule_form(request: HttpRequest, rule: ScoreRule | None, kind: ScoreKind) -> RuleForm:
    if kind is ScoreKind.ENGAGEMENT:
        return EngagementForm(posted(request), rule=rule)
    return FitForm(posted(request), terms=terms(KINDS_OF_FIT), lexicon=lexicon(), rule=rule)


def _with_draft(form: RuleForm, rule: ScoreRule | None) -> Sequence[Rule] | None:
    """Return the rules as the form would make them, None while it is wrong."""
    drafts: list[ScoreRule] = []

    def draft() -> None:
        drafts.append(services.drafted(form.facts(), rule))

    if form.is_valid() and attempt(form, draft):
        return rules_with(drafts[0])
    return None


def _drafted_thresholds(form: ThresholdForm) -> Thresholds | None:
    drafts: list[FunnelSettings] = []

    def draft() -> None:
        drafts.append(services.drafted_thresholds(**form.values()))

    if form.is_bound and form.is_valid() and attempt(form, draft):
        return thresholds_of(drafts[0])
    return None


def _in_force() -> Plan:
    return Plan(rules_in_use(), thresholds_of(funnel_settings()))


def _preview(now: Plan, then: Plan | None = None) -> dict[str, Any]:
    """Return what a change would do; without one, how today's leads stand."""
    shown = preview(now, then or now, at=time_source.now())
    return {"preview": shown, "chart": chart_of(shown), "is_plain": then is None}


def _previews(request: HttpRequest) -> bool:
    return request.method == "POST" and "preview" in request.POST


def _saves(request: HttpRequest) -> bool:
    return request.method == "POST" and "preview" not in request.POST


def _form_answer(
    request: HttpRequest, template: str, form: Any, context: dict[str, Any]
) -> HttpResponse:
    """The page; for a script's preview just its panel; a preview of a wrong form is no failure."""
    if _previews(request):
        alone = request.headers.get("HX-Request") == "true"
        context |= {"form": form, "is_wrong": bool(form.errors)}
        return render(request, "leads/scoring/_preview.html" if alone else template, context)
    return form_page(request, template, form, **context)
