"""What a report can be narrowed to, by name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from accounts.models import Team, User
from leads.models import Campaign, Persona, ProductLine, Source

Choice = tuple[int, str]


def filter_choices() -> Mapping[str, Sequence[Choice]]:
    """Return the choices of each filter, by name; one statement a filter."""
    people = User.objects.filter(is_active=True, memberships__isnull=False).distinct()
    return {
        "team": list(Team.objects.order_by("name").values_list("id", "name")),
        "owner": list(people.order_by("name").values_list("id", "name")),
        "product_line": list(ProductLine.objects.order_by("name").values_list("id", "name")),
        "persona": list(Persona.objects.order_by("name").values_list("id", "name")),
        "source": list(Source.objects.order_by("name").values_list("id", "name")),
        "campaign": list(Campaign.objects.order_by("name").values_list("id", "name")),
    }
