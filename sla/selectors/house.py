"""The organisation as periods ask for it: its zone, its currency and its working days."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from accounts.business_time import BusinessTime
from accounts.models import Organisation
from accounts.selectors.calendars import business_time_of
from sla.enums import PeriodKind
from sla.pace import WorkingDays
from sla.periods import Period, period_of_day


@dataclass(frozen=True)
class House:
    """Zone, currency and working time of the organisation."""

    zone: ZoneInfo
    currency: str
    calendar: BusinessTime

    @property
    def week(self) -> int:
        """Working days of a usual week; at least one."""
        return 7 if self.calendar.always_open else max(1, sum(map(bool, self.calendar.week.days)))

    def day(self, at: datetime) -> date:
        """Return the day of `at` in the organisation's zone."""
        return at.astimezone(self.zone).date()

    def period_of_day(self, kind: PeriodKind, day: date) -> Period:
        """Return the period of this kind in which `day` lies."""
        return period_of_day(kind, day, self.zone)

    def working_days(self, period: Period, at: datetime) -> WorkingDays:
        """Return the working days of `period`: begun by `at`, today included, and all."""
        today = min(self.day(at), period.last_on)
        whole = self.calendar.business_days(period.first_on, period.last_on)
        begun = self.calendar.business_days(period.first_on, today)
        return WorkingDays(begun, whole)


def house() -> House:
    """Return the organisation; two statements."""
    row = Organisation.objects.select_related("calendar").get()
    return House(ZoneInfo(row.zone), row.currency, business_time_of(row.calendar))
