"""Bring a database and the static files to this version: python -m smarketing.prepare

Compiles the words of other languages, migrates, collects the static files when they changed, and
with DEMO=1 loads the demo data into an empty database. Safe to run again at any time; run it before
the processes of a new version start.
"""

from __future__ import annotations

import argparse
import hashlib
import os
from concurrent.futures import ThreadPoolExecutor
from io import StringIO
from pathlib import Path

import django
from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command, get_commands

from smarketing.catalogues import LOCALE, compile_all
from smarketing.console import say

# Pages of our libraries that we do not offer; compressing their files takes longer than ours.
NEVER_SERVED = ["redoc", "rest_framework"]
DEMO_COMMAND = "load_demo"


def main(arguments: list[str] | None = None) -> None:
    """Run all steps in order; the first that fails ends the program with its own error."""
    parser = argparse.ArgumentParser(prog="python -m smarketing.prepare", description=__doc__)
    only = parser.add_mutually_exclusive_group()
    only.add_argument("--database-only", action="store_true", help="leave the static files alone")
    only.add_argument("--static-only", action="store_true", help="ask no database")
    parser.add_argument(
        "--sign-ins", type=Path, help="write one demo sign-in per role to this file"
    )
    options = parser.parse_args(arguments)
    compile_all(LOCALE)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "smarketing.settings")
    django.setup()
    # Compressing files and waiting for a database go well together.
    with ThreadPoolExecutor(max_workers=1) as beside:
        if not options.database_only:
            collected = beside.submit(collect_static, Path(settings.STATIC_ROOT))
        if not options.static_only:
            prepare_database(options.sign_ins)
        if not options.database_only:
            collected.result()


def prepare_database(sign_ins: Path | None) -> None:
    """Migrate, and with DEMO=1 load the demo data into an empty database."""
    say("Bringing the database to this version")
    call_command("migrate", interactive=False)
    call_command("createcachetable")
    if settings.DEMO:
        load_demo(sign_ins)


def load_demo(sign_ins: Path | None) -> None:
    """Load the demo data into an empty database; write who can sign in to the file `sign_ins`."""
    if DEMO_COMMAND not in get_commands():
        return
    say("Loading the demo data, unless people work here already")
    call_command(DEMO_COMMAND)
    if sign_ins:
        words = StringIO()
        call_command(DEMO_COMMAND, print_sign_ins=True, stdout=words)
        sign_ins.write_text(words.getvalue())


def collect_static(target: Path) -> None:
    """Collect, hash and compress the static files, unless none of them changed since."""
    stamp, wanted = target / ".stamp", static_digest()
    if stamp.is_file() and stamp.read_text() == wanted:
        return
    say("Collecting and compressing the static files")
    call_command(
        "collectstatic",
        interactive=False,
        verbosity=0,
        clear=True,
        ignore_patterns=NEVER_SERVED,
    )
    stamp.write_text(wanted)


def static_digest() -> str:
    """A hash over the name, size and time of every static file that would be collected."""
    together = hashlib.sha256(settings.STORAGES["staticfiles"]["BACKEND"].encode())
    for finder in get_finders():
        for path, storage in finder.list(NEVER_SERVED):
            facts = Path(storage.path(path)).stat()
            together.update(f"{path}\0{facts.st_size}\0{facts.st_mtime_ns}\n".encode())
    return together.hexdigest()


if __name__ == "__main__":
    main()
