"""The history of every setting and person: who changed what, when, from what to what.

Triggers keep each row as it was before the change (`accounts.models.tracking`); what it became
stands in the next event of the same row, or in the row itself. A page is found by one statement
over all histories, by key and never by offset, then read by a few statements per kind of thing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeAlias

from django.apps import apps
from django.db import models
from django.db.models import F, OuterRef, Q, QuerySet, Subquery, TextField, Value
from django.db.models.functions import Cast, Coalesce
from pghistory.models import Event

from accounts.history_words import FieldChange, field_changes, name_of, related_names
from accounts.models import User

# (instant, place of the kind among all, id of the event): the order of the page, newest first.
Key: TypeAlias = tuple[datetime, int, int]
NONE = "\x01"


@dataclass(frozen=True)
class HistoryFilter:
    """What is searched for; empty means everything. `until` is not included."""

    by: User | None = None
    kind: str = ""
    object_id: int | None = None
    words: str = ""
    field: str = ""
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True)
class Change:
    """One change, ready to be read."""

    at: datetime
    by: User | None
    url: str
    kind: str
    kind_label: Any
    object_id: int
    name: str
    removed: bool
    fields: list[FieldChange] = field(default_factory=list)


def histories() -> list[type[models.Model]]:
    """Return the event model of every tracked model, in a fixed order."""
    found = [
        model
        for model in apps.get_models()
        if issubclass(model, Event) and model.pgh_tracked_model is not None
    ]
    return sorted(found, key=lambda model: model._meta.label_lower)


def tracked(event_model: Any) -> type[models.Model]:
    """Return the model whose history `event_model` keeps."""
    model: type[models.Model] = event_model.pgh_tracked_model
    return model


def kinds() -> list[tuple[str, Any]]:
    """Return every kind of thing with a history, with its name."""
    found = [tracked(event_model) for event_model in histories()]
    return [(model._meta.label_lower, model._meta.verbose_name) for model in found]


def fields_of(kind: str) -> list[tuple[str, Any]]:
    """Return the fields of a kind that its history keeps."""
    for event_model in histories():
        if tracked(event_model)._meta.label_lower == kind:
            return [(f.name, getattr(f, "verbose_name", f.name)) for f in _kept(event_model)]
    return []


def history_page(
    wanted: HistoryFilter, *, after: Key | None, limit: int
) -> tuple[list[Change], Key | None]:
    """Return the next `limit` changes, newest first, and the key to go on from."""
    parts = [
        _matching(place, event_model, wanted, after)[: limit + 1]
        for place, event_model in enumerate(histories())
        if wanted.kind in {"", tracked(event_model)._meta.label_lower}
    ]
    parts = [part for part in parts if not part.query.is_empty()]
    if not parts:
        return [], None
    rows = parts[0]
    if len(parts) > 1:
        together = parts[0].union(*parts[1:], all=True)
        rows = together.order_by("-pgh_created_at", "place", "-pgh_id")[: limit + 1]
    found: list[Key] = list(rows)
    page = found[:limit]
    return _read(page), page[-1] if len(found) > limit else None


def _kept(event_model: type[models.Model]) -> list[Any]:
    model = tracked(event_model)
    names = {f.name for f in event_model._meta.get_fields()}
    return [f for f in model._meta.fields if f.name in names and not f.primary_key]


def _matching(
    place: int, event_model: Any, wanted: HistoryFilter, after: Key | None
) -> QuerySet[Any, Any]:
    """Return the keys of one history that match, newest first."""
    rows = event_model.objects.annotate(place=Value(place, models.IntegerField()))
    if wanted.by is not None:
        rows = rows.filter(pgh_context__metadata__user=wanted.by.pk)
    if wanted.object_id is not None:
        rows = rows.filter(pgh_obj_id=wanted.object_id)
    if wanted.since is not None:
        rows = rows.filter(pgh_created_at__gte=wanted.since)
    if wanted.until is not None:
        rows = rows.filter(pgh_created_at__lt=wanted.until)
    if wanted.words:
        rows = rows.filter(_named(event_model, wanted.words))
    if wanted.field:
        rows = _field_changed(rows, event_model, wanted.field)
    if after is not None:
        rows = rows.filter(_beyond(place, after))
    ordered: QuerySet[Any, Any] = rows.order_by("-pgh_created_at", "-pgh_id").values_list(
        "pgh_created_at", "place", "pgh_id"
    )
    return ordered


def _beyond(place: int, after: Key) -> Q:
    instant, last_place, last_id = after
    earlier = Q(pgh_created_at__lt=instant)
    if place < last_place:
        return earlier
    if place > last_place:
        return Q(pgh_created_at__lte=instant)
    return earlier | Q(pgh_created_at=instant, pgh_id__lt=last_id)


def _named(event_model: type[models.Model], words: str) -> Q:
    """Match `words` in what names the thing: its name or address, else that of its person."""
    found = Q(pk__in=[])
    for kept in _kept(event_model):
        if kept.name in {"name", "email", "given_name", "family_name"}:
            found |= Q(**{f"{kept.name}__icontains": words})
        elif kept.name == "user":
            found |= Q(user__name__icontains=words) | Q(user__email__icontains=words)
    return found


def _field_changed(rows: Any, event_model: Any, name: str) -> Any:
    """Keep the events that changed the field `name`; a removal changes nothing of a field."""
    if name not in {kept.name for kept in _kept(event_model)}:
        return rows.none()

    def text(expression: Any) -> Coalesce:
        written = Cast(expression, TextField())
        return Coalesce(written, Value(NONE), output_field=TextField())

    later = event_model.objects.filter(
        pgh_obj_id=OuterRef("pgh_obj_id"), pgh_id__gt=OuterRef("pgh_id")
    ).order_by("pgh_id")
    now = tracked(event_model)._base_manager.filter(pk=OuterRef("pgh_obj_id"))
    became = Coalesce(
        Subquery(later.annotate(was=text(F(name))).values("was")[:1]),
        Subquery(now.annotate(was=text(F(name))).values("was")[:1]),
        Value(NONE),
        output_field=TextField(),
    )
    changed = rows.annotate(was=text(F(name)), became=became).exclude(was=F("became"))
    return changed.exclude(pgh_label="delete")


def _read(page: Iterable[Key]) -> list[Change]:
    page = list(page)
    models_by_place = dict(enumerate(histories()))
    ids: dict[int, list[int]] = {}
    for _at, place, pk in page:
        ids.setdefault(place, []).append(pk)
    events = {
        (place, event.pgh_id): (event, became)
        for place, pks in ids.items()
        for event, became in _with_what_became(models_by_place[place], pks)
    }
    ordered = [events[place, pk] for _at, place, pk in page]
    people = _people(event for event, _became in ordered)
    names = related_names(row for pair in ordered for row in pair if row is not None)
    return [_change(event, became, people, names) for event, became in ordered]


def _with_what_became(event_model: Any, ids: list[int]) -> list[tuple[Any, Any]]:
    """Return the events with the next event of the same row, or the row itself."""
    later = event_model.objects.filter(
        pgh_obj_id=OuterRef("pgh_obj_id"), pgh_id__gt=OuterRef("pgh_id")
    ).order_by("pgh_id")
    events = list(
        event_model.objects.filter(pgh_id__in=ids)
        .select_related("pgh_context")
        .annotate(next_id=Subquery(later.values("pgh_id")[:1]))
    )
    following = event_model.objects.in_bulk([e.next_id for e in events if e.next_id])
    present = tracked(event_model)._base_manager.in_bulk(
        [e.pgh_obj_id for e in events if not e.next_id]
    )
    return [(e, following.get(e.next_id) or present.get(e.pgh_obj_id)) for e in events]


def _actor(event: Any) -> int | None:
    metadata: Mapping[str, Any] = event.pgh_context.metadata if event.pgh_context else {}
    return metadata.get("user")


def _people(events: Iterable[Any]) -> dict[int, User]:
    return User.objects.in_bulk({actor for event in events if (actor := _actor(event))})


def _change(
    event: Any, became: Any, people: Mapping[int, User], names: Mapping[Any, str]
) -> Change:
    model = tracked(event)
    removed = event.pgh_label == "delete"
    metadata = event.pgh_context.metadata if event.pgh_context else {}
    kept = _kept(type(event))
    return Change(
        at=event.pgh_created_at,
        by=people.get(_actor(event) or 0),
        url=str(metadata.get("url") or ""),
        kind=model._meta.label_lower,
        kind_label=model._meta.verbose_name,
        object_id=event.pgh_obj_id,
        name=name_of(event, kept, names),
        removed=removed,
        fields=field_changes(kept, event, None if removed else became, names),
    )
