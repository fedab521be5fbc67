"""The installation: only what changed, in one plain sentence when it cannot be done."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from smarketing.console import ROOT

DEAD_INDEX = {
    "PIP_INDEX_URL": "http://127.0.0.1:9/simple",
    "PIP_CONFIG_FILE": os.devnull,
    "PIP_FIND_LINKS": "",
    "PIP_RETRIES": "0",
}


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """The files that a first installation needs, in a folder of their own."""
    for name in ("scripts", "smarketing", "requirements"):
        shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__"))
    return tmp_path


@pytest.fixture
def installed(checkout: Path) -> Path:
    """The same with an environment whose pip works, and has no network."""
    python = checkout / ".venv" / "bin" / "python"
    python.parent.mkdir(parents=True)
    python.write_text('#!/bin/sh\ncase "$*" in *--version) ;; *) echo "$@"; exit 1 ;; esac\n')
    python.chmod(0o755)
    return checkout


def _install(
    checkout: Path, lock: str, before: str = "pass", **environment: str
) -> subprocess.CompletedProcess[str]:
    program = f"import sys, runpy; {before}; sys.argv = ['scripts/install.py', {lock!r}]; "
    program += "runpy.run_path('scripts/install.py', run_name='__main__')"
    return subprocess.run(
        [sys.executable, "-c", program],
        cwd=checkout,
        env=os.environ | DEAD_INDEX | environment,
        capture_output=True,
        text=True,
        check=False,
    )


def _stamp(checkout: Path, *locks: str) -> None:
    program = f"import json, scripts.install as i; print(json.dumps(i.digests({locks[0]!r})))"
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=checkout, capture_output=True, text=True, check=True
    )
    (checkout / ".venv" / "installed.json").write_text(done.stdout)


def test_an_older_python_is_told_in_one_sentence(checkout: Path) -> None:
    done = _install(checkout, "up", before="sys.version_info = (3, 9, 2, 'final', 0)")
    assert done.returncode == 1
    assert done.stderr == (
        "✗ smarketing needs Python 3.11 or newer, this is 3.9:"
        " name a newer one with make PYTHON=/path/to/python3\n"
    )


def test_a_python_without_venv_is_told_in_one_sentence(checkout: Path) -> None:
    done = _install(checkout, "up", before="sys.modules['ensurepip'] = None")
    assert done.returncode == 1
    assert done.stderr == (
        "✗ This Python has no venv module: install it (Debian and Ubuntu: apt install"
        " python3-venv), then run the same command again\n"
    )
    assert not (checkout / ".venv").exists()


def test_a_dead_network_is_told_in_one_sentence(checkout: Path) -> None:
    done = _install(checkout, "up")
    assert done.returncode == 1
    assert done.stderr == (
        "✗ The Python packages could not be fetched or installed: is the network up."
        " Details: var/log/install.log\n"
    )
    assert not (checkout / ".venv" / "installed.json").exists()


def test_the_same_lock_is_not_installed_again(installed: Path) -> None:
    _stamp(installed, "up")
    assert _install(installed, "up").returncode == 0


def test_the_development_lock_serves_the_product_too(installed: Path) -> None:
    _stamp(installed, "dev")
    assert _install(installed, "up").returncode == 0


def test_the_product_lock_does_not_serve_tests(installed: Path) -> None:
    _stamp(installed, "up")
    assert _install(installed, "dev").returncode == 1  # there is no network to install it from


@pytest.mark.parametrize("damage", ["", "[]", '{"up": "0"}', "\0"])
def test_a_changed_lock_or_a_damaged_stamp_installs_again(installed: Path, damage: str) -> None:
    (installed / ".venv" / "installed.json").write_text(damage)
    done = _install(installed, "up")
    assert (done.returncode, done.stdout) == (
        1,
        "· Installing the Python packages (a minute or two the first time)\n",
    )


def test_a_changed_product_lock_renews_the_development_lock(installed: Path) -> None:
    _stamp(installed, "dev")
    with (installed / "requirements" / "up.txt").open("a") as lock:
        lock.write("# changed\n")
    _install(installed, "up")
    asked = (installed / "var" / "log" / "install.log").read_text().split()
    assert asked[-1] == str(installed / "requirements" / "dev.txt")


@pytest.mark.parametrize("lock", ["server", "up", "dev", "node"])
def test_every_locked_package_has_hashes_and_no_address(lock: str) -> None:
    text = (ROOT / "requirements" / f"{lock}.txt").read_text()
    packages = re.findall(r"^([\w.-]+)==.*?(?=^[\w.-]+==|\Z)", text, re.MULTILINE | re.DOTALL)
    hashed = re.findall(r"^([\w.-]+)==[^\n]*\\\n(?:    --hash=sha256:)", text, re.MULTILINE)
    assert packages == hashed != []
    assert "://" not in text


def test_each_lock_holds_the_one_before() -> None:
    def pins(lock: str) -> set[str]:
        text = (ROOT / "requirements" / f"{lock}.txt").read_text()
        return set(re.findall(r"^([\w.-]+==[^\s;]+)", text, re.MULTILINE))

    assert pins("server") - pins("up") == set()
    assert pins("up") - pins("dev") == set()
