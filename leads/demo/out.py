"""The demo's consents, an objection, exports, one person erased: what data protection shows."""

from __future__ import annotations

from datetime import datetime, timedelta

from accounts.models import User
from leads.enums import ConsentPurpose, Disposition
from leads.enums.out import ExportedList, ExportFormat, ExportState
from leads.models import Consent, Contact, Erasure, ExportFile, Lead, RetentionSettings
from leads.services.consents import ConsentFacts, record_consents
from leads.services.erasing import erase_person
from leads.services.objecting import object_to_marketing

DAY = timedelta(days=1)
WORDS = "Acme Instruments may write to me about measuring instruments. I can take this back."
AGREED, EVERY = 60, 3
KEPT_MONTHS = 36
# Who took what, how many days ago, how many rows.
TAKEN = (
    ("chiara.lombardi", ExportedList.LEADS, "stage=MQL&sort=-score", ExportFormat.XLSX, 2, 84),
    ("giulia.ferri", ExportedList.CONTACTS, "country=Italy", ExportFormat.CSV, 9, 212),
    ("andrea.galli", ExportedList.LEADS, "owner=me", ExportFormat.CSV, 16, 31),
    ("marco.bianchi", ExportedList.COMPANIES, "", ExportFormat.XLSX, 23, 140),
)


def load_out(at: datetime) -> None:
    """Load it up to `at`; once, and only beside the demo's leads."""
    people = {user.email.split("@")[0]: user for user in User.objects.active()}
    if Erasure.objects.exists() or not Lead.objects.exists():
        return
    if not {"martina.costa", *(row[0] for row in TAKEN)} <= set(people):
        return
    RetentionSettings.objects.get_or_create(pk=1, defaults={"idle_months": KEPT_MONTHS})
    _agree(at)
    _object(people["andrea.galli"], at)
    _export(people, at)
    _erase(people["martina.costa"], at)


def _agree(at: datetime) -> None:
    known = set(Consent.objects.values_list("contact_id", flat=True))
    rows = Contact.objects.filter(email__isnull=False, erased_at=None).order_by("id")
    ids = [pk for pk in rows.values_list("id", flat=True)[::EVERY][:AGREED] if pk not in known]
    said = [
        ConsentFacts(
            given=True, text=WORDS, text_version="2", contact_id=pk,
            purpose=ConsentPurpose.MARKETING,
        )
        for pk in ids
    ]  # fmt: skip
    record_consents(said, through="newsletter form", by=None, at=at - 40 * DAY)


def _object(rep: User, at: datetime) -> None:
    """Whom a rep called did not want to hear from Marketing any more."""
    resting = Lead.objects.filter(disposition=Disposition.RECYCLED, nurture_until__gt=at)
    lead = resting.order_by("id").first()
    if lead is not None:
        object_to_marketing(lead.contact_id, how="by phone", actor=rep, at=at - 3 * DAY)


def _export(people: dict[str, User], at: datetime) -> None:
    ExportFile.objects.bulk_create(
        ExportFile(
            owner=people[who], of_list=of_list, query=query, file_format=kind, rows=rows,
            state=ExportState.SENT, created_at=at - days * DAY,
        )
        for who, of_list, query, kind, days, rows in reversed(TAKEN)
    )  # fmt: skip


def _erase(administrator: User, at: datetime) -> None:
    closed = Lead.objects.filter(disposition=Disposition.DISQUALIFIED, contact__merged_into=None)
    lead = closed.exclude(contact__leads__disposition=Disposition.OPEN).order_by("id").first()
    if lead is not None:
        reason = "Asked by e-mail to be forgotten"
        erase_person(lead.contact_id, actor=administrator, reason=reason, at=at - 5 * DAY)
