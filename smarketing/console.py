"""How our own commands speak: progress in words, a failure in one sentence and an exit code of 1.

Standard library only: the first installation uses it before any package is there.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


class StartError(Exception):
    """Something cannot start on this machine; the text is one plain sentence about what and why."""


def say(words: str) -> None:
    """Print one line of progress, at once even when the output is a pipe."""
    print(f"· {words}", flush=True)


@contextmanager
def end_on_start_error() -> Iterator[None]:
    """End the program with the sentence of a StartError instead of a traceback."""
    try:
        yield
    except StartError as error:
        sys.exit(f"✗ {error}")
    except PermissionError as error:
        sys.exit(f"✗ {error.filename} cannot be written or read: permission denied")
    except OSError as error:
        sys.exit(f"✗ {error.filename or 'The machine'}: {error.strerror or error}")
    except KeyboardInterrupt:
        sys.exit("✗ Stopped")


def run_quietly(
    command: Sequence[str], log: Path, *, failure: str, env: Mapping[str, str] | None = None
) -> None:
    """Run a command from the project's folder with its output in `log`.

    Raises StartError, saying `failure` and where to read more, when it does not end with code 0.
    """
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("wb") as output:
        done = subprocess.run(
            command, cwd=ROOT, env=env, check=False, stdout=output, stderr=subprocess.STDOUT
        )
    if done.returncode:
        raise StartError(f"{failure}. Details: {log.relative_to(ROOT)}")
