"""Coded reasons and what follows from them. Pure: the rows are read by `leads.selectors.house`."""

from __future__ import annotations

from dataclasses import dataclass

from leads.enums import CloseReason, Disposition, ReasonOutcome

CLOSES_AS: dict[ReasonOutcome, Disposition] = {
    ReasonOutcome.RECYCLE: Disposition.RECYCLED,
    ReasonOutcome.DISQUALIFY: Disposition.DISQUALIFIED,
    ReasonOutcome.EXPANSION: Disposition.DISQUALIFIED,
    ReasonOutcome.MERGE: Disposition.MERGED,
    ReasonOutcome.LOSE: Disposition.LOST,
}
# What a person may pick where the reason leaves it to him.
CHOSEN = (Disposition.RECYCLED, Disposition.DISQUALIFIED, Disposition.LOST)


@dataclass(frozen=True)
class CodedReason:
    """A reason as rules read it."""

    code: str
    outcome: ReasonOutcome
    key: int | None = None
    note_needed: bool = False
    own_label: str = ""
    is_active: bool = True

    @property
    def label(self) -> str:
        """What people read: the organisation's wording, else the product's, translated."""
        known = CloseReason._value2member_map_.get(self.code)
        return self.own_label or (str(CloseReason(self.code).label) if known else self.code)

    @property
    def dispositions(self) -> tuple[Disposition, ...]:
        """The ways to close that it may lead to; none for one that returns the lead."""
        if self.outcome is ReasonOutcome.CHOOSE:
            return CHOSEN
        closes = CLOSES_AS.get(self.outcome)
        return (closes,) if closes else ()


R, O = CloseReason, ReasonOutcome  # noqa: E741  # two columns of one table
# The reasons that come with the product, for a record that has none of its own.
USUAL: tuple[CodedReason, ...] = (
    CodedReason(R.NOT_NOW.value, O.RECYCLE, 1),
    CodedReason(R.NO_CONTACT.value, O.RECYCLE, 2),
    CodedReason(R.WRONG_FIT.value, O.DISQUALIFY, 3),
    CodedReason(R.EXISTING_CUSTOMER.value, O.EXPANSION, 4),
    CodedReason(R.BOUGHT_ELSEWHERE.value, O.LOSE, 5),
    CodedReason(R.BAD_DATA.value, O.REWORK, 6),
    CodedReason(R.DUPLICATE.value, O.MERGE, 7),
    CodedReason(R.OTHER.value, O.CHOOSE, 8, note_needed=True),
    CodedReason(R.COMPETITOR.value, O.DISQUALIFY),
    CodedReason(R.SPAM.value, O.DISQUALIFY),
    CodedReason(R.PRICE.value, O.LOSE),
    CodedReason(R.NO_DECISION.value, O.LOSE),
)
