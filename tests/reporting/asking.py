"""What tests ask of panels."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from accounts.models import User
from accounts.rules import standing
from reporting.asking import read_view
from reporting.figures import Figures
from reporting.house import reporting_house
from reporting.view import View
from tests.conftest import AT


def view_of(user: User, at: datetime = AT, **asked: str) -> View:
    """What `user` asks for at `at`."""
    return read_view(asked, user, standing(user), house=reporting_house(), at=at)


def rows_of(figures: Figures) -> dict[str, list[Any]]:
    """Its values by row."""
    return {row.key: list(row.values) for row in figures.rows}
