"""Forms as Marketing keeps them."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.rules import standing
from leads.capture_fields import EMAIL, FIELDS, MESSAGE, page_of, site_of
from leads.enums import FormKind
from leads.folding import fold
from leads.models import Campaign, CaptureForm, ConsentWording, ProductLine, Source
from leads.rules import manages_campaigns
from leads.selectors.forms import own_fields
from smarketing.errors import BadInput, NotAllowed, Refused

LONGEST_NAME = 150
MOST_SITES = 20
LONGEST = {"title": 150, "intro": 1_000, "button": 60, "consent": 2_000, "thanks": 1_000}
FOR_MARKETING = _("Forms are for Marketing to build.")
NAME_NEEDED = _("A form has a name.")
NAME_TAKEN = _("There is a form of this name already.")
NO_LANGUAGE = _("Choose at least one language.")
NO_TITLE = _("Write a title in each language.")
NO_CONSENT = _("Write the words of the consent in each language.")
TOO_LONG = _("The %(part)s is longer than %(most)d characters.")
BAD_SITE = _("“%(site)s” is no site: write https:// and its name, without a page.")
TOO_MANY_SITES = _("At most %(most)d sites.")
BAD_ADDRESS = _("“%(url)s” is no web address.")
LONGEST_LABEL = 150
LABEL_TOO_LONG = _("The label of “%(name)s” is longer than %(most)d characters.")
NOT_ASKED = _("“%(name)s” is nothing that a form asks.")
NONE_SUCH = _("There is none of this id.")
CHANGED = _("Somebody has changed this form meanwhile, so nothing was saved. Look at it again.")

CREDITED: dict[str, Any] = {"campaign": Campaign, "source": Source, "product_line": ProductLine}


@dataclass(frozen=True, kw_only=True)
class FormFacts:
    """A form as it is to be. `asked` maps fields, the organisation's own among them, to whether
    they are required; `texts` maps a language to title, intro, button, consent and thanks, and by
    `labels` to what fields are called instead of their own names."""

    name: str
    kind: FormKind = FormKind.WEB
    asked: Mapping[str, bool] = field(default_factory=dict)
    languages: Sequence[str] = ("en",)
    texts: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    consent_required: bool = False
    redirect_url: str = ""
    allowed_origins: Sequence[str] = ()
    campaign_id: int | None = None
    source_id: int | None = None
    product_line_id: int | None = None
    is_active: bool = True


PLAIN = {one.name for one in fields(FormFacts)} - {"asked", "texts", "languages", "allowed_origins"}


def save_form(
    form: CaptureForm | None,
    facts: FormFacts,
    *,
    actor: User,
    at: datetime,
    version: int | None = None,
) -> CaptureForm:
    """Make a form, or change the one given; its token and address stay.

    The version of the consent grows when its words change in any language; each wording is kept.
    Raises NotAllowed,
    BadInput by field, or Refused when `version` is no longer that of the form.
    """
    refuse_others(actor)
    own = own_fields()
    facts_sites = _check(form, facts, own)
    with transaction.atomic():
        row = _locked(form, version) or CaptureForm(
            token=secrets.token_urlsafe(24), created_by=actor, created_at=at
        )
        if row.pk:
            _keep_words(row, row.created_by, row.created_at)  # those of a form made before this
        for name in PLAIN:
            setattr(row, name, getattr(facts, name))
        row.name = facts.name.strip()
        row.key = fold(row.name)[:LONGEST_NAME]
        row.fields = _asked(facts.asked, own)
        row.languages = list(facts.languages)
        row.allowed_origins = facts_sites
        _take_texts(row, facts)
        row.version += 1 if row.pk else 0
        _save(row)
        _keep_words(row, actor, at)
    return row


def _keep_words(row: CaptureForm, actor: User | None, at: datetime) -> None:
    """Keep the words of the consent under their version, once."""
    words = _consents(row.texts)
    if any(words.values()):
        kept = ConsentWording(
            form=row, version=row.consent_version, words=words, created_by=actor, created_at=at
        )
        ConsentWording.objects.bulk_create([kept], ignore_conflicts=True)


def _consents(texts: Mapping[str, Mapping[str, Any]]) -> dict[str, str]:
    return {language: words.get("consent", "") for language, words in texts.items()}


def _locked(form: CaptureForm | None, version: int | None) -> CaptureForm | None:
    if form is None:
        return None
    row = CaptureForm.objects.select_for_update(of=("self",)).get(pk=form.pk)
    if version is not None and row.version != version:
        raise Refused(CHANGED, code="changed_meanwhile")
    return row


def _save(row: CaptureForm) -> None:
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as taken:
        raise BadInput(NAME_TAKEN, fields={"name": [NAME_TAKEN]}) from taken


def open_form(form: CaptureForm, *, is_open: bool, actor: User) -> None:
    """Open a form, or close it: then its page says so and takes nothing."""
    refuse_others(actor)
    CaptureForm.objects.filter(pk=form.pk).update(is_active=is_open)


def refuse_others(actor: User) -> None:
    """Raise NotAllowed for whoever is not of Marketing or a manager."""
    if not manages_campaigns(standing(actor)):
        raise NotAllowed(FOR_MARKETING)


def _asked(asked: Mapping[str, bool], own: Iterable[str]) -> list[dict[str, Any]]:
    """Return the fields in their order; the e-mail is always asked, for it tells who it is."""
    wanted = {**asked, EMAIL: True}
    order = [name for name in (*FIELDS, *own) if name != MESSAGE]
    known = (name for name in (*order, MESSAGE) if name in wanted)
    return [{"name": name, "required": wanted[name]} for name in known]


def _take_texts(row: CaptureForm, facts: FormFacts) -> None:
    texts = {language: _words(facts.texts.get(language, {})) for language in facts.languages}
    if row.pk and _consents(row.texts) != _consents(texts):
        row.consent_version += 1
    row.texts = texts


def _words(told: Mapping[str, Any]) -> dict[str, Any]:
    """Return what is said in one language; fields that are called as always are not named."""
    words: dict[str, Any] = {part: told.get(part, "").strip() for part in LONGEST}
    labels = {name: label.strip() for name, label in told.get("labels", {}).items()}
    kept = {name: label for name, label in labels.items() if label}
    return {**words, "labels": kept} if kept else words


def _check(form: CaptureForm | None, facts: FormFacts, own: Mapping[str, Any]) -> list[str]:
    wrong: dict[str, list[Any]] = {}
    name = facts.name.strip()
    others = CaptureForm.objects.exclude(pk=form.pk if form else 0)
    if not name or len(name) > LONGEST_NAME:
        wrong["name"] = [NAME_NEEDED]
    elif others.filter(key=fold(name)[:LONGEST_NAME]).exists():
        wrong["name"] = [NAME_TAKEN]
    if not facts.languages or set(facts.languages) - {code for code, _name in settings.LANGUAGES}:
        wrong["languages"] = [NO_LANGUAGE]
    strange = [one for one in facts.asked if one not in FIELDS and one not in own]
    if strange:
        wrong["asked"] = [NOT_ASKED % {"name": strange[0][:80]}]
    _check_credits(facts, wrong)
    if facts.redirect_url and not page_of(facts.redirect_url):
        wrong["redirect_url"] = [BAD_ADDRESS % {"url": facts.redirect_url[:80]}]
    _check_texts(facts, wrong)
    _check_labels(facts, own, wrong)
    sites = _sites(facts.allowed_origins, wrong)
    if wrong:
        raise BadInput(next(iter(wrong.values()))[0], fields=wrong)
    return sites


def _check_credits(facts: FormFacts, wrong: dict[str, list[Any]]) -> None:
    for name, model in CREDITED.items():
        pk = getattr(facts, f"{name}_id")
        if pk is not None and not model.objects.filter(pk=pk).exists():
            wrong[name] = [NONE_SUCH]


def _check_texts(facts: FormFacts, wrong: dict[str, list[Any]]) -> None:
    for language in facts.languages:
        words = facts.texts.get(language, {})
        if not words.get("title", "").strip():
            wrong.setdefault(f"{language}_title", [NO_TITLE])
        if facts.consent_required and not words.get("consent", "").strip():
            wrong.setdefault(f"{language}_consent", [NO_CONSENT])
        for part, most in LONGEST.items():
            if len(words.get(part, "")) > most:
                message = TOO_LONG % {"part": part, "most": most}
                wrong.setdefault(f"{language}_{part}", [message])


def _check_labels(facts: FormFacts, own: Mapping[str, Any], wrong: dict[str, list[Any]]) -> None:
    for language in facts.languages:
        for name, label in facts.texts.get(language, {}).get("labels", {}).items():
            told = {"name": name[:80], "most": LONGEST_LABEL}
            if name not in FIELDS and name not in own:
                wrong.setdefault(f"{language}_labels", [NOT_ASKED % told])
            elif len(label) > LONGEST_LABEL:
                wrong.setdefault(f"{language}_labels", [LABEL_TOO_LONG % told])


def _sites(lines: Sequence[str], wrong: dict[str, list[Any]]) -> list[str]:
    """Return the origins that may show the form, each once."""
    told = [line.strip() for line in lines if line.strip()]
    bad = [line for line in told if not site_of(line)]
    if bad:
        wrong["allowed_origins"] = [BAD_SITE % {"site": bad[0][:80]}]
    elif len(told) > MOST_SITES:
        wrong["allowed_origins"] = [TOO_MANY_SITES % {"most": MOST_SITES}]
    return list(dict.fromkeys(site_of(line) for line in told))
