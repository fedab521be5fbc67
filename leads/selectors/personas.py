"""Personas as pages show them: who they are, who fits, what answers each step of their journey."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, Prefetch
from django.utils.translation import gettext as _

from accounts.rules import standing
from leads.criteria_words import Lexicon
from leads.enums import VersionState
from leads.models import Asset, AssetFit, Lead, Persona, PersonaComment, PersonaVersion
from leads.selectors.definitions import SaidCriterion, said
from leads.version_words import Change, changed_list, changed_text
from smarketing.errors import NotFound

TEXTS = ("description", "goals", "pains", "opening_line")


@dataclass(frozen=True)
class PersonaCard:
    """A persona in the list: what is in force, what is proposed, how many open leads fit best."""

    persona: Persona
    in_force: PersonaVersion | None
    proposal: PersonaVersion | None
    criteria: list[SaidCriterion]
    fitting: int


@dataclass(frozen=True)
class JourneyStep:
    """A step of the journey with its questions and the assets that answer them."""

    key: str
    name: str
    questions: list[str]
    assets: list[Asset]


@dataclass(frozen=True)
class PersonaPage:
    """Everything about a persona; `shown` is the version in force, else the newest."""

    persona: Persona
    shown: PersonaVersion | None
    proposals: list[PersonaVersion]
    criteria: list[SaidCriterion] = field(default_factory=list)
    exclusions: list[SaidCriterion] = field(default_factory=list)
    steps: list[JourneyStep] = field(default_factory=list)
    everywhere: list[Asset] = field(default_factory=list)
    comments: list[PersonaComment] = field(default_factory=list)
    fitting: int = 0


@dataclass(frozen=True)
class PersonaHistoryEntry:
    """A version of a persona and what it changed of the one before."""

    version: PersonaVersion
    changes: list[Change]


def persona_cards(user: Any, lexicon: Lexicon) -> list[PersonaCard]:
    """Return every persona, those in use first; three statements."""
    current = PersonaVersion.objects.exclude(state=VersionState.RETIRED).order_by("-version")
    personas = Persona.objects.prefetch_related(Prefetch("versions", queryset=current))
    rows = list(personas.order_by("-is_active", "kind", "name"))
    counts = _fitting(user, [row.pk for row in rows])
    return [_card(row, lexicon, counts) for row in rows]


def _card(row: Persona, lexicon: Lexicon, counts: dict[int, int]) -> PersonaCard:
    versions = list(row.versions.all())
    in_force = next((v for v in versions if v.state == VersionState.IN_FORCE), None)
    proposal = next((v for v in versions if v.state == VersionState.DRAFT), None)
    shown = in_force or proposal
    return PersonaCard(
        persona=row,
        in_force=in_force,
        proposal=proposal,
        criteria=said(shown.criteria, lexicon) if shown else [],
        fitting=counts.get(row.pk, 0),
    )


def _fitting(user: Any, ids: Sequence[int]) -> dict[int, int]:
    """Return how many open leads that the person sees each persona fits best."""
    visible = Lead.objects.visible_to(user, standing(user)).open().filter(persona_id__in=ids)
    counts = visible.values_list("persona_id").annotate(n=Count("id")).order_by()
    return {persona_id: n for persona_id, n in counts if persona_id is not None}


def persona(pk: int) -> Persona:
    """Return a persona; raise NotFound when there is none."""
    row = Persona.objects.filter(pk=pk).first()
    if row is None:
        raise NotFound("no such persona")
    return row


def persona_page(user: Any, pk: int, lexicon: Lexicon) -> PersonaPage:
    """Return what the page of a persona shows; raise NotFound when there is none."""
    row = persona(pk)
    shown = latest_version(row)
    proposals = row.versions.filter(state=VersionState.DRAFT).select_related("created_by")
    fits = _fits(row)
    journey = shown.journey if shown else []
    return PersonaPage(
        persona=row,
        shown=shown,
        proposals=list(proposals),
        criteria=said(shown.criteria, lexicon) if shown else [],
        exclusions=said(shown.exclusions, lexicon) if shown else [],
        steps=[_step(one, fits) for one in journey],
        everywhere=_unplaced(fits, {one["key"] for one in journey}),
        comments=list(row.comments.select_related("author").order_by("-written_at", "-id")[:200]),
        fitting=_fitting(user, [pk]).get(pk, 0),
    )


def latest_version(row: Persona) -> PersonaVersion | None:
    """Return the version in force, else the newest."""
    in_force = row.versions.filter(state=VersionState.IN_FORCE)
    versions = row.versions.select_related("created_by").order_by("-version")
    return in_force.select_related("created_by").first() or versions.first()


def persona_history(row: Persona, lexicon: Lexicon) -> list[PersonaHistoryEntry]:
    """Return every version, the newest first, each with what it changed."""
    rows = list(row.versions.select_related("created_by").order_by("version"))
    before: list[PersonaVersion | None] = [None, *rows[:-1]]
    entries = [
        PersonaHistoryEntry(new, _changes(old, new, lexicon))
        for old, new in zip(before, rows, strict=True)
    ]
    return entries[::-1]


def _fits(row: Persona) -> list[AssetFit]:
    fits = AssetFit.objects.filter(persona=row, asset__is_active=True).select_related("asset")
    return list(fits.order_by("asset__name"))


def _step(one: dict[str, Any], fits: list[AssetFit]) -> JourneyStep:
    assets = [fit.asset for fit in fits if fit.step == one["key"]]
    return JourneyStep(one["key"], one["name"], one["questions"], assets)


def _unplaced(fits: list[AssetFit], keys: set[str]) -> list[Asset]:
    """Return the assets for every step, and those of a step that is gone."""
    return [fit.asset for fit in fits if fit.step not in keys]


def _changes(old: PersonaVersion | None, new: PersonaVersion, lexicon: Lexicon) -> list[Change]:
    if old is None:
        return []
    labels = (_("Who it is"), _("Goals"), _("Pains"), _("Suggested opening line"))
    texts = [
        changed_text(label, getattr(old, name), getattr(new, name))
        for label, name in zip(labels, TEXTS, strict=True)
    ]
    lists = [
        changed_list(_("Criteria"), *(_words(v.criteria, lexicon) for v in (old, new))),
        changed_list(_("Ruled out by"), *(_words(v.exclusions, lexicon) for v in (old, new))),
        changed_list(_("Buyer's journey"), *(_journey_lines(v) for v in (old, new))),
        changed_list(_("Research sources"), old.sources, new.sources),
    ]
    return [change for change in (*texts, *lists) if change]


def _words(stored: Any, lexicon: Lexicon) -> list[str]:
    return [one.words for one in said(stored, lexicon)]


def _journey_lines(version: PersonaVersion) -> list[str]:
    lines = []
    for step in version.journey:
        lines.append(step["name"])
        lines += [f"{step['name']}: {question}" for question in step["questions"]]
    return lines
