"""Reading what AWS Config saw change."""

from trayapp.core.facts import Change, PropertyChange, ResourceChange
from trayapp.core.signals.reading import canonical, items, pick

_LIST_AND_INDEX = 3
"""``Configuration.GroupList.0``: a member of a list, whose number is no position."""


def gained(fact: ResourceChange, listed: str) -> tuple[object, ...]:
    """Give what a list in a resource's configuration has now and had not before.

    Args:
        fact: The change. Of a resource that is new the whole list is gained.
        listed: The list's name: ``attachedManagedPolicies``.
    """
    if fact.change is Change.CREATED:
        return items(pick(fact.configuration, listed))
    changes = [change for change in _under(fact, listed) if len(change.path.split(".")) <= _LIST_AND_INDEX]
    before = {canonical(item) for change in changes for item in items(change.before)}
    return tuple(item for change in changes for item in items(change.after) if canonical(item) not in before)


def changed(fact: ResourceChange, named: str) -> PropertyChange | None:
    """Give the change of a property of a resource's configuration, or of something within it; ``None`` without one."""
    return next(iter(_under(fact, named)), None)


def value_now(fact: ResourceChange, named: str, within: str) -> str:
    """Give the text that a changed property holds now: its own, or what stands within it."""
    for change in _under(fact, named):
        if isinstance(change.after, str) and change.after:
            return change.after
        found = pick(change.after, within)
        if isinstance(found, str):
            return found
    return ""


def _under(fact: ResourceChange, named: str) -> list[PropertyChange]:
    wanted = ["configuration", *named.casefold().split(".")]
    return [change for change in fact.properties if change.path.casefold().split(".")[: len(wanted)] == wanted]
