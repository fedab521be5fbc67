"""What every test shares: a fixed instant, and Hypothesis without chance."""

from __future__ import annotations

import logging
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.conf import settings
from hypothesis import settings as hypothesis_settings

hypothesis_settings.register_profile("exact", derandomize=True, deadline=None, database=None)
hypothesis_settings.load_profile("exact")

# A Tuesday, inside everyone's working hours.
AT = datetime(2026, 3, 3, 10, 0, tzinfo=UTC)


pytest_plugins = ["tests.people"]


def pytest_configure() -> None:
    """Static files are served from their sources here; the folder of the collected must exist.

    A failing test shows what went wrong, not every request that went right.
    """
    logging.getLogger().setLevel(logging.WARNING)
    Path(settings.STATIC_ROOT).mkdir(parents=True, exist_ok=True)


@pytest.fixture
def at() -> datetime:
    """The instant at which things happen in tests."""
    return AT
