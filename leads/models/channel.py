"""What the two teams tell each other between the reviews."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from leads.enums import PostKind
from leads.models.assets import Asset
from leads.models.campaigns import Campaign
from leads.models.leads import Lead


class ChannelPost(models.Model):
    """A field note (Sales tells Marketing) or a campaign alert (Marketing tells Sales).

    An alert says what goes out (`text`), to whom (`audience`), when (`goes_out_at`), what to say
    to those who answer (`what_to_say`) and with which assets.
    """

    kind = models.CharField(_("kind"), max_length=5, choices=PostKind.choices)
    author = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    text = models.TextField(_("what happened"))
    audience = models.CharField(_("to whom"), max_length=300, blank=True)
    goes_out_at = models.DateTimeField(_("when"), null=True, blank=True)
    what_to_say = models.TextField(_("what to say"), blank=True)
    campaign = models.ForeignKey(
        Campaign, null=True, blank=True, on_delete=models.PROTECT, related_name="posts"
    )
    leads = models.ManyToManyField(Lead, blank=True, related_name="posts")
    assets = models.ManyToManyField(Asset, blank=True, related_name="posts")
    posted_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(kind="ALERT") | Q(goes_out_at__isnull=False),
                name="alert_says_when",
            )
        ]
        indexes = [models.Index(fields=["-posted_at", "-id"], name="post_newest")]

    def __str__(self) -> str:
        return self.text[:60]


class Acknowledgement(models.Model):
    """Somebody has read a post and says so."""

    post = models.ForeignKey(ChannelPost, on_delete=models.CASCADE, related_name="acknowledgements")
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["post", "user"], name="acknowledged_once")]

    def __str__(self) -> str:
        return f"{self.user_id} read {self.post_id}"
