"""Typed extension points: how a lower floor shows what an upper floor knows, without importing it.

Each app registers its entries in `AppConfig.ready`; lower apps only iterate. An entry carries a key
(unique within its point; a second registration of the same key is an error), an `order`, and a
predicate `allowed(user)` where a person may or may not see it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any, Generic, Protocol, TypeVar

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from django.utils.functional import _StrPromise

    # Labels are lazily translated: they are registered before anyone's language is known.
    Text = str | _StrPromise


def everyone(user: Any) -> bool:
    """Allow every signed-in, active person."""
    return bool(user.is_authenticated and user.is_active)


class Entry(Protocol):
    """What every point holds: a key, unique within the point, and a place in the order."""

    @property
    def key(self) -> str: ...

    @property
    def order(self) -> int: ...


@dataclass(frozen=True)
class NavigationEntry:
    """An area of the navigation bar, opened by URL name."""

    key: str
    label: Text
    icon: str
    url_name: str
    order: int
    allowed: Callable[[Any], bool] = everyone
    # URL namespaces or path prefixes that count as "inside" this area.
    prefixes: tuple[str, ...] = ()


@dataclass(frozen=True)
class SettingsEntry:
    """A page of the settings area."""

    key: str
    label: Text
    summary: Text
    icon: str
    url_name: str
    order: int
    section: Text
    allowed: Callable[[Any], bool] = everyone


@dataclass(frozen=True)
class Command:
    """A line of the command menu: go somewhere or do something, by URL name."""

    key: str
    label: Text
    url_name: str
    order: int = 100
    icon: str = "arrow-right"
    keywords: Text = ""
    shortcut: str = ""
    allowed: Callable[[Any], bool] = everyone


@dataclass(frozen=True)
class SearchHit:
    """One answer of the global search."""

    label: str
    detail: str
    url: str
    icon: str


@dataclass(frozen=True)
class SearchSource:
    """A source of the global search: at most `limit` hits that `user` may see, one query."""

    key: str
    label: Text
    order: int
    find: Callable[[Any, str, int], Sequence[SearchHit]]
    allowed: Callable[[Any], bool] = everyone


@dataclass(frozen=True)
class TodayPanel:
    """A panel of the Today page: a template and the context that it needs, computed once."""

    key: str
    title: Text
    template: str
    context: Callable[[Any, datetime], Mapping[str, Any]]
    order: int
    allowed: Callable[[Any], bool] = everyone
    # "marketing", "shared" or "sales": where it stands when both teams face each other.
    side: str = "shared"


@dataclass(frozen=True)
class LeadPageFragment:
    """A part of the lead page, loaded by URL name with the lead's id."""

    key: str
    title: Text
    url_name: str
    order: int
    column: str = "side"
    allowed: Callable[[Any], bool] = everyone


@dataclass(frozen=True)
class ListFilter:
    """A filter that an upper app adds to the lead list: its query key and what it does to the rows
    of a page that is made at a given instant.

    `told` says a value in words; a filter that has it is set by links alone, and offers no choices.
    """

    key: str
    label: Text
    choices: Callable[[Any], Sequence[tuple[str, Text]]]
    apply: Callable[[QuerySet[Any], str, datetime], QuerySet[Any]]
    order: int = 100
    told: Callable[[str], Text] | None = None


@dataclass(frozen=True)
class ListColumn:
    """A column that an upper app adds to the lead list."""

    key: str
    label: Text
    annotate: Callable[[QuerySet[Any]], QuerySet[Any]]
    render: Callable[[Any], Any]
    order: int = 100


@dataclass(frozen=True)
class OpenWork:
    """A pile of open work of one person, as shown when he leaves or is away."""

    label: str
    count: int
    url: str


@dataclass(frozen=True)
class OpenWorkSource:
    """Counts what a person still has open in one app."""

    key: str
    order: int
    count: Callable[[Any], OpenWork | None]


@dataclass(frozen=True)
class ErasureStep:
    """What one app removes or blanks when people's data are erased; returns rows touched.

    `erase` takes the ids of all contacts at once and costs the same however many there are.
    """

    key: str
    order: int
    erase: Callable[[Sequence[int], datetime], int]


@dataclass(frozen=True)
class UntouchedVeto:
    """Tells which of the given lead ids have been worked on, so that an import is not undone."""

    key: str
    order: int
    touched: Callable[[Sequence[int]], set[int]]


@dataclass(frozen=True)
class CalendarEffect:
    """What hangs on a business calendar: told below its form, and once a change of it is saved.

    `context(user, calendar id or None for a new one, wanted BusinessTime, at, thorough)` fills
    `template`; unless `thorough` it costs little however much hangs on the calendar. `saved`
    returns, right after a change, what it moved in words and where a POST takes that back.
    """

    key: str
    order: int
    template: str
    context: Callable[[Any, int | None, Any, datetime, bool], Mapping[str, Any]]
    saved: Callable[[int, datetime], tuple[str, str] | None]


@dataclass(frozen=True)
class NoticeKind:
    """A kind of notice: how its row reads, and which channels carry it unless a person says not.

    `title` and `body` are translatable `%(name)s` strings over the notice's `params`. A kind that
    is not `optional` cannot be switched off. `email_link` makes a link for the mail alone, when it
    leaves (a secret that no row may keep), out of the recipient and the instant.
    """

    key: str
    label: Text
    title: Text
    body: Text = ""
    icon: str = "bell"
    order: int = 100
    by_email: bool = True
    optional: bool = True
    email_link: Callable[[Any, datetime], str] | None = None


@dataclass(frozen=True)
class DemoStep:
    """What one app adds to the demo: steps run in order, in one transaction, on an empty database.

    `load` promises to find its rows again when it runs twice.
    """

    key: str
    order: int
    load: Callable[[datetime], None]


T = TypeVar("T", bound=Entry)


@dataclass
class Point(Generic[T]):
    """An ordered set of entries under one extension point."""

    name: str
    _entries: dict[str, T] = field(default_factory=dict)

    def register(self, entry: T) -> T:
        """Add `entry`; raise ValueError when its key is taken by another entry."""
        known = self._entries.get(entry.key)
        if known is not None and known != entry:
            raise ValueError(f"{self.name}: the key {entry.key!r} is registered twice")
        self._entries[entry.key] = entry
        return entry

    def __iter__(self) -> Iterator[T]:
        return iter(sorted(self._entries.values(), key=lambda e: (e.order, e.key)))

    def __getitem__(self, key: str) -> T:
        return self._entries[key]

    def __contains__(self, key: str) -> bool:
        return key in self._entries

    def for_user(self, user: Any) -> list[T]:
        """Return the entries that `user` may see, in order."""
        return [e for e in self if getattr(e, "allowed", everyone)(user)]


navigation: Point[NavigationEntry] = Point("navigation")
settings_pages: Point[SettingsEntry] = Point("settings_pages")
commands: Point[Command] = Point("commands")
search_sources: Point[SearchSource] = Point("search_sources")
today_panels: Point[TodayPanel] = Point("today_panels")
lead_page_fragments: Point[LeadPageFragment] = Point("lead_page_fragments")
list_filters: Point[ListFilter] = Point("list_filters")
list_columns: Point[ListColumn] = Point("list_columns")
open_work_sources: Point[OpenWorkSource] = Point("open_work_sources")
erasure_steps: Point[ErasureStep] = Point("erasure_steps")
untouched_vetoes: Point[UntouchedVeto] = Point("untouched_vetoes")
calendar_effects: Point[CalendarEffect] = Point("calendar_effects")
notice_kinds: Point[NoticeKind] = Point("notice_kinds")
demo_steps: Point[DemoStep] = Point("demo_steps")
