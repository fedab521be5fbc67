"""Lists as somebody likes them."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.enums import Role
from accounts.models import Team, User
from leads.enums import ViewReach


class SavedView(models.Model):
    """A named query string of a list: private, for a team, or for all; default of a role maybe."""

    name = models.CharField(_("name"), max_length=80)
    url_name = models.CharField(max_length=60, default="lead-list")
    query = models.CharField(max_length=2000, blank=True)
    reach = models.CharField(
        _("for"), max_length=7, choices=ViewReach.choices, default=ViewReach.PRIVATE
    )
    owner = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    team = models.ForeignKey(
        Team, null=True, blank=True, on_delete=models.CASCADE, related_name="+"
    )
    default_for = models.CharField(
        _("opens first for"), max_length=15, choices=Role.choices, blank=True
    )
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["name", "id"]
        constraints = [
            models.UniqueConstraint(fields=["owner", "url_name", "name"], name="view_name_once"),
            models.UniqueConstraint(
                fields=["url_name", "default_for"],
                condition=~Q(default_for=""),
                name="view_one_default_per_role",
            ),
            models.CheckConstraint(
                condition=Q(reach="TEAM", team__isnull=False)
                | (~Q(reach="TEAM") & Q(team__isnull=True)),
                name="view_team_iff_for_a_team",
            ),
            models.CheckConstraint(
                condition=Q(default_for="") | Q(reach="ALL"), name="view_default_is_for_all"
            ),
        ]

    def __str__(self) -> str:
        return self.name
