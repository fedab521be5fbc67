"""Who brought the deal: seven models that part its amount among touches. Pure: no ORM, no now.

The key touches are the first, the last one up to the birth of the lead, the last one up to the
opportunity, and the last one before the close. Position-based models give the keys fixed shares
and the rest the middle; coinciding keys add up; a share that nobody can take (no middle, a key
whose instant is unknown) goes to the keys pro rata. Time decay halves a touch's weight every
half-life before the close.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from fractions import Fraction

from django.db import models
from django.utils.translation import gettext_lazy as _

HALF_LIFE = timedelta(days=30)


class Model(models.TextChoices):
    """The models, in the order in which they are shown; a value names a column of its parts."""

    FIRST = "first", _("First touch")
    LAST = "last", _("Last touch")
    LINEAR = "linear", _("Linear")
    U = "u", _("U-shaped")
    W = "w", _("W-shaped")
    FULL_PATH = "full_path", _("Full path")
    TIME_DECAY = "time_decay", _("Time decay")


@dataclass(frozen=True)
class Path:
    """The instants of the touches of one deal, in order and none after `closed_at`; and of its
    keys, None where unknown."""

    touches: Sequence[datetime]
    lead_at: datetime | None
    opportunity_at: datetime | None
    closed_at: datetime


Shares = list[Fraction]

# What the keys take, in thousandths: first, birth of the lead, opportunity, close; the rest is the
# middle's.
KEYS: Mapping[Model, tuple[int, int, int, int]] = {
    Model.FIRST: (1000, 0, 0, 0),
    Model.LAST: (0, 0, 0, 1000),
    Model.U: (400, 400, 0, 0),
    Model.W: (300, 300, 300, 0),
    Model.FULL_PATH: (225, 225, 225, 225),
}


def shares(path: Path, model: Model, *, half_life: timedelta = HALF_LIFE) -> Shares:
    """Return the share (0 to 1, together exactly 1) of each touch of `path`; [] without touches."""
    if not path.touches:
        return []
    if model in KEYS:
        return _by_position(path, KEYS[model])
    weigh = _even if model is Model.LINEAR else _fading(path.closed_at, half_life)
    weights = [weigh(at) for at in path.touches]
    whole = sum(weights)
    return [weight / whole for weight in weights]


def parts(path: Path, cents: int, *, half_life: timedelta = HALF_LIFE) -> dict[Model, list[int]]:
    """Return what each touch is credited with by each model; every list adds up to `cents`."""
    return {model: split(cents, shares(path, model, half_life=half_life)) for model in Model}


def split(cents: int, by: Shares) -> list[int]:
    """Part `cents` by shares that add up to 1, to the cent: the largest remainders are rounded up,
    the earlier first among equals."""
    exact = [cents * share for share in by]
    found = [int(part) for part in exact]
    left = cents - sum(found)
    by_remainder = sorted(range(len(by)), key=lambda i: (found[i] - exact[i], i))
    for place in by_remainder[:left]:
        found[place] += 1
    return found


def _by_position(path: Path, thousandths: tuple[int, int, int, int]) -> Shares:
    last = len(path.touches) - 1
    places = (
        0,
        _last_until(path.touches, path.lead_at),
        _last_until(path.touches, path.opportunity_at),
        last,
    )
    given: dict[int, Fraction] = {}
    for place, share in zip(places, thousandths, strict=True):
        if share and place is not None:
            given[place] = given.get(place, Fraction(0)) + Fraction(share, 1000)
    middle = [place for place in range(len(path.touches)) if place not in given]
    rest = 1 - Fraction(sum(thousandths), 1000) if middle else Fraction(0)
    scale = (1 - rest) / sum(given.values())
    keys = {place: share * scale for place, share in given.items()}
    return [keys[place] if place in keys else rest / len(middle) for place in range(last + 1)]


def _last_until(touches: Sequence[datetime], at: datetime | None) -> int | None:
    if at is None:
        return None
    before = [place for place, touch in enumerate(touches) if touch <= at]
    return before[-1] if before else None


def _even(at: datetime) -> Fraction:
    return Fraction(1)


def _fading(closed_at: datetime, half_life: timedelta) -> Callable[[datetime], Fraction]:
    return lambda at: Fraction(2.0 ** -((closed_at - at) / half_life))
