"""What people type about saved views."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.enums import Role
from accounts.models import Team, User
from accounts.rules import standing
from leads.enums import ViewReach
from leads.rules import shares_views
from leads.services.saved_views import LONGEST_NAME, ViewFacts


class ViewForm(forms.Form):
    """What a view is called and who sees it; only what this person may choose is offered."""

    name = forms.CharField(max_length=LONGEST_NAME, label=gettext_lazy("Name"))
    reach = forms.ChoiceField(label=gettext_lazy("Who sees it"))
    default_for = forms.ChoiceField(required=False, label=gettext_lazy("Opens first for"))
    query = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        held = standing(user)
        teams = Team.objects.filter(id__in=held.team_ids).order_by("name")
        reaches: list[tuple[str, Any]] = [("PRIVATE", _("Me"))]
        reaches += [(f"TEAM:{team.pk}", team.name) for team in teams]
        reach, role = self.fields["reach"], self.fields["default_for"]
        assert isinstance(reach, forms.ChoiceField)  # noqa: S101  # declared above
        assert isinstance(role, forms.ChoiceField)  # noqa: S101
        if shares_views(held):
            reaches.append(("ALL", _("Everyone")))
            role.choices = [("", _("Nobody")), *Role.choices]
        else:
            del self.fields["default_for"]
        reach.choices = reaches

    def facts(self) -> ViewFacts:
        """Return the view that was asked for."""
        data = self.cleaned_data
        reach, _colon, team = data["reach"].partition(":")
        return ViewFacts(
            name=data["name"],
            query=data["query"],
            reach=ViewReach(reach),
            team_id=int(team) if team else None,
            default_for=data.get("default_for", ""),
        )
