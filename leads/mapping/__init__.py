"""How the columns of a file become leads: the mapping, read and applied. Pure.

`docs/import.md` describes the file. A row is read whole or not at all: what cannot be read is told
by column.
"""

from leads.mapping.file import LONGEST, read_mapping
from leads.mapping.rows import ReadRow, RowReader
from leads.mapping.shape import (
    CONTACT_FIELDS,
    FIELDS,
    STAGE_DATES,
    STORY_FIELDS,
    Mapping,
    OutOfOrder,
    PlannedStep,
    Policy,
    StageRule,
)

__all__ = [
    "CONTACT_FIELDS",
    "FIELDS",
    "LONGEST",
    "STAGE_DATES",
    "STORY_FIELDS",
    "Mapping",
    "OutOfOrder",
    "PlannedStep",
    "Policy",
    "ReadRow",
    "RowReader",
    "StageRule",
    "read_mapping",
]
