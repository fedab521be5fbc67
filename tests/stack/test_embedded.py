"""The embedded servers: tuned, private, and careful with data that are there."""

from __future__ import annotations

import stat
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import psycopg2
import pytest

from smarketing import embedded
from smarketing.console import StartError
from smarketing.processes import Child, wait_until


def _quietly(words: str) -> None:
    """Nobody listens."""


@pytest.fixture
def var(tmp_path: Path) -> Iterator[Path]:
    """A folder for one server; where its data are kept elsewhere, they go too."""
    var = tmp_path / "var"
    (var / "run").mkdir(parents=True)
    yield var
    embedded.remove_postgres_data(var)


def _up(child: Child, var: Path) -> None:
    child.start(var / "run")

    def alive() -> None:
        assert child.ended() is None, child.last_words()

    assert wait_until(child.ready, seconds=60, check=alive)


def test_postgres_is_tuned_and_open_to_its_owner_alone(var: Path) -> None:
    server = embedded.prepare_postgres(var, _quietly, forgetful=True)
    _up(server, var)
    try:
        with closing(psycopg2.connect(server.env["DATABASE_URL"])) as db, db.cursor() as cursor:
            for name in ("listen_addresses", "work_mem", "fsync", "TimeZone", "server_encoding"):
                cursor.execute(f"SHOW {name}")
                found = cursor.fetchone()
                assert (name, *(found or ())) == (name, SHOWN[name])
            cursor.execute("SELECT lower('ÀÉ'), current_database(), current_user")
            assert cursor.fetchone() == ("àé", "smarketing", "smarketing")
        sockets = Path(parse_qs(urlsplit(server.env["DATABASE_URL"]).query)["host"][0])
        for folder in (sockets, sockets.parent):
            assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    finally:
        server.stop(var / "run")


SHOWN = {
    "listen_addresses": "",
    "work_mem": "16MB",
    "fsync": "off",
    "TimeZone": "UTC",
    "server_encoding": "UTF8",
}


def test_redis_is_open_to_its_owner_alone_and_keeps_its_messages(var: Path) -> None:
    _up(server := embedded.prepare_redis(var), var)
    try:
        path = Path(urlsplit(server.env["REDIS_URL"]).path)
        assert stat.S_IMODE(path.stat().st_mode) == 0o700
        assert "--port 0" in " ".join(server.command)
        assert any(var.rglob("appendonly.aof"))
    finally:
        server.stop(var / "run")


def test_data_of_a_version_that_we_lack_are_refused_and_kept(var: Path) -> None:
    home = embedded.find_postgres_home(var, _quietly)
    home.data.mkdir()
    (home.data / "PG_VERSION").write_text("12\n")
    with pytest.raises(StartError, match="need PostgreSQL 12, which is not installed"):
        embedded.prepare_postgres(var, _quietly)
    assert (home.data / "PG_VERSION").read_text() == "12\n"


def test_an_interrupted_first_start_is_made_anew(var: Path) -> None:
    home = embedded.find_postgres_home(var, _quietly)
    home.data.mkdir()
    (home.data / "half").write_text("made")
    embedded.prepare_postgres(var, _quietly, forgetful=True)
    assert not (home.data / "half").exists()
    assert (home.data / "PG_VERSION").read_text() == "18\n"


@pytest.mark.parametrize("note", ["1\n", "4194305\n", "", "x\n"])
def test_a_note_whose_process_is_no_postgres_stops_nobody(var: Path, note: str) -> None:
    """After a restart of the machine another program may have the number in postmaster.pid."""
    first = embedded.prepare_postgres(var, _quietly, forgetful=True)
    (first.folder / "postmaster.pid").write_text(note)
    server = embedded.prepare_postgres(var, _quietly, forgetful=True)
    _up(server, var)
    server.stop(var / "run")
    assert server.ended() == "ended with code 0"


def test_a_server_that_still_runs_on_the_data_is_stopped_and_told(var: Path) -> None:
    left = embedded.prepare_postgres(var, _quietly, forgetful=True)
    _up(left, var)
    told: list[str] = []
    server = embedded.prepare_postgres(var, told.append, forgetful=True)
    assert left.ended() is not None
    assert told[-1] == "Stopping the PostgreSQL that an earlier start left running"
    _up(server, var)
    server.stop(var / "run")


def test_missing_programs_are_told_in_one_sentence(
    var: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(embedded.importlib.util, "find_spec", lambda name: None)
    with pytest.raises(StartError, match="The embedded Redis is not installed: run make up"):
        embedded.prepare_redis(var)
