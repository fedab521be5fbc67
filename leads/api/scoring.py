"""The score by REST: rules, thresholds, preview, recalculation, ledger."""

from __future__ import annotations

from typing import Any

from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import generics, status
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.idempotency import once_by_key
from accounts.rules import standing
from leads import rules
from leads.api.bodies import UseIn, read
from leads.api.qualifying import READ, WRITE
from leads.api.refusals import caller
from leads.api.scoring_serializers import (
    LedgerOut,
    ScorePreviewIn,
    ScorePreviewOut,
    ScoreRuleIn,
    ScoreRuleOut,
    ScoreRunOut,
    ThresholdsIn,
    ThresholdsOut,
)
from leads.api.views import NOT_FOUND, REFUSED, WRONG
from leads.enums import ScoreCounting, ScoreKind
from leads.models import FunnelSettings, ScoreRule, ScoreRun
from leads.selectors.details import visible_lead
from leads.selectors.house import funnel_settings
from leads.selectors.ledgers import ledger_of
from leads.selectors.score_preview import Plan, preview
from leads.selectors.score_rules import latest_run, rules_with
from leads.selectors.scoring import rules_in_use
from leads.selectors.terms import lexicon
from leads.services import score_rules as services
from leads.services.scoring import thresholds_of
from smarketing import time_source
from smarketing.errors import NotAllowed, NotFound


class ScoreRuleList(generics.GenericAPIView[ScoreRule]):
    """Rules of the score."""

    permission_classes = READ
    serializer_class = ScoreRuleOut
    pagination_class = None

    @extend_schema(
        operation_id="score_rules_list",
        summary="List score rules",
        responses={200: ScoreRuleOut(many=True), **WRONG},
    )
    def get(self, request: Request) -> Response:
        """Every rule, those out of use too."""
        _reads(request)
        return Response(ScoreRuleOut(ScoreRule.objects.order_by("id"), many=True).data)

    @once_by_key
    @extend_schema(
        operation_id="score_rules_create",
        summary="Add a score rule",
        request=ScoreRuleIn,
        responses={201: ScoreRuleOut, **WRONG, **REFUSED},
    )
    def post(self, request: Request) -> Response:
        """Add a rule; scores are recalculated in the background."""
        facts = rule_facts(request)
        rule = services.save_rule(facts, by=caller(request), at=time_source.now())
        return Response(ScoreRuleOut(rule).data, status=status.HTTP_201_CREATED)


class ScoreRuleChange(generics.GenericAPIView[ScoreRule]):
    """Changes of a rule."""

    permission_classes = WRITE
    serializer_class = ScoreRuleIn

    @once_by_key
    @extend_schema(
        operation_id="score_rules_change",
        summary="Change a score rule",
        request=ScoreRuleIn,
        responses={200: ScoreRuleOut, **WRONG, **NOT_FOUND, **REFUSED},
    )
    def post(self, request: Request, pk: int) -> Response:
        """Change a rule; scores are recalculated in the background."""
        rule = get_object_or_404(ScoreRule, pk=pk)
        by, at = caller(request), time_source.now()
        changed = services.save_rule(rule_facts(request), rule=rule, by=by, at=at)
        return Response(ScoreRuleOut(changed).data)


class ScoreRuleUse(generics.GenericAPIView[ScoreRule]):
    """Whether a rule counts."""

    permission_classes = WRITE
    serializer_class = UseIn

    @once_by_key
    @extend_schema(
        operation_id="score_rules_use",
        summary="Take a score rule out of use, or back",
        request=UseIn,
        responses={200: ScoreRuleOut, **WRONG, **NOT_FOUND, **REFUSED},
    )
    def post(self, request: Request, pk: int) -> Response:
        """A rule is never deleted, for ledgers name it."""
        rule = get_object_or_404(ScoreRule, pk=pk)
        in_use = read(UseIn, request)["in_use"]
        services.use_rule(rule, in_use=in_use, by=caller(request), at=time_source.now())
        rule.refresh_from_db()
        return Response(ScoreRuleOut(rule).data)


class ScorePreviewView(generics.GenericAPIView[ScoreRule]):
    """What a change would do."""

    permission_classes = WRITE
    serializer_class = ScorePreviewIn

    @once_by_key
    @extend_schema(
        operation_id="score_preview",
        summary="Preview a change of the score",
        request=ScorePreviewIn,
        responses={200: ScorePreviewOut, **WRONG, **NOT_FOUND, **REFUSED},
    )
    def post(self, request: Request) -> Response:
        """Compute what a rule or thresholds would do to today's leads; nothing is written."""
        _reads(request)
        given = ScorePreviewIn(data=request.data)
        given.is_valid(raise_exception=True)
        data, now = given.validated_data, Plan(rules_in_use(), thresholds_of(funnel_settings()))
        planned, limits = now.rules, now.thresholds
        if "rule" in data:
            known = data.get("rule_id")
            rule = get_object_or_404(ScoreRule, pk=known) if known else None
            planned = rules_with(services.drafted(_facts(data["rule"]), rule))
        if "thresholds" in data:
            limits = thresholds_of(services.drafted_thresholds(**data["thresholds"]))
        shown = preview(now, Plan(planned, limits), at=time_source.now())
        return Response(ScorePreviewOut(shown).data)


class Thresholds(generics.GenericAPIView[FunnelSettings]):
    """The thresholds of the score."""

    permission_classes = READ
    serializer_class = ThresholdsOut

    @extend_schema(
        operation_id="score_thresholds_retrieve",
        summary="Read the thresholds",
        responses={200: ThresholdsOut, **WRONG},
    )
    def get(self, request: Request) -> Response:
        """When a lead is proposed, and when no longer."""
        _reads(request)
        return Response(ThresholdsOut(funnel_settings()).data)

    @once_by_key
    @extend_schema(
        operation_id="score_thresholds_set",
        summary="Set the thresholds",
        request=ThresholdsIn,
        responses={200: ThresholdsOut, **WRONG, **REFUSED},
    )
    def post(self, request: Request) -> Response:
        """Set all three; scores are recalculated in the background."""
        given = ThresholdsIn(data=request.data)
        given.is_valid(raise_exception=True)
        by, at = caller(request), time_source.now()
        services.save_thresholds(**given.validated_data, by=by, at=at)
        return Response(ThresholdsOut(funnel_settings()).data)


class Recalculation(generics.GenericAPIView[ScoreRun]):
    """The recalculation of all open leads."""

    permission_classes = READ
    serializer_class = ScoreRunOut

    @extend_schema(
        operation_id="score_recalculation_retrieve",
        summary="See how a recalculation goes",
        responses={200: ScoreRunOut, **WRONG, **NOT_FOUND},
    )
    def get(self, request: Request) -> Response:
        """The one that goes on, else the last one; 404 before the first."""
        _reads(request)
        run = latest_run()
        if run is None:
            raise NotFound(_("Nothing was recalculated yet."))
        return Response(ScoreRunOut(run).data)

    @once_by_key
    @extend_schema(
        operation_id="score_recalculation_start",
        summary="Recalculate all scores",
        request=None,
        responses={202: ScoreRunOut, **WRONG, **REFUSED},
    )
    def post(self, request: Request) -> Response:
        """Begin in the background; one that still goes on is ended."""
        run = services.recalculate(by=caller(request), at=time_source.now())
        return Response(ScoreRunOut(run).data, status=status.HTTP_202_ACCEPTED)


class LeadLedger(generics.GenericAPIView[ScoreRule]):
    """The ledger of a lead."""

    permission_classes = READ
    serializer_class = LedgerOut

    @extend_schema(
        operation_id="leads_score",
        summary="Explain a lead's score",
        responses={200: LedgerOut, **WRONG, **NOT_FOUND},
    )
    def get(self, request: Request, pk: int) -> Response:
        """Every part with its rule; the parts sum to the score."""
        lead = visible_lead(caller(request), pk)
        parts = ledger_of(lead, lexicon())
        body = {"score": lead.score, "proposed_at": lead.proposed_at, "parts": parts}
        return Response(LedgerOut(body).data)


def _reads(request: Request) -> None:
    if not rules.reads_scoring(standing(caller(request))):
        raise NotAllowed(
            _("The score's rules are for Marketing, managers and administrators to see.")
        )


def rule_facts(request: Request) -> services.RuleFacts:
    """Return the rule that the body tells; raise where it cannot be read."""
    given = ScoreRuleIn(data=request.data)
    given.is_valid(raise_exception=True)
    return _facts(given.validated_data)


def _facts(data: dict[str, Any]) -> services.RuleFacts:
    known = {**data, "kind": ScoreKind(data["kind"])}
    known["counting"] = ScoreCounting(data["counting"])
    return services.RuleFacts(**known)
