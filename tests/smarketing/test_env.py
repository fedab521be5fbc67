"""A wrong or missing value stops the start and is named; all problems are told at once."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from smarketing.env import INSECURE_SECRET_KEY, WrongEnvironment, read_environment

ROOT = Path(__file__).parents[2]
SECRET = "k" * 50
RIGHT = {
    "SECRET_KEY": SECRET,
    "ALLOWED_HOSTS": "smarketing.example.com",
    "DATABASE_URL": "postgresql://u:p@db:5432/smarketing",
    "REDIS_URL": "redis://redis:6379/0",
}


def problems(**changes: str) -> list[str]:
    with pytest.raises(WrongEnvironment) as refused:
        read_environment(RIGHT | changes)
    return refused.value.problems


def test_a_right_environment_is_read_whole() -> None:
    env = read_environment(RIGHT)
    assert (env.debug, env.https, env.log_json, env.demo) == (False, True, True, False)
    assert env.allowed_hosts == ["smarketing.example.com"]
    assert (env.database["NAME"], env.database["HOST"]) == ("smarketing", "db")
    assert env.oidc is None


def test_an_empty_environment_names_everything_that_is_missing() -> None:
    with pytest.raises(WrongEnvironment) as refused:
        read_environment({})
    names = [problem.split()[0] for problem in refused.value.problems]
    assert names == ["SECRET_KEY", "DATABASE_URL", "REDIS_URL", "ALLOWED_HOSTS"]


@pytest.mark.parametrize(
    ("name", "value", "problem"),
    [
        ("DEBUG", "perhaps", "DEBUG: 'perhaps' is not a yes or a no (use 1 or 0)"),
        ("SECRET_KEY", "short", "SECRET_KEY is too short: use at least 50 random characters"),
        (
            "SECRET_KEY",
            INSECURE_SECRET_KEY,
            "SECRET_KEY is missing: with DEBUG off the built-in key is refused",
        ),
        (
            "DATABASE_URL",
            "sqlite:///db.sqlite3",
            "DATABASE_URL: only postgresql://user:password@host:port/name is supported",
        ),
        (
            "DATABASE_URL",
            "postgresql://u@/smarketing?host=/run/postgresql",
            "DATABASE_URL: a socket without a password trusts everybody on the machine; "
            "only the embedded server may be so (SMARKETING_EMBEDDED=1)",
        ),
        ("DATABASE_URL", "postgresql://host/", "DATABASE_URL: the address names no database"),
        (
            "REDIS_URL",
            "amqp://x",
            "REDIS_URL: use redis://host:port/0, rediss://… or redis+socket:///path",
        ),
        ("EMAIL_URL", "pigeon://x", "EMAIL_URL: unknown kind of mail address 'pigeon://x'"),
        ("WEB_THREADS", "0", "WEB_THREADS: '0' is not a whole number above zero"),
        ("LOG_LEVEL", "LOUD", "LOG_LEVEL: 'LOUD' is none of DEBUG, INFO, WARNING, ERROR"),
        (
            "BASE_URL",
            "example",
            "BASE_URL: use an absolute address such as https://smarketing.example.com",
        ),
        (
            "TEST_TIME",
            "var/offset",
            "TEST_TIME is for test databases only; the database's name has no 'test'",
        ),
        ("DEMO", "1", "DEMO: demo sign-ins are refused on any host but this machine's own"),
    ],
)
def test_a_wrong_value_is_named_with_its_reason(name: str, value: str, problem: str) -> None:
    assert problems(**{name: value}) == [problem]


def test_half_a_single_sign_on_is_refused() -> None:
    assert problems(OIDC_ISSUER="https://id.example.com") == [
        "OIDC_CLIENT_ID is missing: single sign-on needs all of "
        "OIDC_ISSUER, OIDC_CLIENT_ID, OIDC_CLIENT_SECRET",
        "OIDC_CLIENT_SECRET is missing: single sign-on needs all of "
        "OIDC_ISSUER, OIDC_CLIENT_ID, OIDC_CLIENT_SECRET",
    ]


@pytest.mark.parametrize("flag", ["SMARKETING_EMBEDDED", "DEBUG"])
def test_a_trusting_socket_needs_the_flag(flag: str) -> None:
    socket = {"DATABASE_URL": "postgresql://u@%2Frun%2Fpg/smarketing", flag: "1"}
    assert read_environment(RIGHT | socket).database["HOST"] == "/run/pg"


def test_demo_is_allowed_on_this_machine_only() -> None:
    assert read_environment(RIGHT | {"DEMO": "1", "ALLOWED_HOSTS": "localhost,127.0.0.1"}).demo


def test_the_example_lists_every_variable_and_no_other() -> None:
    read = set(re.findall(r'"([A-Z][A-Z_]+)"', (ROOT / "smarketing/env.py").read_text()))
    read -= {"INFO", "WARNING", "ERROR", "NAME", "HOST", "OPTIONS", "PASSWORD"}
    listed = set(re.findall(r"^([A-Z_]+)=", (ROOT / ".env.example").read_text(), re.MULTILINE))
    assert listed == read


def _manage(*args: str, **environ: str) -> subprocess.CompletedProcess[str]:
    clean = {"PATH": os.environ["PATH"], "PYTHONWARNINGS": "error::UserWarning:django"}
    return subprocess.run(
        [sys.executable, "manage.py", *args],
        cwd=ROOT,
        env=clean | environ,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_the_process_does_not_start_and_says_why() -> None:
    refused = _manage("check", **RIGHT | {"SECRET_KEY": ""})
    assert refused.returncode != 0
    assert "SECRET_KEY is missing: with DEBUG off the built-in key is refused" in refused.stderr


def test_the_production_configuration_has_no_deployment_warning() -> None:
    key = "Xq7-vB2_mK9+tR4.wZ8*nL1!cF6@hJ3#dS5$gP0%yU^eA&iO(aE)"
    checked = _manage("check", "--deploy", "--fail-level", "WARNING", **RIGHT | {"SECRET_KEY": key})
    assert checked.returncode == 0, checked.stderr
    assert "no issues (0 silenced)" in checked.stdout
