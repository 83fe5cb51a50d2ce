"""How an owner stands to an incident: what he says of it changes that, and incidents that become one share it. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Self

from trayapp.core.incidents import Decision, Incident


@dataclass(frozen=True, slots=True)
class Stand:
    """How an owner stands to an incident; the attributes are those of ``Incident``."""

    reviewed: datetime | None = None
    decision: Decision | None = None
    note: str = ""
    snoozed: datetime | None = None

    @classmethod
    def of(cls, incident: Incident) -> Self:
        """Give how the owner stands to an incident."""
        return cls(incident.reviewed, incident.decision, incident.note, incident.snoozed)

    def put_on(self, incident: Incident) -> Incident:
        """Give the incident to which the owner stands like this."""
        return replace(incident, reviewed=self.reviewed, decision=self.decision, note=self.note, snoozed=self.snoozed)

    def grown(self) -> Self:
        """Give what is left of it when something new has joined: what was said was said of less.

        The words stay, and so does that it was somebody else.
        """
        decision = Decision.NOT_MINE if self.decision is Decision.NOT_MINE else None
        return replace(self, reviewed=None, decision=decision, snoozed=None)


@dataclass(frozen=True, slots=True)
class Decide:
    """He says what it was.

    Attributes:
        decision: What he says; it takes the place of whatever he said before, and ends a snooze.
        when: When he says so.
        note: What he writes beside it; empty leaves what is written there.
    """

    decision: Decision
    when: datetime
    note: str = ""

    def after(self, before: Stand) -> Stand:
        """Give how he stands to it from now on."""
        reviewed = None if self.decision is Decision.NOT_MINE else before.reviewed or self.when
        return Stand(reviewed, self.decision, self.note or before.note)


@dataclass(frozen=True, slots=True)
class Snooze:
    """He does not want to hear of it for a while.

    Attributes:
        until: Until when.
        when: When he says so.
    """

    until: datetime
    when: datetime

    def after(self, before: Stand) -> Stand:
        """Give how he stands to it from now on; what is reviewed is silent anyway."""
        return before if before.reviewed else replace(before, snoozed=self.until)


@dataclass(frozen=True, slots=True)
class Undo:
    """He takes back what he has said last.

    Attributes:
        to: How he stood to it before.
    """

    to: Stand

    def after(self, _: Stand) -> Stand:
        """Give how he stands to it from now on."""
        return self.to


Act = Decide | Snooze


def is_open(stand: Stand, *, weighs: bool) -> bool:
    """Tell whether there is something to review.

    Args:
        stand: How the owner stands to it.
        weighs: It is neither of low severity nor muted.
    """
    return stand.reviewed is None and (weighs or stand.decision is Decision.NOT_MINE)


def goes_with_all(stand: Stand, when: datetime) -> bool:
    """Tell whether an incident to review is meant where all of them are marked as seen.

    What he said was somebody else stays until he says of it, by name, that it is dealt with. What is put off he does
    not see when he says "all", and has asked to see again.

    Args:
        stand: How the owner stands to it.
        when: When he says so, aware.
    """
    return stand.decision is not Decision.NOT_MINE and (stand.snoozed is None or stand.snoozed <= when)


def united(parts: Sequence[tuple[Stand, bool]]) -> Stand:
    """Give how the owner stands to what turns out to be one incident.

    Whatever is open in any of them is open in the whole, and only what was said of all of it counts as said. That it
    was somebody else counts from whichever part.

    Args:
        parts: How he stands to each, and whether that is neither of low severity nor muted.
    """
    open_ones = [stand for stand, weighs in parts if is_open(stand, weighs=weighs)]
    said = {stand.decision or Decision.SEEN for stand, _ in parts if stand.decision or stand.reviewed}
    if Decision.NOT_MINE in said:
        decision: Decision | None = Decision.NOT_MINE
    elif open_ones or not said:
        decision = None
    else:
        decision = Decision.SEEN if Decision.SEEN in said else Decision.MINE
    snoozes = [stand.snoozed for stand in open_ones]
    return Stand(
        reviewed=None if open_ones else max((stand.reviewed for stand, _ in parts if stand.reviewed), default=None),
        decision=decision,
        note=_joined([stand.note for stand, _ in parts]),
        snoozed=min((each for each in snoozes if each), default=None) if all(snoozes) else None,
    )


def _joined(notes: Sequence[str]) -> str:
    """Put notes one below the other, none of them twice."""
    whole = ""
    for note in notes:
        if note and note not in whole:
            whole = f"{whole}\n{note}" if whole and whole not in note else note
    return whole
