"""Forms about people: invite, correct, roles, accept an invitation."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from accounts import rules
from accounts.enums import ORGANISATION_ROLES, TEAM_KINDS_OF_ROLE, Role, TeamKind
from accounts.models import BusinessCalendar, Team, User
from accounts.selectors.people import TeamInTree, team_tree
from accounts.services.roles import Held


@dataclass(frozen=True)
class RoleCell:
    """A box of the grid: its value in the form and whether it may be ticked."""

    value: str
    label: Any
    checked: bool
    open: bool


@dataclass(frozen=True)
class RoleRow:
    """A team of the grid with its boxes, one a role; None where the role does not fit."""

    team: TeamInTree
    cells: list[RoleCell | None]


def _value(held: Held) -> str:
    return f"{held.role}:{held.team_id or ''}"


def _held(value: str) -> Held:
    role, _colon, team = value.partition(":")
    return Held(Role(role), int(team) if team else None)


class RolesForm(forms.Form):
    """Which roles a person holds in which teams: a grid of boxes.

    Only the boxes that `by` may tick are choices; roles elsewhere stay as they are.
    """

    roles = forms.MultipleChoiceField(label=_("Roles"), required=False)

    def __init__(self, *args: Any, by: User, person: User | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.by = by
        self.teams = team_tree(Team.objects.all())
        rows = person.memberships.values_list("role", "team") if person else []
        self.held = {Held(Role(role), team) for role, team in rows}
        self._roles().choices = [(_value(held), _value(held)) for held in self._open()]

    def _roles(self) -> forms.MultipleChoiceField:
        field = self.fields["roles"]
        assert isinstance(field, forms.MultipleChoiceField)  # noqa: S101  # for the type checker
        return field

    def _all(self) -> list[Held]:
        of_teams = [
            Held(role, row.team.pk)
            for row in self.teams
            for role, kinds in TEAM_KINDS_OF_ROLE.items()
            if TeamKind(row.team.kind) in kinds
        ]
        return [*of_teams, *(Held(role) for role in Role if role in ORGANISATION_ROLES)]

    def _open(self) -> list[Held]:
        return [held for held in self._all() if rules.can_assign(self.by, *held)]

    @property
    def wanted(self) -> set[Held]:
        """The roles that the person shall hold: the ticked ones, and those not to be touched."""
        untouched = self.held - set(self._open())
        return untouched | {_held(value) for value in self.cleaned_data["roles"]}

    @property
    def role_heads(self) -> list[Any]:
        """The roles held in the teams shown, as the grid's columns."""
        return [role.label for role in self._columns()]

    @property
    def rows(self) -> list[RoleRow]:
        """The teams that matter here: those one may give roles in, and those of the person."""
        return [RoleRow(row, self._cells(row.team)) for row in self._teams_shown()]

    def _teams_shown(self) -> list[TeamInTree]:
        mattering = {held.team_id for held in [*self._open(), *self.held]}
        return [row for row in self.teams if row.team.pk in mattering]

    def _columns(self) -> list[Role]:
        shown = {TeamKind(row.team.kind) for row in self._teams_shown()}
        return [role for role, kinds in TEAM_KINDS_OF_ROLE.items() if kinds & shown]

    @property
    def organisation_cells(self) -> list[RoleCell]:
        """The boxes of the roles without a team, as far as they may be ticked or are."""
        cells = [self._cell(Held(role)) for role in Role if role in ORGANISATION_ROLES]
        return [cell for cell in cells if cell.open or cell.checked]

    def _cells(self, team: Team) -> list[RoleCell | None]:
        return [
            self._cell(Held(role, team.pk))
            if TeamKind(team.kind) in TEAM_KINDS_OF_ROLE[role]
            else None
            for role in self._columns()
        ]

    def _cell(self, held: Held) -> RoleCell:
        value = _value(held)
        ticked = value in self.data.getlist("roles") if self.is_bound else held in self.held  # type: ignore[attr-defined]  # forms get a QueryDict
        return RoleCell(value, held.role.label, ticked, rules.can_assign(self.by, *held))


class InviteForm(RolesForm):
    """Whom to invite, and as what."""

    email = forms.EmailField(label=_("E-mail"), max_length=254)
    name = forms.CharField(label=_("Name"), max_length=150)
    language = forms.ChoiceField(
        label=_("Language"), choices=settings.LANGUAGES, help_text=_("Of the invitation mail.")
    )


class PersonForm(forms.Form):
    """Name and sign-in address of somebody else."""

    name = forms.CharField(label=_("Name"), max_length=150)
    email = forms.EmailField(
        label=_("E-mail"),
        max_length=254,
        help_text=_("The address to sign in with, and where mails go."),
    )


class WorkingTimeForm(forms.Form):
    """By which calendar somebody works, when not by his team's."""

    calendar = forms.ModelChoiceField(
        BusinessCalendar.objects.all(),
        label=_("Calendar"),
        required=False,
        empty_label=_("As the team works"),
        help_text=_("Deadlines of this person run only while it is open."),
    )


class AcceptForm(forms.Form):
    """Name and password of somebody who accepts an invitation."""

    name = forms.CharField(label=_("Your name"), max_length=150)
    password = forms.CharField(
        label=_("Password"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=_("At least 10 characters, not a common one."),
    )


class PeopleFilterForm(forms.Form):
    """What the list of people is filtered by; what makes no sense is left out."""

    STATUSES = [
        ("", _("Every status")),
        ("active", _("Active")),
        ("invited", _("Invited")),
        ("deactivated", _("Deactivated")),
    ]

    q = forms.CharField(label=_("Search"), max_length=100, required=False)
    team = forms.ModelChoiceField(
        Team.objects.none(), label=_("Team"), required=False, empty_label=_("Every team")
    )
    role = forms.ChoiceField(
        label=_("Role"), choices=[("", _("Every role")), *Role.choices], required=False
    )
    status = forms.ChoiceField(label=_("Status"), choices=STATUSES, required=False)

    def __init__(self, *args: Any, teams: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["team"].queryset = teams  # type: ignore[attr-defined]
