"""What every test shares: a fixed instant, and Hypothesis without chance."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import settings as hypothesis_settings

hypothesis_settings.register_profile("exact", derandomize=True, deadline=None, database=None)
hypothesis_settings.load_profile("exact")

# A Tuesday, inside everyone's working hours.
AT = datetime(2026, 3, 3, 10, 0, tzinfo=UTC)


@pytest.fixture
def at() -> datetime:
    """The instant at which things happen in tests."""
    return AT
