"""The record: people and companies outside, leads, and what both teams do with them."""

from leads.models.activities import IS_ATTEMPT, Activity, NextStep, Snooze
from leads.models.assets import Asset, AssetFit, AssetSend
from leads.models.attributes import CustomAttribute
from leads.models.campaigns import Campaign, CampaignCost, Competitor, ProductLine, Source
from leads.models.capture import (
    CaptureForm,
    CaptureReceipt,
    ConsentWording,
    ProposedChange,
    Submission,
)
from leads.models.channel import Acknowledgement, ChannelPost
from leads.models.consents import Consent
from leads.models.definitions import SqlType, StageDefinition, StageMail
from leads.models.facts import AttributionPart, FactDue, LeadFact
from leads.models.feedback import Dispute, Feedback, FeedbackComment, Reason
from leads.models.imports import ImportChange, ImportChunk, ImportRow, LeadImport, SavedMapping
from leads.models.leads import Lead
from leads.models.merging import Merge, NotDuplicate
from leads.models.opportunities import CustomerEvent, DealStep, Opportunity
from leads.models.out import ErasedKey, Erasure, ExportFile, ExportPart, RetentionSettings
from leads.models.parties import Company, Contact, ContactExternalId
from leads.models.personas import Persona, PersonaComment, PersonaVersion
from leads.models.routing import Assignment, PoolMember, Queue, RoutingPool, RoutingRule
from leads.models.saved_views import SavedView
from leads.models.scoring import ScorePart, ScoreRule, ScoreRun
from leads.models.settings import FunnelSettings
from leads.models.touches import Touch
from leads.models.transitions import StageTransition
from leads.models.undo import UndoableAction
from leads.models.visits import PageView, TrackedSite, Visitor

__all__ = [
    "IS_ATTEMPT",
    "Acknowledgement",
    "Activity",
    "Asset",
    "AssetFit",
    "AssetSend",
    "Assignment",
    "AttributionPart",
    "Campaign",
    "CampaignCost",
    "CaptureForm",
    "CaptureReceipt",
    "ChannelPost",
    "Company",
    "Competitor",
    "Consent",
    "ConsentWording",
    "Contact",
    "ContactExternalId",
    "CustomAttribute",
    "CustomerEvent",
    "DealStep",
    "Dispute",
    "ErasedKey",
    "Erasure",
    "ExportFile",
    "ExportPart",
    "FactDue",
    "Feedback",
    "FeedbackComment",
    "FunnelSettings",
    "ImportChange",
    "ImportChunk",
    "ImportRow",
    "Lead",
    "LeadFact",
    "LeadImport",
    "Merge",
    "NextStep",
    "NotDuplicate",
    "Opportunity",
    "PageView",
    "Persona",
    "PersonaComment",
    "PersonaVersion",
    "PoolMember",
    "ProductLine",
    "ProposedChange",
    "Queue",
    "Reason",
    "RetentionSettings",
    "RoutingPool",
    "RoutingRule",
    "SavedMapping",
    "SavedView",
    "ScorePart",
    "ScoreRule",
    "ScoreRun",
    "Snooze",
    "Source",
    "SqlType",
    "StageDefinition",
    "StageMail",
    "StageTransition",
    "Submission",
    "Touch",
    "TrackedSite",
    "UndoableAction",
    "Visitor",
]
