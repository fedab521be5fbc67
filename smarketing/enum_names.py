"""What the OpenAPI schema calls the sets of choices that several fields share."""

from __future__ import annotations

NAMES = {
    "LifecycleStage": "leads.enums.LifecycleStage",
    "LaterStage": "leads.api.serializers.LATER_STAGES",
    "OpeningStage": "leads.api.serializers.OPENING_STAGES",
    "Disposition": "leads.enums.Disposition",
    "ClosingDisposition": "leads.api.serializers.CLOSING_DISPOSITIONS",
    "Decision": "leads.enums.Decision",
    "Ruling": "leads.enums.Ruling",
    "DisputeRuling": "leads.api.feedback_serializers.STATES",
    "PostKind": "leads.enums.PostKind",
    "AssetKind": "leads.enums.AssetKind",
    "SentAs": "leads.api.assets.SENT_AS",
    "PersonaKind": "leads.enums.PersonaKind",
    "TouchKind": "leads.enums.TouchKind",
    "ActivityKind": "leads.enums.ActivityKind",
    "ScoreKind": "leads.enums.ScoreKind",
    "ScoreCounting": "leads.enums.ScoreCounting",
    "AttributeKind": "leads.enums.AttributeKind",
    "AttributeSubject": "leads.enums.AttributeSubject",
    "RunState": "leads.enums.RunState",
    "MqlMaking": "leads.enums.MqlMaking",
    "VersionState": "leads.enums.VersionState",
    "CustomerEventKind": "leads.enums.CustomerEventKind",
    "CriterionKind": "leads.api.qualifying_serializers.CRITERION_KINDS",
    "FormKind": "leads.enums.FormKind",
    "ChangeState": "leads.enums.ChangeState",
    "NextStepKind": "leads.enums.NextStepKind",
    "ReasonOutcome": "leads.enums.ReasonOutcome",
    "CheckState": "leads.api.working_serializers.CHECK_STATES",
}
