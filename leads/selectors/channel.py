"""The channel as read: posts of a page with who has read them, and which reps to ask today."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet

from accounts.business_time import BusinessTime
from accounts.enums import Role
from accounts.models import Absence, Notice, User
from accounts.rules import standing
from accounts.selectors.calendars import business_times_of_people
from leads.enums import PostKind
from leads.models import Acknowledgement, ChannelPost, FunnelSettings, Lead
from leads.search import MOST_MATCHES, contacts_matching
from smarketing.errors import NotFound

PAGE = 20
MOST_CANDIDATES = 6
PROMPT = "field_note_prompt"
Key = tuple[datetime, int]


def active_reps() -> QuerySet[User]:
    """Return the reps who work here now."""
    return User.objects.active().filter(memberships__role=Role.REP).distinct()


def active_marketers() -> QuerySet[User]:
    """Return the marketers who work here now."""
    return User.objects.active().filter(memberships__role=Role.MARKETER).distinct()


def people_concerned(post: ChannelPost) -> QuerySet[User]:
    """Return who should read a post: of an alert the owners of the leads named in it, else every
    rep; of a field note every marketer."""
    if post.kind == PostKind.NOTE:
        return active_marketers()
    owners = Lead.objects.filter(posts=post, owner__isnull=False).values("owner")
    named = active_reps().filter(pk__in=owners)
    return named if named.exists() else active_reps()


@dataclass(frozen=True)
class Told:
    """A post with the leads in it that the asker sees, who has read it, who of those whom it
    concerns has not yet, and whether the asker has. `heard` of the `expected` have read it."""

    post: ChannelPost
    leads: list[Lead]
    read: list[Acknowledgement]
    waiting: list[User]
    mine: bool
    heard: int
    expected: int


def posts(
    kind: PostKind | None, *, campaign: int | None = None, lead: int | None = None
) -> QuerySet[ChannelPost]:
    """Return posts of `kind` (None: of both) with all that a card shows, unordered."""
    rows = ChannelPost.objects.filter(kind=kind) if kind else ChannelPost.objects.all()
    if campaign:
        rows = rows.filter(campaign=campaign)
    if lead:
        rows = rows.filter(leads=lead)
    return with_links(rows)


def with_links(rows: QuerySet[ChannelPost]) -> QuerySet[ChannelPost]:
    """Add author, campaign, leads, assets and readers: four statements more, whatever the rows."""
    people = Acknowledgement.objects.select_related("user").order_by("at", "pk")
    leads = Lead.objects.select_related("contact").defer("contact__search")
    return rows.select_related("author", "campaign").prefetch_related(
        "assets", Prefetch("leads", leads), Prefetch("acknowledgements", people)
    )


def unread_by(rows: QuerySet[ChannelPost], user: Any) -> QuerySet[ChannelPost]:
    """Narrow to the posts of others that `user` has not acknowledged."""
    read = Acknowledgement.objects.filter(post=OuterRef("pk"), user=user.pk)
    return rows.filter(~Exists(read)).exclude(author=user.pk)


def posts_page(
    rows: QuerySet[ChannelPost], *, after: Key | None, limit: int = PAGE
) -> tuple[list[ChannelPost], Key | None]:
    """Return the next `limit` posts, newest first, and the key to go on from."""
    if after is not None:
        instant, pk = after
        rows = rows.filter(Q(posted_at__lt=instant) | Q(posted_at=instant, pk__lt=pk))
    found = list(rows.order_by("-posted_at", "-pk")[: limit + 1])
    last = found[limit - 1] if len(found) > limit else None
    return found[:limit], (last.posted_at, last.pk) if last else None


def told(user: Any, rows: Iterable[ChannelPost]) -> list[Told]:
    """Return the posts with their readers, as `user` sees them; leads that he may not see are
    left out. Three statements, however many posts."""
    found = list(rows)
    readers = {PostKind.ALERT: list(active_reps()), PostKind.NOTE: list(active_marketers())}
    linked = {lead.pk for post in found for lead in post.leads.all()}
    seen = Lead.objects.visible_to(user, standing(user)).filter(pk__in=linked)
    visible = set(seen.values_list("pk", flat=True)) if linked else set()
    return [_told(user, post, readers[PostKind(post.kind)], visible) for post in found]


def _told(user: Any, post: ChannelPost, readers: Sequence[User], visible: set[int]) -> Told:
    read = list(post.acknowledgements.all())
    done = {one.user_id for one in read} | {post.author_id}
    owners = {lead.owner_id for lead in post.leads.all()}
    named = [person for person in readers if person.pk in owners]
    concerned = named if post.kind == PostKind.ALERT and named else readers
    concerned = [person for person in concerned if person.pk != post.author_id]
    waiting = [person for person in concerned if person.pk not in done]
    return Told(
        post=post,
        leads=[lead for lead in post.leads.all() if lead.pk in visible],
        read=read,
        waiting=waiting,
        mine=user.pk in done,
        heard=len(concerned) - len(waiting),
        expected=len(concerned),
    )


def one_post(user: Any, pk: int) -> Told:
    """Return one post with its readers; raise NotFound when there is none."""
    post = with_links(ChannelPost.objects.filter(pk=pk)).first()
    if post is None:
        raise NotFound("no such post")
    return told(user, [post])[0]


def posts_of_lead(user: Any, lead_id: int, campaign_id: int | None) -> list[Told]:
    """Return what the channel says of a lead and of its campaign, newest first."""
    about = Q(leads=lead_id)
    if campaign_id is not None:
        about |= Q(kind=PostKind.ALERT, campaign=campaign_id)
    ids = ChannelPost.objects.filter(about).values("pk")
    rows = with_links(ChannelPost.objects.filter(pk__in=ids)).order_by("-posted_at", "-pk")
    return told(user, rows[:PAGE])


def unread_posts(user: Any, at: datetime, kind: PostKind) -> Mapping[str, Any]:
    """The posts of the other side that the person has not acknowledged yet, newest first."""
    waiting = unread_by(ChannelPost.objects.filter(kind=kind), user).select_related("author")
    return {"posts": list(waiting.order_by("-posted_at", "-pk")[:5]), "count": waiting.count()}


def reps_to_ask(at: datetime) -> dict[str, list[User]]:
    """Return the reps to be asked for their field note at `at`, by ISO week ("2026-W10").

    Their calendar is open now, on the weekday of the settings in its own zone; they are not away,
    have not posted in that week and have not been asked in it. Eight statements at most.
    """
    weekday = _weekday()
    if weekday is None:
        return {}
    reps = {user.pk: user for user in active_reps()}
    times = business_times_of_people(reps) if reps else {}
    days = {pk: at.astimezone(own.zone).date() for pk, own in times.items() if own.is_open(at)}
    due = {pk: day for pk, day in days.items() if day.isoweekday() == weekday}
    if not due:
        return {}
    left = set(due) - _away(due) - _posted(due, times) - _asked(due)
    weeks: dict[str, list[User]] = defaultdict(list)
    for pk in sorted(left):
        weeks[week_of(due[pk])].append(reps[pk])
    return dict(weeks)


def week_of(day: date) -> str:
    """Return the ISO week of a day, as 2026-W10."""
    year, week, _weekday = day.isocalendar()
    return f"{year}-W{week:02}"


def _weekday() -> int | None:
    row = FunnelSettings.objects.filter(pk=1).values_list("field_note_weekday", flat=True)
    found = list(row)
    return found[0] if found else FunnelSettings().field_note_weekday


def _away(due: Mapping[int, date]) -> set[int]:
    rows = Absence.objects.filter(
        user__in=due, first_on__lte=max(due.values()), last_on__gte=min(due.values())
    )
    return {row.user_id for row in rows if row.first_on <= due[row.user_id] <= row.last_on}


def _posted(due: Mapping[int, date], times: Mapping[int, BusinessTime]) -> set[int]:
    """Who has written a field note since Monday, by his own calendar's zone."""
    mondays = {
        pk: datetime.combine(day - timedelta(days=day.weekday()), time.min, times[pk].zone)
        for pk, day in due.items()
    }
    rows = ChannelPost.objects.filter(
        kind=PostKind.NOTE, author__in=due, posted_at__gte=min(mondays.values())
    ).values_list("author", "posted_at")
    return {author for author, posted_at in rows if posted_at >= mondays[author]}


def _asked(due: Mapping[int, date]) -> set[int]:
    keys = {f"{PROMPT}:{week_of(day)}" for day in due.values()}
    rows = Notice.objects.filter(recipient__in=due, dedupe_key__in=keys)
    return set(rows.values_list("recipient", flat=True))


def lead_candidates(user: Any, *, words: str = "", ids: Iterable[int] = ()) -> list[Lead]:
    """Return leads to link a post with: those with `ids`, and those that `words` find, else the
    open ones of `user` that he touched last. Two statements at most."""
    rows = Lead.objects.visible_to(user, standing(user))
    rows = rows.select_related("contact__company").defer("contact__search")
    wanted = set(ids)
    chosen = list(rows.filter(pk__in=wanted)) if wanted else []
    if words:
        others = rows.filter(contact__in=contacts_matching(words).values("id")[:MOST_MATCHES])
        others = others.order_by("-id")
    else:
        others = rows.open().filter(owner=user.pk).order_by("-last_activity_at", "-id")
    return [*chosen, *others.exclude(pk__in=wanted)[:MOST_CANDIDATES]]
