"""Probes, Today, search."""

from __future__ import annotations

from tests.access.matrix.answers import AWAY, EVERYONE, EVERYONE_NONE, PUBLIC, Line

JOBS = [
    # Probes are answered before anything else, and change nothing whatever they are asked.
    Line("healthz", get=PUBLIC, post=PUBLIC, unsafe="200"),
    Line("readyz", get=PUBLIC, post=PUBLIC, unsafe="200"),
]
SHELL = [
    Line("", get=EVERYONE),
    Line("favicon.ico", get=AWAY),
    Line("search/", get=EVERYONE),
    Line("commands/", get=EVERYONE),
    Line("gallery/", get=EVERYONE_NONE),  # only with DEBUG
]
