"""Contacts without a name stand in the list by their e-mail, which is what it shows of them."""

from __future__ import annotations

from django.db import migrations

ORDER_SQL = """
    UPDATE leads_contact AS old SET sort_key = left(COALESCE(head.email, one.email, ''), 200)
    FROM leads_contact AS one LEFT JOIN leads_contact AS head ON head.id = one.merged_into_id
    WHERE one.id = old.id AND old.sort_key = ''
"""


class Migration(migrations.Migration):
    """Give those a place that have none."""

    dependencies = [("leads", "0013_imports")]

    operations = [migrations.RunSQL(ORDER_SQL, migrations.RunSQL.noop)]
