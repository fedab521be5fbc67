"""How long an import takes, beside a raw COPY and upsert of the same rows; prints JSON.

    python benchmarks/import_leads.py 10000 100000

Builds a database of its own for each size (the name is that of DATABASE_URL with `test_` before
it) and drops it again. The file tells people, companies, sources, product lines, amounts and up to
five dated stages a row; every check is made and all history written. `raw` copies the same file
into a staging table and upserts contacts and leads from it: no checks, no companies, no history,
no deals. `again` is the same file a second time, which changes nothing. Seconds are of the wall;
`python` and `database` are what both processes worked.
"""

# ruff: noqa: E402  # Django must be set up before its models are imported

from __future__ import annotations

import argparse
import csv
import json
import os
import resource
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
os.environ["DEBUG"] = "0"
os.environ.setdefault("SECRET_KEY", "benchmark-" * 6)
os.environ.setdefault("ALLOWED_HOSTS", "testserver,localhost,127.0.0.1")
os.environ.setdefault("BASE_URL", "http://localhost")
os.environ.setdefault("LOG_LEVEL", "ERROR")
os.environ.setdefault("SMARKETING_EMBEDDED", "1")  # a socket without a password will do
os.environ["DJANGO_SETTINGS_MODULE"] = "smarketing.settings"

import django

django.setup()

from django.conf import settings
from django.db import connection, transaction
from django.test.utils import get_runner

from leads.management.commands.import_leads import rows_of
from leads.mapping import read_mapping
from leads.services.importing import Report, import_history
from smarketing import time_source

COLUMNS = {
    "Id": "external_id", "Mail": "email", "First": "given_name", "Last": "family_name",
    "Phone": "phone", "Title": "job_title", "Country": "country", "City": "city",
    "Firm": "company", "Source": "source", "Product": "product_line", "Value": "amount",
    "Created": "lead_at", "Qualified": "mql_at", "Deal": "opportunity_at", "Won": "won_at",
}  # fmt: skip
MAPPING = read_mapping(
    {
        "system": "old",
        "columns": COLUMNS,
        "constants": {"currency": "EUR"},
        "zone": "Europe/Rome",
        "date_format": "%d/%m/%Y",
    }
)
STAGING_SQL = f"CREATE TEMP TABLE staging ({', '.join(f'{name} text' for name in COLUMNS)})"
UPSERT_SQL = """
    INSERT INTO leads_contact (email, given_name, family_name, sort_key, phone, job_title, country,
            city, system_of_record, captured_through, attributes, version, created_at, search)
        SELECT Mail, First, Last, lower(Last || ' ' || First), Phone, Title, Country, City, '',
            'raw', '{}', 1, now(), to_tsvector('simple', concat_ws(' ', First, Last, Mail, Phone))
        FROM staging
        ON CONFLICT (email) DO UPDATE SET phone = EXCLUDED.phone;
    INSERT INTO leads_lead (contact_id, stage, disposition, origin, "returning", attributes, score,
            attempts, version, lead_at, stage_at, created_at)
        SELECT c.id, 'LEAD', 'OPEN', 'marketing', false, '{}', 0, 0, 1,
            to_date(Created, 'DD/MM/YYYY'), to_date(Created, 'DD/MM/YYYY'), now()
        FROM staging JOIN leads_contact AS c ON c.email = staging.Mail;
    SET CONSTRAINTS ALL IMMEDIATE
"""


def write_file(path: Path, size: int) -> None:
    """Write a file of `size` rows: four in ten became MQL, two had a deal, one was won."""
    with path.open("w", newline="", encoding="utf-8") as out:
        writer = csv.writer(out)
        writer.writerow(COLUMNS)
        for n in range(size):
            day = 1 + n % 28
            writer.writerow(
                [
                    f"x{n}", f"person{n}@firm{n // 4}.example", f"Anna{n % 50}", f"Rossi{n % 500}",
                    f"+39 051 {n:07d}", "Buyer", "Italy", "Bologna", f"Firm {n // 4}",
                    f"Source {n % 8}", f"Line {n % 3}", f"{n % 9000}.50",
                    f"{day:02d}/0{1 + n % 9}/2025",
                    f"{day:02d}/10/2025" if n % 10 < 4 else "",
                    f"{day:02d}/11/2025" if n % 10 < 2 else "",
                    f"{day:02d}/12/2025" if n % 10 == 0 else "",
                ]
            )  # fmt: skip


def raw(path: Path) -> None:
    """Copy and upsert, then take it back."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(STAGING_SQL)
        with path.open(encoding="utf-8") as lines:
            cursor.copy_expert("COPY staging FROM STDIN (FORMAT csv, HEADER)", lines)
        cursor.execute(UPSERT_SQL)
        transaction.set_rollback(True)


def brought_in(path: Path) -> Report:
    """Import the file as the command does."""
    return import_history(rows_of(path, MAPPING), MAPPING, actor=None, at=time_source.now())


def worked() -> float:
    """Return the seconds that the database's process of this connection has worked."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        (pid,) = cursor.fetchone()
    try:
        cells = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    except OSError:
        return 0.0  # on another machine
    return (int(cells[11]) + int(cells[12])) / os.sysconf("SC_CLK_TCK")


def timed(work: Callable[[], Any]) -> tuple[Any, dict[str, float]]:
    """Do `work`; return what it gives and its seconds."""
    wall, python, database = time.perf_counter(), time.process_time(), worked()
    given = work()
    return given, {
        "wall": round(time.perf_counter() - wall, 2),
        "python": round(time.process_time() - python, 2),
        "database": round(worked() - database, 2),
    }


def measure(size: int) -> dict[str, Any]:
    """Measure one size in an empty database."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "leads.csv"
        write_file(path, size)
        _none, reference = timed(lambda: raw(path))
        report, first = timed(lambda: brought_in(path))
        twice, again = timed(lambda: brought_in(path))
    assert (report.created, twice.unchanged) == (size, size)  # else nothing was measured
    return {
        "rows": size,
        "import": first,
        "again": again,
        "raw": reference,
        "ratio": round(first["wall"] / reference["wall"], 2),
        "rows_per_second": round(size / first["wall"]),
        "memory_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
    }


def measured(sizes: list[int]) -> Iterator[dict[str, Any]]:
    """Measure each size in a database of its own."""
    runner = get_runner(settings)(verbosity=0, interactive=False)
    for size in sizes:
        old = runner.setup_databases()
        try:
            yield measure(size)
        finally:
            runner.teardown_databases(old)


def main() -> None:
    """Measure the sizes asked for and print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("sizes", type=int, nargs="*", default=[10_000, 100_000])
    print(json.dumps(list(measured(parser.parse_args().sizes)), indent=2))


if __name__ == "__main__":
    main()
