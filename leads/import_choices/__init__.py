"""What a person answers on the mapping page, and the mapping that his answers make. Pure.

The page knows two things that a mapping file says by hand: which outcome a value of a stage column
means, and that a stage with a date was reached. Both become one word a row, in `OUTCOME`.
"""

from leads.import_choices.answers import (
    CLOSED_AT,
    CLOSES,
    DATED,
    EMPTY_WORDS,
    ENDED,
    OUTCOME,
    OUTCOMES,
    REFUSED_HEAD,
    Choices,
)
from leads.import_choices.guesses import guess, guess_outcome, is_known_outcome, with_words
from leads.import_choices.reading import RowReader
from leads.import_choices.story import mapping_of

__all__ = [
    "CLOSED_AT",
    "CLOSES",
    "DATED",
    "EMPTY_WORDS",
    "ENDED",
    "OUTCOME",
    "OUTCOMES",
    "REFUSED_HEAD",
    "Choices",
    "RowReader",
    "guess",
    "guess_outcome",
    "is_known_outcome",
    "mapping_of",
    "with_words",
]
