"""What leads tells the world, in the plural and inside the transaction: a receiver that fails
rolls the whole change back.
"""

from django.dispatch import Signal

# transitions: list[StageTransition], each with its `lead` as it now is, inferred rows included;
# history: whether they were told afterwards (start no routing, clock or notice); at: now;
# action: UndoableAction | None, what an undo takes back. assignments, feedback: what came with
# them, so that a receiver may deal with a change as a whole; the two signals below say so too.
stages_changed = Signal()

# assignments: list[Assignment], each with its `lead` as it now is; at: now; told: whether
# stages_changed has told of them already.
leads_assigned = Signal()

# assignments: list[Assignment] of open MQLs that came as history and go to Sales now, each with its
# `lead`, which has its owner or its queue; at: now, from which their clocks run.
mqls_handed_over = Signal()

# activities: list[Activity], each with its `lead` as it now is; at: now.
activities_logged = Signal()

# activities: list[Activity] that were taken back, each with its `lead` as it now is; at: now.
activities_withdrawn = Signal()

# touches: list[Touch], those that were new; at: now.
touches_recorded = Signal()

# feedback: list[Feedback] given, acknowledged, fixed, rated or ruled upon; what: "given", "rated",
# "acknowledged", "fixed", "commented", "disputed", "ruled"; at: now; told: whether stages_changed
# has told of it already.
feedback_changed = Signal()

# leads: list[Lead] as they are again; transitions: list[StageTransition], the voided ones; at: now;
# action: the UndoableAction that was undone, where one was.
moves_taken_back = Signal()
