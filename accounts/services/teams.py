"""Teams form one tree a side; a sub-team is of its parent's kind, a head is a manager there."""

from __future__ import annotations

from django.db import IntegrityError, transaction
from django.db.models import ProtectedError
from django.utils.translation import gettext as _

from accounts import rules
from accounts.enums import Role
from accounts.models import BusinessCalendar, Membership, Team, User
from smarketing.errors import BadInput, NotAllowed, Refused


def create_team(
    *,
    name: str,
    kind: str,
    parent: Team | None,
    head: User | None,
    calendar: BusinessCalendar | None,
    by: User,
) -> Team:
    """Make a team; below a parent it takes the parent's kind.

    Raises NotAllowed unless `by` may place teams there, BadInput for a name in use, a second root
    of a side, an inactive head.
    """
    team = Team(name=name.strip(), kind=parent.kind if parent else kind, parent=parent, head=head)
    team.calendar = calendar
    _check_place(by, parent)
    return _save(team)


def change_team(
    team: Team,
    *,
    name: str,
    kind: str,
    parent: Team | None,
    head: User | None,
    calendar: BusinessCalendar | None,
    by: User,
) -> Team:
    """Change a team; who heads it may rename it and choose its working time, no more.

    Raises NotAllowed without the right, BadInput as `create_team` does and for a parent that is the
    team itself or below it, Refused when the kind would change under members or sub-teams.
    """
    with transaction.atomic():
        # The tree is one thing: two moves at once could close a ring that neither sees.
        tree = {row.pk: row for row in Team.objects.select_for_update().order_by("pk")}
        stored = tree[team.pk]
        if not rules.can_edit_team(by, stored):
            raise NotAllowed(_("You may change only the teams that you head."))
        if _place(stored) != (parent and parent.pk, head and head.pk):
            _check_place(by, stored.parent_id)
            _check_place(by, parent)
        _refuse_ring(stored, parent, tree)
        new_kind = parent.kind if parent else kind
        _refuse_new_kind(stored, new_kind, tree)
        stored.name, stored.kind, stored.parent = name.strip(), new_kind, parent
        stored.head, stored.calendar = head, calendar
        return _save(stored)


def remove_team(team: Team, *, by: User) -> None:
    """Remove a team that nothing refers to.

    Raises NotAllowed without the right to place it, Refused while people, teams or work belong
    to it.
    """
    _check_place(by, team.parent_id)
    try:
        with transaction.atomic():
            team.delete()
    except ProtectedError:
        raise Refused(
            _("%(team)s still has people, teams or work.") % {"team": team.name}, code="team_in_use"
        ) from None


def _place(team: Team) -> tuple[int | None, int | None]:
    return team.parent_id, team.head_id


def _check_place(by: User, parent: Team | int | None) -> None:
    if not rules.can_place_team(by, parent):
        raise NotAllowed(_("You may place teams only below those that you head."))


def _refuse_ring(team: Team, parent: Team | None, tree: dict[int, Team]) -> None:
    above = parent.pk if parent else None
    while above is not None:
        if above == team.pk:
            reason = _("A team cannot be part of itself or of a team below it.")
            raise BadInput(_("The team was not changed."), fields={"parent": [reason]})
        above = tree[above].parent_id


def _refuse_new_kind(team: Team, kind: str, tree: dict[int, Team]) -> None:
    if kind == team.kind:
        return
    has_children = any(other.parent_id == team.pk for other in tree.values())
    if has_children or team.memberships.exists():
        raise Refused(
            _("%(team)s has people or teams; its side cannot change.") % {"team": team.name},
            code="team_kind_in_use",
        )


def _save(team: Team) -> Team:
    if not team.name:
        raise _refusal("name", _("Enter a name."))
    try:
        with transaction.atomic():
            _hold_active(team.head)
            team.save()
            if team.head is not None:
                Membership.objects.get_or_create(user=team.head, team=team, role=Role.MANAGER)
    except IntegrityError as error:
        raise _in_words(error) from None
    return team


def _hold_active(head: User | None) -> None:
    """Lock the head until the team is saved: somebody may be deactivating him just now."""
    if head is None:
        return
    if not User.objects.active().select_for_update().filter(pk=head.pk).exists():
        raise _refusal("head", _("The head must be active."))


def _refusal(field: str, reason: str) -> BadInput:
    return BadInput(_("The team was not saved."), fields={field: [reason]})


def _in_words(error: IntegrityError) -> BadInput:
    if "team_one_root_per_side" in str(error):
        field, reason = "kind", _("This side has its root team already: choose what it is part of.")
    else:
        field, reason = "name", _("A team with this name exists.")
    return _refusal(field, reason)
