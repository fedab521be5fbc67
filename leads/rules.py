"""Who may do what with leads: the one place that decides it. Pure over a person's standing.

Marketing qualifies and closes what it answers for; Sales decides on handed-over leads that are its
own or nobody's; managers may take either side's decision with a note. Facilitators and
administrators have no say in a lead unless they also hold a role that does.
"""

from __future__ import annotations

from enum import Enum

from accounts.enums import Role, TeamKind
from accounts.rules import Standing
from leads.lifecycle import MOVES, OPENINGS, Position, Side

READERS = frozenset(Role)
IMPORTERS = frozenset({Role.MARKETER, Role.MANAGER, Role.ADMINISTRATOR})
DECIDERS = frozenset({Role.MARKETER, Role.REP, Role.MANAGER})


class Verdict(Enum):
    """What the rules say to a person who wants to make a move."""

    ALLOWED = "allowed"
    NOTE_NEEDED = "note_needed"
    NOT_OWNER = "not_owner"
    WRONG_SIDE = "wrong_side"


def sees_leads(standing: Standing) -> bool:
    """Tell whether the person sees leads at all: whoever holds a role does."""
    return bool(standing.roles & READERS)


def sees_only_own_team(standing: Standing) -> bool:
    """Tell whether the setting "reps see only their team's leads" reaches this person."""
    return standing.roles == frozenset({Role.REP})


def decides_on_leads(standing: Standing) -> bool:
    """Tell whether the person may create leads or move them at all."""
    return bool(standing.roles & DECIDERS)


def imports_history(standing: Standing) -> bool:
    """Tell whether the person holds the right `import_history`."""
    return bool(standing.roles & IMPORTERS)


def verdict_on_side(
    standing: Standing, side: Side, *, is_owner: bool, is_owned: bool, has_note: bool
) -> Verdict:
    """Say whether the person may make a decision of `side` on a lead that he owns or not."""
    marketing, sales = Role.MARKETER in standing.roles, Role.REP in standing.roles
    by_role = {
        Side.MARKETING: marketing,
        Side.SALES: sales,
        Side.EITHER: marketing or sales,
        Side.BOTH: marketing and sales,
    }[side]
    # A marketer who may decide needs no ownership; Sales decides on its own or nobody's leads.
    owns_enough = is_owner or not is_owned or (side is Side.EITHER and marketing)
    if by_role and (side is Side.MARKETING or owns_enough):
        return Verdict.ALLOWED
    if Role.MANAGER in standing.roles:
        return Verdict.ALLOWED if has_note else Verdict.NOTE_NEEDED
    return Verdict.NOT_OWNER if by_role else Verdict.WRONG_SIDE


def verdict_on_rework(standing: Standing, *, has_note: bool) -> Verdict:
    """Say whether the person may hand a returned lead that was fixed back to Sales."""
    return verdict_on_side(
        standing, Side.MARKETING, is_owner=False, is_owned=False, has_note=has_note
    )


def verdict_on_opening(standing: Standing, stage: object, *, has_note: bool) -> Verdict | None:
    """Say whether the person may begin a row at `stage`; None where only history may."""
    side = next((side for known, side in OPENINGS.items() if known == stage), None)
    if side is None:
        return None
    if side is Side.EITHER and decides_on_leads(standing):
        return Verdict.ALLOWED
    return verdict_on_side(standing, side, is_owner=True, is_owned=False, has_note=has_note)


def moves_open_to(
    standing: Standing, here: Position, *, is_owner: bool, is_owned: bool
) -> dict[Position, Verdict]:
    """Return the moves from `here` that the person may make, with a note or without."""
    verdicts = {
        there: verdict_on_side(standing, side, is_owner=is_owner, is_owned=is_owned, has_note=False)
        for (start, there), side in MOVES.items()
        if start == here
    }
    may = (Verdict.ALLOWED, Verdict.NOTE_NEEDED)
    return {there: verdict for there, verdict in verdicts.items() if verdict in may}


def is_of_marketing(standing: Standing) -> bool:
    """Tell whether the person speaks for Marketing: a marketer, or a manager in a team of it."""
    return Role.MARKETER in standing.roles or (
        Role.MANAGER in standing.roles and TeamKind.MARKETING in standing.kinds
    )


def is_of_sales(standing: Standing) -> bool:
    """Tell whether the person speaks for Sales: a rep, or a manager in a team of it."""
    return Role.REP in standing.roles or manages_sales(standing)


def manages_sales(standing: Standing) -> bool:
    """Tell whether the person is a manager in a team of Sales."""
    return Role.MANAGER in standing.roles and TeamKind.SALES in standing.kinds


def rules_disputes(standing: Standing) -> bool:
    """Tell whether the person may rule disputes at all; never those that he is party to."""
    return Role.FACILITATOR in standing.roles


def ranks_everybody(standing: Standing) -> bool:
    """Tell whether the person sees figures of single persons, whoever they are."""
    return Role.MANAGER in standing.roles


def may_settle_step(standing: Standing, *, is_own: bool) -> bool:
    """Tell whether the person may do, move or drop a next step: his own, or on his own lead."""
    return decides_on_leads(standing) and (is_own or Role.MANAGER in standing.roles)


def works_on_deal(standing: Standing, *, is_owner: bool, is_owned: bool) -> bool:
    """Tell whether the person may work on a deal: Sales on its own or nobody's, managers on any."""
    if Role.MANAGER in standing.roles:
        return True
    return Role.REP in standing.roles and (is_owner or not is_owned)


def proposes_versions(standing: Standing) -> bool:
    """Tell whether the person may propose definitions and personas, and keep types of SQL."""
    return bool(standing.roles & {Role.MARKETER, Role.MANAGER})


def puts_versions_in_force(standing: Standing) -> bool:
    """Tell whether the person may put definitions and personas in force: a manager of either."""
    return Role.MANAGER in standing.roles


def qualifies_leads(standing: Standing) -> bool:
    """Tell whether the person works the queue of leads to qualify."""
    return bool(standing.roles & {Role.MARKETER, Role.MANAGER})


def works_for(standing: Standing, side: TeamKind) -> bool:
    """Tell whether the person may own leads that `side` holds: its people and its managers."""
    return is_of_sales(standing) if side is TeamKind.SALES else is_of_marketing(standing)


def verdict_on_giving(
    standing: Standing, side: TeamKind, *, is_owner: bool, is_owned: bool, to_colleague: bool
) -> Verdict:
    """Say whether the person may give a lead that `side` holds to somebody, or to a queue or pool.

    Managers of the side do it freely; those of the other side with a note, as administrators do
    when somebody leaves. A marketer gives on what Marketing holds and nobody owns. An owner hands
    over to a colleague of his team, with a note.
    """
    if hands_over_for_others(standing):
        own_side = Role.MANAGER in standing.roles and side in standing.kinds
        return Verdict.ALLOWED if own_side else Verdict.NOTE_NEEDED
    if is_owner:
        return Verdict.NOTE_NEEDED if to_colleague else Verdict.NOT_OWNER
    if side is TeamKind.MARKETING and Role.MARKETER in standing.roles:
        return Verdict.NOT_OWNER if is_owned else Verdict.ALLOWED
    return Verdict.NOT_OWNER if works_for(standing, side) else Verdict.WRONG_SIDE


def hands_over_for_others(standing: Standing) -> bool:
    """Tell whether the person may give away leads that others own, whichever they are."""
    return bool(standing.roles & {Role.MANAGER, Role.ADMINISTRATOR})


def manages_routing(standing: Standing) -> bool:
    """Tell whether the person sets pools and rules."""
    return bool(standing.roles & {Role.MANAGER, Role.ADMINISTRATOR})


def reads_scoring(standing: Standing) -> bool:
    """Tell whether the person may read the score's rules and what a change of them would do."""
    return bool(standing.roles & {Role.MARKETER, Role.MANAGER, Role.ADMINISTRATOR})


def manages_scoring(standing: Standing) -> bool:
    """Tell whether the person sets the score's rules and thresholds.

    Managers do, for a score hands leads from one team to the other; administrators set it up.
    """
    return bool(standing.roles & {Role.MANAGER, Role.ADMINISTRATOR})


def manages_attributes(standing: Standing) -> bool:
    """Tell whether the person defines the organisation's own fields."""
    return bool(standing.roles & {Role.MANAGER, Role.ADMINISTRATOR})


def manages_campaigns(standing: Standing) -> bool:
    """Tell whether the person plans campaigns and notes their costs."""
    return bool(standing.roles & {Role.MARKETER, Role.MANAGER})


def keeps_catalogue(standing: Standing) -> bool:
    """Tell whether the person keeps the lists of product lines, sources, competitors and steps."""
    return bool(standing.roles & {Role.MARKETER, Role.MANAGER, Role.ADMINISTRATOR})


def keeps_reasons(standing: Standing) -> bool:
    """Tell whether the person sets the coded reasons and the windows of the handoff."""
    return bool(standing.roles & {Role.MANAGER, Role.ADMINISTRATOR})


def shares_views(standing: Standing) -> bool:
    """Tell whether the person may share views of lists with everyone."""
    return bool(standing.roles & {Role.MANAGER, Role.ADMINISTRATOR})


def exports_lists(standing: Standing) -> bool:
    """Tell whether the person may take lists out as files: those who work with leads, each what he
    sees; the neutral ones do not."""
    return decides_on_leads(standing)


def keeps_person_data(standing: Standing) -> bool:
    """Tell whether the person answers for what is known of people outside: hands it out to them,
    erases it, sets how long it stays."""
    return bool(standing.roles & {Role.MANAGER, Role.ADMINISTRATOR})
