"""Users, teams, who holds which role where, and who is away."""

from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import BigIntegerRangeField, DateRangeField
from django.db import models
from django.db.models import F, Func, Q, Value
from django.db.models.functions import Lower, Trim
from django.utils.translation import gettext_lazy as _

from accounts.enums import FirstDay, NumberForm, Role, TeamKind, Telling, Theme
from accounts.models.calendars import BusinessCalendar
from accounts.models.tracking import tracked
from accounts.querysets import MembershipQuerySet, TeamQuerySet, UserManager


@tracked("password", "last_login")
class User(AbstractBaseUser):
    """A person who works here. The e-mail is the sign-in; nobody is deleted, only deactivated."""

    email = models.EmailField(_("e-mail"), max_length=254, unique=True)
    name = models.CharField(_("name"), max_length=150)
    language = models.CharField(
        _("language"), max_length=5, choices=settings.LANGUAGES, default="en"
    )
    zone = models.CharField(_("time zone"), max_length=64, default="Europe/Rome")
    telling = models.CharField(
        _("late promises"), max_length=10, choices=Telling.choices, default=Telling.AT_ONCE
    )
    theme = models.CharField(
        _("appearance"), max_length=6, choices=Theme.choices, default=Theme.SYSTEM
    )
    number_form = models.CharField(
        _("numbers"), max_length=8, choices=NumberForm.choices, default=NumberForm.LANGUAGE
    )
    first_day = models.CharField(
        _("week begins on"), max_length=8, choices=FirstDay.choices, default=FirstDay.LANGUAGE
    )
    single_key_shortcuts = models.BooleanField(_("single-key shortcuts"), default=True)
    calendar = models.ForeignKey(
        BusinessCalendar,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("working time"),
        help_text=_("Empty: as the team works."),
    )
    is_active = models.BooleanField(_("active"), default=True)
    # Empty until an invitation is accepted.
    joined_at = models.DateTimeField(_("joined"), null=True, blank=True)
    invited_at = models.DateTimeField(_("invited"), null=True, blank=True)
    deactivated_at = models.DateTimeField(_("deactivated"), null=True, blank=True)

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    class Meta:
        ordering = ["name", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(email=Lower(Trim("email"))), name="user_email_is_normalised"
            ),
            models.CheckConstraint(
                condition=Q(is_active=True, deactivated_at__isnull=True)
                | Q(is_active=False, deactivated_at__isnull=False),
                name="user_inactive_iff_deactivated",
            ),
            models.CheckConstraint(
                condition=Q(joined_at__isnull=False) | Q(invited_at__isnull=False),
                name="user_invited_or_joined",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_full_name(self) -> str:
        """Return the name, as allauth and the mails ask for it."""
        return self.name

    def get_short_name(self) -> str:
        """Return the first word of the name."""
        return self.name.split(" ", 1)[0]


@tracked()
class Team(models.Model):
    """A team; Marketing and Sales have one root each, any number of sub-teams below."""

    name = models.CharField(_("name"), max_length=100, unique=True)
    kind = models.CharField(_("side"), max_length=10, choices=TeamKind.choices)
    parent = models.ForeignKey(
        "self",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="children",
        verbose_name=_("part of"),
    )
    head = models.ForeignKey(
        User,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="headed_teams",
        verbose_name=_("head"),
    )
    calendar = models.ForeignKey(
        BusinessCalendar,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("working time"),
        help_text=_("Empty: as the organisation works."),
    )

    objects = TeamQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(condition=~Q(parent=F("id")), name="team_not_its_own_parent"),
            # The agreement is signed by the heads of the two root teams, so there are just two.
            models.UniqueConstraint(
                fields=["kind"],
                condition=Q(parent__isnull=True) & ~Q(kind="OTHER"),
                name="team_one_root_per_side",
            ),
        ]

    def __str__(self) -> str:
        return self.name


@tracked()
class Membership(models.Model):
    """A person holds a role: in a team, or (facilitator, administrator) in the organisation."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="memberships")
    team = models.ForeignKey(
        Team, null=True, blank=True, on_delete=models.PROTECT, related_name="memberships"
    )
    role = models.CharField(_("role"), max_length=15, choices=Role.choices)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user", "team", "role"], name="membership_once", nulls_distinct=False
            ),
            models.CheckConstraint(
                condition=Q(role__in=["FACILITATOR", "ADMINISTRATOR"], team__isnull=True)
                | (~Q(role__in=["FACILITATOR", "ADMINISTRATOR"]) & Q(team__isnull=False)),
                name="membership_team_iff_team_role",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.role} {self.team_id or ''}".strip()


def _same(column: str) -> Func:
    """Equality of a key inside an exclusion constraint, without btree_gist."""
    return Func(
        F(column), F(column), Value("[]"), function="int8range", output_field=BigIntegerRangeField()
    )


@tracked()
class Absence(models.Model):
    """A person is away from `first_on` to `last_on`, both included, in his own zone."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="absences")
    first_on = models.DateField(_("first day away"))
    last_on = models.DateField(_("last day away"))
    deputy = models.ForeignKey(
        User,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("deputy"),
    )
    note = models.CharField(_("note"), max_length=200, blank=True)

    class Meta:
        ordering = ["first_on"]
        constraints: ClassVar[list[Any]] = [
            models.CheckConstraint(
                condition=Q(last_on__gte=F("first_on")), name="absence_ends_after_it_begins"
            ),
            models.CheckConstraint(
                condition=Q(deputy__isnull=True) | ~Q(deputy=F("user")),
                name="absence_deputy_is_another",
            ),
            ExclusionConstraint(
                name="absence_no_overlap",
                expressions=[
                    (_same("user"), "&&"),
                    (
                        Func(
                            F("first_on"),
                            F("last_on"),
                            Value("[]"),
                            function="daterange",
                            output_field=DateRangeField(),
                        ),
                        "&&",
                    ),
                ],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.first_on:%Y-%m-%d} – {self.last_on:%Y-%m-%d}"
