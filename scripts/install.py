"""Bring `.venv` to a lock: python3 scripts/install.py up|dev

Works with nothing but CPython 3.11. `up` is what a running product needs, `dev` holds it and what
tests need on top. Nothing happens when the lock was installed before. The first lines are written
so that an older Python reads them and refuses in words.
"""

import sys

NEEDED = (3, 11)
if sys.version_info < NEEDED:
    sys.exit(
        "✗ smarketing needs Python {}.{} or newer, this is {}.{}: name a newer one with"
        " make PYTHON=/path/to/python3".format(*NEEDED, *sys.version_info[:2])
    )

import fcntl  # noqa: E402
import hashlib  # noqa: E402
import json  # noqa: E402
import subprocess  # noqa: E402
from collections.abc import Iterator  # noqa: E402
from contextlib import contextmanager, suppress  # noqa: E402
from importlib.util import find_spec  # noqa: E402
from pathlib import Path  # noqa: E402

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from smarketing.console import StartError, end_on_start_error, run_quietly, say  # noqa: E402

VENV = ROOT / ".venv"
STAMP = VENV / "installed.json"
LOGS = ROOT / "var" / "log"
LOCKS = {"up": ["up"], "dev": ["dev", "up"]}  # the development lock holds all of the other


def digests(lock: str) -> dict[str, str]:
    """The content hash of a lock and of each lock it holds."""
    files = {name: ROOT / "requirements" / f"{name}.txt" for name in LOCKS[lock]}
    return {name: hashlib.sha256(path.read_bytes()).hexdigest() for name, path in files.items()}


def installed() -> dict[str, str]:
    """What the stamp says was installed, by lock; empty when there is none or it is damaged."""
    with suppress(OSError, ValueError):
        stamp = json.loads(STAMP.read_text())
        return stamp if isinstance(stamp, dict) else {}
    return {}


def works(python: Path) -> bool:
    """Whether the environment's Python runs and has pip (a half-made one has not)."""
    with suppress(OSError):
        done = subprocess.run([python, "-m", "pip", "--version"], capture_output=True, check=False)
        return done.returncode == 0
    return False


def make_environment(python: Path) -> None:
    """Make `.venv`, or make it anew when it is broken."""
    if works(python):
        return
    if not (find_spec("venv") and find_spec("ensurepip")):  # Debian ships Python without them
        raise StartError(
            "This Python has no venv module: install it (Debian and Ubuntu: apt install"
            " python3-venv), then run the same command again"
        )
    say("Making the Python environment .venv")
    run_quietly(
        [sys.executable, "-m", "venv", "--clear", str(VENV)],
        LOGS / "venv.log",
        failure="The Python environment .venv could not be made (is python3-venv installed?)",
    )


def install(lock: str) -> None:
    """Install a lock by its hashes unless it is there; a wider one that is there is renewed."""
    have = installed()
    if not works(VENV / "bin" / "python"):
        have = {}
    if "dev" in have:
        lock = "dev"
    wanted = digests(lock)
    if all(have.get(name) == digest for name, digest in wanted.items()):
        return
    make_environment(VENV / "bin" / "python")
    say("Installing the Python packages (a minute or two the first time)")
    pip = [str(VENV / "bin" / "python"), "-m", "pip", "install", "--disable-pip-version-check"]
    run_quietly(
        [*pip, "--require-hashes", "--no-deps", "-r", str(ROOT / "requirements" / f"{lock}.txt")],
        LOGS / "install.log",
        failure="The Python packages could not be fetched or installed: is the network up",
    )
    STAMP.write_text(json.dumps(wanted))


@contextmanager
def alone() -> Iterator[None]:
    """Let one installation run at a time; the next one waits and then finds it done."""
    LOGS.mkdir(parents=True, exist_ok=True)
    with (LOGS / "install.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


if __name__ == "__main__":
    with end_on_start_error(), alone():
        install(sys.argv[1])
