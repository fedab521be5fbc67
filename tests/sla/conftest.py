"""Clocks follow the record in these tests."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from sla import receivers


@pytest.fixture(autouse=True)
def clocks_listen() -> Iterator[None]:
    """Connect the clocks for one test."""
    receivers.connect()
    yield
    receivers.disconnect()
