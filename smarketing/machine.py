"""What this machine gives a server: a user to run as, private folders, sockets with short paths.

Standard library only. Nothing here widens a permission of a folder that was there before.
"""

from __future__ import annotations

import hashlib
import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TypedDict

from smarketing.console import StartError

ACCOUNT_NAME = "smarketing-pg"
SHARED_HOME = Path("/var/lib/smarketing")
SOCKET_PATH_BYTES = 100  # the system's limit is 104 to 108


@dataclass(frozen=True)
class Account:
    """An operating-system user that a child runs as, when it is not our own."""

    name: str
    uid: int
    gid: int


class RunAs(TypedDict, total=False):
    """The arguments of subprocess that start a process as another user."""

    user: int
    group: int
    extra_groups: list[int]


def as_account(account: Account | None) -> RunAs:
    """How to start a process as `account`; None is ourselves. Works for root only."""
    if account is None:
        return {}
    return {"user": account.uid, "group": account.gid, "extra_groups": []}


def account_beside_root(say: Callable[[str], None]) -> Account | None:
    """Who runs a server that refuses root: nobody special for an ordinary user (None), else a
    system user of our own, made on the first time and told in words."""
    if os.geteuid() != 0:
        return None
    for name in (ACCOUNT_NAME, "nobody"):
        with suppress(KeyError):
            return _find_account(name)
        if _make_account(name):
            say(f"PostgreSQL does not run as root: made the system user {name} for it")
            return _find_account(name)
    raise StartError("PostgreSQL does not run as root and no system user could be made for it")


def _find_account(name: str) -> Account:
    entry = pwd.getpwnam(name)
    return Account(name, entry.pw_uid, entry.pw_gid)


def _make_account(name: str) -> bool:
    makers = [
        ["useradd", "--system", "--user-group", "--no-create-home", "--shell", "/bin/false", name],
        ["adduser", "-S", "-D", "-H", "-s", "/bin/false", name],
    ]
    return any(_succeeds(command) for command in makers)


def can_enter(folder: Path, account: Account) -> bool:
    """Whether the user may go into a folder, all its parents included; tried, not computed."""
    return _succeeds(["/bin/sh", "-c", 'cd "$1"', "sh", str(folder)], account)


def can_run(program: Path, account: Account | None) -> bool:
    """Whether the user may run a program and its libraries here."""
    return _succeeds([str(program), "--version"], account)


def _succeeds(command: Sequence[str], account: Account | None = None) -> bool:
    with suppress(OSError):
        done = subprocess.run(
            command, cwd="/", check=False, capture_output=True, **as_account(account)
        )
        return done.returncode == 0
    return False


def private_folder(folder: Path, account: Account | None = None) -> Path:
    """Make a folder that only its owner may enter."""
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o700)
    if account:
        os.chown(folder, account.uid, account.gid)
    return folder


def socket_folder(folder: Path, name: str, account: Account | None = None) -> Path:
    """A private folder for the socket `name`: in `folder`, or a short one if the path is too long.

    Raises StartError when the short one belongs to somebody else.
    """
    chosen = folder / "run"
    if len(os.fsencode(chosen / name)) > SOCKET_PATH_BYTES:
        owner = account.uid if account else os.geteuid()
        chosen = Path(tempfile.gettempdir()) / f"smarketing-{owner}-{short_name(folder)}"
        with suppress(FileNotFoundError):
            if chosen.lstat().st_uid not in {owner, os.geteuid()} or chosen.is_symlink():
                raise StartError(
                    f"{chosen} belongs to somebody else: remove it, or use a shorter path"
                )
    return private_folder(chosen, account)


def shared_folder(folder: Path) -> Path:
    """Make a folder below SHARED_HOME that everybody may read, whatever the umask."""
    folder.mkdir(parents=True, exist_ok=True)
    for part in (folder, *folder.parents):
        if part.is_relative_to(SHARED_HOME):
            part.chmod(0o755)
    return folder


def shared_copy(package: Path, needed: Sequence[Path]) -> Path:
    """Copy parts of an installed package to where everybody may read them; return the copy.

    `needed` are folders beside or below `package`; they keep their place relative to each other.
    """
    beside = package.parent
    target = SHARED_HOME / "programs" / short_name(package, str(package.stat().st_mtime_ns))
    if not (target / "complete").is_file():
        shutil.rmtree(target, ignore_errors=True)
        shared_folder(target)
        for part in needed:
            shutil.copytree(part, target / part.relative_to(beside), symlinks=True)
        shared_folder(target / package.name)
        (target / "complete").touch()
    return target / package.name


def short_name(folder: Path, *more: str) -> str:
    """Eight letters that stand for a path."""
    words = "\0".join([str(folder.resolve()), *more])
    return hashlib.sha256(os.fsencode(words)).hexdigest()[:8]
