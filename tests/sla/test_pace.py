"""Pace, forecast and verdict, one step before, at and after each threshold."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest

from sla.enums import Pace
from sla.pace import WorkingDays, close_count, close_rate, judge_count, judge_rate, rate

HALF = WorkingDays(10, 20)


def test_expected_is_the_share_of_working_days_and_the_forecast_its_inverse() -> None:
    verdict = judge_count(45, 100, WorkingDays(7, 21))
    assert verdict.expected == Fraction(100, 3)
    assert verdict.forecast == 135
    assert verdict.reached == Fraction(45, 100)
    assert verdict.status is Pace.AHEAD


@pytest.mark.parametrize(
    ("actual", "status"),
    [
        (1100, Pace.AHEAD),
        (1099, Pace.ON_TRACK),
        (900, Pace.ON_TRACK),
        (899, Pace.AT_RISK),
        (750, Pace.AT_RISK),
        (749, Pace.BEHIND),
        (0, Pace.BEHIND),
    ],
)
def test_thresholds_of_a_count(actual: int, status: Pace) -> None:
    assert judge_count(actual, 2000, HALF).status is status


@pytest.mark.parametrize(
    ("elapsed", "status"), [(0, Pace.TOO_EARLY), (2, Pace.TOO_EARLY), (3, Pace.ON_TRACK)]
)
def test_too_early_before_the_third_working_day(elapsed: int, status: Pace) -> None:
    assert judge_count(elapsed * 50, 1000, WorkingDays(elapsed, 20)).status is status


@pytest.mark.parametrize(
    ("target", "status"), [(9, Pace.TOO_EARLY), (10, Pace.AHEAD), (11, Pace.AHEAD)]
)
def test_too_early_while_fewer_than_five_are_expected(target: int, status: Pace) -> None:
    assert judge_count(9, target, HALF).status is status


def test_no_forecast_before_the_first_working_day() -> None:
    verdict = judge_count(4, 100, WorkingDays(0, 20))
    assert (verdict.expected, verdict.forecast) == (0, None)


def test_a_period_without_working_days_expects_all_of_it() -> None:
    verdict = judge_count(80, 100, WorkingDays(0, 0))
    assert (verdict.expected, verdict.forecast) == (100, 80)


def test_never_capped() -> None:
    assert judge_count(5000, 2000, HALF).reached == Fraction(5, 2)
    assert close_count(5000, 2000).reached == Fraction(5, 2)


@pytest.mark.parametrize(
    ("actual", "status"),
    [
        ("0.88", Pace.AHEAD),
        ("0.8799", Pace.ON_TRACK),
        ("0.72", Pace.ON_TRACK),
        ("0.7199", Pace.AT_RISK),
        ("0.60", Pace.AT_RISK),
        ("0.5999", Pace.BEHIND),
    ],
)
def test_rates_are_not_pro_rated(actual: str, status: Pace) -> None:
    verdict = judge_rate(Decimal(actual), Decimal("0.8"), n=5, least_n=5)
    assert verdict.status is status
    assert verdict.expected is None
    assert verdict.forecast is None


def test_too_few_under_the_least_number() -> None:
    assert judge_rate(Decimal(1), Decimal("0.8"), n=4, least_n=5).status is Pace.TOO_FEW
    assert close_rate(Decimal(1), Decimal("0.8"), n=4, least_n=5).status is Pace.TOO_FEW
    assert close_rate(None, Decimal("0.8"), n=0, least_n=0).status is Pace.TOO_FEW


@pytest.mark.parametrize(
    ("actual", "status"), [(99, Pace.MISSED), (100, Pace.MET), (101, Pace.MET)]
)
def test_a_closed_period_is_met_or_missed(actual: int, status: Pace) -> None:
    assert close_count(actual, 100).status is status
    assert close_rate(Decimal(actual), 100, n=9, least_n=5).status is status


def test_nothing_to_divide_by_is_no_rate() -> None:
    assert rate(0, 0) is None
    assert rate(1, 3) == Fraction(1, 3)


def test_a_promise_of_nothing_is_kept_and_is_no_share() -> None:
    assert close_count(0, 0).status is Pace.MET
    assert close_count(0, 0).reached is None
    assert judge_rate(Decimal(0), 0, n=5, least_n=5).status is Pace.AHEAD
