"""The fixed words of the promise: agreement, commitments, clocks."""

from __future__ import annotations

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Side(TextChoices):
    """Who promises: one of the two teams, or both together."""

    MARKETING = "MARKETING", _("Marketing")
    SALES = "SALES", _("Sales")
    BOTH = "BOTH", _("Both teams")


class AgreementState(TextChoices):
    """Where a version of the agreement stands; at most one is in force."""

    DRAFT = "DRAFT", _("Draft")
    PROPOSED = "PROPOSED", _("Proposed")
    SIGNED = "SIGNED", _("Signed")
    IN_FORCE = "IN_FORCE", _("In force")
    SUPERSEDED = "SUPERSEDED", _("Superseded")
    WITHDRAWN = "WITHDRAWN", _("Withdrawn")


class SectionKey(TextChoices):
    """The written parts of an agreement, in the order in which it is read."""

    GOAL = "goal", _("Shared revenue goal")
    DEFINITIONS = "definitions", _("Definitions")
    PERSONAS = "personas", _("Personas")
    MARKETING = "marketing", _("What Marketing promises")
    SALES = "sales", _("What Sales promises")
    PROTOCOL = "protocol", _("Protocol")
    MESSAGING = "messaging", _("Messaging rules")
    FEEDBACK = "feedback", _("Communication and feedback")
    VALUES = "values", _("Values")
    PLAYBOOK = "playbook", _("Corrective playbook")
    RENEWAL = "renewal", _("Renewal")


class ProtocolStepKey(TextChoices):
    """The steps of the handoff for which the protocol names who, by when and what if not."""

    GENERATE = "generate", _("Generate")
    NURTURE = "nurture", _("Nurture")
    QUALIFY = "qualify", _("Qualify")
    ASSIGN = "assign", _("Assign")
    DECIDE = "decide", _("Decide")
    WORK = "work", _("Work")
    CLOSE = "close", _("Close")
    KEEP = "keep", _("Keep the record")


class CommitmentKind(TextChoices):
    """What is promised: a time on every lead, or a figure every period."""

    TIME_TO_ASSIGN = "TIME_TO_ASSIGN", _("Time to assign")
    TIME_TO_DECIDE = "TIME_TO_DECIDE", _("Time to decide")
    TIME_TO_FIRST_ATTEMPT = "TIME_TO_FIRST_ATTEMPT", _("Time to first attempt")
    TIME_TO_QUALIFY = "TIME_TO_QUALIFY", _("Time to qualify")
    TIME_IN_STAGE = "TIME_IN_STAGE", _("Time in stage")
    ATTEMPTS = "ATTEMPTS", _("Attempts")
    TIME_TO_ACKNOWLEDGE_FEEDBACK = "TIME_TO_ACKNOWLEDGE_FEEDBACK", _("Time to acknowledge feedback")
    TIME_TO_REWORK = "TIME_TO_REWORK", _("Time to rework")
    VOLUME = "VOLUME", _("Volume")
    QUALITY = "QUALITY", _("Quality")
    RATE = "RATE", _("Rate")
    REVENUE = "REVENUE", _("Revenue")
    EFFORT = "EFFORT", _("Effort")


class ClockScope(TextChoices):
    """Whether a clock belongs to the lead, or begins anew with each owner."""

    LEAD = "LEAD", _("The lead, whoever owns it")
    OWNER = "OWNER", _("Each owner anew")


class Metric(TextChoices):
    """What a period commitment counts, where its kind leaves that open."""

    WELL_RATED = "WELL_RATED", _("Share of MQLs rated 4 or better")
    MEAN_FIT = "MEAN_FIT", _("Mean fit rating")
    ACCEPTANCE = "ACCEPTANCE", _("Acceptance rate")
    CONVERSION = "CONVERSION", _("Conversion between two stages")
    FEEDBACK_GIVEN = "FEEDBACK_GIVEN", _("Decisions with feedback")
    COMPLETENESS = "COMPLETENESS", _("Complete data")
    COMPLIANCE = "COMPLIANCE", _("SLA compliance")
    ATTEMPTS_PER_DAY = "ATTEMPTS_PER_DAY", _("Attempts per rep and working day")
    NOTES_PER_WEEK = "NOTES_PER_WEEK", _("Notes per rep and week")
    JOINT_CALLS_PER_WEEK = "JOINT_CALLS_PER_WEEK", _("Joint calls per rep and week")


class PeriodKind(TextChoices):
    """How long a period commitment runs."""

    MONTH = "MONTH", _("Month")
    QUARTER = "QUARTER", _("Quarter")


class Outcome(TextChoices):
    """How a clock ended; it is never rewritten, undo within the window apart."""

    MET = "MET", _("Met")
    MET_LATE = "MET_LATE", _("Met late")
    CANCELLED = "CANCELLED", _("Cancelled")
    TRANSFERRED = "TRANSFERRED", _("Transferred")


class ClockState(TextChoices):
    """How a clock stands at an instant: see `sla.clock_state`."""

    RUNNING = "RUNNING", _("Running")
    AT_RISK = "AT_RISK", _("At risk")
    BREACHED = "BREACHED", _("Breached")
    PAUSED = "PAUSED", _("Paused")
    MET = "MET", _("Met")
    MET_LATE = "MET_LATE", _("Met late")
    CANCELLED = "CANCELLED", _("Cancelled")
    TRANSFERRED = "TRANSFERRED", _("Transferred")


class Told(TextChoices):
    """Which row of the record started or stopped a clock."""

    TRANSITION = "TRANSITION", _("Stage change")
    ASSIGNMENT = "ASSIGNMENT", _("Assignment")
    ACTIVITY = "ACTIVITY", _("Activity")
    FEEDBACK = "FEEDBACK", _("Feedback")
    ENDING = "ENDING", _("Commitment ended early")


class DueChangeCause(TextChoices):
    """Why the due instant of a clock moved."""

    PAUSED = "PAUSED", _("Paused")
    RESUMED = "RESUMED", _("Resumed")
    CALENDAR = "CALENDAR", _("Calendar changed")
    CALENDAR_UNDONE = "CALENDAR_UNDONE", _("Calendar change taken back")


class Pace(TextChoices):
    """How a period commitment stands against its pace, or closed."""

    TOO_EARLY = "TOO_EARLY", _("Too early to tell")
    TOO_FEW = "TOO_FEW", _("Too few to tell")
    AHEAD = "AHEAD", _("Ahead")
    ON_TRACK = "ON_TRACK", _("On track")
    AT_RISK = "AT_RISK", _("At risk")
    BEHIND = "BEHIND", _("Behind")
    MET = "MET", _("Met")
    MISSED = "MISSED", _("Missed")


class Writer(TextChoices):
    """Who writes to a contact while a lead is in a stage."""

    MARKETING = "MARKETING", _("Marketing")
    SALES = "SALES", _("Sales")
    BOTH = "BOTH", _("Both")
    NOBODY = "NOBODY", _("Nobody")


class ActionState(TextChoices):
    """Where a corrective action stands."""

    OPEN = "OPEN", _("To be decided")
    DECIDED = "DECIDED", _("Under way")
    DONE = "DONE", _("Done")
    DROPPED = "DROPPED", _("Dropped")


TIMED = frozenset(
    {
        CommitmentKind.TIME_TO_ASSIGN,
        CommitmentKind.TIME_TO_DECIDE,
        CommitmentKind.TIME_TO_FIRST_ATTEMPT,
        CommitmentKind.TIME_TO_QUALIFY,
        CommitmentKind.TIME_IN_STAGE,
        CommitmentKind.ATTEMPTS,
        CommitmentKind.TIME_TO_ACKNOWLEDGE_FEEDBACK,
        CommitmentKind.TIME_TO_REWORK,
    }
)
PERIODIC = frozenset(CommitmentKind) - TIMED
# What Marketing alone promises: about leads that Sales has spoken of.
OF_MARKETING = frozenset(
    {CommitmentKind.TIME_TO_ACKNOWLEDGE_FEEDBACK, CommitmentKind.TIME_TO_REWORK}
)
