"""Shares as people type them. Pure: no ORM, no now."""

from __future__ import annotations

import re
from decimal import Decimal
from fractions import Fraction

LONGEST = 12
PART = re.compile(rf"(\d{{1,{LONGEST}}})\s*/\s*(\d{{1,{LONGEST}}})", re.ASCII)


def read_share(text: str, marks: tuple[str, str]) -> Fraction | None:
    """Return the share (0 to 1) typed as `30`, `30 %`, `12,5` or `3/10`; exact.

    `marks` are the decimal and the thousands mark. None for nothing, for what cannot be read and
    for what is not between nothing and all.
    """
    bare = text.strip()
    parts = PART.fullmatch(bare)
    if parts:
        above, below = int(parts[1]), int(parts[2])
        share = Fraction(above, below) if below else None
    else:
        share = _per_cent(bare.removesuffix("%").strip(), marks[0])
    return share if share is not None and 0 <= share <= 1 else None


def _per_cent(text: str, decimal_mark: str) -> Fraction | None:
    found = re.fullmatch(rf"(\d{{1,3}})(?:{re.escape(decimal_mark)}(\d{{1,6}}))?", text, re.ASCII)
    if found is None:
        return None
    return Fraction(Decimal(f"{found[1]}.{found[2] or '0'}")) / 100
