"""What leads tells the world, in the plural and inside the transaction: a receiver that fails
rolls the whole change back.
"""

from django.dispatch import Signal

# transitions: list[StageTransition], each with its `lead` as it now is, inferred rows included;
# history: whether they were told afterwards (start no routing, clock or notice); at: now;
# action: UndoableAction | None, what an undo takes back.
stages_changed = Signal()

# assignments: list[Assignment], each with its `lead` as it now is; at: now.
leads_assigned = Signal()

# activities: list[Activity], each with its `lead` as it now is; at: now.
activities_logged = Signal()

# activities: list[Activity] that were taken back, each with its `lead` as it now is; at: now.
activities_withdrawn = Signal()

# touches: list[Touch], those that were new; at: now.
touches_recorded = Signal()

# feedback: list[Feedback] given, acknowledged, fixed, rated or ruled upon; what: "given", "rated",
# "acknowledged", "fixed", "commented", "disputed", "ruled"; at: now.
feedback_changed = Signal()

# leads: list[Lead] as they are again; transitions: list[StageTransition], the voided ones; at: now;
# action: the UndoableAction that was undone, where one was.
moves_taken_back = Signal()
