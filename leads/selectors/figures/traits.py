"""How often those with a trait were won: every value of every trait in one walk over the facts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.db import connection
from django.db.models import Q
from django.db.models.fields.json import KeyTextTransform

from leads.enums import Disposition
from leads.querysets import LeadFactQuerySet
from leads.selectors.figures.cut import Span

# Where a company's size changes its name: up to 9, 49, 249, 999 people, and more.
SIZES = ((1, 9), (10, 49), (50, 249), (250, 999), (1000, None))
LARGEST = 2_147_483_647
WITH_TRAITS = """
    WITH ended AS ({facts}),
        told AS (
            SELECT t.trait, t.value, count(*) AS n,
                count(*) FILTER (WHERE f.disposition = 'WON') AS won
            FROM ended AS f
            JOIN leads_lead AS l ON l.id = f.lead_id
            LEFT JOIN leads_company AS k ON k.id = f.company_id
            CROSS JOIN LATERAL (
                VALUES ('source', f.source_id::text), ('campaign', f.campaign_id::text),
                    ('persona', f.persona_id::text), ('product_line', f.product_line_id::text),
                    ('region', NULLIF(f.region, '')), ('sector', NULLIF(k.sector, '')),
                    ('size', width_bucket(k.employees, ARRAY[1, 10, 50, 250, 1000])::text)
                UNION ALL SELECT 'touch', unnest(f.touch_kinds)
                UNION ALL SELECT 'asset', unnest(f.asset_ids)::text
                UNION ALL SELECT 'field:' || a.key, a.value
                    FROM jsonb_each_text(l.attributes) AS a
            ) AS t (trait, value)
            WHERE t.value IS NOT NULL AND t.value <> '0'
            GROUP BY t.trait, t.value
        )
    SELECT told.trait, told.value, told.n, told.won,
        COALESCE(s.name, c.name, p.name, i.name, e.name, told.value)
    FROM told
    LEFT JOIN leads_source AS s ON told.trait = 'source' AND s.id::text = told.value
    LEFT JOIN leads_campaign AS c ON told.trait = 'campaign' AND c.id::text = told.value
    LEFT JOIN leads_persona AS p ON told.trait = 'persona' AND p.id::text = told.value
    LEFT JOIN leads_productline AS i ON told.trait = 'product_line' AND i.id::text = told.value
    LEFT JOIN leads_asset AS e ON told.trait = 'asset' AND e.id::text = told.value
    UNION ALL
    SELECT '', '', count(*), count(*) FILTER (WHERE disposition = 'WON'), '' FROM ended
"""


@dataclass(frozen=True)
class TraitCount:
    """How many of those that ended had the value `value` of `trait`, and how many were won."""

    trait: str
    value: str
    name: str
    n: int
    won: int


def ended(facts: LeadFactQuerySet, span: Span) -> LeadFactQuerySet:
    """Return those that were won, lost or disqualified in `span`; who is recycled may come back."""
    final = (Disposition.WON, Disposition.LOST, Disposition.DISQUALIFIED)
    return facts.filter(span.holds("closed_at"), disposition__in=final)


def trait_counts(facts: LeadFactQuerySet, span: Span) -> tuple[int, int, list[TraitCount]]:
    """Return how many ended in `span`, how many of them were won, and the same for each value of
    each trait (cohort of those that ended); one statement."""
    rows = ended(facts, span).values("lead_id", "disposition", "company_id", "source_id",
        "campaign_id", "persona_id", "product_line_id", "region", "touch_kinds", "asset_ids",
    )  # fmt: skip
    sql, params = rows.query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(WITH_TRAITS.format(facts=sql), params)
        told = cursor.fetchall()
    n, won = next((row[2], row[3]) for row in told if not row[0])
    found = [TraitCount(row[0], row[1], row[4], row[2], row[3]) for row in told if row[0]]
    return n, won, found


def with_trait(facts: LeadFactQuerySet, trait: str, value: str) -> LeadFactQuerySet | None:
    """Return those of `facts` that have `value` of `trait`; None for what is no trait."""
    if trait.startswith("field:"):
        said = KeyTextTransform(trait.removeprefix("field:"), "lead__attributes")
        return facts.annotate(said=said).filter(said=value)
    if trait in ("source", "campaign", "persona", "product_line"):
        return facts.filter(**{f"{trait}_id": int(value)}) if value.isdecimal() else None
    conditions: dict[str, Callable[[], Q]] = {
        "region": lambda: Q(region=value),
        "sector": lambda: Q(company__sector=value),
        "touch": lambda: Q(touch_kinds__contains=[value]),
        "size": lambda: _of_size(int(value)) if value.isdecimal() else Q(pk=None),
        "asset": lambda: Q(asset_ids__contains=[int(value)]) if value.isdecimal() else Q(pk=None),
    }
    return facts.filter(conditions[trait]()) if trait in conditions else None


def _of_size(place: int) -> Q:
    if not 1 <= place <= len(SIZES):
        return Q(pk=None)
    low, high = SIZES[place - 1]
    return Q(company__employees__gte=low, company__employees__lte=high or LARGEST)
