"""How the columns of a file become leads: the mapping, read and applied. Pure.

`docs/import.md` describes the file. A row is read whole or not at all: what cannot be read is told
by column.
"""

from leads.mapping.file import LONGEST, read_mapping
from leads.mapping.offered import (
    GROUP_LABELS,
    OUT_OF_ORDER_LABELS,
    POLICY_LABELS,
    Accepts,
    Group,
    Offered,
    offered,
    other_id,
    own_code,
)
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
    own_field,
)

__all__ = [
    "CONTACT_FIELDS",
    "FIELDS",
    "GROUP_LABELS",
    "LONGEST",
    "OUT_OF_ORDER_LABELS",
    "POLICY_LABELS",
    "STAGE_DATES",
    "STORY_FIELDS",
    "Accepts",
    "Group",
    "Mapping",
    "Offered",
    "OutOfOrder",
    "PlannedStep",
    "Policy",
    "ReadRow",
    "RowReader",
    "StageRule",
    "offered",
    "other_id",
    "own_code",
    "own_field",
    "read_mapping",
]
