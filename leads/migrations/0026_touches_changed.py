"""A touch that is changed in place makes the leads of its contact due, and reps' first attempts are
found by an index."""

from django.db import migrations, models

CHANGED = """
    CREATE FUNCTION leads_touch_update_facts_due() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        INSERT INTO leads_factdue (lead_id)
        SELECT l.id FROM (
            SELECT DISTINCT COALESCE(c.merged_into_id, c.id) AS id
            FROM fresh AS n JOIN gone AS o USING (id)
            JOIN leads_contact AS c ON c.id IN (n.contact_id, o.contact_id)
            WHERE (n.contact_id, n.kind, n.occurred_at, n.source_id, n.campaign_id, n.asset_id)
                IS DISTINCT FROM
                (o.contact_id, o.kind, o.occurred_at, o.source_id, o.campaign_id, o.asset_id)
        ) AS person
        JOIN LATERAL (
            SELECT person.id AS id UNION ALL
            SELECT m.id FROM leads_contact AS m WHERE m.merged_into_id = person.id
        ) AS one ON true
        JOIN leads_lead AS l ON l.contact_id = one.id;
        RETURN NULL;
    END $$;
    CREATE TRIGGER leads_touch_update_facts_due AFTER UPDATE ON leads_touch
        REFERENCING OLD TABLE AS gone NEW TABLE AS fresh
        FOR EACH STATEMENT EXECUTE FUNCTION leads_touch_update_facts_due();
"""
GONE = """
    DROP TRIGGER leads_touch_update_facts_due ON leads_touch;
    DROP FUNCTION leads_touch_update_facts_due();
"""


class Migration(migrations.Migration):
    dependencies = [("leads", "0025_facts_due")]

    operations = [
        migrations.RunSQL(CHANGED, GONE),
        migrations.AddIndex(
            model_name="leadfact",
            index=models.Index(fields=["first_attempt_at"], name="fact_first_attempt_at"),
        ),
    ]
