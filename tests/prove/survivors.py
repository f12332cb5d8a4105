"""What becomes of planted faults, and those that no test can notice, each with the reason."""

NOTICED, SURVIVED, UNTESTED = "noticed", "survived", "untested"
"""A test fails, or never ends; all pass; none reaches the function."""
EXPLAINED: dict[str, str] = {}
"""By the words of `rows.mutation`: function, the line that went, the line that came."""
