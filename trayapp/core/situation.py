"""The whole of what trayapp knows at one moment, and the one state that follows from it."""

from dataclasses import dataclass
from datetime import datetime

from trayapp.core.causes import Cause
from trayapp.core.commands import PAUSE
from trayapp.core.guard import Watch
from trayapp.core.incidents import Incident
from trayapp.core.severity import Severity
from trayapp.core.view import Light


@dataclass(frozen=True, slots=True)
class Situation:
    """Everything that decides what is shown.

    Attributes:
        watches: One for each account, in the order of the settings.
        to_review: The incidents not reviewed yet, newest first.
        quarantined: Messages that could not be read and were put aside.
        paused_until: When a pause ends, ``None`` without one.
        began: When the program started, aware.
        quiet: It is one of the owner's quiet hours.
        unverified: Messages that wait for the certificate that proves them.
        disk: What is the matter with the disk, ``None`` while it does its part.
        disk_since: Since when, aware.
    """

    watches: tuple[Watch, ...]
    to_review: tuple[Incident, ...]
    quarantined: int
    paused_until: datetime | None
    began: datetime
    quiet: bool = False
    unverified: int = 0
    disk: Cause | None = None
    disk_since: datetime | None = None

    def label(self, watch: str) -> str:
        """Give the label of an account; its name when it is no longer in the settings."""
        return next((each.label for each in self.watches if each.account == watch), watch)

    def trouble(self) -> Watch | None:
        """Give the watch that has been failing longest, ``None`` when all are well."""
        return min((each for each in self.watches if not each.watching), key=lambda each: each.since, default=None)

    @property
    def cause(self) -> Cause | None:
        """Why not everything is watched, ``None`` when it is."""
        if not self.watches:
            return Cause.NO_ACCOUNT
        trouble = self.trouble()
        return trouble.cause if trouble else self.disk

    @property
    def light(self) -> Light:
        """The one state that the icon tells. Not watching outranks all, since silence must not look like safety."""
        if self.cause is not None:
            return Light.NOT_WATCHING
        if self.paused_until is not None:
            return Light.PAUSED
        return Light.TO_REVIEW if self.to_review else Light.WATCHING

    @property
    def since(self) -> datetime:
        """Since when the light has been what it is."""
        trouble = self.trouble()
        if not self.watches:
            return self.began
        if trouble is not None:
            return trouble.since
        if self.disk is not None and self.disk_since is not None:
            return self.disk_since
        if self.paused_until is not None:
            return self.paused_until - PAUSE
        if self.to_review:
            return min(incident.created for incident in self.to_review)
        return max(watch.since for watch in self.watches)

    @property
    def worst(self) -> Severity | None:
        """The heaviest severity to review."""
        return max((incident.severity for incident in self.to_review), default=None)

    def heaviest(self) -> Incident | None:
        """The incident to look at first: the heaviest, and of several the newest."""
        return max(self.to_review, key=lambda incident: (incident.severity, incident.id), default=None)
