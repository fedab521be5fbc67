"""The library as read: lists with sends and openings, what suits a lead, what a link shows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, IntegerField, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from accounts.rules import standing
from leads.enums import VersionState
from leads.folding import fold
from leads.models import Asset, AssetFit, AssetSend, Lead, PersonaVersion
from leads.rules import sees_leads
from smarketing.errors import NotFound

MOST_ASSETS = 500
MOST_SENDS = 50
MOST_OFFERED = 100
LONGEST_TOKEN = 43


def _of_asset(figure: Any) -> Coalesce:
    rows = AssetSend.objects.filter(asset=OuterRef("pk")).order_by().values("asset")
    counted = Subquery(rows.annotate(n=figure).values("n"), output_field=IntegerField())
    return Coalesce(counted, 0)


def library(user: Any) -> QuerySet[Asset]:
    """Return the assets with `sent` and `opened` (openings of all sends), by name."""
    rows = Asset.objects.select_related("product_line", "campaign").annotate(
        sent=_of_asset(Count("pk")), opened=_of_asset(Sum("openings"))
    )
    return rows.prefetch_related("fits__persona") if sees_leads(standing(user)) else rows.none()


def filtered(rows: QuerySet[Asset], wanted: Mapping[str, Any]) -> QuerySet[Asset]:
    """Narrow `rows`: `q` (words of name or description), `kind`, `persona`, `product_line`,
    `retired` ("yes" shows those no longer in use, too)."""
    if wanted.get("retired") != "yes":
        rows = rows.filter(is_active=True)
    if words := str(wanted.get("q") or "").strip():
        rows = rows.filter(Q(key__contains=fold(words)) | Q(description__icontains=words))
    if kind := wanted.get("kind"):
        rows = rows.filter(kind=kind)
    if line := wanted.get("product_line"):
        rows = rows.filter(product_line=line)
    if persona := wanted.get("persona"):
        rows = rows.filter(pk__in=AssetFit.objects.filter(persona=persona).values("asset"))
    return rows


def one_asset(user: Any, pk: int) -> Asset:
    """Return the asset as the library shows it; raise NotFound when there is none."""
    found = library(user).filter(pk=pk).first()
    if found is None:
        raise NotFound("no such asset")
    return found


@dataclass(frozen=True)
class Fit:
    """For whom and where in the buyer's journey an asset is; `step` is "" for every step."""

    persona_id: int
    persona: str
    step: str
    step_name: str


def fits_of(asset: Asset) -> list[Fit]:
    """Return the fits of an asset with the names of their steps; one statement."""
    rows = list(asset.fits.all())
    names = step_names({row.persona_id for row in rows})
    found = [
        Fit(
            row.persona_id,
            row.persona.name,
            row.step,
            names.get((row.persona_id, row.step), row.step),
        )
        for row in rows
    ]
    return sorted(found, key=lambda fit: (fit.persona, fit.step))


def step_names(persona_ids: Iterable[int] | None = None) -> dict[tuple[int, str], str]:
    """Return the names of the journey steps in force by (persona, key); None: of all personas."""
    rows = PersonaVersion.objects.filter(state=VersionState.IN_FORCE)
    if persona_ids is not None:
        rows = rows.filter(persona__in=set(persona_ids))
    return {
        (persona, str(step.get("key", ""))): str(step.get("name", ""))
        for persona, journey in rows.values_list("persona", "journey")
        for step in journey
    }


def sends_of_asset(user: Any, asset: Asset) -> list[AssetSend]:
    """Return the last sends of an asset to leads that `user` may see."""
    leads = Lead.objects.visible_to(user, standing(user))
    rows = AssetSend.objects.filter(asset=asset, lead__in=leads)
    rows = rows.select_related("lead__contact", "sender").defer("lead__contact__search")
    return list(rows.order_by("-sent_at", "-pk")[:MOST_SENDS])


def sends_of_lead(lead: Lead) -> list[AssetSend]:
    """Return what was sent to a lead, newest first."""
    rows = AssetSend.objects.filter(lead=lead).select_related("asset", "sender")
    return list(rows.order_by("-sent_at", "-pk")[:MOST_SENDS])


def assets_for(lead: Lead) -> list[Asset]:
    """Return what may be sent to a lead: what suits its persona first, then its product line."""
    rows = Asset.objects.filter(is_active=True, internal_only=False)
    suits = Count("fits", filter=Q(fits__persona=lead.persona_id)) if lead.persona_id else None
    found = list((rows.annotate(suits=suits) if suits else rows)[:MOST_OFFERED])
    line = lead.product_line_id
    found.sort(
        key=lambda asset: (
            not getattr(asset, "suits", 0),
            line is None or asset.product_line_id != line,
            asset.name,
        )
    )
    return found


def sent_by_token(token: str) -> AssetSend:
    """Return what the link with `token` shows.

    Raises NotFound, always in the same words, for a token that is none and for an asset that has
    become internal since.
    """
    rows = AssetSend.objects.select_related("asset", "lead__contact").defer("lead__contact__search")
    known = len(token) == LONGEST_TOKEN and token.isascii()
    found = rows.filter(token=token, asset__internal_only=False).first() if known else None
    if found is None:
        raise NotFound("no such link")
    return found
