"""How heavy a happening is."""

from enum import IntEnum


class Severity(IntEnum):
    """Four levels; a higher number is heavier, so that the worst of several is their ``max``."""

    LOW = 1
    MEDIUM = 2
    HIGH = 3
    CRITICAL = 4

    @property
    def word(self) -> str:
        """The name in lower case, as it stands in settings and machine-readable output."""
        return self.name.lower()
