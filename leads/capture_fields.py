"""What a form can ask, how long an answer may be, and what comes along with it. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from django.utils.translation import gettext_lazy as _

LONGEST_MESSAGE = 2_000
LONGEST_PAGE = 500
LONGEST_UTM = 150
UTM = ("utm_source", "utm_medium", "utm_campaign", "utm_term", "utm_content")
EMAIL, MESSAGE = "email", "message"
# The organisation's own fields that a form may ask, named as in criteria.
OWN = re.compile(r"(contact|company|lead)\.attributes\.([-\w]{1,50})", re.ASCII)
LOOPBACK = ("localhost", "127.0.0.1", "[::1]")
BROWSER = re.compile(r"[0-9a-f]{32}")
PORTS = {"http": 80, "https": 443}


@dataclass(frozen=True)
class Asked:
    """One question: its words, its longest answer, and what a browser may fill in by itself."""

    label: Any
    longest: int
    autocomplete: str
    kind: str = "text"


FIELDS: dict[str, Asked] = {
    "given_name": Asked(_("Given name"), 100, "given-name"),
    "family_name": Asked(_("Family name"), 100, "family-name"),
    EMAIL: Asked(_("E-mail"), 254, "email", "email"),
    "phone": Asked(_("Phone"), 50, "tel", "tel"),
    "company": Asked(_("Company"), 200, "organization"),
    "job_title": Asked(_("Job title"), 150, "organization-title"),
    "city": Asked(_("City"), 100, "address-level2"),
    "country": Asked(_("Country"), 100, "country-name"),
    MESSAGE: Asked(_("Message"), LONGEST_MESSAGE, "off", "long"),
}


def own_key(name: str) -> tuple[str, str] | None:
    """Return what an own field is on and its key (`("contact", "year")`); None for another name."""
    found = OWN.fullmatch(name)
    return (found[1], found[2]) if found else None


def own_values(values: Mapping[str, Any], subject: str) -> dict[str, Any]:
    """Return the values of own fields on `subject` among a form's `values`, by key."""
    keys = {name: own_key(name) for name in values}
    return {key[1]: values[name] for name, key in keys.items() if key and key[0] == subject}


def utm_of(values: Mapping[str, Any]) -> dict[str, str]:
    """Return the five UTM values that are told, each cut to what is kept; nothing else passes."""
    told = {name: str(values.get(name) or "").replace("\0", "").strip() for name in UTM}
    return {name: value[:LONGEST_UTM] for name, value in told.items() if value}


def browser_of(text: Any) -> str:
    """Return the id that a browser gave itself; empty for anything else."""
    return str(text) if BROWSER.fullmatch(str(text or "")) else ""


def page_of(text: Any) -> str:
    """Return a web address as it is kept; empty for what is none (`javascript:`, a bare word)."""
    address = str(text or "").replace("\0", "").strip()
    try:
        parts = urlsplit(address)
    except ValueError:
        return ""
    return address[:LONGEST_PAGE] if parts.scheme in PORTS and parts.netloc else ""


def origin_of(address: str) -> str:
    """Return `scheme://host[:port]` of an address as browsers write it; empty where it has none."""
    try:
        parts = urlsplit(address.strip().lower())
        port = parts.port
    except ValueError:
        return ""
    host = f"[{parts.hostname}]" if parts.hostname and ":" in parts.hostname else parts.hostname
    plain = host and host.replace("-", "").replace(".", "").strip("[]:").isascii()
    if parts.scheme not in PORTS or not plain or any(c in str(host) for c in " ;,'\"*<>\\"):
        return ""
    return f"{parts.scheme}://{host}" + (
        f":{port}" if port not in (None, PORTS[parts.scheme]) else ""
    )


def site_of(line: str) -> str:
    """Return the origin that a line names; empty unless it is one alone, encrypted or our own."""
    origin = origin_of(line)
    if not origin or line.strip().lower().rstrip("/") != origin:
        return ""
    host = urlsplit(origin).netloc.rsplit(":", 1)[0] if "[" not in origin else "[::1]"
    return origin if origin.startswith("https://") or host in LOOPBACK else ""
