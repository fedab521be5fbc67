"""People, teams, their time, their notices."""

from accounts.models.calendars import BusinessCalendar, CalendarException
from accounts.models.chat import ChatChannel, ChatPost
from accounts.models.kept_answers import KeptAnswer
from accounts.models.notices import Notice, NoticeDelivery, NoticePreference
from accounts.models.organisation import Organisation
from accounts.models.people import Absence, Membership, Team, User
from accounts.models.tokens import ApiToken

__all__ = [
    "Absence",
    "ApiToken",
    "BusinessCalendar",
    "CalendarException",
    "ChatChannel",
    "ChatPost",
    "KeptAnswer",
    "Membership",
    "Notice",
    "NoticeDelivery",
    "NoticePreference",
    "Organisation",
    "Team",
    "User",
]
