"""The demo's months and quarters as they closed, what was done about misses, and what-ifs kept."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from fractions import Fraction

from accounts.models import Notice, User
from sla.enums import CommitmentKind, PeriodKind
from sla.goals import Goal
from sla.models import CorrectiveAction, SavedScenario
from sla.selectors.book import promised
from sla.selectors.calculating import house as calculator_house
from sla.selectors.house import house
from sla.selectors.measured import measure
from sla.services.closing import close_periods
from sla.services.corrective_actions import (
    DECIDED,
    Answer,
    decide_action,
    drop_action,
    finish_action,
)
from sla.services.scenarios import keep_scenario

DAY = timedelta(days=1)
K = CommitmentKind
# The head who decides is asked a day after the close; he takes three days, the work two months.
ASKED, DECIDES, TAKES = time(7, 30), 3 * DAY, 60 * DAY
# Who decides and who does it, by side.
PEOPLE = {
    "MARKETING": ("giulia.ferri", "chiara.lombardi"),
    "SALES": ("marco.bianchi", "sara.esposito"),
    "BOTH": ("marco.bianchi", "giulia.ferri"),
}


@dataclass(frozen=True)
class Told:
    """What is done about a miss, and how it went."""

    what: str
    how: str


ANSWERS = {
    K.VOLUME: Told(
        "A second webinar a month, and the request form moves to the top of the two pages that "
        "are read most.",
        "The webinar brings five MQLs a month, the form three more. Both stay.",
    ),
    K.REVENUE: Told(
        "Both heads go through every open deal on the first Monday of the month and name the next "
        "step of each.",
        "Eleven deals moved within the quarter, four of them were won.",
    ),
    K.QUALITY: Told(
        "Read the low ratings of the month together and change what the form asks.",
        "Most came from one newsletter. It now links to the guide instead of the request form.",
    ),
    K.TIME_TO_DECIDE: Told(
        "Every rep decides at ten and at half past three. Whoever is away names a deputy before "
        "he leaves.",
        "Decisions were back in time within the month. The two fixed times stay.",
    ),
    K.ATTEMPTS: Told(
        "An hour of calls a day, half past four to half past five, with nothing else in it.",
        "Most reps keep the hour. Who is at a plant calls from the car park.",
    ),
    K.EFFORT: Told(
        "An hour of calls a day, and fewer meetings on Tuesdays.",
        "Half an attempt more a day and rep. Tuesdays are free of meetings now.",
    ),
}
OTHERS = Told(
    "Look at the five worst cases together and mend what they have in common.",
    "Two of them had the same cause. It is mended.",
)
DROPPED = "The miss was one lead. Nothing is wrong with how we work."
# name, by whom, days ago, what was typed
GOALS: tuple[tuple[str, str, int, Goal], ...] = (
    ("Next quarter as promised", "marco.bianchi", 30,
     Goal(revenue=Fraction(300_000), period=PeriodKind.QUARTER)),
    ("A fifth more, same funnel", "giulia.ferri", 12,
     Goal(revenue=Fraction(360_000), period=PeriodKind.QUARTER)),
    ("A fifth more with dearer deals", "giulia.ferri", 11,
     Goal(revenue=Fraction(360_000), period=PeriodKind.QUARTER, average_deal=Fraction(32_000))),
)  # fmt: skip


def load_past_periods(at: datetime) -> None:
    """Close the year's periods and tell what was done about each miss; once."""
    users = _users()
    heads = {login for pair in PEOPLE.values() for login in pair}
    if CorrectiveAction.objects.exists() or not heads <= set(users) or not close_periods(at=at):
        return
    actions = list(CorrectiveAction.objects.select_related("commitment__agreement", "result"))
    for action in actions:
        action.opened_at = _morning_after(action)
    CorrectiveAction.objects.bulk_update(actions, ["opened_at"])
    for n, action in enumerate(actions):
        _answer(n, action, users, at)
    # What happened before the demo was loaded is news to nobody.
    Notice.objects.filter(kind=DECIDED, created_at__lt=at - 2 * DAY).update(read_at=at)


def load_scenarios(at: datetime) -> None:
    """Keep what-ifs of the goal calculator; once."""
    users = _users()
    if SavedScenario.objects.exists() or not {goal[1] for goal in GOALS} <= set(users):
        return
    place = calculator_house()
    for name, login, ago, goal in GOALS:
        kept = at - ago * DAY
        period = place.period(goal.period, None, at)
        found = measure(goal.pairs, window=goal.window, at=kept)
        keep_scenario(name, goal, found, first_on=period.first_on, by=users[login], at=kept)


def _answer(n: int, action: CorrectiveAction, users: dict[str, User], at: datetime) -> None:
    """Decide on all but the newest misses, and finish what was to be done by now."""
    head, owner = (users[login] for login in PEOPLE[action.side])
    told = ANSWERS.get(K(action.commitment.kind), OTHERS)
    decided = action.opened_at + DECIDES
    due = decided + TAKES
    if decided > at or (n == 0 and at - action.opened_at < TAKES):
        return
    if action.commitment.kind == K.ATTEMPTS and n % 2:
        drop_action(action.pk, DROPPED, actor=head, at=decided)
        return
    said = Answer(told.what, owner, _day(due), promised(action.commitment))
    decide_action(action.pk, said, actor=head, at=decided)
    if due <= at:
        finish_action(action.pk, told.how, actor=owner, at=due - 2 * DAY)


def _morning_after(action: CorrectiveAction) -> datetime:
    assert action.result is not None  # noqa: S101  # a close made it
    day = action.result.last_on + DAY
    return datetime.combine(day, ASKED, house().zone)


def _day(at: datetime) -> date:
    return house().day(at)


def _users() -> dict[str, User]:
    return {user.email.split("@")[0]: user for user in User.objects.active()}
