"""The buyer's journey of a persona and what the research rests on, as they are stored. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from leads.folding import fold
from smarketing.errors import BadInput

MOST_STEPS = 12
MOST_LINES = 30
LONGEST_LINE = 500
LONGEST_KEY = 50


def read_journey(stored: Any) -> list[dict[str, Any]]:
    """Return the steps `{"key", "name", "questions"}` of a journey, each with a key of its own.

    A step without a key gets one from its name. Raises BadInput (field `journey`).
    """
    if not _is_list(stored) or len(stored) > MOST_STEPS:
        raise _wrong("journey", _("A journey has at most %(n)d steps.") % {"n": MOST_STEPS})
    steps: list[dict[str, Any]] = []
    for one in stored:
        if not isinstance(one, Mapping) or not isinstance(one.get("name"), str):
            raise _wrong("journey", _("Each step has a name."))
        name = " ".join(one["name"].split())[:LONGEST_LINE]
        if not name:
            raise _wrong("journey", _("Each step has a name."))
        key = key_of(str(one.get("key") or name), taken={step["key"] for step in steps})
        steps.append({"key": key, "name": name, "questions": _lines(one, "questions")})
    return steps


def read_sources(stored: Any) -> list[str]:
    """Return the sources as single lines, empty ones left out. Raises BadInput."""
    return _lines({"sources": stored}, "sources")


def key_of(text: str, taken: set[str] | frozenset[str] = frozenset()) -> str:
    """Return a short key made of `text` that is none of `taken`."""
    base = re.sub(r"[^a-z0-9]+", "-", fold(text)).strip("-")[:40] or "step"
    key, n = base, 2
    while key in taken:
        key, n = f"{base}-{n}", n + 1
    return key


def _lines(one: Mapping[str, Any], name: str) -> list[str]:
    given = one.get(name) or []
    if not _is_list(given) or any(not isinstance(line, str) for line in given):
        raise _wrong(name, _("Give a list of lines."))
    lines = [" ".join(line.split()) for line in given]
    lines = [line for line in lines if line]
    if len(lines) > MOST_LINES or any(len(line) > LONGEST_LINE for line in lines):
        limits = {"n": MOST_LINES, "long": LONGEST_LINE}
        raise _wrong(name, _("At most %(n)d lines of %(long)d characters.") % limits)
    return lines


def _is_list(value: Any) -> bool:
    return isinstance(value, Sequence) and not isinstance(value, str)


def _wrong(name: str, why: str) -> BadInput:
    return BadInput(why, fields={name: [why]})
