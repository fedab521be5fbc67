"""The demo's forms: what came in by them, what they propose, and whose visits they explain."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from accounts.models import User
from leads.demo.data import COUNTRIES, domain_of
from leads.enums import FormKind
from leads.folding import fold
from leads.models import Campaign, CaptureForm, Contact, Lead, Source
from leads.selectors.forms import own_fields
from leads.services.forms import FormFacts, save_form
from leads.services.sites import add_site
from leads.services.submitting import Sent, submit
from leads.services.visits import Seen, record_view

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
SITE = "https://www.acme-instruments.example"
STRANGERS, KNOWN, BROWSING, GUIDE_EACH = 9, 4, 4, 3
CONTACT: dict[str, dict[str, Any]] = {
    "en": {
        "title": "Talk to an engineer",
        "intro": "Tell us what you measure. We answer within one working day.",
        "button": "Ask for a call",
        "consent": "Acme Instruments may write to me about measuring instruments. "
        "I can take this back at any time.",
        "thanks": "An engineer will call you within one working day.",
    },
    "it": {
        "title": "Parli con un nostro tecnico",
        "intro": "Ci dica che cosa misura. Rispondiamo entro un giorno lavorativo.",
        "button": "Chiedi una chiamata",
        "consent": "Acme Instruments può scrivermi a proposito di strumenti di misura. "
        "Posso revocarlo in ogni momento.",
        "thanks": "Un tecnico La chiamerà entro un giorno lavorativo.",
        "labels": {"lead.attributes.project_starts": "Inizio del progetto"},
    },
}
# As it was asked in the beginning.
FIRST_WORDS = {
    language: {**words, "consent": words["consent"].split(". ")[0].rstrip(".") + "."}
    for language, words in CONTACT.items()
}
OWN = ("lead.attributes.project_starts",)
GUIDE = {
    "en": {
        "title": "Guide: measuring dirty liquids",
        "intro": "Twelve pages with drawings, by the people who built the sensors.",
        "consent": "Acme Instruments may write to me about measuring instruments.",
        "thanks": "The guide is on its way to your mailbox.",
    }
}
FAIR = {
    "en": {
        "title": "Met at SPS Parma",
        "consent": "May we write to you about what you saw at our stand?",
        "thanks": "See you at the stand.",
    }
}
ASKED = {"given_name": False, "family_name": True, "company": True, "phone": False}
MESSAGES = (
    "We lose a batch a week to a drifting sensor. Can you call on Thursday?",
    "Do you calibrate on site, or do we send the meters to you?",
    "",
    "Price for 40 pressure sensors, hygienic design, please.",
    "",
)
UTMS: tuple[dict[str, str], ...] = (
    {"utm_source": "google", "utm_medium": "cpc", "utm_campaign": "pressure-sensors"},
    {"utm_source": "linkedin", "utm_medium": "social", "utm_campaign": "plant-managers"},
    {},
)


def load_capture(at: datetime) -> None:
    """Load it up to `at`; once, and only beside the demo's leads."""
    people = {user.email.split("@")[0]: user for user in User.objects.active()}
    if CaptureForm.objects.exists() or not Lead.objects.exists():
        return
    if not {"chiara.lombardi", "andrea.galli"} <= set(people):
        return
    contact, guide, fair = _build(people["chiara.lombardi"], at)
    _visit(people["chiara.lombardi"], at)
    for n in range(STRANGERS):
        form = contact if n % GUIDE_EACH else guide
        asked = [one["name"] for one in form.fields if one["name"] in OWN]
        submit(form, _stranger(n, asked), at=at - (STRANGERS - n) * DAY + n * HOUR)
    _write_again(contact, at)
    for n in range(3):
        submit(fair, _stranger(20 + n), at=at - 3 * HOUR + n * HOUR, by=people["andrea.galli"])


def _build(marketer: User, at: datetime) -> list[CaptureForm]:
    campaigns = {row.name: row.pk for row in Campaign.objects.all()}
    sources = {row.name: row.pk for row in Source.objects.all()}
    site: dict[str, Any] = {"asked": ASKED, "allowed_origins": [SITE]}
    told = [
        FormFacts(name="Contact us", texts=FIRST_WORDS, languages=["en", "it"],
                  source_id=sources.get("Direct traffic"), **_with_message(site)),
        FormFacts(name="Guide: dirty liquids", texts=GUIDE, consent_required=True,
                  campaign_id=campaigns.get("Webinar: measuring dirty liquids"), **site),
        FormFacts(name="SPS Parma", texts=FAIR, kind=FormKind.FAIR, asked=ASKED,
                  campaign_id=campaigns.get("SPS Parma"), source_id=sources.get("Trade fair")),
    ]  # fmt: skip
    forms = [save_form(None, facts, actor=marketer, at=at - 200 * DAY) for facts in told]
    # The words of the first one's consent were mended once; both wordings are kept.
    return [save_form(forms[0], _mended(told[0]), actor=marketer, at=at - 90 * DAY), *forms[1:]]


def _mended(facts: FormFacts) -> FormFacts:
    return replace(facts, texts=CONTACT)


def _with_message(site: dict[str, Any]) -> dict[str, Any]:
    own = {name: False for name in own_fields() if name in OWN}
    return {**site, "asked": {**ASKED, **own, "message": False}}


def _visit(marketer: User, at: datetime) -> None:
    """The first strangers looked around before they wrote; one visitor never did."""
    site = add_site(
        "Acme Instruments", [SITE], asks_consent=True, actor=marketer, at=at - 200 * DAY
    )
    pages = ("/", "/sensors/pressure", "/references", "/contact")
    for n in range(5):
        for step, page in enumerate(pages):
            first = step == 0
            seen = Seen(
                browser=_browser(n),
                url=f"{SITE}{page}",
                referrer="https://www.google.com/" if first and n % 2 == 0 else "",
                utm=UTMS[n % len(UTMS)] if first else {},
            )
            record_view(site, seen, at=at - 12 * DAY + n * HOUR + step * timedelta(minutes=2))


def _browser(n: int) -> str:
    return f"{n:032x}"


def _stranger(n: int, own: Sequence[str] = ()) -> Sent:
    """Somebody of a company that we know, who was not in touch until now."""
    country = list(COUNTRIES)[n % len(COUNTRIES)]
    _code, _cities, given, family, companies = COUNTRIES[country]
    first, last, company = given[-1 - n % 5], family[-1 - n % 7], companies[n % len(companies)]
    outside = n < STRANGERS
    words = MESSAGES[n % len(MESSAGES)] if outside else ""
    return Sent(
        nonce=f"demo-{n}",
        language="it" if country == "Italy" and outside and n % GUIDE_EACH else "en",
        values={
            "given_name": first,
            "family_name": last,
            "email": f"{fold(first)}.{fold(last)}{n}@{domain_of(company)}",
            "company": company,
            **({"message": words} if words else {}),
            **(dict.fromkeys(own, f"2027-0{1 + n % 6}-01") if words else {}),
        },
        utm=UTMS[n % len(UTMS)] if outside else {},
        page=f"{SITE}/contact" if outside else "",
        consented=n % 4 > 0 or n % GUIDE_EACH == 0,
        browser=_browser(n) if n < BROWSING else "",
    )


def _write_again(form: CaptureForm, at: datetime) -> None:
    """People we know write again, from another telephone or with their name spelled otherwise."""
    open_leads = Lead.objects.open().filter(stage="LEAD", contact__merged_into=None)
    ids = open_leads.order_by("-id").values_list("contact_id", flat=True)[:40:10]
    known = Contact.objects.exclude(email=None).exclude(phone="").filter(pk__in=list(ids))
    for n, contact in enumerate(known.order_by("id")[:KNOWN]):
        values = {
            "email": contact.email or "",
            "family_name": contact.family_name if n % 2 else f"{contact.family_name} Ricci",
            "phone": f"+39 051 55 {n}{n} {n}1",
            "message": MESSAGES[0] if n == 0 else "",
        }
        told = {name: value for name, value in values.items() if value}
        sent = Sent(nonce=f"again-{n}", language="en", values=told, utm=UTMS[0], consented=True)
        submit(form, sent, at=at - (n + 1) * 5 * HOUR)
