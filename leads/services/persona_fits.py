"""`Lead.persona` kept by machine: the buyer persona that fits best, for every open lead."""

from __future__ import annotations

from django.db import connection, transaction

from leads.fields import read_all
from leads.models import Lead
from leads.personas import best_of, judge
from leads.selectors.facts import NEEDED, known_fields, personas_in_force

BATCH = 1_000
UPDATE = (
    "UPDATE leads_lead AS old SET persona_id = new.persona_id "
    "FROM unnest(%s::bigint[], %s::bigint[]) AS new(id, persona_id) "
    "WHERE old.id = new.id AND old.disposition = 'OPEN' "
    "AND old.persona_id IS DISTINCT FROM new.persona_id"
)


def refresh_personas_after(lead_id: int, *, most: int = BATCH) -> tuple[int, int | None]:
    """Judge the next open leads after `lead_id` anew, at most `most`.

    Returns how many changed, and the last id looked at (None when there was nothing left). A
    constant number of statements; only leads whose persona changes are written.
    """
    rows = Lead.objects.open().filter(id__gt=lead_id).order_by("id")
    related = rows.select_related("contact__company", *NEEDED[1:]).defer("contact__search")
    leads = list(related[:most])
    if not leads:
        return 0, None
    fields, personas = known_fields(), personas_in_force()
    fitting = {lead.pk: judge(personas, read_all(fields, lead)).fits for lead in leads}
    best = {pk: best_of(personas, fits) for pk, fits in fitting.items()}
    wanted = {pk: one.persona_id if one else None for pk, one in best.items()}
    changed = {lead.pk: wanted[lead.pk] for lead in leads if lead.persona_id != wanted[lead.pk]}
    if not changed:
        return 0, leads[-1].pk
    return _write(changed), leads[-1].pk


def _write(changed: dict[int, int | None]) -> int:
    """Write the personas in id order, as the gate locks; leads closed meanwhile stay as they are.

    The row's version stays: what machines derive is no conflict for whoever decides.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        list(Lead.objects.select_for_update().filter(id__in=changed).order_by("id").values("id"))
        cursor.execute(UPDATE, [list(changed), list(changed.values())])
        return int(cursor.rowcount)
