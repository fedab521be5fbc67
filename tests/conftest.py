"""What every test shares: a fixed instant, and Hypothesis without chance."""

from __future__ import annotations

import logging
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from hypothesis import settings as hypothesis_settings

from smarketing.catalogues import LOCALE, compile_all

hypothesis_settings.register_profile("exact", derandomize=True, deadline=None, database=None)
hypothesis_settings.load_profile("exact")

# A Tuesday, inside everyone's working hours.
AT = datetime(2026, 3, 3, 10, 0, tzinfo=UTC)


pytest_plugins = ["tests.people"]


def pytest_configure() -> None:
    """Words of other languages are compiled, as they are when a version starts. Static files are
    served from their sources here; the folder of the collected must exist.

    A failing test shows what went wrong, not every request that went right.
    """
    logging.getLogger().setLevel(logging.WARNING)
    logging.getLogger("django_structlog").setLevel(logging.WARNING)
    Path(settings.STATIC_ROOT).mkdir(parents=True, exist_ok=True)
    compile_all(LOCALE)


# Ids as they are after a year, others in each table: whoever takes one for another, or writes
# them with thousands marks, is found out.
GROWN_UP = """
    SELECT setval(s.name, 100000 + 1000 * s.place)
    FROM (
        SELECT format('%I.%I', schemaname, sequencename)::regclass AS name, last_value,
            row_number() OVER (ORDER BY sequencename) AS place
        FROM pg_sequences WHERE schemaname = current_schema()
    ) AS s
    WHERE COALESCE(s.last_value, 0) < 100000
"""


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> None:
    """The usual test database, whose ids are large."""
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        cursor.execute(GROWN_UP)


@pytest.fixture
def at() -> datetime:
    """The instant at which things happen in tests."""
    return AT
