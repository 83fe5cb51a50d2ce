"""Every fault by its name."""

from proof.cases_at_both_ends import at_both_ends
from proof.cases_on_the_way import on_the_way

CASES = {case.name: case for case in (*on_the_way(), *at_both_ends())}
"""Every fault by its name."""
