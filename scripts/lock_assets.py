"""Renew package-lock.json: hashes only, no address of a registry or of anybody else."""

from __future__ import annotations

import json
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from scripts.assets import LOG, npm_command  # noqa: E402
from smarketing.console import end_on_start_error, run_quietly  # noqa: E402

LOCK = ROOT / "package-lock.json"
ADDRESSES = ("resolved", "funding", "bugs", "homepage")


def without_addresses(text: str) -> str:
    """The lock with every address taken out; what is installed is decided by its hashes."""
    lock = json.loads(text)
    for package in lock["packages"].values():
        for key in ADDRESSES:
            package.pop(key, None)
    return json.dumps(lock, indent=2) + "\n"


if __name__ == "__main__":
    with end_on_start_error():
        run_quietly(
            [*npm_command(), "update", "--package-lock-only", "--no-audit", "--no-fund"],
            LOG,
            failure="The browser packages could not be locked: is the npm registry reachable",
        )
        LOCK.write_text(without_addresses(LOCK.read_text()))
