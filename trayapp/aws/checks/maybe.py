"""Three-valued logic: yes, no, and ``None`` for what cannot be told from here."""

from collections.abc import Iterable

Maybe = bool | None


def every(values: Iterable[Maybe]) -> Maybe:
    """Tell whether all hold: one no decides it, then one unknown."""
    told = list(values)
    if False in told:
        return False
    return None if None in told else True


def some(values: Iterable[Maybe]) -> Maybe:
    """Tell whether at least one holds: one yes decides it, then one unknown."""
    told = list(values)
    if True in told:
        return True
    return None if None in told else False


def negated(value: Maybe) -> Maybe:
    """Turn yes into no and no into yes."""
    return None if value is None else not value
