"""What accounts tells the apps above, in the plural and inside the transaction of the change."""

from django.dispatch import Signal

# Arguments: calendar_ids (set of int), at (datetime). Open deadlines may have to move.
calendars_changed = Signal()
