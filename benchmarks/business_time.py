"""Business time measured against plain subtraction in the same run; prints JSON.

python -m benchmarks.business_time
"""

import json
import time
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from statistics import median

from accounts.business_time import BusinessTime, Week, zone_named

ROME = zone_named("Europe/Rome")
WEEK = Week.of({day: [(9 * 60, 13 * 60), (14 * 60, 18 * 60)] for day in range(1, 6)})
HOLIDAYS = frozenset(date(year, 12, 25) for year in range(1970, 2200))
FIRST, LAST = datetime(2021, 11, 22, 10, tzinfo=UTC), datetime(2026, 11, 22, 10, tzinfo=UTC)
STARTS = [FIRST + timedelta(minutes=25 * n) for n in range(100_000)]
INTERVALS = [(start, start + timedelta(hours=5)) for start in STARTS]
TARGETS = [(start, timedelta(hours=5)) for start in STARTS]


def calendar() -> BusinessTime:
    """A calendar that has resolved nothing yet."""
    return BusinessTime(ROME, WEEK, holidays=HOLIDAYS)


def milliseconds(work: Callable[[], object], rounds: int) -> float:
    """The median time of some rounds."""
    taken = []
    for _ in range(rounds):
        begun = time.perf_counter()
        work()
        taken.append(1000 * (time.perf_counter() - begun))
    return round(median(taken), 4)


def main() -> None:
    """Measure and print."""
    warm = calendar()
    warm.elapsed(FIRST, LAST)
    raw = milliseconds(lambda: [end - start for start, end in INTERVALS], 5)
    elapsed = milliseconds(lambda: warm.elapsed_many(INTERVALS), 5)
    added = milliseconds(lambda: warm.add_many(TARGETS), 5)
    figures = {
        "five_years_cold_ms": milliseconds(lambda: calendar().elapsed(FIRST, LAST), 21),
        "five_years_warm_ms": milliseconds(lambda: warm.elapsed(FIRST, LAST), 21),
        "five_years_add_warm_ms": milliseconds(lambda: warm.add(FIRST, 5 * 2000 * 3600), 21),
        "intervals": len(INTERVALS),
        "raw_subtraction_ms": raw,
        "elapsed_many_ms": elapsed,
        "elapsed_many_ratio": round(elapsed / raw, 1),
        "add_many_ms": added,
        "add_many_ratio": round(added / raw, 1),
    }
    print(json.dumps(figures, indent=2))


if __name__ == "__main__":
    main()
