"""Many triggers as one step of a migration: each step alone renders every related model anew."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState
from pgtrigger.migrations import AddTrigger


class AddTriggers(Operation):
    """What the steps `each` would do one after the other, with one rendering of the models."""

    reduces_to_sql = True

    def __init__(self, each: Sequence[AddTrigger]) -> None:
        self.each = each

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        """Write the triggers into the state of their models."""
        for one in self.each:
            options = state.models[app_label, one.model_name].options
            options["triggers"] = [*options.get("triggers", []), one.trigger]
        state.reload_models({(app_label, one.model_name) for one in self.each}, delay=True)

    def database_forwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        """Create the triggers."""
        for one in self.each:
            one.database_forwards(app_label, schema_editor, from_state, to_state)

    def database_backwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        """Remove the triggers."""
        for one in reversed(self.each):
            one.database_backwards(app_label, schema_editor, from_state, to_state)

    def describe(self) -> str:
        """Say what this step does."""
        return f"Create {len(self.each)} triggers"
