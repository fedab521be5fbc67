"""The table of moves, word by word of the rules."""

from __future__ import annotations

from leads.enums import Disposition, LifecycleStage
from leads.lifecycle import (
    MOVES,
    OPENINGS,
    STAGES,
    Position,
    Side,
    next_stage,
    passed_stages,
    position,
)

S, D = LifecycleStage, Disposition


def test_every_stage_moves_to_each_later_one_and_never_back():
    forward = {(a.stage, b.stage) for a, b in MOVES if a.stage != b.stage}
    assert forward == {(a, b) for i, a in enumerate(STAGES) for b in STAGES[i + 1 :]}


def test_closed_positions_lead_nowhere():
    assert {here.disposition for here, _there in MOVES} == {D.OPEN}


def test_the_sides_of_the_forward_moves():
    sides = {(a.stage, b.stage): side for (a, b), side in MOVES.items() if a.stage != b.stage}
    assert {pair for pair, side in sides.items() if side is Side.MARKETING} == {(S.LEAD, S.MQL)}
    assert {pair for pair, side in sides.items() if side is Side.BOTH} == {
        (S.LEAD, later) for later in STAGES[2:]
    }
    assert {side for (start, _), side in sides.items() if start is not S.LEAD} == {Side.SALES}


def test_what_closes_where_and_whose_decision_it_is():
    closing = {
        (a.stage, b.disposition): side
        for (a, b), side in MOVES.items()
        if a.stage == b.stage and not a.is_returned
    }
    handed_over = [S.MQL, S.SAL, S.SQL]
    expected = {
        (S.LEAD, D.RECYCLED): Side.MARKETING,
        (S.LEAD, D.DISQUALIFIED): Side.MARKETING,
        (S.LEAD, D.LOST): Side.EITHER,
        (S.OPPORTUNITY, D.LOST): Side.SALES,
        **{(stage, D.MERGED): Side.EITHER for stage in STAGES[:-1]},
        **{
            (stage, disposition): Side.SALES
            for stage in handed_over
            for disposition in (D.RECYCLED, D.DISQUALIFIED, D.LOST)
        },
    }
    assert closing == expected


def test_a_returned_lead_goes_no_further_and_is_marketings_to_close():
    returned = Position(S.MQL, is_returned=True)
    assert {there: side for (here, there), side in MOVES.items() if here == returned} == {
        Position(S.MQL, D.RECYCLED): Side.MARKETING,
        Position(S.MQL, D.DISQUALIFIED): Side.MARKETING,
        Position(S.MQL, D.LOST): Side.MARKETING,
        Position(S.MQL, D.MERGED): Side.EITHER,
    }
    assert {here for here, _there in MOVES if here.is_returned} == {returned}


def test_a_customer_is_won():
    assert position(S.CUSTOMER) == Position(S.CUSTOMER, D.WON)
    assert {b for _a, b in MOVES if b.stage is S.CUSTOMER} == {Position(S.CUSTOMER, D.WON)}


def test_rows_begin_at_lead_for_all_at_mql_for_marketing_at_sal_and_sql_for_sales():
    assert OPENINGS == {
        S.LEAD: Side.EITHER,
        S.MQL: Side.MARKETING,
        S.SAL: Side.SALES,
        S.SQL: Side.SALES,
    }


def test_passed_stages_are_those_strictly_between():
    assert passed_stages(S.LEAD, S.MQL) == []
    assert passed_stages(S.LEAD, S.SQL) == [S.MQL, S.SAL]
    assert passed_stages(None, S.LEAD) == []
    assert passed_stages(None, S.SAL) == [S.LEAD, S.MQL]


def test_the_last_stage_has_no_next():
    assert [next_stage(stage) for stage in STAGES] == [*STAGES[1:], None]
