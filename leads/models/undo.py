"""What can be taken back within the undo window."""

from __future__ import annotations

from django.db import models

from accounts.models import User


class UndoableAction(models.Model):
    """One action of a person on some leads, and how those rows were before.

    `before` maps a lead's id to the values that the action changed and the version it left; rows
    that the action made are named by id in `made` (`{"assignments": [...], ...}`).
    """

    actor = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    done_at = models.DateTimeField()
    undone_at = models.DateTimeField(null=True)
    before = models.JSONField(default=dict)
    made = models.JSONField(default=dict)

    class Meta:
        indexes = [models.Index(fields=["done_at"], name="undoable_by_time")]

    def __str__(self) -> str:
        return f"{self.actor_id} at {self.done_at:%Y-%m-%d %H:%M}"
