"""Chat channels of teams, and what is to be posted there."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.enums import ChatService
from accounts.models.people import Team, User
from accounts.models.tracking import tracked


@tracked("sealed_address")
class ChatChannel(models.Model):
    """A channel of a chat service that hears what concerns a team. Its address is a secret: whoever
    knows it may post there."""

    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="chat_channels")
    name = models.CharField(_("name"), max_length=100)
    service = models.CharField(_("service"), max_length=12, choices=ChatService.choices)
    sealed_address = models.TextField()
    is_on = models.BooleanField(_("in use"), default=True)
    added_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["team", "name"], name="chat_channel_name_once_a_team")
        ]

    def __str__(self) -> str:
        return self.name


class ChatPost(models.Model):
    """One message to one channel: written with what it tells, sent later, once."""

    channel = models.ForeignKey(ChatChannel, on_delete=models.CASCADE, related_name="posts")
    dedupe_key = models.CharField(max_length=200)
    title = models.CharField(max_length=200)
    body = models.TextField(blank=True)
    url = models.CharField(max_length=300, blank=True)
    is_test = models.BooleanField(default=False)
    written_at = models.DateTimeField()
    due_at = models.DateTimeField()
    claimed_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
    given_up_at = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    last_error = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["channel", "dedupe_key"], name="chat_post_once"),
            models.CheckConstraint(
                condition=Q(sent_at__isnull=True) | Q(given_up_at__isnull=True),
                name="chat_post_not_both_sent_and_given_up",
            ),
        ]
        indexes = [
            models.Index(
                fields=["due_at"],
                name="chat_post_waiting",
                condition=Q(sent_at__isnull=True, given_up_at__isnull=True),
            )
        ]

    def __str__(self) -> str:
        return f"{self.title} to {self.channel_id}"
