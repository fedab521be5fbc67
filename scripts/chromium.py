"""Find a Chromium for the browser tests, or install one: python scripts/chromium.py

In this order: $CHROMIUM, the machine's own, Debian's package (as root), Playwright's download.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from smarketing.console import StartError, end_on_start_error, run_quietly, say  # noqa: E402

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
LOG = ROOT / "var" / "log" / "chromium.log"


def find_chromium() -> str | None:
    """The path of an installed Chromium, None when there is none."""
    named = os.environ.get("CHROMIUM")
    found = [named] if named else [shutil.which(name) for name in NAMES]
    return next((path for path in found if path and Path(path).exists()), _of_playwright())


def _of_playwright() -> str | None:
    """Where Playwright put its own, if it was downloaded."""
    ask = "from playwright.sync_api import sync_playwright as start\n"
    ask += "with start() as p: print(p.chromium.executable_path)"
    done = subprocess.run([sys.executable, "-c", ask], capture_output=True, text=True, check=False)
    path = done.stdout.strip()
    return path if path and Path(path).exists() else None


def install_chromium() -> None:
    """Install one; raises StartError when no way works here."""
    say("Installing Chromium for the browser tests")
    if os.geteuid() == 0 and shutil.which("apt-get"):
        try:
            run_quietly(["apt-get", "update", "-q"], LOG, failure="No package list")
            run_quietly(["apt-get", "install", "-qy", "chromium"], LOG, failure="No package")
        except StartError:
            pass  # Ubuntu has no such package; Playwright's may still be there
        if find_chromium():
            return
    run_quietly(
        [sys.executable, "-m", "playwright", "install", "chromium"],
        LOG,
        failure="No Chromium is here and none could be installed: install one, or set CHROMIUM",
    )


if __name__ == "__main__":
    with end_on_start_error():
        if find_chromium() is None:
            install_chromium()
