"""Business time: open windows, what elapsed within them, and when a target falls due.

Pure: no database, no framework, no now. Public holidays come in as dates.
"""

from accounts.business_time.calendar import BusinessTime, zone_named
from accounts.business_time.errors import MESSAGES, BusinessTimeError
from accounts.business_time.timeline import FIRST_YEAR, LAST_YEAR
from accounts.business_time.week import (
    MINUTES_A_DAY,
    WEEKDAYS,
    Week,
    Window,
    Windows,
    format_time,
    format_windows,
    normal_windows,
    parse_time,
    parse_windows,
)

__all__ = [
    "FIRST_YEAR",
    "LAST_YEAR",
    "MESSAGES",
    "MINUTES_A_DAY",
    "WEEKDAYS",
    "BusinessTime",
    "BusinessTimeError",
    "Week",
    "Window",
    "Windows",
    "format_time",
    "format_windows",
    "normal_windows",
    "parse_time",
    "parse_windows",
    "zone_named",
]
