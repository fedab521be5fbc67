"""The installation on servers, without a container engine: valid files, and commands that run."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psycopg2
import pytest
import yaml
from django.conf import settings

from smarketing import stack as product
from smarketing.celery import app
from smarketing.console import ROOT
from tests.stack.whole_stack import eventually, free_port

COMPOSE = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
OURS = ("migrate", "web", "worker", "beat")
DATABASE = f"smarketing_compose_test_{os.environ.get('PYTEST_XDIST_WORKER', 'alone')}"


def test_the_file_keeps_to_the_compose_specification() -> None:
    check = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", "vendor.compose-spec"]
    done = subprocess.run(
        [*check, "docker-compose.yml"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout) == (0, "ok -- validation done\n")


def test_the_services_are_those_of_the_product_and_its_servers() -> None:
    assert set(SERVICES) == {"db", "redis", *OURS}
    assert SERVICES["db"]["image"] == "postgres:17"
    assert SERVICES["redis"]["image"] == "redis:7"
    assert {SERVICES[name]["image"] for name in OURS} == {"smarketing"}


def test_everything_that_stays_is_watched_and_given_time_to_end() -> None:
    for name in set(SERVICES) - {"migrate"}:
        assert SERVICES[name]["healthcheck"]["test"][0] == "CMD", name
        assert SERVICES[name]["stop_grace_period"].endswith("s"), name
        assert SERVICES[name]["restart"] == "unless-stopped", name
    assert SERVICES["migrate"]["restart"] == "no"


def test_a_worker_may_end_the_longest_job() -> None:
    grace = int(SERVICES["worker"]["stop_grace_period"].removesuffix("s"))
    assert grace > app.conf.task_time_limit


def test_everybody_waits_for_the_migrations_and_those_for_the_database() -> None:
    assert SERVICES["migrate"]["depends_on"] == {"db": {"condition": "service_healthy"}}
    for name in ("web", "worker", "beat"):
        waits = SERVICES[name]["depends_on"]
        assert waits["migrate"] == {"condition": "service_completed_successfully"}


def test_data_live_in_named_volumes_and_the_product_writes_nothing_else() -> None:
    assert set(COMPOSE["volumes"]) == {"db", "redis", "private"}
    assert all(SERVICES[name]["read_only"] for name in OURS)
    assert all(SERVICES[name]["cap_drop"] == ["ALL"] for name in OURS)
    assert SERVICES["web"]["ports"] == ["${BIND_ADDRESS:-127.0.0.1}:${PORT:-8000}:8000"]


def test_no_secret_has_a_default() -> None:
    text = (ROOT / "docker-compose.yml").read_text()
    for name in ("SECRET_KEY", "POSTGRES_PASSWORD", "ALLOWED_HOSTS"):
        uses = re.findall(rf"\$\{{{name}([^}}]*)\}}", text)
        assert uses != []
        assert all(use.startswith(":?") for use in uses)


def test_one_machine_and_many_run_the_same_commands() -> None:
    assert SERVICES["web"]["command"] == ["python", *product.WEB]
    assert SERVICES["worker"]["command"] == ["python", *product.WORKER]
    assert SERVICES["beat"]["command"] == ["python", *product.BEAT]
    assert SERVICES["migrate"]["command"][:3] == ["python", *product.PREPARE]


def test_the_image_is_built_from_what_is_there_and_runs_as_nobody_special() -> None:
    lines = (ROOT / "Dockerfile").read_text().splitlines()
    copied = [
        line.split()[1:-1] for line in lines if line.startswith("COPY ") and "--from" not in line
    ]
    for path in (path for paths in copied for path in paths):
        assert (ROOT / path).exists(), path
    assert "USER smarketing" in lines
    assert lines[-1] == 'CMD ["python", "-m", "gunicorn", "smarketing.wsgi:application"]'
    assert all("--require-hashes" in line for line in lines if "pip install" in line)


def test_the_image_takes_only_what_it_needs() -> None:
    """Everything is left out but what is named; no data, no environment, no tests."""
    lines = [line for line in (ROOT / ".dockerignore").read_text().splitlines() if line[0] != "#"]
    assert lines[0] == "*"
    named = {line.removeprefix("!") for line in lines if line.startswith("!")}
    assert named & {".env", ".git", "var", "tests", "node_modules", ".venv"} == set()
    assert {*settings_apps(), "smarketing", "static", "templates", "requirements"} <= named


def settings_apps() -> set[str]:
    return {app for app in settings.INSTALLED_APPS if (ROOT / app / "apps.py").exists()}


class Installation:
    """The four commands of the file, run as processes of this machine."""

    def __init__(self, logs: Path, environment: dict[str, str]) -> None:
        self.logs = logs
        self.environment = environment
        self.processes: dict[str, subprocess.Popen[bytes]] = {}

    def start(self, name: str) -> subprocess.Popen[bytes]:
        command = [sys.executable, *SERVICES[name]["command"][1:]]
        with (self.logs / name).open("wb") as log:
            self.processes[name] = subprocess.Popen(
                command, cwd=ROOT, env=self.environment, stdout=log, stderr=subprocess.STDOUT
            )
        return self.processes[name]

    def said(self, name: str) -> str:
        return (self.logs / name).read_text(errors="replace")

    def says(self, name: str, words: str) -> None:
        def said() -> bool:
            assert self.processes[name].poll() is None, self.said(name)
            return words in self.said(name)

        eventually(said)


@pytest.fixture
def installation(tmp_path: Path) -> Iterator[Installation]:
    """An empty database on the server of the tests, and production settings."""
    given = os.environ["DATABASE_URL"]
    with closing(psycopg2.connect(given)) as server, server.cursor() as cursor:
        server.autocommit = True
        cursor.execute(f"DROP DATABASE IF EXISTS {DATABASE} WITH (FORCE)")
        cursor.execute(f"CREATE DATABASE {DATABASE}")
        environment = {name: os.environ[name] for name in ("PATH", "REDIS_URL", "HOME")}
        environment |= {
            "DATABASE_URL": urlsplit(given)._replace(path=f"/{DATABASE}").geturl(),
            "SECRET_KEY": "x" * 50,
            "ALLOWED_HOSTS": "smarketing.example.com",
            "BASE_URL": "https://smarketing.example.com",
            "SMARKETING_EMBEDDED": "1",  # the test server asks for no password
            "STATIC_ROOT": str(tmp_path / "static"),
            "BEAT_SCHEDULE_FILE": str(tmp_path / "beat-schedule"),
            "BIND": f"127.0.0.1:{free_port()}",
        }
        installation = Installation(tmp_path, environment)
        yield installation
        for process in installation.processes.values():
            process.kill()
            process.wait()
        cursor.execute(f"DROP DATABASE {DATABASE} WITH (FORCE)")


@pytest.mark.timeout(180)
def test_the_commands_of_the_file_run_and_end_in_time(installation: Installation) -> None:
    assert installation.start("migrate").wait(90) == 0, installation.said("migrate")
    for name in ("web", "worker", "beat"):
        installation.start(name)
    address = f"http://{installation.environment['BIND']}"
    probe = [sys.executable, "-m", "smarketing.probe"]
    eventually(lambda: subprocess.run([*probe, f"{address}/healthz"], check=False).returncode == 0)
    ready = [*probe, f"{address}/readyz", "database", "migrations", "redis"]
    assert subprocess.run(ready, check=False).returncode == 0
    installation.says("worker", " ready.")
    installation.says("beat", "beat: Starting")
    for name in ("web", "worker", "beat"):
        installation.processes[name].send_signal(signal.SIGTERM)
    for name in ("web", "worker", "beat"):
        grace = int(SERVICES[name]["stop_grace_period"].removesuffix("s"))
        assert installation.processes[name].wait(grace) == 0, installation.said(name)


def test_the_probe_tells_what_is_wrong() -> None:
    url = f"http://127.0.0.1:{free_port()}/healthz"
    command = [sys.executable, "-m", "smarketing.probe", url]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert done.stderr == f"{url}: <urlopen error [Errno 111] Connection refused>\n"
