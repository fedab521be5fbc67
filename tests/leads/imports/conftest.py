"""Uploads of tests lie in a folder of their own."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest


@pytest.fixture(autouse=True)
def private_folder(settings: Any, tmp_path: Path) -> Path:
    """The private folder of one test."""
    settings.PRIVATE_ROOT = tmp_path / "private"
    return Path(settings.PRIVATE_ROOT)
