"""The only caller of now.

Views, tasks and commands ask here once and hand the instant down as `at=`; everything below them
takes time as an argument. With TEST_TIME set (refused outside a test database, see settings) an
offset in seconds is read from that file, so that an end-to-end test can move the time of a whole
running system.
"""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path


def now() -> datetime:
    """Return the present instant, aware, in UTC."""
    return datetime.now(UTC) + _test_offset()


def _test_offset() -> timedelta:
    offset_file = os.environ.get("TEST_TIME")
    if not offset_file:
        return timedelta(0)
    try:
        return timedelta(seconds=float(Path(offset_file).read_text()))
    except FileNotFoundError:
        return timedelta(0)
