"""What is kept, from when on, for how long, and how it ends: the table that a lawyer can read.

Data only, low in the house, so that any page may show it. `erasing/` carries it out.
"""

from dispatch.retention.periods import (
    BACKUP_DATA_DAYS,
    BACKUP_KEYS_DAYS,
    Line,
    family_erased_on,
    named,
    say_period,
    span_of,
    table,
    term_of,
)
from dispatch.retention.terms import TERMS, Periods, Term

__all__ = [
    "BACKUP_DATA_DAYS",
    "BACKUP_KEYS_DAYS",
    "TERMS",
    "Line",
    "Periods",
    "Term",
    "family_erased_on",
    "named",
    "say_period",
    "span_of",
    "table",
    "term_of",
]
