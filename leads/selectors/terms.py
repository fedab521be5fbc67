"""What criteria may refer to now, and what it is called."""

from __future__ import annotations

from collections.abc import Collection

from leads.criteria import CriterionKind
from leads.criteria_validation import Terms
from leads.criteria_words import Lexicon
from leads.models import Persona
from leads.personas import KINDS_OF_PERSONAS
from leads.selectors.facts import known_fields


def terms(kinds: Collection[CriterionKind] = tuple(CriterionKind)) -> Terms:
    """Return what criteria of `kinds` may refer to; two statements, one without personas."""
    personas = Persona.objects.filter(is_active=True)
    needed = set(kinds) - KINDS_OF_PERSONAS
    ids = frozenset(personas.values_list("id", flat=True)) if needed else frozenset()
    return Terms(kinds=frozenset(kinds), fields=known_fields(), personas=ids)


def lexicon() -> Lexicon:
    """Return the names of fields and personas, those out of use included; two statements."""
    return Lexicon(known_fields(), dict(Persona.objects.values_list("id", "name")))
