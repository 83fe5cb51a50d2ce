"""Moments as they lie on disk: text in UTC, so that their order is that of the text."""

from datetime import UTC, datetime


def to_text(when: datetime) -> str:
    """Write a moment."""
    return when.astimezone(UTC).isoformat(timespec="microseconds")


def moment(text: str) -> datetime:
    """Read what ``to_text`` wrote.

    Raises:
        ValueError: It is no moment, or one that does not say where on earth.
    """
    when = datetime.fromisoformat(text)
    if when.tzinfo is None:
        raise ValueError("a moment without an offset from UTC")
    return when


def from_text(text: str | None) -> datetime | None:
    """Read what ``to_text`` wrote; ``None`` for ``NULL``. Raises as ``moment`` does."""
    return None if text is None else moment(text)
