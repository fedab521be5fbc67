"""Who gets a lead: queues, pools, rules, and every assignment with its reason."""

from __future__ import annotations

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Team, User
from accounts.models.tracking import tracked
from leads.enums import AssignmentCause, QueueKind


@tracked()
class Queue(models.Model):
    """A holder of leads that a team owns: qualification, fix, fallback, marketing.

    Without a team it belongs to the root team of its side.
    """

    kind = models.CharField(_("kind"), max_length=13, choices=QueueKind.choices)
    team = models.ForeignKey(
        Team, null=True, blank=True, on_delete=models.PROTECT, related_name="queues"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "team"], nulls_distinct=False, name="queue_once"
            )
        ]

    def __str__(self) -> str:
        return str(QueueKind(self.kind).label)


@tracked("cursor")
class RoutingPool(models.Model):
    """People who share leads by weight. Its row is locked while one of them is picked."""

    name = models.CharField(_("name"), max_length=100, unique=True)
    in_working_hours = models.BooleanField(_("prefer people who are at work now"), default=False)
    cursor = models.PositiveBigIntegerField(default=0, help_text="How often it has picked.")

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


@tracked("credit")
class PoolMember(models.Model):
    """A person in a pool; capacity counts the open handed-over leads (MQL, SAL, SQL) he owns."""

    pool = models.ForeignKey(RoutingPool, on_delete=models.CASCADE, related_name="members")
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="pool_memberships")
    weight = models.PositiveSmallIntegerField(
        _("weight"), default=1, validators=[MinValueValidator(1), MaxValueValidator(100)]
    )
    capacity = models.PositiveIntegerField(
        _("most open leads"), null=True, blank=True, help_text=_("Empty: no limit.")
    )
    # Smooth weighted round robin: grows by the weight at each pick, falls by the total when picked.
    credit = models.IntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["pool", "user"], name="pool_member_once"),
            models.CheckConstraint(
                condition=Q(weight__gte=1, weight__lte=100), name="pool_member_weight"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} in {self.pool_id}"


@tracked()
class RoutingRule(models.Model):
    """Leads that meet all `conditions` (criteria as `leads.criteria` reads them) go to a pool."""

    name = models.CharField(_("name"), max_length=100)
    position = models.PositiveIntegerField(_("position"))
    conditions = models.JSONField(_("conditions"), default=list, blank=True)
    pool = models.ForeignKey(RoutingPool, on_delete=models.PROTECT, related_name="rules")
    is_active = models.BooleanField(_("in use"), default=True)

    class Meta:
        ordering = ["position", "id"]

    def __str__(self) -> str:
        return self.name


class Assignment(models.Model):
    """A lead came to a person or a queue, and why. Rows stay; an undone one is voided.

    `why` explains a routed one in words' parameters (`{"rule": …, "skipped": […]}`).
    """

    lead = models.ForeignKey(
        "leads.Lead", on_delete=models.PROTECT, related_name="assignments", db_index=False
    )
    owner = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    queue = models.ForeignKey(Queue, null=True, on_delete=models.PROTECT, related_name="+")
    from_owner = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    cause = models.CharField(max_length=13, choices=AssignmentCause.choices)
    rule = models.ForeignKey(RoutingRule, null=True, on_delete=models.SET_NULL, related_name="+")
    pool = models.ForeignKey(RoutingPool, null=True, on_delete=models.SET_NULL, related_name="+")
    why = models.JSONField(default=dict, blank=True)
    actor = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    note = models.CharField(max_length=500, blank=True)
    assigned_at = models.DateTimeField()
    voided_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(owner__isnull=False) | Q(queue__isnull=False),
                name="assignment_is_never_to_nobody",
            )
        ]
        indexes = [
            models.Index(fields=["lead", "-assigned_at", "-id"], name="assignment_of_lead"),
            models.Index(fields=["owner", "-assigned_at"], name="assignment_of_owner"),
        ]

    def __str__(self) -> str:
        return f"{self.lead_id} → {self.owner_id or self.queue_id}"
