"""Agreement, commitments, clocks, periods and corrective actions, as stored."""

from sla.models.actions import CorrectiveAction
from sla.models.agreement import Agreement, AgreementComment, OwnAnswer, Section, Signature
from sla.models.clocks import (
    Breach,
    Clock,
    DueChange,
    EscalationNotice,
    Pause,
    Recalculation,
)
from sla.models.commitments import (
    Commitment,
    CommitmentEnding,
    CommitmentShare,
    EscalationLevel,
    ScoreBand,
)
from sla.models.periods import PeriodResult
from sla.models.protocol import (
    AgreedDefinition,
    AgreedPersona,
    AgreedSqlType,
    MessagingRule,
    ProtocolStep,
)
from sla.models.scenarios import SavedScenario

__all__ = [
    "AgreedDefinition",
    "AgreedPersona",
    "AgreedSqlType",
    "Agreement",
    "AgreementComment",
    "Breach",
    "Clock",
    "Commitment",
    "CommitmentEnding",
    "CommitmentShare",
    "CorrectiveAction",
    "DueChange",
    "EscalationLevel",
    "EscalationNotice",
    "MessagingRule",
    "OwnAnswer",
    "Pause",
    "PeriodResult",
    "ProtocolStep",
    "Recalculation",
    "SavedScenario",
    "ScoreBand",
    "Section",
    "Signature",
]
