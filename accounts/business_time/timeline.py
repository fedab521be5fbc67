"""Windows resolved from local time to UTC, one UTC year at a time, with prefix sums.

Instants are whole microseconds since 1970 here: exact, and quick to bisect.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import accumulate, chain, count, pairwise
from operator import sub
from typing import Self, TypeAlias, cast
from zoneinfo import ZoneInfo

from accounts.business_time.errors import BusinessTimeError
from accounts.business_time.week import Windows

FIRST_YEAR, LAST_YEAR = 1970, 2199
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
NAIVE_EPOCH = EPOCH.replace(tzinfo=None)
EPOCH_ORDINAL = EPOCH.toordinal()
MICROSECOND = timedelta(microseconds=1)
MINUTE = 60_000_000
DAY = 24 * 60 * MINUTE
YEAR_STARTS = [
    (date(year, 1, 1).toordinal() - EPOCH_ORDINAL) * DAY
    for year in range(FIRST_YEAR, LAST_YEAR + 2)
]
END = YEAR_STARTS[-1]
# A zone jumps by one day at most (Samoa in 2011), so no window moves further than that.
REACH = 2
# No zone turns and turns back within so many days (the quickest, Gaza, takes seven), so that two
# equal offsets at both ends of such a stride hold for all that lies between.
STRIDE = 4

Span: TypeAlias = tuple[int, int]


def to_microseconds(at: datetime) -> int:
    """Microseconds since 1970 of an aware instant within the years that are served."""
    try:
        since = at - EPOCH
    except TypeError:
        raise BusinessTimeError("naive_instant", instant=at.isoformat()) from None
    microseconds = since.days * DAY + since.seconds * 1_000_000 + since.microseconds
    if 0 <= microseconds < END:
        return microseconds
    raise BusinessTimeError(
        "instant_out_of_range", instant=at.isoformat(), first=FIRST_YEAR, last=LAST_YEAR
    )


def to_instant(microseconds: int) -> datetime:
    """The aware UTC instant of microseconds since 1970."""
    return EPOCH + timedelta(microseconds=microseconds)


def year_of(microseconds: int) -> int:
    """The UTC year an instant lies in."""
    return FIRST_YEAR - 1 + bisect_right(YEAR_STARTS, microseconds)


def spans_of(zone: ZoneInfo, first: int, days: Sequence[Windows]) -> list[Span]:
    """The windows of consecutive local days in UTC, the first day given by its ordinal."""
    spans: list[Span] = []
    for done in range(0, len(days), STRIDE):
        stride = days[done : done + STRIDE]
        base = _steady_midnight(zone, first + done, len(stride))
        if base is None:
            for number, windows in enumerate(stride, first + done):
                spans += _turning_day(zone, number, windows)
        else:
            spans += [
                (midnight + start * MINUTE, midnight + end * MINUTE)
                for midnight, windows in zip(count(base, DAY), stride, strict=False)
                for start, end in windows
            ]
    return spans


def _steady_midnight(zone: ZoneInfo, ordinal: int, days: int) -> int | None:
    """The first midnight of a run of days in UTC, or None when the zone turns among them.

    Fold 0 at the first and fold 1 at the last midnight also see a turn at those very edges.
    """
    offset = _offset(zone, datetime.fromordinal(ordinal))
    if offset != zone.utcoffset(datetime.fromordinal(ordinal + days).replace(fold=1)):
        return None
    return (ordinal - EPOCH_ORDINAL) * DAY - offset // MICROSECOND


def _offset(zone: ZoneInfo, wall: datetime) -> timedelta:
    return cast(timedelta, zone.utcoffset(wall))  # a ZoneInfo always answers


def _turning_day(zone: ZoneInfo, ordinal: int, windows: Windows) -> list[Span]:
    """Each edge resolved by itself; a window that a gap swallows is left out."""
    midnight = datetime.fromordinal(ordinal)
    spans = [(_start(zone, midnight, start), _end(zone, midnight, end)) for start, end in windows]
    return [(start, end) for start, end in spans if start < end]


def _start(zone: ZoneInfo, midnight: datetime, minute: int) -> int:
    """Fold 0 is the first of two instants, and beyond a gap the wall clock moved forward by it."""
    wall = midnight + timedelta(minutes=minute)
    return (wall - _offset(zone, wall) - NAIVE_EPOCH) // MICROSECOND


def _end(zone: ZoneInfo, midnight: datetime, minute: int) -> int:
    """The second of two instants has the smaller offset; in a gap fold 0 has the smaller one."""
    wall = midnight + timedelta(minutes=minute)
    offset = min(_offset(zone, wall), _offset(zone, wall.replace(fold=1)))
    return (wall - offset - NAIVE_EPOCH) // MICROSECOND


@dataclass(frozen=True, slots=True)
class Timeline:
    """Open spans, sorted and apart. `used[i]` is the time open up to the end of span `i`, so that
    every question is one bisection."""

    starts: list[int]
    ends: list[int]
    used: list[int]

    @classmethod
    def of(cls, spans: list[Span], first: int, last: int) -> Self:
        """Of spans in any order, clipped to `[first, last)`."""
        spans.sort()
        if any(end > start for (_, end), (start, _) in pairwise(spans)):
            spans = _joined(spans)
        starts, ends = [start for start, _ in spans], [end for _, end in spans]
        inside = slice(bisect_right(ends, first), bisect_left(starts, last))
        starts, ends = starts[inside], ends[inside]
        if starts:  # only the outermost can reach beyond
            starts[0], ends[-1] = max(starts[0], first), min(ends[-1], last)
        return cls(starts, ends, list(accumulate(map(sub, ends, starts))))

    @classmethod
    def chained(cls, timelines: Sequence[Self]) -> Self:
        """Several that follow one another, as one."""
        starts = list(chain.from_iterable(timeline.starts for timeline in timelines))
        ends = list(chain.from_iterable(timeline.ends for timeline in timelines))
        return cls(starts, ends, list(accumulate(map(sub, ends, starts))))

    @property
    def total(self) -> int:
        """The open time of all spans."""
        return self.used[-1] if self.used else 0

    def used_until(self, at: int) -> int:
        """The open time before an instant."""
        index = bisect_right(self.starts, at) - 1
        if index < 0:
            return 0
        left = self.ends[index] - at
        return self.used[index] - left if left > 0 else self.used[index]

    def reach(self, used: int) -> int:
        """The least instant before which `used` (above 0, at most `total`) was open."""
        index = bisect_left(self.used, used)
        return self.ends[index] - (self.used[index] - used)

    def next_open(self, at: int) -> int | None:
        """The instant itself when open, else the next start; None when no span is left."""
        index = bisect_right(self.ends, at)
        return max(at, self.starts[index]) if index < len(self.starts) else None


def _joined(spans: list[Span]) -> list[Span]:
    """Sorted spans with overlaps joined: a turn of the zone can push one window into the next."""
    joined = spans[:1]
    for start, end in spans[1:]:
        last_start, last_end = joined[-1]
        if start < last_end:
            joined[-1] = (last_start, max(last_end, end))
        else:
            joined.append((start, end))
    return joined
