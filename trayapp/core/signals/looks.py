"""The looks that a signal can take at facts, to be composed in the catalogue's rows."""

from trayapp.core.facts import ApiCall, Change, Judge, ResourceChange, Verdict
from trayapp.core.signals.model import HOLDS, Condition, Evidence, Look, of_fact
from trayapp.core.signals.things import Finder, changed_thing, judged_thing

Types = str | tuple[str, ...]


def created(resource_types: Types, *conditions: Condition[ResourceChange]) -> Look[ResourceChange]:
    """AWS Config saw one of these for the first time; those that are older than the watching are only counted."""
    return _config(resource_types, (_is(Change.CREATED), *conditions), birth=True)


def updated(resource_types: Types, *conditions: Condition[ResourceChange]) -> Look[ResourceChange]:
    """AWS Config saw a change of one that it knew."""
    return _config(resource_types, (_is(Change.UPDATED), *conditions))


def held(resource_types: Types, *conditions: Condition[ResourceChange]) -> Look[ResourceChange]:
    """AWS Config saw one for the first time or saw it change, and it now has what the conditions ask for.

    AWS Config looks minutes later, so that what was made and then given a policy may come as one creation.
    """
    return _config(resource_types, (_is(Change.CREATED, Change.UPDATED), *conditions))


def deleted(resource_types: Types, *conditions: Condition[ResourceChange]) -> Look[ResourceChange]:
    """AWS Config saw that one is no more."""
    return _config(resource_types, (_is(Change.DELETED), *conditions))


def call(service: str, actions: Types, about: Finder, *conditions: Condition[ApiCall]) -> Look[ApiCall]:
    """Somebody called, or tried to."""
    return Look(tuple(call_key(service, action) for action in _tuple(actions)), about, conditions)


def any_call(about: Finder, *conditions: Condition[ApiCall]) -> Look[ApiCall]:
    """Somebody called anything."""
    return Look((ANY,), about, conditions)


def verdict(judges: Judge | tuple[Judge, ...], *conditions: Condition[Verdict]) -> Look[Verdict]:
    """AWS says so."""
    listed = judges if isinstance(judges, tuple) else (judges,)
    return Look(tuple(judge.value for judge in listed), judged_thing, conditions)


ANY = "*"
"""The key of looks at every call."""


def call_key(service: str, action: str) -> str:
    """Give the key under which looks at a call stand."""
    return f"{service}:{action}"


_WORDS = {Change.CREATED: "created", Change.UPDATED: "changed", Change.DELETED: "deleted"}


def _is(*changes: Change) -> Condition[ResourceChange]:
    wanted = " or ".join(_WORDS[change] for change in changes)

    def check(fact: ResourceChange) -> Evidence | str:
        return HOLDS if fact.change in changes else f"it was {_WORDS[fact.change]}, not {wanted}"

    return of_fact(f"was {wanted}", check)


def _config(
    resource_types: Types, conditions: tuple[Condition[ResourceChange], ...], *, birth: bool = False
) -> Look[ResourceChange]:
    return Look(_tuple(resource_types), changed_thing, conditions, birth)


def _tuple(one_or_more: Types) -> tuple[str, ...]:
    return (one_or_more,) if isinstance(one_or_more, str) else one_or_more
