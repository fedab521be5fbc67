"""Note each lead whose record changed, so that its fact is derived anew.

Triggers of statements: a change of many rows notes them in one go. An update notes only what a fact
reads.
"""

from django.db import migrations

READ_OF_LEAD = (
    "contact_id, stage, disposition, origin, returning, product_line_id, source_id, campaign_id,"
    " persona_id, owner_id, competitor_id, recycled_from_id, score, attempts, first_attempt_at,"
    " lead_at, mql_at, sal_at, sql_at, opportunity_at, customer_at, closed_at"
)
READ_OF_DEAL = "lead_id, state, amount, rate, closed_at"


def changed(columns: str) -> str:
    """Return the condition that a row `n` differs from what it was, `o`, in any of `columns`."""
    names = columns.split(", ")
    new, old = (", ".join(f"{row}.{name}" for name in names) for row in "no")
    return f"({new}) IS DISTINCT FROM ({old})"


# (table, what happens, which leads are due)
NOTES = [
    ("leads_lead", "INSERT", "SELECT id FROM fresh"),
    ("leads_lead", "DELETE", "SELECT id FROM gone"),
    (
        "leads_lead",
        "UPDATE",
        f"SELECT n.id FROM fresh AS n JOIN gone AS o USING (id) WHERE {changed(READ_OF_LEAD)}",
    ),
    ("leads_opportunity", "INSERT", "SELECT lead_id FROM fresh WHERE state = 'WON'"),
    ("leads_opportunity", "DELETE", "SELECT lead_id FROM gone WHERE state = 'WON'"),
    (
        "leads_opportunity",
        "UPDATE",
        "SELECT n.lead_id FROM fresh AS n JOIN gone AS o USING (id)"
        f" WHERE 'WON' IN (n.state, o.state) AND {changed(READ_OF_DEAL)}",
    ),
    (
        "leads_contact",
        "UPDATE",
        "WITH moved AS (SELECT unnest(ARRAY[n.id, n.merged_into_id, o.merged_into_id]) AS id"
        " FROM fresh AS n JOIN gone AS o USING (id)"
        f" WHERE {changed('company_id, country, merged_into_id')})"
        " SELECT l.id FROM leads_lead AS l JOIN (SELECT id FROM moved UNION"
        " SELECT m.id FROM moved JOIN leads_contact AS m ON m.merged_into_id = moved.id"
        ") AS person ON person.id = l.contact_id",
    ),
    (
        "leads_company",
        "UPDATE",
        "SELECT l.id FROM fresh AS n JOIN gone AS o USING (id)"
        " JOIN leads_contact AS c ON c.company_id = n.id"
        " JOIN leads_lead AS l ON l.contact_id = c.id"
        f" WHERE {changed('country')}",
    ),
    *(
        (
            "leads_touch",
            event,
            "SELECT l.id FROM (SELECT DISTINCT COALESCE(c.merged_into_id, c.id) AS id"
            f" FROM {rows} AS n JOIN leads_contact AS c ON c.id = n.contact_id) AS person"
            " JOIN LATERAL (SELECT person.id AS id UNION ALL SELECT m.id FROM leads_contact AS m"
            " WHERE m.merged_into_id = person.id) AS one ON true"
            " JOIN leads_lead AS l ON l.contact_id = one.id",
        )
        for event, rows in (("INSERT", "fresh"), ("DELETE", "gone"))
    ),
]
SEEN = {
    "INSERT": "REFERENCING NEW TABLE AS fresh",
    "DELETE": "REFERENCING OLD TABLE AS gone",
    "UPDATE": "REFERENCING OLD TABLE AS gone NEW TABLE AS fresh",
}


def step(table: str, event: str, leads: str) -> migrations.RunSQL:
    """Return the trigger that notes `leads` when `event` happens to `table`."""
    name = f"{table}_{event.lower()}_facts_due"
    create = f"""
        CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            INSERT INTO leads_factdue (lead_id) {leads};
            RETURN NULL;
        END $$;
        CREATE TRIGGER {name} AFTER {event} ON {table} {SEEN[event]}
            FOR EACH STATEMENT EXECUTE FUNCTION {name}();
    """
    return migrations.RunSQL(create, f"DROP TRIGGER {name} ON {table}; DROP FUNCTION {name}();")


class Migration(migrations.Migration):
    dependencies = [("leads", "0024_facts")]

    operations = [
        *(step(*note) for note in NOTES),
        migrations.RunSQL(
            "INSERT INTO leads_factdue (lead_id) SELECT id FROM leads_lead",
            migrations.RunSQL.noop,
        ),
    ]
