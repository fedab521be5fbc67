"""The structure of the house: who may import whom, and the habits that a reader relies on."""

from __future__ import annotations

import ast
import statistics
import subprocess
from collections.abc import Iterator
from functools import cache
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command

ROOT = Path(__file__).parents[1]
# Bottom to top. A floor may know itself and the floors before it.
FLOORS = ["smarketing", "jobs", "shell", "accounts", "leads", "sla", "reporting"]
APPS = FLOORS[1:]
# Pure: no ORM, no now, nothing of ours but errors and the app's own enums.
PURE = ["accounts/business_time", "leads/lifecycle.py", "smarketing/errors.py", "smarketing/env.py"]
# The wiring names apps by string or, for Celery's seam, imports only settings.
LONGEST_FILE, LONGEST_FUNCTION = 300, 50
JUNK_DRAWERS = {"utils", "helpers", "common", "mixins", "misc", "manager2"}


def sources(*tops: str) -> list[Path]:
    """Python files of the given top folders, migrations left out."""
    found = [path for top in tops for path in (ROOT / top).rglob("*.py")]
    return sorted(path for path in found if "migrations" not in path.parts)


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text())


def name(path: Path) -> str:
    return str(path.relative_to(ROOT))


def imports(path: Path) -> Iterator[tuple[int, str]]:
    """Every imported module, inside functions too, as (line, dotted name)."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.lineno, node.module
            yield from ((node.lineno, f"{node.module}.{alias.name}") for alias in node.names)


def test_imports_go_downwards_only() -> None:
    wrong = [
        f"{name(path)}:{line} imports {module}"
        for floor, app in enumerate(FLOORS)
        for path in sources(app)
        for line, module in imports(path)
        if module.split(".")[0] in FLOORS[floor + 1 :]
    ]
    assert wrong == []


def test_no_floor_names_a_model_task_or_template_of_one_above() -> None:
    wrong = []
    for floor, app in enumerate(APPS):
        above = tuple(f"{upper}{mark}" for upper in APPS[floor + 1 :] for mark in "./")
        for path in sources(app):
            wrong += [
                f"{name(path)}:{node.lineno} names {node.value!r}"
                for node in ast.walk(tree(path))
                if isinstance(node, ast.Constant) and str(node.value).startswith(above)
            ]
    assert wrong == []


def test_the_time_source_is_the_only_caller_of_now() -> None:
    wrong = []
    for path in sources(*FLOORS):
        if path == ROOT / "smarketing/time_source.py":
            continue
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.Attribute) and (
                node.attr in {"now", "today", "utcnow", "localdate", "Now"}
                and isinstance(node.value, ast.Name)
                and node.value.id in {"datetime", "date", "timezone", "functions"}
            ):
                wrong.append(f"{name(path)}:{node.lineno} asks for {node.attr}")
            if isinstance(node, ast.keyword) and node.arg in {"auto_now", "auto_now_add"}:
                wrong.append(f"{name(path)}:{node.value.lineno} uses {node.arg}")
    assert wrong == []


def test_no_code_lifts_the_protection_of_history() -> None:
    """`smarketing.erasure` is named by the trigger that reads it; only erasure may ever set it. So
    it is with `smarketing.import_undo` and the undo of an import."""
    naming = [name(path) for path in sources(*FLOORS) if "smarketing.erasure" in path.read_text()]
    assert naming == ["leads/models/transitions.py", "leads/services/erasing.py"]
    undoing = [
        name(path) for path in sources(*FLOORS) if "smarketing.import_undo" in path.read_text()
    ]
    assert undoing == ["leads/models/transitions.py", "leads/services/unwriting.py"]


def test_services_and_rules_do_not_ask_for_the_time() -> None:
    """Time is an argument: views, tasks, commands and the edge ask; all below are told."""
    asked_by = {
        name(path)
        for path in sources(*APPS)
        for _line, module in imports(path)
        if module == "smarketing.time_source"
    }
    edge = ("views", "tasks.py", "management", "api", "receivers.py", "ticks.py", "templatetags",
            "middleware.py", "adapters.py", "context_processors.py", "forms")  # fmt: skip
    assert [path for path in sorted(asked_by) if not any(part in path for part in edge)] == []


def test_pure_rules_import_no_framework() -> None:
    allowed_django = {"django.utils.translation", "django.db.models"}  # words of the enums
    wrong = []
    for top in PURE:
        paths = [ROOT / top] if top.endswith(".py") else sources(top)
        for path in paths:
            for line, module in imports(path):
                root = module.split(".")[0]
                if root in {"django", "rest_framework", "celery"} and module not in allowed_django:
                    wrong.append(f"{name(path)}:{line} imports {module}")
    assert wrong == []


def test_the_rest_framework_stays_at_the_edge() -> None:
    wrong = [
        f"{name(path)}:{line} imports {module}"
        for path in sources(*APPS)
        if "api" not in path.relative_to(ROOT).parts
        for line, module in imports(path)
        if module.split(".")[0] in {"rest_framework", "drf_spectacular"}
    ]
    assert wrong == []


def test_no_file_is_too_long_to_read_in_a_sitting() -> None:
    lengths = {name(p): len(p.read_text().splitlines()) for p in sources(*FLOORS)}
    assert {path: n for path, n in lengths.items() if n > LONGEST_FILE} == {}


def test_functions_are_short() -> None:
    sizes = {
        f"{name(path)}:{node.lineno} {node.name}": (node.end_lineno or 0) - node.lineno + 1
        for path in sources(*FLOORS)
        for node in ast.walk(tree(path))
        if isinstance(node, ast.FunctionDef)
    }
    assert {where: size for where, size in sizes.items() if size > LONGEST_FUNCTION} == {}
    assert statistics.median(sizes.values()) <= 10
    assert statistics.quantiles(sizes.values(), n=10)[-1] <= 30


def test_there_are_no_junk_drawers() -> None:
    parts = {part for p in sources(*FLOORS) for part in p.relative_to(ROOT).with_suffix("").parts}
    assert parts & JUNK_DRAWERS == set()


def test_every_periodic_job_of_the_table_exists() -> None:
    from smarketing.celery import app  # noqa: PLC0415  # after Django is set up

    app.loader.import_default_modules()
    rung = {entry["task"] for entry in app.conf.beat_schedule.values()}
    assert rung - set(app.tasks) == set()


@pytest.mark.django_db
def test_no_migration_is_pending() -> None:
    said = StringIO()
    call_command("makemigrations", dry_run=True, stdout=said)
    assert said.getvalue() == "No changes detected\n"


def test_no_committed_file_holds_an_address_of_a_package_registry() -> None:
    """Locks carry hashes; where packages come from is the machine's own business."""
    tracked = subprocess.run(
        ["git", "ls-files", "-z", "*requirements*", "package-lock.json", ".npmrc", "Dockerfile"],
        cwd=ROOT, capture_output=True, text=True, check=True,
    ).stdout.split("\0")  # fmt: skip
    wrong = [
        f"{path}: {line.strip()}"
        for path in filter(None, tracked)
        for line in (ROOT / path).read_text().splitlines()
        if "index-url" in line or '"resolved"' in line or "@ http" in line
    ]
    assert wrong == []
