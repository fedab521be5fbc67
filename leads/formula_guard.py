"""Texts that a spreadsheet would run. Pure.

A spreadsheet takes a cell for a formula when it begins with one of a few characters. In a CSV such
a text is written with an apostrophe before it, which makes it text; a text that already begins with
apostrophes and then such a character gets one more. Reading takes one apostrophe away from just
these texts, so that what was exported comes back as it was.
"""

from __future__ import annotations

import re

# Full-width forms too: some spreadsheets read them as the plain ones.
RUNS = "[=+\\-@\t\r\n＝＋－＠]"
WOULD_RUN = re.compile(f"'*{RUNS}")
LOOKS_GUARDED = re.compile(f"'+{RUNS}")


def guarded(text: str) -> str:
    """Return `text` as a cell that no spreadsheet runs."""
    return f"'{text}" if WOULD_RUN.match(text) else text


def guarded_if_typed(text: str) -> str:
    """Return `text` for a cell that is typed as text, where only a look-alike needs its guard."""
    return f"'{text}" if LOOKS_GUARDED.match(text) else text


def unguarded(text: str) -> str:
    """Return the text that `guarded` (or `guarded_if_typed`) wrote; whoever reads a file asks."""
    return text[1:] if LOOKS_GUARDED.match(text) else text
