"""The words of the handoff: routing, score, decisions, feedback, views."""

from __future__ import annotations

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class QueueKind(TextChoices):
    """What the leads in a queue wait for."""

    QUALIFICATION = "QUALIFICATION", _("Qualification")
    FIX = "FIX", _("To be fixed")
    FALLBACK = "FALLBACK", _("Nobody yet")
    MARKETING = "MARKETING", _("Nurturing")


class AssignmentCause(TextChoices):
    """Why a lead came to a person or a queue."""

    OPEN_OWNER = "OPEN_OWNER", _("Already works with this contact")
    COMPANY_OWNER = "COMPANY_OWNER", _("Owns the company")
    RULE = "RULE", _("By a rule")
    FALLBACK = "FALLBACK", _("Nobody was free")
    TAKEN = "TAKEN", _("Took it")
    GIVEN = "GIVEN", _("Was given it")
    REASSIGNED = "REASSIGNED", _("Changed hands")
    HANDED_OVER = "HANDED_OVER", _("Came with a file and was handed over")
    RETURNED = "RETURNED", _("Returned to be fixed")
    RECYCLED = "RECYCLED", _("Went back to nurturing")
    OVERTURNED = "OVERTURNED", _("Came back after a dispute")
    UNDONE = "UNDONE", _("An action was undone")


class ScoreKind(TextChoices):
    """What a score rule looks at."""

    FIT = "FIT", _("Fit")
    ENGAGEMENT = "ENGAGEMENT", _("Engagement")


class ScoreCounting(TextChoices):
    """How often an engagement rule gives its points."""

    ONCE = "ONCE", _("Once")
    EACH = "EACH", _("Each time")
    PER_PERIOD = "PER_PERIOD", _("Some times a period")


class RunState(TextChoices):
    """Where long work in the background stands."""

    WAITING = "WAITING", _("Waiting")
    RUNNING = "RUNNING", _("Running")
    DONE = "DONE", _("Done")


class Decision(TextChoices):
    """What Sales decided on an MQL."""

    ACCEPTED = "ACCEPTED", _("Accepted")
    REJECTED = "REJECTED", _("Rejected")
    RETURNED = "RETURNED", _("Returned to be fixed")


class ReasonOutcome(TextChoices):
    """What follows from a coded reason."""

    RECYCLE = "RECYCLE", _("Recycle until a date")
    DISQUALIFY = "DISQUALIFY", _("Disqualify")
    EXPANSION = "EXPANSION", _("Disqualify, with a hint for expansion")
    MERGE = "MERGE", _("Merge with the other lead")
    LOSE = "LOSE", _("Lost")
    REWORK = "REWORK", _("Return to be fixed")
    CHOOSE = "CHOOSE", _("The person decides")


class Ruling(TextChoices):
    """How a facilitator ruled a dispute."""

    UPHELD = "UPHELD", _("The rejection stands")
    OVERTURNED = "OVERTURNED", _("The lead goes back to Sales")


class AttributeSubject(TextChoices):
    """What a custom attribute describes."""

    CONTACT = "CONTACT", _("Contact")
    COMPANY = "COMPANY", _("Company")
    LEAD = "LEAD", _("Lead")


class AttributeKind(TextChoices):
    """Of what type a custom attribute is."""

    TEXT = "TEXT", _("Text")
    NUMBER = "NUMBER", _("Number")
    CHOICE = "CHOICE", _("Choice")
    DATE = "DATE", _("Date")
    FLAG = "FLAG", _("Yes or no")


class ViewReach(TextChoices):
    """Who sees a saved view."""

    PRIVATE = "PRIVATE", _("Me")
    TEAM = "TEAM", _("My team")
    ALL = "ALL", _("Everyone")


class PostKind(TextChoices):
    """What one team tells the other."""

    NOTE = "NOTE", _("Field note")
    ALERT = "ALERT", _("Campaign alert")


class CustomerEventKind(TextChoices):
    """What happens after the sale."""

    RENEWED = "RENEWED", _("Renewed")
    EXPANDED = "EXPANDED", _("Expanded")
    CHURNED = "CHURNED", _("Left")
