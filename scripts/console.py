"""How the scripts speak: progress in words, a failure in one sentence and an exit code of 1."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


class Refusal(Exception):
    """Something this machine lacks. Its text is one plain sentence for the person at the keyboard."""


def say(words: str) -> None:
    """One line of progress, at once even when the output is a pipe."""
    print(f"· {words}", flush=True)


@contextmanager
def stop_on_refusal() -> Iterator[None]:
    """End the program with the sentence of a refusal instead of a traceback."""
    try:
        yield
    except Refusal as refusal:
        sys.exit(f"✗ {refusal}")
    except PermissionError as error:
        sys.exit(f"✗ Cannot write to {error.filename}: permission denied")
    except KeyboardInterrupt:
        sys.exit("✗ Stopped")


def run_quietly(
    command: Sequence[str], *, failure: str, env: Mapping[str, str] | None = None
) -> None:
    """Run a command from the project folder, its output shown only when it fails.

    Raises Refusal with `failure` when the command cannot be started or ends with another code than 0.
    """
    try:
        done = subprocess.run(
            command, cwd=ROOT, env=env, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
        )
    except OSError as error:
        raise Refusal(f"{failure}: {error}") from error
    if done.returncode:
        sys.stderr.write(done.stdout[-4000:])
        raise Refusal(failure)
