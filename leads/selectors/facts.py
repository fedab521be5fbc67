"""What is known of leads when criteria are checked: read for many at once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from django.db.models import Max, prefetch_related_objects

from leads.criteria import Facts, read_criteria
from leads.enums import PersonaKind, VersionState
from leads.fields import Field, read_all, vocabulary
from leads.models import CustomAttribute, Lead, PersonaVersion, Touch
from leads.personas import PersonaRules, judge
from leads.selectors.canonical import united_ids

Answers = Mapping[int, Mapping[str, bool]]
NEEDED = ("contact__company", "source", "campaign", "product_line")


def facts_key(lead: Lead, index: int) -> int:
    """Return the key of a lead in `facts_of`: its pk, or -(index + 1) while it is unsaved."""
    return lead.pk if lead.pk is not None else -(index + 1)


def facts_of(
    leads: Sequence[Lead],
    *,
    answers: Answers | None = None,
    personas: Sequence[PersonaRules] | None = None,
) -> dict[int, Facts]:
    """Return what is known of each lead, by `facts_key(lead, its index in the list)`.

    Unsaved leads are read as they stand in memory. `answers` holds what people answered by hand,
    under the same keys; `personas` those in force, where the caller has read them already.
    At most nine statements, however many leads there are; what is already loaded (contact,
    company, source, campaign, product line) is not asked again. A touch from before
    `engagement_from` tells nothing of this cycle and is left out.
    """
    if not leads:
        return {}
    prefetch_related_objects(list(leads), *NEEDED)
    fields = known_fields()
    known = personas_in_force() if personas is None else personas
    touches = _last_touches(leads)
    found = {}
    for index, lead in enumerate(leads):
        key = facts_key(lead, index)
        values = read_all(fields, lead)
        judged = judge(known, values)
        found[key] = Facts(
            values=values,
            score=lead.score,
            fits=judged.fits,
            excluded=judged.excluded,
            touches=_of_this_cycle(lead, touches.get(lead.contact_id, {})),
            answers=(answers or {}).get(key, {}),
        )
    return found


def known_fields() -> dict[str, Field]:
    """Return every checkable field by key, the organisation's own included; one statement."""
    return vocabulary(CustomAttribute.objects.filter(is_active=True))


def personas_in_force() -> list[PersonaRules]:
    """Return the rules of every persona in use, by id; one statement."""
    versions = PersonaVersion.objects.filter(
        state=VersionState.IN_FORCE, persona__is_active=True
    ).select_related("persona")
    return [rules_of(version) for version in versions.order_by("persona_id")]


def rules_of(version: PersonaVersion) -> PersonaRules:
    """Return what a version asks of a lead; its persona must be loaded."""
    return PersonaRules(
        persona_id=version.persona_id,
        name=version.persona.name,
        kind=PersonaKind(version.persona.kind),
        version=version.version,
        criteria=tuple(read_criteria(version.criteria)),
        exclusions=tuple(read_criteria(version.exclusions)),
    )


def _last_touches(leads: Iterable[Lead]) -> dict[int, dict[str, datetime]]:
    """Return when the person behind each contact was last touched in each way; two statements."""
    people = united_ids(lead.contact_id for lead in leads)
    rows = (
        Touch.objects.filter(contact_id__in={one for ids in people.values() for one in ids})
        .values_list("contact_id", "kind")
        .annotate(last=Max("occurred_at"))
        .order_by()
    )
    by_row: dict[int, dict[str, datetime]] = {}
    for contact_id, kind, last in rows:
        by_row.setdefault(contact_id, {})[kind] = last
    return {asked: _latest([by_row.get(one, {}) for one in ids]) for asked, ids in people.items()}


def _latest(touches: Iterable[Mapping[str, datetime]]) -> dict[str, datetime]:
    latest: dict[str, datetime] = {}
    for one in touches:
        for kind, last in one.items():
            latest[kind] = max(last, latest.get(kind, last))
    return latest


def _of_this_cycle(lead: Lead, touches: Mapping[str, datetime]) -> dict[str, datetime]:
    since = lead.engagement_from
    return {kind: last for kind, last in touches.items() if since is None or last >= since}
