"""Saved views: lists as somebody likes them, for himself, his team or everyone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from accounts.enums import Role
from accounts.models import User
from accounts.rules import standing
from leads.enums import ViewReach
from leads.models import SavedView
from leads.rules import shares_views
from smarketing.errors import BadInput, NotAllowed, NotFound

LONGEST_NAME, LONGEST_QUERY = 80, 2000
# Keys that say where in the list somebody stood, or that a view is what he looks at.
NOT_KEPT = ("after", "before", "view", "page")
NO_NAME = _("Give the view a name.")
NAME_TAKEN = _("You have a view of this name already.")
TOO_LONG = _("The filters are too many to be kept.")
NOT_YOUR_TEAM = _("You are not in this team.")
NOT_FOR_ALL = _("Views for everyone are shared by managers and administrators.")
DEFAULT_IS_FOR_ALL = _("Only a view for everyone can open first.")
GONE = _("There is no such view.")


@dataclass(frozen=True, kw_only=True)
class ViewFacts:
    """What a view is: its name, its address, who sees it, for which role it opens first."""

    name: str
    query: str = ""
    url_name: str = "lead-list"
    reach: ViewReach = ViewReach.PRIVATE
    team_id: int | None = None
    default_for: str = ""


def save_view(facts: ViewFacts, *, actor: User, at: datetime) -> SavedView:
    """Keep a new view. Raises BadInput or NotAllowed, having changed nothing."""
    return _write(SavedView(owner=actor, created_at=at), facts, actor)


def change_view(view_id: int, facts: ViewFacts, *, actor: User) -> SavedView:
    """Rename, share or fill anew one's own view, managers those for everyone too. Raises NotFound
    for a view that is not the person's to change, BadInput or NotAllowed."""
    return _write(own_view(view_id, actor), facts, actor)


def delete_view(view_id: int, *, actor: User) -> None:
    """Delete one's own view, managers those for everyone too; raises NotFound."""
    own_view(view_id, actor).delete()


def own_view(view_id: int, actor: User) -> SavedView:
    """Return a view that `actor` may change; raise NotFound for every other."""
    view = SavedView.objects.filter(pk=view_id).first()
    may = view is not None and (
        view.owner_id == actor.pk or (view.reach == ViewReach.ALL and shares_views(standing(actor)))
    )
    if view is None or not may:
        raise NotFound(GONE)
    return view


def _write(view: SavedView, facts: ViewFacts, actor: User) -> SavedView:
    _refuse(facts, actor)
    view.name, view.query = facts.name.strip(), kept_query(facts.query)
    view.url_name, view.reach = facts.url_name, facts.reach
    view.team_id = facts.team_id if facts.reach == ViewReach.TEAM else None
    view.default_for = facts.default_for
    if len(view.query) > LONGEST_QUERY:
        raise BadInput(TOO_LONG, fields={"query": [TOO_LONG]})
    try:
        with transaction.atomic():
            if view.default_for:  # one view a role opens first: the latest word holds
                others = SavedView.objects.filter(
                    url_name=view.url_name, default_for=view.default_for
                )
                others.exclude(pk=view.pk or 0).update(default_for="")
            view.save()
    except IntegrityError as error:
        raise BadInput(NAME_TAKEN, fields={"name": [NAME_TAKEN]}) from error
    return view


def _refuse(facts: ViewFacts, actor: User) -> None:
    if not facts.name.strip():
        raise BadInput(NO_NAME, fields={"name": [NO_NAME]})
    if facts.reach == ViewReach.TEAM and facts.team_id not in standing(actor).team_ids:
        raise NotAllowed(NOT_YOUR_TEAM)
    if facts.reach == ViewReach.ALL and not shares_views(standing(actor)):
        raise NotAllowed(NOT_FOR_ALL)
    if facts.default_for and facts.reach != ViewReach.ALL:
        raise BadInput(DEFAULT_IS_FOR_ALL, fields={"default_for": [DEFAULT_IS_FOR_ALL]})
    if facts.default_for and facts.default_for not in Role.values:
        raise BadInput(GONE, fields={"default_for": [GONE]})


def kept_query(query: str) -> str:
    """Return an address's query without the place in the list."""
    kept = QueryDict(query.removeprefix("?").replace("\x00", ""), mutable=True)
    for key in NOT_KEPT:
        kept.pop(key, None)
    return kept.urlencode()
