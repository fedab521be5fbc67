"""Personas: described in immutable versions, commented by both teams, kept on each lead."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.rules import is_member
from jobs.doorbell import ring
from leads.criteria import Criterion
from leads.criteria_validation import read_valid
from leads.enums import PersonaKind
from leads.folding import fold
from leads.journeys import read_journey, read_sources
from leads.models import Persona, PersonaComment, PersonaVersion
from leads.personas import KINDS_OF_PERSONAS
from leads.selectors.terms import terms
from leads.services.recalculating import start_run
from leads.services.versions import (
    add_version,
    hold_manager,
    hold_proposer,
    put_in_force,
    withdraw,
)
from smarketing.errors import BadInput, NotAllowed, NotFound

REFRESH = "leads.refresh_personas"
LONGEST_NAME = 100
LONGEST_COMMENT = 5_000
NAME_TAKEN = _("There is a persona of this name already.")


@dataclass(frozen=True, kw_only=True)
class Portrait:
    """What a version of a persona says; criteria, journey and sources as they are stored."""

    description: str = ""
    goals: str = ""
    pains: str = ""
    opening_line: str = ""
    criteria: Sequence[Mapping[str, Any]] = ()
    exclusions: Sequence[Mapping[str, Any]] = ()
    journey: Sequence[Mapping[str, Any]] = ()
    sources: Sequence[str] = ()


@transaction.atomic
def create_persona(
    name: str, kind: PersonaKind, portrait: Portrait, *, actor: User | None, at: datetime
) -> PersonaVersion:
    """Begin a persona with its first version, a draft.

    Raises BadInput for a name that is empty or taken and for criteria that cannot be checked.
    """
    hold_proposer(actor)
    name = _name(name)
    try:
        with transaction.atomic():
            persona = Persona.objects.create(name=name, key=fold(name)[:LONGEST_NAME], kind=kind)
    except IntegrityError as error:
        raise BadInput(NAME_TAKEN, fields={"name": [NAME_TAKEN]}) from error
    return propose_persona(persona, portrait, actor=actor, at=at)


def propose_persona(
    persona: Persona, portrait: Portrait, *, actor: User | None, at: datetime
) -> PersonaVersion:
    """Add a draft version and return it.

    Raises BadInput (fields `criteria`, `exclusions`, `journey`, `sources`), NotAllowed, Refused
    when somebody proposes at the same moment.
    """
    hold_proposer(actor)
    criteria, exclusions = _criteria(portrait)
    journey, sources = read_journey(portrait.journey), read_sources(portrait.sources)

    def make(version: int) -> PersonaVersion:
        return PersonaVersion(
            persona=persona,
            version=version,
            description=portrait.description.strip(),
            goals=portrait.goals.strip(),
            pains=portrait.pains.strip(),
            opening_line=portrait.opening_line.strip(),
            criteria=[one.to_json() for one in criteria],
            exclusions=[one.to_json() for one in exclusions],
            journey=journey,
            sources=sources,
            created_by=actor,
            created_at=at,
        )

    return add_version(PersonaVersion, "persona_id", persona.pk, make)


def activate_personas(
    ids: Collection[int], *, actor: User | None, at: datetime
) -> list[PersonaVersion]:
    """Put versions in force, all or none, retire those they replace, and refresh every open lead.

    Returns those that changed. Personas and scores of leads follow in the background.
    """
    hold_manager(actor)
    with transaction.atomic():
        changed = put_in_force(PersonaVersion, "persona_id", ids, at=at)
        if changed:
            _judge_anew(actor, at)
    return changed


def withdraw_persona(pk: int, *, actor: User | None, at: datetime) -> PersonaVersion:
    """Take back a proposed version."""
    return withdraw(PersonaVersion, pk, actor=actor, at=at)


@transaction.atomic
def use_persona(pk: int, *, active: bool, actor: User | None, at: datetime) -> Persona:
    """Take a persona out of use or back into it; one out of use fits nobody."""
    hold_manager(actor)
    persona = Persona.objects.filter(pk=pk).first()
    if persona is None:
        raise NotFound(_("There is no such persona."))
    if persona.is_active != active:
        persona.is_active = active
        persona.save(update_fields=["is_active"])
        _judge_anew(actor, at)
    return persona


def _judge_anew(actor: User | None, at: datetime) -> None:
    """Let the background find each lead's persona, and its score, which may rest on it."""
    ring(REFRESH)
    start_run(asked_by=actor, at=at)


def comment_on_persona(
    persona: Persona, text: str, *, author: User, at: datetime
) -> PersonaComment:
    """Keep what somebody of either team has to say; raises BadInput when that is nothing."""
    if not is_member(author):
        raise NotAllowed(_("Only members comment."))
    text = text.strip()
    if not text:
        raise BadInput(_("Write a comment."), fields={"text": [_("Write a comment.")]})
    if len(text) > LONGEST_COMMENT:
        long = _("At most %(n)d characters.") % {"n": LONGEST_COMMENT}
        raise BadInput(long, fields={"text": [long]})
    return PersonaComment.objects.create(persona=persona, author=author, text=text, written_at=at)


def _name(name: str) -> str:
    name = " ".join(name.split())
    if not name or len(name) > LONGEST_NAME:
        why = _("Give a name of at most %(n)d characters.") % {"n": LONGEST_NAME}
        raise BadInput(why, fields={"name": [why]})
    return name


def _criteria(portrait: Portrait) -> tuple[list[Criterion], list[Criterion]]:
    known = terms(KINDS_OF_PERSONAS)
    criteria = read_valid(portrait.criteria, known)
    return criteria, read_valid(portrait.exclusions, known, name="exclusions")
