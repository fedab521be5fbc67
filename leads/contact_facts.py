"""What a capture says about a person, and why nobody can be made of it. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext_lazy as _

from accounts.querysets import normalise_email
from leads.moving import Refusal

LONGEST = {
    "given_name": 100,
    "family_name": 100,
    "phone": 50,
    "job_title": 150,
    "country": 100,
    "city": 100,
    "external_id": 200,
    "company": 200,
    "email": 254,
}
TEXTS = ("given_name", "family_name", "phone", "job_title", "country", "city")
NO_IDENTITY = _("A contact needs an e-mail or an id in another system.")
BAD_EMAIL = _("“%(email)s” is not an e-mail address.")
TOO_LONG = _("%(field)s is longer than %(most)d characters.")
BAD_CHARACTER = _("%(field)s holds a character that cannot be stored.")


@dataclass(frozen=True, kw_only=True)
class ContactFacts:
    """What a capture says about a person; `captured_through` tells how it came to us, `attributes`
    the values of own fields as they are kept."""

    captured_through: str
    email: str = ""
    system: str = ""
    external_id: str = ""
    given_name: str = ""
    family_name: str = ""
    phone: str = ""
    job_title: str = ""
    country: str = ""
    city: str = ""
    company: str = ""
    system_of_record: str = ""
    attributes: Mapping[str, Any] = field(default_factory=dict)

    @property
    def outside_key(self) -> tuple[str, str] | None:
        """The id in another system, None without one."""
        return (self.system, self.external_id) if self.external_id else None


def tidied(one: ContactFacts) -> ContactFacts:
    """Return `one` without blanks at the ends of its texts, the e-mail folded."""
    values = {name: getattr(one, name).strip() for name in (*TEXTS, "external_id", "company")}
    return replace(one, email=normalise_email(one.email), **values)


def refusal_of(one: ContactFacts) -> Refusal | None:
    """Return why nobody can be made of `one`, in the words of the field."""
    if not one.email and not one.external_id:
        return Refusal(lead_id=None, code="no_identity", message=NO_IDENTITY)
    for name, most in LONGEST.items():
        value, names = getattr(one, name), {"field": name.replace("_", " "), "most": most}
        if len(value) > most:
            return Refusal(lead_id=None, code="too_long", message=TOO_LONG % names)
        if "\x00" in value:
            return Refusal(lead_id=None, code="bad_character", message=BAD_CHARACTER % names)
    if one.email and not _is_email(one.email):
        message = BAD_EMAIL % {"email": one.email}
        return Refusal(lead_id=None, code="bad_email", message=message)
    return None


def _is_email(email: str) -> bool:
    try:
        validate_email(email)
    except ValidationError:
        return False
    return True
