"""The fixed words of the record and the lifecycle."""

from __future__ import annotations

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class LifecycleStage(TextChoices):
    """The one funnel, in order."""

    LEAD = "LEAD", pgettext_lazy("lifecycle stage", "Lead")
    MQL = "MQL", pgettext_lazy("lifecycle stage", "MQL")
    SAL = "SAL", pgettext_lazy("lifecycle stage", "SAL")
    SQL = "SQL", pgettext_lazy("lifecycle stage", "SQL")
    OPPORTUNITY = "OPPORTUNITY", pgettext_lazy("lifecycle stage", "Opportunity")
    CUSTOMER = "CUSTOMER", pgettext_lazy("lifecycle stage", "Customer")


class Disposition(TextChoices):
    """Open, or why the row closed."""

    OPEN = "OPEN", _("Open")
    RECYCLED = "RECYCLED", _("Recycled")
    DISQUALIFIED = "DISQUALIFIED", _("Disqualified")
    LOST = "LOST", _("Lost")
    WON = "WON", _("Won")
    MERGED = "MERGED", _("Merged")


class Cause(TextChoices):
    """What made a transition happen."""

    USER = "user", _("Person")
    RULE = "rule", _("Rule")
    API = "api", _("API")
    IMPORT = "import", _("Import")
    SYNC = "sync", _("Sync")


# History: the table and the constraints hold, role and criteria do not apply.
HISTORY_CAUSES = frozenset({Cause.IMPORT, Cause.SYNC})


class Origin(TextChoices):
    """Which side opened the lead."""

    MARKETING = "marketing", _("Marketing")
    SALES = "sales", _("Sales")


class CampaignChannel(TextChoices):
    """How a campaign reaches people."""

    EMAIL = "email", _("E-mail")
    SEARCH = "search", _("Search")
    SOCIAL = "social", _("Social media")
    DISPLAY = "display", _("Display")
    EVENT = "event", _("Event")
    WEBINAR = "webinar", _("Webinar")
    CONTENT = "content", _("Content")
    REFERRAL = "referral", _("Referral")
    PARTNER = "partner", _("Partner")
    PHONE = "phone", _("Phone")
    OTHER = "other", _("Other")


class CloseReason(TextChoices):
    """The coded reasons that come with the product; what follows from each is a `Reason` row."""

    NOT_NOW = "not_now", _("Not now")
    NO_CONTACT = "no_contact", _("No contact after several attempts")
    WRONG_FIT = "wrong_fit", _("Wrong fit")
    EXISTING_CUSTOMER = "existing_customer", _("Already a customer")
    COMPETITOR = "competitor", _("Works for a competitor")
    SPAM = "spam", _("Spam or test")
    BOUGHT_ELSEWHERE = "bought_elsewhere", _("Bought elsewhere")
    PRICE = "price", _("Price")
    NO_DECISION = "no_decision", _("No decision")
    DUPLICATE = "duplicate", _("Duplicate")
    BAD_DATA = "bad_data", _("Wrong or missing data")
    OTHER = "other", _("Other")
