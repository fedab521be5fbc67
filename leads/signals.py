"""What leads tells the world, in the plural and inside the transaction: a receiver that fails
rolls the whole change back.
"""

from django.dispatch import Signal

# transitions: list[StageTransition], each with its `lead` as it now is, inferred rows included;
# history: whether they were told afterwards (start no routing, clock or notice); at: now.
stages_changed = Signal()
