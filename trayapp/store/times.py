"""Moments as they lie on disk: text in UTC, so that their order is that of the text."""

from datetime import UTC, datetime


def to_text(when: datetime) -> str:
    """Write a moment."""
    return when.astimezone(UTC).isoformat(timespec="microseconds")


def from_text(text: str | None) -> datetime | None:
    """Read what ``to_text`` wrote; ``None`` for ``NULL``."""
    return None if text is None else datetime.fromisoformat(text)
